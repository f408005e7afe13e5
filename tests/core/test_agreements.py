"""A CRM says until when, billing says how much: one agreement, whatever came first."""

import datetime as dt
from itertools import permutations

import pytest

from cs_workbench.core.agreements import as_agreed, as_agreed_by_day, contradiction
from cs_workbench.core.renewal_history import KnownContracts, renewal_history
from cs_workbench.core.renewal_terms import Renewal
from cs_workbench.core.renewals import (
    Subscription,
    arr_at_stake,
    arr_on,
    in_force,
    last_day,
    next_renewal,
    seats_on,
)
from tests.core.agreement_cases import CONTRACT, DAY, LATER, LINE, LISTED, OTHER

D = dt.date


def renewals(*subscriptions: Subscription, day: dt.date = DAY) -> list[Renewal]:
    """What is known of renewals on the day, of contracts known from the beginning."""
    known = [KnownContracts(D(2020, 1, 1), subscriptions, None)]
    return [one.renewal for one in renewal_history(known, until=day) if one.known_to is None]


def only(*subscriptions: Subscription, day: dt.date = DAY) -> Renewal:
    (found,) = renewals(*subscriptions, day=day)
    return found


def terms(*subscriptions: Subscription, day: dt.date = DAY) -> list[tuple[str, str, str]]:
    """Of each part its id, first and last day."""
    return [
        (one.subscription_id, f"{one.start_date}", f"{one.end_date}")
        for one in as_agreed(subscriptions, day, grace_days=30)
    ]


def test_the_contract_and_what_is_billed_are_one_renewal_at_the_contracts_end() -> None:
    found = only(CONTRACT, LINE, OTHER)
    assert (found.end_date, found.due_minor, found.currency) == (D(2027, 6, 30), 150_000, "USD")
    assert found.subscription_ids == ("c1", "l1", "l2")
    assert found.renewed_on is None
    agreed = as_agreed((CONTRACT, LINE), DAY, grace_days=30)
    decision = next_renewal(agreed, DAY, segment=None)
    assert decision is not None
    assert decision.end_date == D(2027, 6, 30)


@pytest.mark.parametrize("order", permutations((CONTRACT, LATER, LINE, OTHER)))
def test_the_order_of_the_rows_changes_nothing(order: tuple[Subscription, ...]) -> None:
    def sorted_parts(*rows: Subscription) -> list[Subscription]:
        agreed = as_agreed(rows, DAY, grace_days=30)
        return sorted(agreed, key=lambda one: (one.subscription_id, one.start_date))

    assert sorted_parts(*order) == sorted_parts(CONTRACT, LATER, LINE, OTHER)


def test_a_line_goes_on_by_itself_only_when_its_contract_is_over() -> None:
    assert terms(CONTRACT, LINE, day=D(2027, 6, 30))[1:] == [("l1", "2026-01-12", "2027-06-30")]
    renewed = LINE._replace(end_date=D(2028, 1, 11))
    assert terms(CONTRACT, renewed, day=D(2027, 7, 1))[1:] == [
        ("l1", "2026-01-12", "2027-06-30"),
        ("l1", "2027-07-01", "2028-01-11"),
    ]
    open_one = only(CONTRACT, renewed, day=D(2027, 6, 30))
    assert open_one.renewed_on is None  # nobody has agreed to anything yet
    won, ahead = renewals(CONTRACT, renewed, day=D(2027, 7, 1))
    assert (won.renewed_minor, won.renewed_on) == (120_000, D(2027, 7, 1))
    assert (ahead.end_date, ahead.due_minor) == (D(2028, 1, 11), 120_000)


def test_a_line_moves_to_the_contract_that_follows_and_the_old_one_keeps_its_price() -> None:
    first, second = renewals(CONTRACT, LATER, LINE)
    assert (first.end_date, first.due_minor, first.renewed_minor) == (
        D(2027, 6, 30),
        120_000,
        120_000,
    )
    assert (second.end_date, second.due_minor) == (D(2028, 6, 30), 120_000)
    late = LATER._replace(start_date=D(2027, 7, 20))  # within the days of grace
    assert terms(CONTRACT, late, LINE)[2:] == [
        ("l1", "2026-01-12", "2027-06-30"),
        ("l1", "2027-07-01", "2028-06-30"),
    ]
    far = LATER._replace(start_date=D(2027, 10, 1))
    assert terms(CONTRACT, far, LINE)[2:] == [  # what comes between is not agreed yet
        ("l1", "2026-01-12", "2027-06-30"),
        ("l1", "2027-10-01", "2028-06-30"),
    ]
    going_on = LINE._replace(end_date=D(2028, 1, 11))
    assert terms(CONTRACT, far, going_on, day=D(2027, 7, 1))[2:] == [
        ("l1", "2026-01-12", "2027-06-30"),
        ("l1", "2027-07-01", "2027-09-30"),
        ("l1", "2027-10-01", "2028-06-30"),
    ]


def test_what_is_billed_before_the_contract_was_known_belongs_to_it_from_its_begin() -> None:
    before = LINE._replace(start_date=D(2024, 3, 1))
    assert only(CONTRACT, before).due_minor == 120_000
    known = [
        KnownContracts(D(2024, 3, 1), (before,), None),
        KnownContracts(D(2026, 5, 1), (before, CONTRACT), None),
    ]
    then = {
        (one.renewal.end_date, one.known_from, one.known_to)
        for one in renewal_history(known, until=DAY)
    }
    assert then == {
        (D(2027, 1, 11), D(2024, 3, 1), D(2026, 5, 1)),
        (D(2027, 6, 30), D(2026, 5, 1), None),
    }


def test_a_line_that_is_cancelled_is_a_part_that_goes() -> None:
    gone = OTHER._replace(end_date=None, cancelled_on=D(2027, 7, 1))
    found = only(CONTRACT, LINE, gone)
    assert (found.due_minor, found.cancelled_minor) == (150_000, 30_000)
    ended = LINE._replace(cancelled_on=D(2026, 9, 1))
    assert arr_on(as_agreed((CONTRACT, ended), DAY, grace_days=30), DAY) == {"USD": None}
    assert not only(CONTRACT, ended).is_cancelled  # the CRM has the contract as running


def test_what_is_paid_up_beyond_a_contract_renews_nothing_and_still_counts() -> None:
    for until in (D(2027, 7, 19), D(2027, 8, 20), D(2028, 1, 11)):
        tail = LINE._replace(cancelled_on=until + dt.timedelta(1), auto_renew=False, end_date=until)
        found = only(CONTRACT, tail, day=D(2027, 7, 5))
        assert (found.end_date, found.renewed_on, found.cancelled_minor) == (
            D(2027, 6, 30),
            None,
            120_000,
        )
        agreed = as_agreed((CONTRACT, tail), D(2027, 7, 5), grace_days=30)
        assert arr_on(agreed, D(2027, 7, 5)) == {"USD": 120_000}
        assert arr_on(agreed, until + dt.timedelta(1)) == {}


def test_a_contract_inside_another_is_not_paid_for_apart() -> None:
    short = LATER._replace(start_date=D(2026, 5, 1), end_date=D(2026, 5, 31))
    going_on = LINE._replace(end_date=D(2028, 1, 11))
    for day in (D(2026, 5, 15), DAY, D(2027, 8, 1)):
        agreed = as_agreed((CONTRACT, short, going_on), day, grace_days=30)
        assert arr_on(agreed, day).get("USD") == 120_000
    assert only(CONTRACT, going_on).renewed_on is None
    ends = [(one.end_date, one.due_minor) for one in renewals(CONTRACT, short, going_on)]
    assert ends == [(D(2026, 5, 31), None), (D(2027, 6, 30), 120_000)]


def test_what_ended_long_before_the_contract_is_not_due_at_its_end() -> None:
    add_on = OTHER._replace(cancelled_on=D(2026, 5, 1))
    found = only(CONTRACT, LINE, add_on)
    assert (found.due_minor, found.cancelled_minor) == (120_000, 0)
    ahead = OTHER._replace(end_date=None, cancelled_on=D(2026, 12, 15))
    agreed = as_agreed((CONTRACT, LINE, ahead), DAY, grace_days=30)
    decision = next_renewal(agreed, DAY, segment=None)
    assert decision is not None
    assert decision.end_date == D(2027, 6, 30)  # not 14 December
    years = [
        LINE._replace(
            subscription_id=f"l{year}",
            product=f"team {year}",
            start_date=D(year, 1, 1),
            end_date=D(year, 12, 31),
            auto_renew=False,
        )
        for year in (2025, 2026, 2027)
    ]
    three = CONTRACT._replace(start_date=D(2025, 1, 1), end_date=D(2027, 12, 31))
    assert only(three, *years).due_minor == 120_000


def test_the_currency_is_that_of_what_is_billed_last() -> None:
    euro = LINE._replace(currency="EUR", cancelled_on=D(2026, 6, 1))
    dollar = LINE._replace(subscription_id="l9", start_date=D(2026, 6, 1))
    won, ahead = renewals(CONTRACT, LATER, euro, dollar)
    assert (won.currency, won.due_minor, won.renewed_minor) == ("USD", 120_000, 120_000)
    assert (ahead.currency, ahead.due_minor) == ("USD", 120_000)


def test_a_change_of_currency_at_the_end_of_a_contract_is_no_loss() -> None:
    dollar = LINE._replace(end_date=D(2027, 6, 30), auto_renew=False)
    euro = LINE._replace(
        subscription_id="l9", currency="EUR", start_date=D(2027, 7, 1), end_date=D(2028, 6, 30)
    )
    won, ahead = renewals(CONTRACT, LATER, dollar, euro)
    assert (won.currency, won.due_minor) == ("USD", 120_000)
    assert (won.renewed_on, won.renewed_minor) == (D(2027, 7, 1), None)  # in dollars not known
    assert (ahead.currency, ahead.due_minor) == ("EUR", 120_000)


def test_a_line_that_ends_early_in_the_following_contract_counts_until_then() -> None:
    ended = LINE._replace(end_date=D(2027, 7, 20), cancelled_on=D(2027, 7, 21), auto_renew=False)
    fresh = LINE._replace(subscription_id="l9", start_date=D(2027, 7, 21), end_date=D(2028, 7, 20))
    rows = (CONTRACT, LATER, ended, fresh)
    for day in (D(2027, 6, 30), D(2027, 7, 1), D(2027, 7, 20), D(2027, 7, 21)):
        assert arr_on(as_agreed(rows, day, grace_days=30), day) == {"USD": 120_000}
    won, ahead = renewals(*rows, day=D(2027, 8, 1))
    assert (won.due_minor, won.renewed_on, won.renewed_minor) == (120_000, D(2027, 7, 1), 120_000)
    assert ahead.due_minor == 120_000


def test_a_price_of_the_crm_goes_before_what_is_said_second_hand() -> None:
    own = CONTRACT._replace(arr_minor=500_000, currency="USD")
    billing = LINE._replace(hand=2, start_date=D(2025, 1, 12))
    for rows in permutations((own, billing)):
        agreed = as_agreed(rows, DAY, grace_days=30)
        assert arr_on(agreed, DAY) == {"USD": 500_000}  # not 620,000
        assert seats_on(agreed, DAY) is None
        assert arr_on(agreed, D(2025, 6, 1)) == {"USD": 120_000}  # before the contract
    assert [one.due_minor for one in renewals(own, billing)] == [500_000]
    going_on = billing._replace(end_date=D(2028, 1, 11))
    assert only(own, going_on, day=D(2027, 6, 30)).renewed_on is None
    won, ahead = renewals(own, going_on, day=D(2027, 7, 1))
    assert (won.due_minor, won.renewed_minor, ahead.due_minor) == (500_000, 120_000, 120_000)
    first_hand = LINE._replace(source="other crm")
    both = as_agreed((own, first_hand), DAY, grace_days=30)
    assert arr_on(both, DAY) == {"USD": 620_000}  # two contracts, as far as anybody knows


def test_who_bills_goes_before_a_list_and_two_who_bill_both_count() -> None:
    one = LINE._replace(hand=2)
    listed = LINE._replace(subscription_id="x", source="list", hand=3, arr_minor=7)
    other = OTHER._replace(source="second billing", hand=2)
    again = listed._replace(subscription_id="y", source="a list")
    for rows in permutations((one, listed, other, again)):
        agreed = as_agreed(rows, DAY, grace_days=30)
        assert {part.subscription_id for part in agreed if in_force(part, DAY)} == {"l1", "l2"}
    for rows in permutations((listed, again)):
        agreed = as_agreed(rows, DAY, grace_days=30)
        assert [part.subscription_id for part in agreed if in_force(part, DAY)] == ["y"]
    paid = as_agreed((CONTRACT, one, other, listed), DAY, grace_days=30)
    assert [part.subscription_id for part in paid if in_force(part, DAY)] == ["c1", "l1", "l2"]


def test_a_list_gives_the_term_of_what_is_billed_month_by_month() -> None:
    monthly = LINE._replace(hand=2, end_date=None, term_months=1)
    for arr in (None, 999):  # what it says of the price counts for nothing beside billing
        listed = LISTED._replace(arr_minor=arr)
        found = only(listed, monthly)
        assert (found.end_date, found.due_minor) == (D(2027, 6, 30), 120_000)
        assert arr_on(as_agreed((listed, monthly), DAY, grace_days=30), DAY) == {"USD": 120_000}


def test_a_line_whose_own_end_is_over_does_not_go_on_after_its_contract() -> None:
    """In the days of grace it is believed to go on in its contract, and not beyond."""
    for end in (D(2026, 12, 31), D(2027, 1, 11), D(2027, 1, 31)):
        contract = CONTRACT._replace(end_date=end)
        for day in (end + dt.timedelta(wait) for wait in (0, 1, 10, 15, 40)):
            agreed = as_agreed((contract, LINE), day, grace_days=30)
            assert arr_at_stake(agreed, day).get("USD") in {120_000, None}
            assert all((last_day(one) or D.max) >= one.start_date for one in agreed)
            if end >= D(2027, 1, 11):
                assert only(contract, LINE, day=day).renewed_on is None


def test_what_is_billed_before_the_contract_of_the_crm_counts_until_it_begins() -> None:
    own = CONTRACT._replace(arr_minor=500_000, currency="USD", start_date=D(2026, 12, 10))
    young = LINE._replace(hand=2, start_date=D(2026, 11, 10))
    agreed = as_agreed((own, young), DAY, grace_days=30)
    assert arr_on(agreed, DAY) == {"USD": 120_000}
    assert arr_on(agreed, D(2026, 12, 10)) == {"USD": 500_000}


def test_a_contract_whose_line_does_not_count_is_not_called_billed() -> None:
    beside = CONTRACT._replace(subscription_id="c9", arr_minor=5, currency="USD")
    agreed = as_agreed((CONTRACT, beside, LINE._replace(hand=2)), DAY, grace_days=30)
    assert [one.is_unpriced for one in agreed if one.subscription_id == "c1"] == [True]
    two_lists = (LISTED, LISTED._replace(subscription_id="c8", source="other"))
    assert contradiction((*two_lists, LINE._replace(hand=2)), DAY, grace_days=30) is None


def test_a_line_still_to_begin_has_no_arr_today() -> None:
    ahead = LINE._replace(start_date=D(2027, 1, 1), end_date=None)
    agreed = as_agreed((CONTRACT, ahead), DAY, grace_days=30)
    assert arr_on(agreed, DAY) == {"USD": None}
    assert arr_on(agreed, D(2027, 1, 1)) == {"USD": 120_000}
    assert only(CONTRACT, ahead).due_minor == 120_000  # what is due at the end is known already


def test_currencies_stay_apart() -> None:
    euro = OTHER._replace(currency="EUR")
    found = renewals(CONTRACT, LINE, euro)
    assert [(one.currency, one.due_minor) for one in found] == [("EUR", 30_000), ("USD", 120_000)]


def test_a_contract_without_end_is_billed_term_by_term() -> None:
    rolling = CONTRACT._replace(end_date=None, term_months=12, start_date=D(2025, 1, 1))
    found = renewals(rolling, LINE)
    assert [(f"{one.end_date}", one.due_minor, one.renewed_minor) for one in found] == [
        ("2025-12-31", None, 120_000),
        ("2026-12-31", 120_000, None),
    ]
    monthly = rolling._replace(term_months=1)
    assert [one.end_date for one in renewals(monthly, LINE)] == [LINE.end_date]


@pytest.mark.parametrize(
    ("contract", "line"),
    [
        (CONTRACT, LINE._replace(source="crm")),  # two contracts of one source
        (CONTRACT, LINE._replace(is_trial=True)),
        (CONTRACT._replace(is_trial=True), LINE),
        (CONTRACT._replace(arr_minor=5), LINE),  # it has its own price
        (CONTRACT, LINE._replace(arr_minor=None)),
        (CONTRACT._replace(start_date=D(2020, 1, 1), end_date=D(2026, 1, 11)), LINE),
        (CONTRACT._replace(cancelled_on=D(2025, 12, 1)), LINE),  # it never began
        (CONTRACT._replace(hand=3), LINE),  # the CRM has the price, a list the date
    ],
)
def test_what_is_no_billing_of_the_contract_stays_as_it_is(
    contract: Subscription, line: Subscription
) -> None:
    rows = (contract, line)
    assert tuple(as_agreed(rows, DAY, grace_days=30)) == rows


def test_of_several_contracts_at_once_nobody_knows_which_is_paid_for() -> None:
    beside = CONTRACT._replace(subscription_id="c9", end_date=D(2027, 12, 31))
    rows = (CONTRACT, beside, LINE)
    assert tuple(as_agreed(rows, DAY, grace_days=30)) == rows
    assert contradiction(rows, DAY, grace_days=30) == "several"
    overlapping = LATER._replace(start_date=D(2027, 6, 1))  # a month: the one after the other
    assert contradiction((CONTRACT, overlapping, LINE), DAY, grace_days=30) is None
    assert contradiction((CONTRACT, LATER, LINE), DAY, grace_days=30) is None


def test_a_list_says_nothing_beside_the_contract_of_a_crm() -> None:
    billing = LINE._replace(hand=2)
    listed = LISTED._replace(end_date=D(2027, 12, 31))
    assert [one.due_minor for one in renewals(CONTRACT, listed, billing)] == [120_000, None]
    assert only(listed, billing).due_minor == 120_000  # without one it is all that is known


def test_billing_that_ended_before_its_contract_is_a_contradiction() -> None:
    ended = LINE._replace(cancelled_on=D(2026, 9, 1))
    assert contradiction((CONTRACT, ended), DAY, grace_days=30) == "ended"
    assert contradiction((CONTRACT, ended, OTHER), DAY, grace_days=30) is None
    assert contradiction((CONTRACT, ended), D(2027, 7, 1), grace_days=30) is None  # it is over
    assert contradiction((CONTRACT,), DAY, grace_days=30) is None
    assert contradiction((LINE,), DAY, grace_days=30) is None


def test_a_line_that_was_not_renewed_ends_once_the_days_of_grace_are_over() -> None:
    late, over = D(2027, 2, 10), D(2027, 2, 11)
    assert only(CONTRACT, LINE, day=late).cancelled_minor == 0
    assert arr_on(as_agreed((CONTRACT, LINE), late, grace_days=30), late)["USD"] == 120_000
    gone = only(CONTRACT, LINE, day=over)
    assert (gone.due_minor, gone.cancelled_minor) == (120_000, 120_000)
    assert arr_on(as_agreed((CONTRACT, LINE), over, grace_days=30), over) == {"USD": None}
    fixed = LINE._replace(auto_renew=False)
    assert only(CONTRACT, fixed).cancelled_minor == 120_000


def test_a_contract_counts_on_the_days_on_which_nothing_of_it_is_billed() -> None:
    ended = LINE._replace(cancelled_on=D(2026, 9, 1))
    found = as_agreed_by_day(
        (CONTRACT, ended, OTHER._replace(start_date=D(2027, 1, 1))), DAY, grace_days=30
    )
    assert [
        (f"{one.start_date}", f"{last_day(one)}") for one in found if one.arr_minor is None
    ] == [("2026-01-01", "2026-01-11"), ("2026-09-01", "2026-12-31")]
    for day in (D(2026, 1, 1), D(2026, 1, 12), D(2026, 8, 31), D(2026, 9, 1), D(2027, 6, 30)):
        priced = [one.arr_minor is not None for one in found if in_force(one, day)]
        assert len(priced) == 1
    assert list(as_agreed_by_day((CONTRACT,), DAY, grace_days=30)) == [CONTRACT]
    (rest,) = (
        one
        for one in as_agreed_by_day((CONTRACT, ended), DAY, grace_days=30)
        if one.start_date == D(2026, 9, 1)
    )
    assert rest.end_date == CONTRACT.end_date  # it is decided then, at a price that nobody knows


def test_seats_are_those_of_billing_where_it_has_any() -> None:
    stated = CONTRACT._replace(seats=40)

    def seats(*rows: Subscription) -> int | None:
        return seats_on(as_agreed(rows, DAY, grace_days=30), DAY)

    assert seats(stated, LINE) == 5  # not 45
    assert seats(stated, LINE._replace(seats=None)) == 40
    own = CONTRACT._replace(subscription_id="c9", arr_minor=1, seats=3)
    assert seats(stated, own) == 43  # one source: both count
