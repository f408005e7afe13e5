import datetime as dt

import pytest

from cs_workbench.core.judgements import (
    FADES_AFTER,
    SENTIMENT_SCALE,
    Override,
    Rating,
    counts_on,
    newest_ratings,
    tell_override,
)

NOV = dt.date(2026, 11, 1)


def day(number: int) -> dt.date:
    return NOV.replace(day=number)


def said(number: int, value: int, by: str = "Ana", *, rated: str = "sentiment") -> Rating:
    return Rating(f"r{number}{by}", rated, value, "why", by, day(number), day(number))


OVERRIDE = Override("o1", "yellow", None, "new sponsor met", "Ana Ruiz", day(10), day(20))


@pytest.mark.parametrize(
    ("on", "stands"), [(9, False), (10, True), (20, True), (21, False)], ids=str
)
def test_both_its_own_days_belong_to_an_override(on: int, stands: bool) -> None:
    assert OVERRIDE.stands_on(day(on)) is stands


def test_on_the_day_of_its_withdrawal_it_no_longer_stands() -> None:
    withdrawn = Override(
        *("o1", "yellow", None, "x", "Ana", day(10), day(20), day(15)), withdrawn_by="Jon"
    )
    assert [withdrawn.stands_on(day(on)) for on in (10, 14, 15, 16)] == [True, True, False, False]


def test_an_override_is_told_with_its_score_and_one_full_stop() -> None:
    assert tell_override(OVERRIDE) == (
        "Ana Ruiz says yellow until Fri 20 Nov 2026: new sponsor met."
    )
    scored = Override("o1", "green", 829_999, "Really!", "Jon", day(10), day(20))
    assert tell_override(scored) == "Jon says green 82 until Fri 20 Nov 2026: Really!"


def test_two_peoples_ratings_are_never_averaged() -> None:
    (found,) = newest_ratings([said(10, 5, "Jon"), said(1, 2)])
    assert found.value == 5  # not 3.5, and not the first


def test_a_rating_of_an_earlier_day_that_is_written_down_later_takes_no_place() -> None:
    late = Rating("z", "sentiment", 1, "why", "Jon", day(3), day(30))
    assert newest_ratings([said(10, 4), late]) == (said(10, 4),)


def test_of_one_day_what_was_written_down_last_counts() -> None:
    first = Rating("b", "sentiment", 1, "why", "Ana", day(3), day(3))
    again = Rating("a", "sentiment", 3, "why", "Ana", day(3), day(4))
    assert newest_ratings([again, first]) == (again,)


def test_each_thing_has_a_newest_rating_of_its_own() -> None:
    access = said(2, 1, rated="access")
    assert newest_ratings([said(10, 5), access, said(1, 3)]) == (access, said(10, 5))


def test_a_rating_counts_in_full_up_to_the_90th_day() -> None:
    september = Rating("r", "sentiment", 2, "why", "Ana", dt.date(2026, 9, 1), dt.date(2026, 9, 1))
    assert FADES_AFTER == 90
    assert counts_on(september, dt.date(2026, 11, 30))
    assert not counts_on(september, dt.date(2026, 12, 1))


def test_values_have_words() -> None:
    assert SENTIMENT_SCALE.told(1) == "1 of 5 (they want to leave)"
    assert SENTIMENT_SCALE.told(5.0) == "5 of 5 (they would recommend us unasked)"
    assert len(set(SENTIMENT_SCALE.words)) == 5
