import datetime as dt

import pytest

from cs_workbench.core.renewals import (
    arr_at_stake,
    arr_on,
    deadline_of,
    in_force,
    is_former,
    known_arr,
    next_renewal,
    notice_date,
    seats_on,
    term_end,
)
from tests.core.renewal_cases import BASE, TODAY

D = dt.date


def test_the_notice_date_is_the_last_day_to_give_notice() -> None:
    assert notice_date(D(2027, 2, 28), 60) == D(2026, 12, 30)


@pytest.mark.parametrize(
    ("notice", "auto", "lead", "day", "by"),
    [
        (60, True, 45, D(2026, 12, 30), "notice"),
        (30, True, 45, D(2027, 1, 14), "procurement"),
        (45, True, 45, D(2027, 1, 14), "notice"),
        (60, False, 45, D(2027, 1, 14), "procurement"),
        (60, False, 0, D(2027, 2, 28), "end"),
        (0, True, 0, D(2027, 2, 28), "end"),
    ],
)
def test_the_deadline_is_the_earlier_of_notice_and_procurement(
    notice: int, auto: bool, lead: int, day: dt.date, by: str
) -> None:
    found = deadline_of(D(2027, 2, 28), notice_days=notice, auto_renew=auto, procurement_days=lead)
    assert found == (day, by)


def test_entitlement_lasts_through_the_end_date_and_stops_on_the_cancellation() -> None:
    assert in_force(BASE, D(2027, 2, 28))
    assert not in_force(BASE, D(2027, 3, 1))
    assert not in_force(BASE, D(2026, 2, 28))
    cancelled = BASE._replace(cancelled_on=D(2026, 11, 23))
    assert in_force(cancelled, D(2026, 11, 22))
    assert not in_force(cancelled, D(2026, 11, 23))


def test_arr_on_a_day_leaves_out_trials_and_keeps_currencies_apart() -> None:
    book = [
        BASE,
        BASE._replace(subscription_id="s2", currency="EUR", arr_minor=500),
        BASE._replace(subscription_id="s3", is_trial=True),
        BASE._replace(subscription_id="s4", start_date=D(2026, 12, 1)),
    ]
    assert arr_on(book, TODAY) == {"USD": 41_200_000, "EUR": 500}


def test_seats_on_a_day_are_those_contracted_then() -> None:
    grown = BASE._replace(subscription_id="s2", seats=25, start_date=D(2026, 11, 1))
    assert seats_on([BASE, grown], D(2026, 10, 31)) == 50
    assert seats_on([BASE, grown], TODAY) == 75
    assert seats_on([BASE._replace(seats=None)], TODAY) is None


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (D(2024, 3, 1), 12, D(2027, 2, 28)),
        (D(2025, 11, 23), 12, D(2027, 11, 22)),
        (D(2025, 11, 24), 12, D(2026, 11, 23)),
        (D(2024, 2, 29), 12, D(2027, 2, 27)),
        (D(2024, 1, 1), 36, D(2026, 12, 31)),
        (D(2026, 1, 1), 1, None),
        (D(2026, 1, 1), None, None),
    ],
)
def test_an_open_end_runs_to_the_day_before_the_next_anniversary(
    start: dt.date, term: int | None, end: dt.date | None
) -> None:
    open_ended = BASE._replace(start_date=start, end_date=None, term_months=term)
    assert term_end(open_ended, TODAY) == end


def test_the_next_renewal_of_the_drawn_account() -> None:
    renewal = next_renewal([BASE], TODAY, segment="Enterprise")
    assert renewal is not None
    assert (renewal.deadline, renewal.deadline_by) == (D(2026, 12, 30), "notice")
    assert renewal.end_date == D(2027, 2, 28)
    assert renewal.commit_by == D(2026, 11, 30)


def test_a_follower_from_the_day_after_has_renewed_it_already() -> None:
    follower = BASE._replace(
        subscription_id="s2", start_date=D(2027, 3, 1), end_date=D(2028, 2, 29)
    )
    renewal = next_renewal([BASE, follower], TODAY, segment=None)
    assert renewal is not None
    assert (renewal.subscription_id, renewal.end_date) == ("s2", D(2028, 2, 29))
    gap = follower._replace(start_date=D(2027, 3, 2))
    late = next_renewal([BASE, gap], TODAY, segment=None)
    assert late is not None
    assert late.end_date == D(2027, 2, 28)


def test_a_contract_that_renews_by_itself_comes_after_one_to_be_won() -> None:
    past_notice = BASE._replace(subscription_id="s0", end_date=D(2026, 12, 31))
    later = BASE._replace(subscription_id="s9", end_date=D(2027, 6, 30), auto_renew=False)
    only = next_renewal([past_notice], TODAY, segment=None)
    assert only is not None
    assert only.renews_by_itself(TODAY)
    first = next_renewal([past_notice, later], TODAY, segment=None)
    assert first is not None
    assert first.subscription_id == "s9"


@pytest.mark.parametrize(
    ("end", "stage", "former"),
    [
        (D(2026, 11, 23), None, False),
        (D(2026, 11, 22), None, False),
        (D(2026, 10, 24), None, False),
        (D(2026, 10, 23), None, True),
        (D(2026, 11, 22), "churned", True),
        (D(2026, 11, 23), "churned", False),
    ],
)
def test_a_customer_is_former_when_grace_is_over_or_marked_as_churned(
    end: dt.date, stage: str | None, former: bool
) -> None:
    assert is_former([BASE._replace(end_date=end)], TODAY, stage=stage) is former


def test_without_any_subscription_nobody_is_former() -> None:
    assert not is_former([], TODAY, stage=None)
    assert not is_former([BASE._replace(start_date=D(2027, 1, 1))], TODAY, stage=None)


def test_within_grace_the_renewal_that_has_passed_is_still_shown() -> None:
    renewal = next_renewal([BASE._replace(end_date=D(2026, 11, 10))], TODAY, segment="smb")
    assert renewal is not None
    assert renewal.end_date == D(2026, 11, 10)


def test_within_grace_the_arr_that_has_lapsed_is_at_stake_but_not_in_force() -> None:
    lapsed = BASE._replace(end_date=D(2026, 11, 10))
    assert arr_on([lapsed], TODAY) == {}
    assert arr_at_stake([lapsed], TODAY) == {"USD": 41_200_000}
    assert arr_at_stake([lapsed], D(2026, 12, 11)) == {}


UNPRICED = BASE._replace(subscription_id="s5", arr_minor=None)


def test_a_price_that_is_not_known_is_no_arr_of_nothing() -> None:
    assert arr_on([UNPRICED], TODAY) == {"USD": None}
    assert arr_at_stake([UNPRICED], TODAY) == {"USD": None}
    assert known_arr([UNPRICED, UNPRICED]) is None
    assert known_arr([]) == 0


def test_what_is_known_beside_an_unknown_price_counts() -> None:
    assert (
        arr_on([UNPRICED, BASE], TODAY) == arr_on([BASE, UNPRICED], TODAY) == arr_on([BASE], TODAY)
    )
    assert known_arr([UNPRICED, BASE]) == 41_200_000
    free = BASE._replace(arr_minor=0)
    assert known_arr([UNPRICED, free]) == 0


def test_what_is_in_force_without_a_price_is_not_looked_for_in_what_has_ended() -> None:
    ended = BASE._replace(start_date=D(2025, 11, 1), end_date=D(2026, 11, 1))
    assert arr_at_stake([ended], TODAY) == {"USD": 41_200_000}
    assert arr_at_stake([ended, UNPRICED], TODAY) == {"USD": None}
