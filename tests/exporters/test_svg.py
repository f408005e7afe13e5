import xml.etree.ElementTree as ET

from cs_workbench.exporters.svg import Bar, heat_map, stacked_bars, step_curve, waterfall
from tests.hostile import TEXTS

SPACE = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SPACE}text")]  # noqa: S314


def test_a_heat_map_leaves_empty_what_has_not_happened() -> None:
    svg = heat_map(
        [("2026-Q1", "3", [1.0, 0.5]), ("2026-Q2", "2", [1.0, None])], ["q0", "q1"], title="t"
    )
    assert texts(svg).count("100") == 2
    assert "50" in texts(svg)
    assert svg.count("<rect") == 3


def test_charts_say_what_they_show() -> None:
    svg = waterfall([Bar("opening", 0, 5, "whole", "5")], title="ARR bridge", alone=True)
    root = ET.fromstring(svg)  # noqa: S314
    assert root.get("role") == "img"
    assert root.findtext(f"{SPACE}title") == "ARR bridge"
    assert root.findtext(f"{SPACE}desc") == "opening 5"
    assert "prefers-color-scheme" in svg


def test_names_are_never_obeyed() -> None:
    for hostile in (*TEXTS, '"><script>alert(1)</script>', "]]><x/>"):
        for svg in (
            heat_map([(hostile, hostile, [0.5])], [hostile], title=hostile),
            waterfall([Bar(hostile, 0, 1, "up", hostile)], title=hostile),
            stacked_bars([(hostile, [("red", 0.4), ("green", 0.6)])], title=hostile),
            step_curve([(1, 0.5, 0.4, 0.6)], title=hostile, unit=hostile),
        ):
            assert "<script" not in svg
            ET.fromstring(svg)  # noqa: S314


def test_nothing_to_draw_is_a_drawing_still() -> None:
    for svg in (
        heat_map([], [], title="t"),
        waterfall([], title="t"),
        stacked_bars([], title="t"),
        step_curve([], title="t", unit="days"),
    ):
        ET.fromstring(svg)  # noqa: S314
