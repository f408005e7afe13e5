import datetime as dt
from typing import Any

import pytest

from cs_workbench.core.facts import AccountFacts, Champion
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.changes import Change, Value, apply_changes, record_change_set
from cs_workbench.store.database import Database, write
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.known import read_known
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_import,
    add_subscription,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
)

BEFORE, AFTER = "2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z"
BETWEEN = dt.date(2026, 11, 10)


@pytest.fixture(scope="module")
def scorecard() -> Scorecard:
    return default_scorecard()


def facts_on(db: Database, day: dt.date, scorecard: Scorecard) -> list[AccountFacts]:
    known = read_known(db.connection, day)
    portfolio, usage = read_portfolio(db.connection, known, scorecard)
    keys = account_keys(db.connection)
    return facts_between(db.connection, known, portfolio, usage, (keys[0], keys[-1]))


def one(db: Database, day: dt.date, scorecard: Scorecard) -> AccountFacts:
    (facts,) = facts_on(db, day, scorecard)
    return facts


def account(db: Database, **fields: Any) -> int:
    with write(db) as connection:
        return add_account(connection, "acme", started_on="2025-01-01", **fields)


def imported(db: Database, recorded_at: str, policy: str = "recorded") -> int:
    with write(db) as connection:
        return add_import(connection, recorded_at=recorded_at, known_policy=policy)


def test_a_ticket_is_open_until_the_day_it_is_closed(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    with write(db) as connection:
        add_ticket(
            connection,
            key,
            opened_at="2026-11-01T09:00:00Z",
            closed_at="2026-11-12T09:00:00Z",
            csat=2,
        )
    before, after = one(db, BETWEEN, scorecard), one(db, TODAY, scorecard)
    assert before.tickets[0].is_open(BETWEEN)
    assert before.answers == ()
    assert not after.tickets[0].is_open(TODAY)
    assert [(answer.kind, answer.score) for answer in after.answers] == [("csat", 2)]


@pytest.mark.parametrize(
    ("recorded", "policy", "known"),
    [(BEFORE, "recorded", 1), (AFTER, "recorded", 0), (AFTER, "assumed", 1)],
)
def test_what_a_later_import_brought_was_not_known(
    db: Database, scorecard: Scorecard, recorded: str, policy: str, known: int
) -> None:
    key, run = account(db), imported(db, recorded, policy)
    with write(db) as connection:
        add_ticket(connection, key, opened_at="2026-10-20T09:00:00Z", import_id=run)
        add_survey(connection, key, answered_on="2026-10-20", import_id=run)
        add_touchpoint(connection, key, occurred_at="2026-10-20T09:00:00Z", import_id=run)
    facts = one(db, BETWEEN, scorecard)
    assert (len(facts.tickets), len(facts.answers)) == (known, known)
    assert (facts.last_two_way_on is not None) is bool(known)
    assert ("tickets" in facts.portfolio.kinds) is bool(known)


def test_a_first_load_says_nothing_of_the_days_to_come(db: Database, scorecard: Scorecard) -> None:
    run = imported(db, AFTER, "assumed")
    key = account(db, lifecycle_stage="churned", import_id=run)
    with write(db) as connection:
        add_subscription(connection, key, import_id=run, cancelled_on="2026-11-20")
        add_subscription(connection, key, import_id=run, start_date="2026-11-15")
    before, after = one(db, BETWEEN, scorecard), one(db, TODAY, scorecard)
    assert before.lifecycle_stage is None
    assert [one.cancelled_on for one in before.subscriptions] == [None]
    assert after.lifecycle_stage == "churned"
    assert [one.cancelled_on for one in after.subscriptions] == [dt.date(2026, 11, 20), None]


def test_an_account_is_not_there_before_it_was_known(db: Database, scorecard: Scorecard) -> None:
    account(db, import_id=imported(db, AFTER))
    assert facts_on(db, BETWEEN, scorecard) == []
    assert len(facts_on(db, TODAY, scorecard)) == 1


def test_later_changes_are_taken_back_to_the_value_of_the_day(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db, segment="enterprise")
    with write(db) as connection:
        add_subscription(connection, key, subscription_id="s1", seats=90)
        for old, new, at in (
            (50, 70, "2026-11-05T09:00:00Z"),
            (70, 80, "2026-11-12T09:00:00Z"),
            (80, 90, "2026-11-20T09:00:00Z"),
        ):
            record_change_set(
                connection,
                actor="ana",
                cause="import",
                summary="seats",
                known_at=at,
                changes=[Change("subscription", "s1", "seats", old, new)],
            )
    assert one(db, BETWEEN, scorecard).seats == 70
    assert one(db, dt.date(2026, 11, 1), scorecard).seats == 50
    assert one(db, TODAY, scorecard).seats == 90


def test_what_a_person_wrote_later_was_not_there(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    row: dict[str, Value] = {
        "account_key": key,
        "occurred_at": "2026-11-02T09:00:00Z",
        "channel": "call",
        "direction": "inbound",
    }
    with write(db) as connection:
        apply_changes(
            connection,
            actor="ana",
            summary="call",
            changes=[Change("touchpoint", "t1", new=row)],
        )
        stamp = connection.execute("SELECT known_at FROM change").fetchone()[0]
    written = dt.date.fromisoformat(stamp[:10])
    assert one(db, written - dt.timedelta(days=1), scorecard).last_two_way_on is None
    assert one(db, written, scorecard).last_two_way_on == dt.date(2026, 11, 2)


def test_usage_ends_where_it_was_known_then(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    early, late = imported(db, BEFORE, "assumed"), imported(db, AFTER)
    with write(db) as connection:
        add_usage(connection, key, dt.date(2026, 8, 1), [10.0] * 92 + [99.0] * 21)
        for run, last in ((early, "2026-10-31"), (late, "2026-11-21")):
            insert(
                connection, "usage_frontier", {"metric_id": 1, "import_id": run, "last_day": last}
            )
    series = one(db, BETWEEN, scorecard).usage["active_users"]
    assert series.last_day == dt.date(2026, 10, 31)
    assert series.totals[-4:] == (70.0,) * 4
    assert series.peak == 10
    assert one(db, TODAY, scorecard).usage["active_users"].peak == 99


def test_usage_of_a_day_inside_a_week_counts_seven_days_back(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    with write(db) as connection:
        add_usage(connection, key, dt.date(2026, 11, 1), [float(day) for day in range(1, 23)])
    for day in range(10, 23):
        as_of = dt.date(2026, 11, day)
        series = one(db, as_of, scorecard).usage["active_users"]
        assert series.totals[-1] == sum(range(day - 6, day + 1))
        assert (series.days[-1], series.last_day) == (7, as_of)
        assert (series.peak, series.peak_on) == (day, as_of)


def test_days_without_data_are_none_and_age_the_series(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    with write(db) as connection:
        other = add_account(connection, "other")
        add_usage(connection, other, dt.date(2026, 11, 1), [1.0] * 22)
        add_usage(connection, key, dt.date(2026, 10, 1), [4.0] * 10 + [None] * 10 + [0.0] * 3)
    facts = {fact.account_key: fact for fact in facts_on(db, TODAY, scorecard)}
    series = facts[key].usage["active_users"]
    assert series.last_day == dt.date(2026, 10, 23)
    assert series.last_used == dt.date(2026, 10, 10)
    assert facts[key].portfolio.usage_until == dt.date(2026, 11, 22)
    assert series.levels[-5:] == [0.0, None, None, None, None]


def test_corrected_and_late_days_are_taken_back(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    run = imported(db, "2026-10-31T00:00:00Z", "assumed")
    late = imported(db, AFTER)
    with write(db) as connection:
        add_usage(connection, key, dt.date(2026, 10, 1), [10.0] * 31)
        insert(
            connection,
            "usage_frontier",
            {"metric_id": 1, "import_id": run, "last_day": "2026-10-31"},
        )
        for at, day, old, new in (
            ("2026-11-11T00:00:00Z", "2026-10-31", 5.0, 7.0),
            (AFTER, "2026-10-31", 7.0, 10.0),
            (AFTER, "2026-10-30", None, 10.0),
            ("2026-11-02T00:00:00Z", "2026-10-29", 1.0, 10.0),
        ):
            insert(
                connection,
                "usage_correction",
                {
                    "recorded_at": at,
                    "account_key": key,
                    "metric_id": 1,
                    "day": day,
                    "old": old,
                    "new": new,
                    "import_id": late,
                },
            )
    then = one(db, BETWEEN, scorecard).usage["active_users"]
    assert (then.totals[-1], then.days[-1]) == (55.0, 6)
    now = one(db, TODAY, scorecard).usage["active_users"]
    assert (now.totals[-1], now.days[-1]) == (70.0, 7)


def test_the_metric_is_the_scorecards_first_else_the_one_with_most_data(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    with write(db) as connection:
        add_usage(connection, key, TODAY - dt.timedelta(days=20), [1.0] * 5, metric="feature_1")
        add_usage(connection, key, TODAY - dt.timedelta(days=60), [1.0] * 60, metric="feature_2")
    assert one(db, TODAY, scorecard).portfolio.main_metric == "feature_2"
    with write(db) as connection:
        add_usage(connection, key, TODAY - dt.timedelta(days=3), [1.0], metric="sessions")
    facts = one(db, TODAY, scorecard)
    assert (facts.portfolio.main_metric, facts.portfolio.seat_metric) == ("sessions", None)


def test_a_metric_of_28_days_gives_its_newest_value_to_the_seats(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    with write(db) as connection:
        add_usage(
            connection,
            key,
            TODAY - dt.timedelta(days=5),
            [30.0, 40.0, 20.0],
            metric="active_users_28d",
        )
        add_usage(connection, key, TODAY - dt.timedelta(days=5), [9.0] * 6)
    facts = one(db, TODAY, scorecard)
    assert facts.portfolio.seat_metric == "active_users_28d"
    assert facts.usage["active_users_28d"].peak == 20
    assert facts.usage["active_users_28d"].peak_on == TODAY - dt.timedelta(days=3)


def test_a_commitment_is_the_newest_forecast_of_a_year(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    rows = (("f1", "commit", "2026-10-01"), ("f2", "at risk", "2026-11-20"))
    with write(db) as connection:
        for forecast, category, day in rows:
            insert(
                connection,
                "forecast",
                {
                    "forecast_id": forecast,
                    "account_key": key,
                    "category": category,
                    "currency": "USD",
                    "author": "ana",
                    "made_at": f"{day}T09:00:00Z",
                },
            )
    assert one(db, BETWEEN, scorecard).is_committed
    assert not one(db, TODAY, scorecard).is_committed


def test_what_was_said_of_a_term_that_is_over_commits_to_nothing(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    row = {"account_key": key, "category": "commit", "currency": "USD", "author": "ana"}
    times = {"made_at": "2026-10-01T09:00:00Z", "renewal_end": BETWEEN.isoformat()}
    with write(db) as connection:
        insert(connection, "forecast", {"forecast_id": "f1", **row, **times})
    assert one(db, BETWEEN, scorecard).is_committed
    assert not one(db, BETWEEN + dt.timedelta(days=1), scorecard).is_committed


def test_filing_an_imported_forecast_leaves_the_past_as_it_was(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    day, later = dt.date(2026, 11, 10), dt.date(2026, 11, 20)
    with write(db) as connection:
        load = add_import(connection, "crm", recorded_at="2026-11-01T09:00:00Z")
        for start, end in (("2025-11-16", "2026-11-15"), ("2026-11-16", "2027-11-15")):
            add_subscription(
                connection, key, start_date=start, end_date=end, subscription_id=end, import_id=load
            )
        row = {"account_key": key, "category": "commit", "currency": "USD", "author": "ana"}
        said = {"made_at": "2026-10-01T09:00:00Z", "import_id": load}
        insert(connection, "forecast", {"forecast_id": "f1", **row, **said})
    before = [one(db, on, scorecard).is_committed for on in (day, later)]
    settle_renewals(db, today=TODAY, policy=ForecastPolicy())
    (filed,) = db.connection.execute("SELECT renewal_end FROM forecast").fetchone()
    assert filed == "2026-11-15"
    assert before == [True, False]
    assert [one(db, on, scorecard).is_committed for on in (day, later)] == before


def give_role(db: Database, contact_id: str, old: str | None, new: str | None, at: str) -> None:
    """Change a contact's role, known since an instant."""
    with write(db) as connection:
        connection.execute("UPDATE contact SET role = ? WHERE contact_id = ?", (new, contact_id))
        record_change_set(
            connection,
            actor="ana",
            cause="person",
            summary="role",
            changes=[Change("contact", contact_id, "role", old, new)],
            known_at=at,
        )


@pytest.mark.parametrize("new", ["user", None])
def test_a_champion_who_lost_the_role_is_told_from_the_change_log(
    db: Database, scorecard: Scorecard, new: str | None
) -> None:
    key = account(db)
    with write(db) as connection:
        lena = add_contact(connection, key, role="champion")
    give_role(db, lena, "champion", new, "2026-11-15T09:00:00Z")
    assert one(db, BETWEEN, scorecard).champions == (Champion(lena, "Lena Voss", None),)
    lost = Champion(lena, "Lena Voss", None, dt.date(2026, 11, 15))
    assert one(db, TODAY, scorecard).champions == (lost,)


def test_who_became_champion_later_was_none_then(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    with write(db) as connection:
        kim = add_contact(connection, key, role="user", name="Kim")
    give_role(db, kim, "user", "champion", "2026-11-15T09:00:00Z")
    assert one(db, BETWEEN, scorecard).champions == ()
    assert one(db, TODAY, scorecard).champions == (Champion(kim, "Kim", None),)


def test_a_role_taken_back_or_corrected_on_its_day_was_never_lost(
    db: Database, scorecard: Scorecard
) -> None:
    key, run = account(db), imported(db, "2026-11-15T08:00:00Z")
    with write(db) as connection:
        kim = add_contact(connection, key, role="user", name="Kim")
        fresh = add_contact(connection, key, role="champion", name="Jo", import_id=run)
        again = add_contact(connection, key, role="champion", name="Lee")
    give_role(db, kim, "user", "champion", "2026-11-15T09:00:00Z")
    give_role(db, kim, "champion", "user", "2026-11-15T09:05:00Z")
    give_role(db, fresh, "champion", "user", "2026-11-15T09:10:00Z")
    give_role(db, again, "champion", "user", "2026-11-15T09:15:00Z")
    give_role(db, again, "user", "champion", "2026-11-16T09:15:00Z")
    assert one(db, TODAY, scorecard).champions == (Champion(again, "Lee", None),)


@pytest.mark.parametrize(
    ("prices", "arr"),
    [([], None), ([None], None), ([None, 700], 700), ([0], 0), ([0, None], 0)],
)
def test_an_arr_that_nobody_knows_is_none_and_a_free_contract_is_nothing(
    db: Database, scorecard: Scorecard, prices: list[int | None], arr: int | None
) -> None:
    key = account(db)
    with write(db) as connection:
        for price in prices:
            add_subscription(connection, key, arr_minor=price)
    assert one(db, TODAY, scorecard).arr_minor == arr


def test_who_has_left_pays_nothing_which_is_known(db: Database, scorecard: Scorecard) -> None:
    key = account(db)
    with write(db) as connection:
        add_subscription(connection, key, end_date="2026-03-31", start_date="2025-04-01")
        add_subscription(
            connection, key, end_date="2026-03-31", start_date="2025-04-01", arr_minor=None
        )
    found = one(db, TODAY, scorecard)
    assert (found.arr_minor, found.is_former) == (0, True)
