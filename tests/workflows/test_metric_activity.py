"""Use and seats in a metric are those of the period, as they were known."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from cs_workbench.core.metrics.periods import between, parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.core.metrics.results import Metric
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.ledger import read_ledger
from cs_workbench.workflows.metric_activity import activity_metrics
from tests.factories import (
    add_account,
    add_import,
    add_subscription,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
    portfolio,
)

SEPTEMBER = parse_period("2026-09")
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Database]:
    """Fifty seats until September, eighty since; 20 people, 60 since October."""
    with portfolio(tmp_path) as db:
        with write(db) as c:
            key = add_account(c, "acme")
            terms = (("old", "2025-10-01", "2026-09-30", 50), ("new", "2026-10-01", None, 80))
            for name, start, end, seats in terms:
                add_subscription(
                    c, key, subscription_id=name, start_date=start, end_date=end, seats=seats
                )
            add_summary(c, key, seats=80, seats_used=60)
            add_usage(c, key, dt.date(2026, 9, 1), [*[15] * 9, 20, *[15] * 20, *[60] * 50])
        yield db


def told(db: Database, key: str, as_of: dt.date = TODAY) -> Metric:
    return activity_metrics(read_ledger(db, DEFAULT_POLICY, as_of=as_of), SEPTEMBER)[key]


def test_seats_are_those_of_the_period_and_not_of_the_newest_refresh(book: Database) -> None:
    found = told(book, "seat_use")
    assert found.value == Fraction(20, 50) != Fraction(60, 80)
    assert "Peak daily" in found.flags[0]


def test_people_of_28_days_come_before_the_peak_of_daily_ones(book: Database) -> None:
    with write(book) as c:
        add_usage(c, 1, dt.date(2026, 9, 1), [*[22] * 29, 25, *[70] * 50], "active_users_28d")
    found = told(book, "seat_use")
    assert (found.value, found.flags) == (Fraction(25, 50), ())
    daily = Fraction(15 * 27 + 20, 28)
    assert told(book, "stickiness").value == Fraction(round(daily), 25)


def test_what_is_entered_later_changes_nothing_of_then(book: Database) -> None:
    before = told(book, "seat_use")
    with write(book) as c:
        entered = dt.datetime.now(dt.UTC)
        late = add_import(c, recorded_at=f"{entered:%Y-%m-%dT%H:%M:%SZ}")
        correction = {"account_key": 1, "metric_id": 1, "day": "2026-09-10", "old": 20, "new": 44}
        recorded = {"recorded_at": f"{entered:%Y-%m-%dT%H:%M:%SZ}", "import_id": late}
        insert(c, "usage_correction", correction | recorded)
        add_usage(c, 1, dt.date(2026, 9, 10), [44])
        changes = [Change("subscription", "old", "seats", 50, 100)]
        apply_changes(c, actor="ana", summary="more seats", changes=changes)
    assert told(book, "seat_use") == before
    assert told(book, "seat_use", dt.date(2100, 1, 1)).value == Fraction(44, 100)


def test_use_is_what_there_is_under_any_name(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for name, start in (("old", "2026-09-01"), ("new", "2026-09-15")):
                key = add_account(c, name)
                add_subscription(c, key, start_date=start, end_date=None)
            add_usage(c, 1, dt.date(2026, 8, 31), [5] * 60, "feature_uses")
            add_usage(c, 2, dt.date(2026, 9, 28), [5] * 7, "feature_uses")
        assert told(db, "time_to_value").n == 2


@pytest.mark.parametrize("days_after", [28, 400])
def test_a_period_after_the_last_use_has_none(book: Database, days_after: int) -> None:
    with write(book) as c:
        add_usage(c, 1, dt.date(2026, 9, 1), [22] * 80, "active_users_28d")
    end = dt.date(2026, 11, 19) + dt.timedelta(days_after)  # the last use is on a Thursday
    ledger = read_ledger(book, DEFAULT_POLICY, as_of=end)
    found = activity_metrics(ledger, between(end - dt.timedelta(3), end))
    keys = ("seat_use", "stickiness", "actions_per_engagement")
    assert [found[key].value for key in keys] == [None, None, None]


def test_answers_and_repeats_after_the_period_belong_to_what_was_in_it(book: Database) -> None:
    with write(book) as c:
        for number, day in enumerate(("2026-09-28", "2026-10-02", "2026-09-01")):
            add_touchpoint(
                c,
                1,
                occurred_at=f"{day}T09:00:00Z",
                direction="inbound" if number == 1 else "outbound",
                channel="email",
                kind="mail",
            )
            add_ticket(
                c,
                1,
                opened_at=f"{day}T09:00:00Z",
                closed_at=f"{day}T10:00:00Z",
                driver="login",
            )
    # Of what was in September the second was not answered, and the second did not come back.
    assert told(book, "conversion_rate").value == Fraction(1, 2)
    assert told(book, "fcr").value == Fraction(1, 2)


def test_nps_is_of_ninety_days(book: Database) -> None:
    with write(book) as c:
        for day, score in (("2026-07-02", 0), ("2026-07-03", 10)):  # the 91st day back, the 90th
            add_survey(c, 1, kind="nps", score=score, answered_on=day)
    assert (told(book, "nps").value, told(book, "nps").n) == (Fraction(100), 1)
