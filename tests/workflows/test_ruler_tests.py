"""A portfolio whose metrics, feeds or calendars change overnight, seen through whole refreshes."""

import datetime as dt
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler import standing_changes
from cs_workbench.store.signals import list_signals
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.refresh_reports import RefreshReport, stored_report
from cs_workbench.workflows.scoring import refresh
from tests.factories import (
    TODAY,
    add_account,
    add_subscription,
    add_ticket,
    add_touchpoint,
    add_usage,
)

DAY = dt.timedelta(days=1)
DAYS = 182
SINCE = TODAY - 13 * DAY
SEGMENTS = ("smb", "mid-market", "enterprise")
Factor = Callable[[int, str, dt.date], float | None]


def same(account: int, metric: str, day: dt.date) -> float | None:
    """Nothing happens."""
    del account, metric, day
    return 1


def times(factor: float, *, since: dt.date = SINCE, metric: str = "active_users") -> Factor:
    """One metric is counted otherwise from a day on."""

    def change(account: int, name: str, day: dt.date) -> float | None:
        del account
        return factor if name == metric and day >= since else 1

    return change


def stopped(share: float) -> Factor:
    """One metric no longer arrives for a share of the accounts."""

    def change(account: int, name: str, day: dt.date) -> float | None:
        gone = name == "active_users" and day >= SINCE and account % 10 < 10 * share
        return None if gone else 1

    return change


def times_in(segment: str, factor: float, *, since: dt.date = SINCE) -> Factor:
    """One metric is counted otherwise for the accounts of one segment."""

    def change(account: int, name: str, day: dt.date) -> float | None:
        is_in = SEGMENTS[account % 3] == segment
        return factor if is_in and name == "active_users" and day >= since else 1

    return change


def at_rest(first: dt.date, days: int) -> Factor:
    """Everybody works as little as on a Sunday, on every metric."""

    def change(account: int, name: str, day: dt.date) -> float | None:
        del account, name
        is_off = first <= day < first + days * DAY and day.weekday() < 5
        return 0.2 if is_off else 1

    return change


def portfolio(
    db: Database, change: Factor = same, *, accounts: int = 60, until: dt.date = TODAY
) -> None:
    """Accounts with half a year of two metrics, five days a week and a fifth of it on weekends."""
    with write(db) as connection:
        for number in range(accounts):
            segment = SEGMENTS[number % 3]
            key = add_account(connection, f"a{number}", started_on="2025-01-01", segment=segment)
            add_subscription(connection, key, end_date="2027-12-31", seats=500)
            add_touchpoint(connection, key, occurred_at="2026-11-01T09:00:00Z")
            add_ticket(
                connection, key, opened_at="2026-03-01T09:00:00Z", closed_at="2026-03-02T09:00:00Z"
            )
            _add_usage(connection, key, number, change, until)


def _add_usage(
    connection: Connection, key: int, number: int, change: Factor, until: dt.date
) -> None:
    begin = until - (DAYS - 1) * DAY
    for metric, level in (("active_users", 1), ("key_actions", 4)):
        values = []
        for back, usual in enumerate(_drawn(number, metric, level, begin)):
            factor = change(number, metric, begin + back * DAY)
            values.append(None if factor is None else usual * factor)
        add_usage(connection, key, begin, values, metric)


@cache
def _drawn(number: int, metric: str, level: int, begin: dt.date) -> tuple[float, ...]:
    """What an account uses while nothing happens; most tests begin with the same."""
    dice = random.Random(f"{number} {metric}")
    drawn = []
    for back in range(DAYS):
        is_off = (begin + back * DAY).weekday() >= 5
        usual = (20 + number) * level * (0.2 if is_off else 1)
        drawn.append(max(0.0, round(dice.gauss(usual, usual**0.5))))
    return tuple(drawn)


def rewrite(db: Database, change: Factor, *, accounts: int = 60) -> None:
    """The usage as it comes with another import."""
    with write(db) as connection:
        connection.execute("DELETE FROM usage_week")
        for number in range(accounts):
            _add_usage(connection, number + 1, number, change, TODAY)


def run(db: Database, as_of: dt.date = TODAY) -> RefreshReport:
    return refresh(db, as_of=as_of, actor="ana")


def opened(db: Database) -> set[tuple[str, str]]:
    lines = list_signals(db, today=TODAY, everything=True)
    return {(line.account_id, line.kind) for line in lines}


def refreshed(db: Database, change: Factor, accounts: int = 60) -> RefreshReport:
    """A refresh before the change, and one two weeks later."""
    portfolio(db, change, accounts=accounts)
    run(db, TODAY - 14 * DAY)
    return run(db)


@pytest.mark.parametrize(("factor", "direction"), [(10, "up"), (0.1, "down"), (0, "down")])
def test_a_change_of_two_weeks_ago_is_one_alarm_and_opens_nothing(
    db: Database, factor: float, direction: str
) -> None:
    report = refreshed(db, times(factor))
    (change,) = report.ruler
    assert (change.metric, change.day, change.direction) == ("active_users", SINCE, direction)
    assert change.moved >= 58
    assert abs(change.factor - factor) < 0.05 * factor + 0.001
    assert opened(db) == set()
    assert report.waiting > 30
    again = run(db)
    assert (again.ruler, again.signals, again.changed) == (report.ruler, 0, 0)


@pytest.mark.parametrize("factor", [10, 0.1])
def test_what_is_really_new_opens_beside_the_alarm(db: Database, factor: float) -> None:
    portfolio(db, times(factor))
    run(db, TODAY - 14 * DAY)
    with write(db) as connection:
        add_ticket(connection, 7, priority="urgent", opened_at="2026-11-15T09:00:00Z")
    run(db)
    assert opened(db) == {("a6", "urgent ticket breach")}


def test_put_right_the_next_refresh_is_calm_again(db: Database) -> None:
    refreshed(db, times(0.1))
    rewrite(db, same)
    healed = run(db, TODAY + DAY)
    assert (healed.ruler, healed.warnings, healed.signals, healed.waiting) == ((), (), 0, 0)
    assert standing_changes(db.connection) == []
    later = run(db, TODAY + 2 * DAY)
    assert (later.ruler, later.warnings, later.signals) == ((), (), 0)


def test_a_change_that_goes_on_stays_told_and_holds_what_rests_on_it(db: Database) -> None:
    refreshed(db, times(10))
    later = run(db, TODAY + 3 * DAY)
    assert (later.ruler, later.signals) == ((), 0)
    assert "The ruler changed, not the customers: active_users went up" in later.warnings[0]


def test_a_feed_that_stops_for_most_accounts_is_named(db: Database) -> None:
    report = refreshed(db, stopped(0.6))
    (stop,) = report.stops
    assert (stop.metric, stop.accounts, stop.quiet) == ("active_users", 60, 36)
    assert "no active_users arrived for 36 of the 60 accounts" in report.warnings[0]
    assert opened(db) == set()
    assert run(db).stops == report.stops
    later = run(db, TODAY + 10 * DAY)
    assert later.stops == ()
    assert "The feed stopped, not the customers: in the week to" in later.warnings[0]
    assert opened(db) == set()


def test_a_feed_that_stops_for_a_few_is_their_own_matter(db: Database) -> None:
    report = refreshed(db, stopped(0.3))
    assert (report.stops, report.warnings) == ((), ())


@pytest.mark.parametrize("back", [1, 4, 6, 9])
def test_a_holiday_week_is_no_alarm_and_opens_nothing(db: Database, back: int) -> None:
    """As of its second day, of its last, of the Saturday, and of the Tuesday after."""
    first = TODAY - 7 * DAY
    portfolio(db, at_rest(first, 5))
    run(db, first - DAY)
    report = run(db, first + back * DAY)
    assert (report.ruler, report.stops, opened(db)) == ((), (), set())
    (told,) = report.warnings
    assert told.startswith("A quiet time, as on a holiday, began on 2026-11-16: 60 of 60 accounts")


def test_three_weeks_of_rest_are_no_holiday(db: Database) -> None:
    first = TODAY - 13 * DAY
    portfolio(db, at_rest(first, 20))
    run(db, first - DAY)
    assert {one.metric for one in run(db).ruler} == {"active_users", "key_actions"}


def test_a_fall_to_a_weekend_s_level_on_one_metric_alone_is_no_holiday(db: Database) -> None:
    portfolio(db, times(0.2, since=TODAY - 4 * DAY))
    run(db, TODAY - 7 * DAY)
    assert [one.metric for one in run(db).ruler] == ["active_users"]


@pytest.mark.parametrize("accounts", [5, 19])
def test_a_small_portfolio_raises_no_alarm(db: Database, accounts: int) -> None:
    report = refreshed(db, times(10), accounts=accounts)
    assert (report.ruler, report.stops, report.warnings) == ((), (), ())


def test_a_first_load_raises_no_alarm(db: Database) -> None:
    portfolio(db)
    report = run(db)
    assert (report.ruler, report.stops, report.warnings, report.waiting) == ((), (), (), 0)


def test_a_first_load_in_which_a_metric_changes_is_told_at_once(db: Database) -> None:
    portfolio(db, times(10))
    report = run(db)
    assert [(one.metric, one.day) for one in report.ruler] == [("active_users", SINCE)]
    assert opened(db) == set()


@pytest.mark.parametrize(("factor", "direction"), [(10, "up"), (0.1, "down")])
def test_a_change_for_one_segment_is_an_alarm_that_names_it(
    db: Database, factor: float, direction: str
) -> None:
    report = refreshed(db, times_in("smb", factor), accounts=90)
    (change,) = report.ruler
    assert (change.segments, change.direction, change.day) == (("smb",), direction, SINCE)
    assert (change.accounts, change.moved) == (30, 30)
    assert "of 30 accounts of the segment smb on" in report.warnings[0]
    assert not {kind for _, kind in opened(db)} & {"usage shock", "usage drift", "overage"}
    assert report.waiting
    stored: dict[str, Any] = stored_report(report)
    assert stored["ruler"][0]["segments"] == ["smb"]


def test_a_change_for_one_segment_holds_back_nothing_of_the_others(db: Database) -> None:
    smb = times_in("smb", 0.1)

    def change(account: int, name: str, day: dt.date) -> float | None:
        return 0.1 if account == 1 and day >= SINCE else smb(account, name, day)

    report = refreshed(db, change, accounts=90)
    assert [one.segments for one in report.ruler] == [("smb",)]
    assert ("a1", "usage shock") in opened(db)
    assert {account for account, kind in opened(db) if kind == "usage shock"} == {"a1"}


def test_a_change_for_one_segment_put_right_is_calm_again(db: Database) -> None:
    refreshed(db, times_in("smb", 10), accounts=90)
    (standing,) = standing_changes(db.connection)
    assert standing.change.segments == ("smb",)
    rewrite(db, same, accounts=90)
    report = run(db, TODAY + DAY)
    assert report.warnings == ()
    assert standing_changes(db.connection) == []


def test_a_small_segment_raises_no_alarm(db: Database) -> None:
    assert refreshed(db, times_in("smb", 10), accounts=54).ruler == ()
