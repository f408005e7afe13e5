import re
import xml.etree.ElementTree as ET

from cs_workbench.core.accounts import BANDS
from cs_workbench.exporters.svg import (
    DARK,
    STYLE,
    Bar,
    heat_map,
    stacked_bars,
    step_curve,
    waterfall,
)
from tests.hostile import TEXTS

SPACE = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SPACE}text")]  # noqa: S314 - we wrote it


def test_a_heat_map_leaves_empty_what_has_not_happened() -> None:
    svg = heat_map(
        [("2026-Q1", "3", [1.0, 0.5]), ("2026-Q2", "2", [1.0, None])], ["q0", "q1"], title="t"
    )
    assert texts(svg).count("100") == 2
    assert "50" in texts(svg)
    assert svg.count("<rect") == 3


def test_charts_say_what_they_show() -> None:
    svg = waterfall([Bar("opening", 0, 5, "whole", "5")], title="ARR bridge", alone=True)
    root = ET.fromstring(svg)  # noqa: S314 - we wrote it
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
            ET.fromstring(svg)  # noqa: S314 - we wrote it


def test_figures_on_bands_can_be_read_on_light_and_dark() -> None:
    """Dark ink on every band: white on the yellow is 2.2 to 1; WCAG asks 4.5 of small text."""
    svg = stacked_bars([("Nov", [("yellow", 0.4), ("green", 0.6)])], title="t")
    assert svg.count('class="ink"') == 2
    ink = re.search(r"\.ink\{fill:(#\w+)\}", STYLE)
    assert ink is not None
    assert "ink" not in DARK
    for band in BANDS:
        ground = re.search(rf"\.{band}\{{fill:(#\w+)\}}", STYLE)
        assert ground is not None
        assert contrast(ground[1], ink[1]) >= 4.5
    assert contrast("#e69f00", "#ffffff") < 2.5


def luminance(colour: str) -> float:
    """Of sRGB, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_nothing_to_draw_is_a_drawing_still() -> None:
    for svg in (
        heat_map([], [], title="t"),
        waterfall([], title="t"),
        stacked_bars([], title="t"),
        step_curve([], title="t", unit="days"),
    ):
        ET.fromstring(svg)  # noqa: S314 - we wrote it
