import pytest

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.glyphs import ASCII, UNICODE


@pytest.mark.parametrize(
    ("trend", "shown", "plain"),
    [(-230_000, "↓23", "-23"), (40_000, "↑ 4", "+ 4"), (4_000, "→ 0", "= 0"), (None, "", "")],
)
def test_a_trend_has_a_direction(trend: int | None, shown: str, plain: str) -> None:
    assert (UNICODE.trend(trend), ASCII.trend(trend)) == (shown, plain)


def test_a_week_without_data_is_no_low_bar() -> None:
    assert (UNICODE.spark("07.."), ASCII.spark("07..")) == ("▁█··", "07..")


def test_bands_are_told_apart_without_colour() -> None:
    for signs in (UNICODE, ASCII):
        assert len({signs.bands[band] for band in BANDS}) == len(BANDS)
    assert ASCII.all.isascii()
    assert "■" in UNICODE.all
