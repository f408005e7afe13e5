"""Whatever the rows: nothing that is paid is lost, and nothing counts twice."""

import datetime as dt
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.agreements import as_agreed, as_agreed_by_day
from cs_workbench.core.renewals import Subscription, in_force, last_day
from tests.core.agreement_cases import CONTRACT, LINE, LISTED, OTHER

D = dt.date
_EDGES = [0, 1, 29, 30, 31, 44, 45, 46, 90, 364, 365]
_LENGTHS = st.none() | (st.sampled_from(_EDGES) | st.integers(0, 900)).map(dt.timedelta)
_DAYS = (st.sampled_from(_EDGES) | st.integers(0, 1500)).map(
    lambda days: D(2025, 1, 1) + dt.timedelta(days=days)
)
_PRICED = CONTRACT._replace(arr_minor=7)


def _row(draw: st.DrawFn, number: int, kinds: list[Subscription]) -> Subscription:
    start, length, life = draw(_DAYS), draw(_LENGTHS), draw(_LENGTHS)
    return draw(st.sampled_from(kinds))._replace(
        subscription_id=f"s{number}",
        start_date=start,
        end_date=None if length is None else start + length,
        cancelled_on=None if life is None else start + life,
        auto_renew=draw(st.booleans()),
        term_months=draw(st.sampled_from([None, 1, 12])),
    )


@st.composite
def _rows(draw: st.DrawFn, kinds: list[Subscription]) -> tuple[Subscription, ...]:
    return tuple(_row(draw, number, kinds) for number in range(draw(st.integers(1, 6))))


def _without_days(rows: Iterable[Subscription]) -> set[str]:
    return {one.subscription_id for one in rows if (last_day(one) or D.max) < one.start_date}


@settings(max_examples=200)
@given(_rows([CONTRACT, LINE, OTHER, LISTED]), _DAYS)
def test_no_arr_is_lost_or_counted_twice(rows: tuple[Subscription, ...], day: dt.date) -> None:
    """On any day looked back at, each row with a price is in force once, if it was before."""
    for agree in (as_agreed, as_agreed_by_day):
        agreed = agree(rows, day, grace_days=30)
        assert _without_days(agreed) <= _without_days(rows)
        for then in (day, day - dt.timedelta(days=200), day - dt.timedelta(days=20)):
            running = [
                one.subscription_id for one in agreed if one.arr_minor and in_force(one, then)
            ]
            assert len(running) == len(set(running))
            assert {
                one.subscription_id for one in rows if one.arr_minor and in_force(one, then)
            } <= {*running}


@settings(max_examples=200)
@given(_rows([_PRICED, CONTRACT, LINE._replace(hand=2), LISTED]), _DAYS)
def test_beside_a_price_of_the_crm_no_other_counts(
    rows: tuple[Subscription, ...], day: dt.date
) -> None:
    agreed = as_agreed(rows, day, grace_days=30)
    for then in (day, day - dt.timedelta(days=200)):
        running = {one.subscription_id for one in agreed if one.arr_minor and in_force(one, then)}
        own = {one.subscription_id for one in rows if one.arr_minor and in_force(one, then)}
        crm = {one.subscription_id for one in rows if one.source == "crm"}
        assert own & crm == running & crm
        assert running == own or crm & {one.subscription_id for one in rows if one.arr_minor}
        assert not (running & crm and running - crm)
