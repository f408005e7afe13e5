import datetime as dt

import pytest

from cs_workbench.core.account_page import Family, UsageHistory, customer_for, tenure


def history(*weeks: tuple[float, int]) -> UsageHistory:
    end = dt.date(2026, 11, 22)
    ends = tuple(end - dt.timedelta(7 * back) for back in reversed(range(len(weeks))))
    totals, days = tuple(total for total, _ in weeks), tuple(count for _, count in weeks)
    return UsageHistory("users", "users", "n", ends, totals, days, end)


@pytest.mark.parametrize(
    ("started", "shown"),
    [
        ("2023-02-20", "3 y 9 mo"),
        ("2023-11-23", "3 y"),
        ("2023-11-24", "2 y 11 mo"),
        ("2026-06-23", "5 mo"),
        ("2026-11-11", "12 d"),
        ("2026-11-23", "0 d"),
    ],
)
def test_tenure(started: str, shown: str) -> None:
    assert tenure(dt.date.fromisoformat(started), dt.date(2026, 11, 23)) == shown


def test_a_customer_to_be_is_told_from_when() -> None:
    today = dt.date(2026, 11, 23)
    assert customer_for(dt.date(2026, 6, 23), today) == "customer for 5 mo"
    assert customer_for(today, today) == "customer for 0 d"
    assert customer_for(dt.date(2027, 1, 1), today) == "customer from 1 Jan 2027"


def test_the_baseline_is_the_median_of_twelve_weeks_before_the_last_four() -> None:
    weeks = [(700.0, 7)] + [(7.0 * level, 7) for level in range(1, 13)] + [(133.0, 7)] * 4
    usage = history(*weeks)
    assert usage.base == 6.5  # the week of 100 a day is too long ago
    assert usage.recent == 19
    assert usage.change == pytest.approx(19 / 6.5 - 1)


def test_weeks_without_data_are_left_out_and_are_never_zero() -> None:
    usage = history(*[(70.0, 7)] * 12, (0.0, 0), (0.0, 0), (0.0, 0), (10.0, 1))
    assert usage.levels[-2:] == (None, 10)
    assert usage.recent == 10


def test_what_is_not_known_is_none() -> None:
    silent = [history(*[(70.0, 7)] * 12, *[(0.0, 0)] * 4).recent, history((70.0, 7)).change]
    assert silent == [None, None]


def test_the_last_weeks_alone() -> None:
    usage = history((7.0, 7), (14.0, 7), (21.0, 7)).last(2)
    assert list(usage.levels) == [2, 3]
    assert usage.ends[0] == dt.date(2026, 11, 15)


def test_the_level_of_the_last_week_that_had_ended() -> None:
    usage = history((7.0, 7), (14.0, 7), (21.0, 7))
    assert usage.level_before(dt.date(2026, 11, 21)) == 2
    assert usage.level_before(dt.date(2026, 11, 22)) == 3
    assert usage.level_before(dt.date(2026, 1, 1)) is None


def test_weeks_of_silence_up_to_today_have_no_level() -> None:
    usage = history((7.0, 7), (14.0, 7)).up_to(dt.date(2026, 12, 8))
    assert list(usage.levels) == [1, 2, None, None]
    assert usage.ends[-1] == dt.date(2026, 12, 6)
    assert history((7.0, 7)).up_to(dt.date(2026, 11, 28)) == history((7.0, 7))


@pytest.mark.parametrize(
    ("family", "words"),
    [
        (Family(), ()),
        (Family("H", "Holding"), ("part of Holding",)),
        (Family(children=1), ("1 subsidiary",)),
        (Family("H", "Holding", 1_200), ("part of Holding", "1,200 subsidiaries")),
    ],
)
def test_the_family_in_words(family: Family, words: tuple[str, ...]) -> None:
    assert family.words == words
