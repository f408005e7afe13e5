import datetime as dt

from hypothesis import given
from hypothesis import strategies as some

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.kernels.spreads import Days, arr_on_days, count_spreads
from cs_workbench.core.renewals import Subscription, arr_at_stake, last_day
from cs_workbench.core.score_spans import RUNS_FROM, Contract, ScoredRange, code_of

BEGIN = dt.date(2026, 1, 5)
WEEKS = [BEGIN + dt.timedelta(7 * week) for week in range(8)]
DAYS = [day.isoformat() for day in WEEKS]
GRACE = [(day - dt.timedelta(30)).isoformat() for day in WEEKS]
LETTERS: dict[str, Band] = {band[0]: band for band in BANDS}
RUNS = {10: 0, 11: 1, 12: 1, 14: 2}


def codes(*scores: tuple[str, int, int]) -> str:
    return "".join(
        f"{code_of(tenths, LETTERS[band])}{chr(RUNS_FROM + run)}" for band, tenths, run in scores
    )


Account = tuple[str, str, int]


def ranges(*accounts: Account) -> list[ScoredRange]:
    """Accounts by their codes, currency and ARR; the last of several in a range of its own."""

    def one_of(some_accounts: tuple[Account, ...]) -> ScoredRange:
        texts, currencies, arrs = zip(*some_accounts, strict=True)
        always = [Contract(at, "2020-01-01", "9999-12-31", arr) for at, arr in enumerate(arrs)]
        return ScoredRange(texts, currencies, always)

    return [one_of(accounts[:-1]), one_of(accounts[-1:])] if accounts[1:] else [one_of(accounts)]


def test_each_day_counts_who_was_scored_on_it() -> None:
    accounts = ranges(
        (codes(("r", 301, 10), ("y", 550, 11), ("g", 900, 14)), "USD", 100),
        (codes(("g", 800, 10), ("g", 810, 12)), "USD", 50),
        (codes(("u", 990, 14)), "JPY", 7),
    )
    first, second, third = count_spreads(accounts, Days(DAYS[:3], RUNS, GRACE[:3]))
    assert first.bands == {"red": 1, "unknown": 0, "yellow": 0, "green": 1}
    assert first.quarters == (301, 301, 800)
    assert first.arr == {"USD": {"red": 100, "unknown": 0, "yellow": 0, "green": 50}}
    assert second.bands == {"red": 0, "unknown": 0, "yellow": 1, "green": 1}
    assert second.accounts == 2  # whoever wrote the score of the day
    assert third.bands == {"red": 0, "unknown": 1, "yellow": 0, "green": 1}
    assert third.quarters == (900, 900, 900)  # what is unknown is no score
    assert third.arr["JPY"]["unknown"] == 7
    assert third.arr["USD"]["green"] == 100  # the second one was no customer any more


def test_days_that_were_not_asked_for_are_passed_over() -> None:
    accounts = ranges((codes(("r", 301, 10), ("y", 550, 13), ("g", 700, 99)), "USD", 100))
    (only,) = count_spreads(accounts, Days(DAYS[:1], {10: 0}, GRACE[:1]))
    assert only.accounts == 1
    assert only.arr == {"USD": {"red": 100, "unknown": 0, "yellow": 0, "green": 0}}


def test_nobody_is_no_quartile() -> None:
    (empty,) = count_spreads([], Days(DAYS[:1], {}, GRACE[:1]))
    assert (empty.accounts, empty.quarters, empty.arr) == (0, None, {})


def test_arr_of_a_term_that_ended_counts_through_its_grace() -> None:
    every = Days(DAYS, {}, GRACE)
    ended = [Contract(0, "2025-01-01", "2026-01-10", 100)]
    assert arr_on_days(ended, 1, every).tolist() == [[*[100] * 6, 0, 0]]
    renewed = [*ended, Contract(0, "2026-01-20", "2026-12-31", 30)]
    assert arr_on_days(renewed, 1, every)[0, :4].tolist() == [100, 100, 100, 30]


dates = some.integers(-80, 80).map(lambda days: BEGIN + dt.timedelta(days))
subscriptions = some.builds(
    Subscription,
    subscription_id=some.just("s"),
    product=some.none(),
    seats=some.none(),
    arr_minor=some.integers(1, 1000),
    currency=some.just("USD"),
    start_date=dates,
    end_date=some.none() | dates,
    term_months=some.none(),
    notice_days=some.just(0),
    auto_renew=some.just(value=False),
    is_trial=some.just(value=False),
    cancelled_on=some.none() | dates,
    no_decision=some.just(value=False),
    source=some.none(),
)


@given(some.lists(some.lists(subscriptions, max_size=4), min_size=1, max_size=3))
def test_many_days_at_once_are_as_each_by_itself(drawn: list[list[Subscription]]) -> None:
    accounts = [
        [one._replace(subscription_id=str(number)) for number, one in enumerate(mine)]
        for mine in drawn
    ]
    contracts = [
        Contract(
            *(at, one.start_date.isoformat()),
            *((last_day(one) or dt.date.max).isoformat(), one.arr_minor or 0),
        )
        for at, terms in enumerate(accounts)
        for one in terms
    ]
    singly = [[arr_at_stake(terms, day).get("USD", 0) for day in WEEKS] for terms in accounts]
    assert arr_on_days(contracts, len(accounts), Days(DAYS, {}, GRACE)).tolist() == singly
