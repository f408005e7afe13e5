import pytest

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.glyphs import ASCII, UNICODE, in_letters
from cs_workbench.core.plays.road import SIGNS


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


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("7.2M ± 300k", "7.2M +- 300k"),
        ("▢ {{ name }}", "[] {{ name }}"),
        ("▶ ✓ ○ – •", "> ok o - *"),
        ("← →", "<- ->"),
    ],
)
def test_signs_of_ours_in_letters(text: str, letters: str) -> None:
    assert in_letters(text) == letters


def test_the_signs_of_a_road_have_letters_and_differ() -> None:
    signs = [in_letters(sign) for sign in SIGNS.values()]
    assert all(sign.isascii() for sign in signs)
    assert len(set(signs)) >= len(signs) - 1  # a step passed and one skipped are both dashes
