import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.renewal_history import KnownContracts, renewal_history
from cs_workbench.core.renewal_terms import Renewal, filed_as, renewals_of
from cs_workbench.core.renewals import DEFAULT_POLICY, Subscription
from tests.core.renewal_cases import BASE, TODAY

D = dt.date
NEXT = BASE._replace(
    subscription_id="s2", start_date=D(2027, 3, 1), end_date=D(2028, 2, 29), arr_minor=45_000_000
)


def of(*subscriptions: Subscription, until: dt.date = TODAY) -> tuple[Renewal, ...]:
    return renewals_of(subscriptions, until=until, segment="enterprise")


def only(*subscriptions: Subscription, until: dt.date = TODAY) -> Renewal:
    (found,) = of(*subscriptions, until=until)
    return found


def test_the_dates_of_kestrel_as_the_screens_draw_them() -> None:
    one = only(BASE)
    assert (one.end_date, one.notice_date) == (D(2027, 2, 28), D(2026, 12, 30))
    assert (one.deadline, one.deadline_by) == (D(2026, 12, 30), "notice")
    assert one.commit_by == one.announce_by == D(2026, 11, 30)
    assert (one.due_minor, one.renewed_minor, one.auto_renew) == (41_200_000, None, True)


def test_without_auto_renew_purchasing_makes_the_deadline_and_there_is_no_notice() -> None:
    one = only(BASE._replace(auto_renew=False))
    assert one.notice_date is None
    assert (one.deadline, one.deadline_by) == (D(2027, 1, 14), "procurement")
    assert one.announce_by == D(2026, 12, 15)


def test_what_ends_on_one_day_is_one_renewal_decided_by_its_earliest_date() -> None:
    add_on = BASE._replace(subscription_id="s9", product="API", notice_days=90, arr_minor=100)
    one = only(BASE, add_on)
    assert one.subscription_ids == ("s1", "s9")
    assert one.due_minor == 41_200_100
    assert one.deadline == one.notice_date == D(2026, 11, 30)
    manual = add_on._replace(auto_renew=False)
    assert not only(BASE, manual).auto_renew
    assert only(BASE, manual).notice_date == D(2026, 12, 30)


def test_a_change_in_mid_term_is_decided_with_what_took_its_place() -> None:
    small = BASE._replace(subscription_id="s0", arr_minor=100, cancelled_on=D(2026, 9, 1))
    grown = BASE._replace(start_date=D(2026, 9, 1))
    one = only(small, grown)
    assert (one.subscription_ids, one.due_minor, one.cancelled_minor) == (("s1",), 41_200_000, 0)
    dropped = small._replace(product="API")  # nothing took its place: a part that is lost
    assert (only(dropped, grown).due_minor, only(dropped, grown).cancelled_minor) == (
        41_200_100,
        100,
    )


def test_other_days_and_other_currencies_are_renewals_of_their_own() -> None:
    later = BASE._replace(subscription_id="s3", product="API", end_date=D(2027, 3, 31))
    euro = BASE._replace(subscription_id="s4", product="API", currency="EUR")
    assert [(one.end_date, one.currency) for one in of(BASE, later, euro)] == [
        (D(2027, 2, 28), "EUR"),
        (D(2027, 2, 28), "USD"),
        (D(2027, 3, 31), "USD"),
    ]


def test_a_contract_of_years_is_due_once_at_its_end() -> None:
    years = BASE._replace(start_date=D(2024, 3, 1), term_months=36)
    assert [one.end_date for one in of(years)] == [D(2027, 2, 28)]


def test_month_to_month_and_trials_are_never_due() -> None:
    assert of(BASE._replace(end_date=None, term_months=1)) == ()
    assert of(BASE._replace(end_date=None, term_months=None)) == ()
    assert of(BASE._replace(is_trial=True)) == ()


def test_a_contract_without_an_end_is_due_every_year() -> None:
    rolling = BASE._replace(start_date=D(2024, 3, 1), end_date=None)
    past, last, now = of(rolling)
    assert [past.end_date, last.end_date, now.end_date] == [
        D(2025, 2, 28),
        D(2026, 2, 28),
        D(2027, 2, 28),
    ]
    assert (past.renewed_minor, past.renewed_on) == (41_200_000, D(2025, 3, 1))
    assert now.renewed_minor is None
    ended = of(rolling._replace(cancelled_on=D(2026, 3, 1)))
    assert [one.end_date for one in ended] == [D(2025, 2, 28), D(2026, 2, 28)]
    assert ended[-1].is_cancelled


@pytest.mark.parametrize(
    ("gap", "is_late", "follows"), [(0, False, True), (1, True, True), (30, True, True), (31, 0, 0)]
)
def test_what_begins_within_the_days_of_grace_renews_it(
    gap: int, is_late: bool, follows: bool
) -> None:
    after = NEXT._replace(start_date=NEXT.start_date + dt.timedelta(days=gap))
    first = of(BASE, after)[0]
    assert (first.renewed_minor == 45_000_000) is bool(follows)
    assert first.is_late is bool(is_late)


def test_an_early_replacement_counts_on_the_day_the_old_term_would_have_ended() -> None:
    old = BASE._replace(cancelled_on=D(2026, 10, 1))
    new = NEXT._replace(start_date=D(2026, 10, 1), end_date=D(2027, 9, 30))
    first = of(old, new)[0]
    assert (first.end_date, first.renewed_minor) == (D(2027, 2, 28), 45_000_000)
    assert first.renewed_on == D(2026, 10, 1)
    assert (first.cancelled_minor, first.is_cancelled, first.is_late) == (0, False, False)


def test_another_product_that_begins_then_is_part_of_it_and_one_that_runs_is_not() -> None:
    upgrade = NEXT._replace(product="platform plus")
    assert of(BASE, upgrade)[0].renewed_minor == 45_000_000
    running = BASE._replace(subscription_id="s5", product="API", end_date=D(2027, 12, 31))
    other = NEXT._replace(subscription_id="s6", product="API", start_date=D(2027, 3, 15))
    assert of(BASE, running, other)[0].renewed_minor is None


def test_what_is_cancelled_is_due_and_lost_the_rest_can_be_renewed() -> None:
    gone = BASE._replace(cancelled_on=D(2027, 3, 1))
    assert only(gone).is_cancelled
    kept = BASE._replace(subscription_id="s7", product="API", arr_minor=100)
    half = only(gone, kept)
    assert (half.due_minor, half.cancelled_minor) == (41_200_100, 41_200_000)
    assert not half.is_cancelled


def test_a_corrected_end_date_keeps_what_was_said_of_it() -> None:
    said, near, far = D(2027, 2, 28), D(2027, 3, 31), D(2028, 2, 28)
    assert filed_as([near, far], [said]) == {near: said}
    assert filed_as([said, near], [said]) == {}
    assert filed_as([far], [said]) == {}
    assert filed_as([near, D(2027, 3, 5)], [said]) == {D(2027, 3, 5): said}


def test_history_says_what_was_known_when() -> None:
    longer = BASE._replace(end_date=D(2027, 3, 31))
    history = renewal_history(
        [
            KnownContracts(D(2026, 3, 1), (BASE,), "enterprise"),
            KnownContracts(D(2026, 6, 1), (longer,), "enterprise"),
            KnownContracts(D(2026, 9, 1), (longer, NEXT._replace(start_date=D(2027, 4, 1))), None),
        ],
        until=TODAY,
        policy=replace(DEFAULT_POLICY, procurement_default=45),
    )
    assert [
        (one.renewal.end_date, one.renewal.renewed_minor, one.known_from, one.known_to)
        for one in history
    ] == [
        (D(2027, 2, 28), None, D(2026, 3, 1), D(2026, 6, 1)),
        (D(2027, 3, 31), None, D(2026, 6, 1), D(2026, 9, 1)),
        (D(2027, 3, 31), 45_000_000, D(2026, 9, 1), None),
        (D(2028, 2, 29), None, D(2026, 9, 1), None),
    ]


def test_history_of_a_contract_without_an_end_turns_with_its_years() -> None:
    rolling = BASE._replace(start_date=D(2024, 3, 1), end_date=None)
    history = renewal_history([KnownContracts(D(2024, 3, 1), (rolling,), None)], until=TODAY)
    assert [
        (one.renewal.end_date.year, one.renewal.renewed_minor is not None, one.known_to)
        for one in history
    ] == [
        (2025, False, D(2025, 3, 1)),
        (2025, True, None),
        (2026, False, D(2026, 3, 1)),
        (2026, True, None),
        (2027, False, None),
    ]


def test_a_contract_without_a_price_has_its_dates_and_no_amount() -> None:
    unpriced = BASE._replace(arr_minor=None)
    one, known = only(unpriced), only(BASE)
    assert one == known._replace(due_minor=None, unpriced=1)
    assert not one.is_cancelled
    gone = only(unpriced._replace(cancelled_on=D(2027, 3, 1)))
    assert (gone.due_minor, gone.cancelled_minor, gone.is_cancelled) == (None, None, True)


def test_what_follows_renews_a_contract_whatever_is_known_of_prices() -> None:
    unpriced, after = BASE._replace(arr_minor=None), NEXT._replace(arr_minor=None)
    first = of(unpriced, after)[0]
    assert (first.renewed_minor, first.renewed_on, first.is_cancelled) == (
        None,
        D(2027, 3, 1),
        False,
    )
    first = of(unpriced, NEXT)[0]
    assert (first.due_minor, first.renewed_minor) == (None, 45_000_000)
    add_on = BASE._replace(subscription_id="s9", product="API")
    part = only(unpriced, add_on)
    assert (part.due_minor, part.unpriced, part.is_partly_priced) == (41_200_000, 1, True)
    assert not only(unpriced).is_partly_priced


def test_a_part_of_it_is_cancelled_whatever_is_known_of_prices() -> None:
    gone = BASE._replace(cancelled_on=D(2027, 3, 1))
    stays = BASE._replace(subscription_id="s9", product="API")
    for one, other in (
        (gone._replace(arr_minor=None), stays._replace(arr_minor=None)),
        (gone, stays._replace(arr_minor=None)),
        (gone._replace(arr_minor=0), stays._replace(arr_minor=0)),
    ):
        assert not only(one, other).is_cancelled
        assert only(one, other._replace(cancelled_on=D(2027, 3, 1))).is_cancelled
    assert not only(BASE._replace(arr_minor=0)).is_cancelled  # it is free, and goes on
