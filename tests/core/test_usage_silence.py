"""Who stopped altogether: held against chance, holidays and the account's own breaks."""

import pytest

from cs_workbench.core.usage_silence import activity_of, find_silence

HALF_YEAR = 182
EVEN = [0.5] * HALF_YEAR


def account(every: int, silent: int, *, value: float = 2.0) -> list[float | None]:
    """Use on each so-manieth day, counted backwards from the last one before the silence."""
    last = HALF_YEAR - 1 - silent
    return [value if day <= last and (last - day) % every == 0 else 0.0 for day in range(HALF_YEAR)]


@pytest.mark.parametrize(
    ("every", "least"),
    [
        (1, 21),  # never sooner than after three weeks
        (2, 21),  # by chance alone 12 days: 0.693 each, against ln(365 x 0.5 / 0.05) = 8.2
        (7, 45),  # 0.154 each, against ln(365 x 0.143 / 0.05) = 6.95
    ],
)
def test_how_long_is_too_long_depends_on_how_often_they_came(every: int, least: int) -> None:
    assert find_silence(account(every, least - 1), EVEN) is None
    found = find_silence(account(every, least), EVEN)
    assert found is not None
    assert (found.days, found.strength >= 1) == (least, True)
    assert found.usual == pytest.approx(2 / every, rel=0.05)


def test_a_holiday_of_all_is_no_silence_and_half_a_holiday_counts_half() -> None:
    gone, half = ([0.5] * (HALF_YEAR - 22) + [share] * 22 for share in (0.0, 0.25))
    assert find_silence(account(2, 22), gone) is None
    assert find_silence(account(2, 22), half) is None  # 22 x 0.288 = 6.3 of 8.2
    assert find_silence(account(2, 22), EVEN) is not None
    assert find_silence(account(2, 22), [None] * HALF_YEAR) is not None  # no peers: a usual day


def test_a_break_like_one_before_is_no_silence() -> None:
    days = account(2, 25)
    days[60:80] = [0.0] * 20
    assert find_silence(days, EVEN) is None  # 31 days would be
    days = account(2, 32)
    days[60:80] = [0.0] * 20
    assert find_silence(days, EVEN) is not None


def test_without_data_nobody_can_tell() -> None:
    missing = [*account(2, 0)[:-22], *[None] * 22]
    assert find_silence(missing, EVEN) is None
    assert find_silence([0.0] * HALF_YEAR, EVEN) is None  # they never used it
    assert find_silence([], []) is None
    assert find_silence(account(16, 120), EVEN) is None  # four days of use say nothing
    newcomer = [*[None] * 120, *account(2, 22)[120:]]
    assert find_silence(newcomer, EVEN) is None  # six weeks are too few


def test_activity_is_of_those_whose_day_is_known() -> None:
    assert activity_of([[1.0, None, 0.0], [0.0, None, 3.0], [2.0, None, None]]) == (
        2 / 3,
        None,
        1 / 2,
    )
    assert activity_of([]) == ()
