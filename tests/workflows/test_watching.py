import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.health import score_history
from cs_workbench.store.ruler import standing_changes
from cs_workbench.store.signals import SignalLine, list_signals
from cs_workbench.workflows.refresh_reports import RefreshReport
from cs_workbench.workflows.scoring import backfill, refresh
from cs_workbench.workflows.signals import accept_change, resolve_signal, snooze_signal
from tests.factories import (
    TODAY,
    add_a_calm_autumn,
    add_account,
    add_contact,
    add_subscription,
    add_survey,
    add_ticket,
    add_usage,
)

DAY = dt.timedelta(days=1)
FIRST = TODAY - 181 * DAY


def run(db: Database, as_of: dt.date = TODAY, *, dry_run: bool = False) -> RefreshReport:
    return refresh(db, as_of=as_of, actor="ana", dry_run=dry_run)


def healthy(
    db: Database, name: str = "acme", values: Sequence[float] = (40,) * 182, **account: Any
) -> int:
    """An account without any signal: half a year of usage until today, and all that is calm."""
    with write(db) as connection:
        key = add_account(connection, name, started_on="2025-01-01", **account)
        add_subscription(connection, key, end_date="2027-12-31", seats=int(max(values) * 1.3))
        add_usage(connection, key, FIRST, values)
        add_a_calm_autumn(connection, key)
    return key


def kinds(db: Database, today: dt.date = TODAY, **given: Any) -> list[str]:
    return [line.kind for line in list_signals(db, today=today, **given)]


def only(db: Database, today: dt.date = TODAY) -> SignalLine:
    (line,) = list_signals(db, today=today)
    return line


def urgent(db: Database, key: int, **fields: Any) -> str:
    with write(db) as connection:
        return add_ticket(
            connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z", **fields
        )


def set_days(db: Database, first: dt.date, factor: float) -> None:
    """Multiply every value from a day on."""
    for offset in range((TODAY - first).days + 8):
        day = first + offset * DAY
        week, weekday = divmod(day.toordinal() - dt.date(1970, 1, 5).toordinal(), 7)
        with write(db) as connection:
            connection.execute(
                f"UPDATE usage_week SET d{weekday} = d{weekday} * ? WHERE week = ?", (factor, week)
            )


def everything(db: Database) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for table in ("signal", "ruler_change", "usage_metric", "score", "account_summary")
        for row in db.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
    ]


def test_a_calm_account_raises_nothing(db: Database) -> None:
    healthy(db)
    assert run(db).signals == 0
    assert kinds(db) == []


def test_a_signal_opens_once_goes_on_and_ends_by_itself(db: Database) -> None:
    key = healthy(db)
    ticket = urgent(db, key)
    assert run(db, TODAY - DAY).signals == 1
    assert run(db).signals == 0
    line = only(db)
    assert (line.kind, line.reason) == ("urgent ticket breach", ticket)
    assert (line.opened_on, line.last_seen_on) == (TODAY - DAY, TODAY)
    assert "open for 6 days" in line.evidence
    with write(db) as connection:
        connection.execute(
            "UPDATE ticket SET closed_at = '2026-11-24T08:00:00Z' WHERE ticket_id = ?", (ticket,)
        )
    assert run(db, TODAY + DAY).signals == 0
    assert kinds(db) == []
    (gone,) = list_signals(db, today=TODAY, everything=True)
    assert (gone.opened_on, gone.resolved_on) == (TODAY - DAY, TODAY + DAY)


def test_running_again_changes_nothing(db: Database) -> None:
    urgent(db, healthy(db))
    run(db)
    before = everything(db)
    assert run(db).signals == 0
    assert everything(db) == before


def test_a_dry_run_counts_and_writes_nothing(db: Database) -> None:
    urgent(db, healthy(db))
    before = everything(db)
    assert run(db, dry_run=True).signals == 1
    assert everything(db) == before


def test_a_past_day_leaves_the_signals_of_today_alone(db: Database) -> None:
    urgent(db, healthy(db))
    run(db)
    before = db.connection.execute("SELECT * FROM signal").fetchall()
    assert run(db, TODAY - 10 * DAY).signals == 0
    reports = backfill(db, start=TODAY - 30 * DAY, end=TODAY - DAY, actor="ana")
    assert [report.signals for report in reports] == [0] * 5
    assert db.connection.execute("SELECT * FROM signal").fetchall() == before


def test_a_snoozed_signal_is_silent_until_its_day_and_not_opened_again(db: Database) -> None:
    urgent(db, healthy(db))
    run(db)
    snooze_signal(db, only(db).signal_id, until=TODAY + 2 * DAY, actor="ana", today=TODAY)
    assert kinds(db) == []
    assert run(db, TODAY + DAY).signals == 0
    assert kinds(db, TODAY + DAY) == []
    assert run(db, TODAY + 2 * DAY).signals == 0
    assert only(db, TODAY + 2 * DAY).opened_on == TODAY


def test_what_a_person_resolved_comes_back_only_after_its_cause_was_over(db: Database) -> None:
    key = healthy(db)
    with write(db) as connection:
        contact = add_contact(connection, key, role="champion", left_on="2026-11-02")
    run(db)
    resolve_signal(db, only(db).signal_id, reason="Jo takes over", actor="ana", today=TODAY)
    assert run(db, TODAY + DAY).signals == 0
    with write(db) as connection:
        connection.execute("UPDATE contact SET left_on = NULL")
    assert run(db, TODAY + 2 * DAY).signals == 0
    with write(db) as connection:
        connection.execute("UPDATE contact SET left_on = '2026-11-25'")
    assert run(db, TODAY + 3 * DAY).signals == 1
    line = only(db, TODAY + 3 * DAY)
    assert (line.reason, line.opened_on) == (contact, TODAY + 3 * DAY)


def test_a_band_that_fell_stays_a_signal_until_it_is_better(db: Database) -> None:
    key = healthy(db)
    run(db, TODAY - DAY)
    for _ in range(3):
        urgent(db, key)
    with write(db) as connection:
        for score in (0, 1):
            add_survey(connection, key, score=score, answered_on="2026-11-22", kind="nps")
        connection.execute(
            "UPDATE usage_week SET d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0 "
            "WHERE week > (SELECT max(week) FROM usage_week) - 9"
        )
    run(db)
    assert "band crossing" in kinds(db)
    run(db, TODAY + DAY)
    (crossing,) = list_signals(db, today=TODAY, kind="band crossing")
    assert (crossing.opened_on, crossing.last_seen_on) == (TODAY, TODAY + DAY)
    assert crossing.evidence == "green 100 on 22 Nov 2026, red 34 on 23 Nov 2026"


def test_former_customers_and_merged_accounts_keep_none(db: Database) -> None:
    keys = [healthy(db, name) for name in ("acme", "gone", "part")]
    for key in keys:
        urgent(db, key)
    assert run(db).signals == 3
    with write(db) as connection:
        connection.execute(
            "UPDATE subscription SET end_date = '2026-09-30' WHERE account_key = ?", (keys[1],)
        )
        connection.execute(
            "UPDATE account SET merged_into = ? WHERE account_key = ?", (keys[0], keys[2])
        )
    run(db, TODAY + DAY)
    assert [line.account_id for line in list_signals(db, today=TODAY)] == ["acme"]


def test_hostile_names_are_kept_as_they_are(db: Database) -> None:
    key = healthy(db, name="[/bold]\x1b]52;c;aGk=\x07")
    with write(db) as connection:
        add_contact(
            connection,
            key,
            role="champion",
            left_on="2026-11-02",
            name="[@click=app.quit]L\x1b[31m",
        )
    run(db)
    line = only(db)
    assert "champion [@click=app.quit]L\x1b[31m left on 2 Nov 2026" in line.evidence
    assert line.account_id == "[/bold]\x1b]52;c;aGk=\x07"


def noisy(dice: random.Random, level: float) -> list[float]:
    return [
        float(max(0, round(dice.gauss(level, level**0.5))))
        * (1 if (FIRST + day * DAY).weekday() < 5 else 0.3)
        for day in range(182)
    ]


def portfolio_of(db: Database, accounts: int, seed: int = 1) -> None:
    dice = random.Random(seed)
    for number in range(accounts):
        healthy(db, f"a{number}", noisy(dice, dice.uniform(20, 200)))


def test_a_metric_times_ten_is_one_alarm_and_not_500_signals(db: Database) -> None:
    portfolio_of(db, 500)
    quiet = run(db, TODAY - DAY)
    assert quiet.ruler == ()
    set_days(db, TODAY, 10)
    report = run(db)
    (change,) = report.ruler
    assert (change.metric, change.day, change.direction) == ("active_users", TODAY, "up")
    assert change.moved > 490
    assert 9 < change.factor < 11
    assert "The ruler changed, not the customers: active_users" in report.warnings[0]
    assert report.signals == 0
    assert len(score_history(db, 1)) == 2
    again = run(db)
    assert (again.ruler, again.signals, again.changed) == (report.ruler, 0, 0)


def test_a_metric_divided_by_ten_opens_no_shock_and_no_band_crossing(db: Database) -> None:
    portfolio_of(db, 40)
    run(db, TODAY - 8 * DAY)
    set_days(db, TODAY - 6 * DAY, 0.1)
    report = run(db)
    assert [one.direction for one in report.ruler] == ["down"]
    assert kinds(db) == []
    urgent(db, 1)
    run(db, TODAY + DAY)
    assert kinds(db) == ["urgent ticket breach"]


def test_put_right_the_alarm_is_lifted_and_signals_are_found_again(db: Database) -> None:
    portfolio_of(db, 40)
    run(db, TODAY - 8 * DAY)
    set_days(db, TODAY - 6 * DAY, 0.1)
    run(db)
    set_days(db, TODAY - 6 * DAY, 10)
    healed = run(db, TODAY + DAY)
    assert (healed.ruler, healed.warnings, healed.signals) == ((), (), 0)
    assert standing_changes(db.connection) == []
    with write(db) as connection:
        connection.execute(
            "UPDATE usage_week SET d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, d6 = 0 "
            "WHERE account_key = 1 AND week >= (SELECT max(week) - 1 FROM usage_week)"
        )
    run(db, TODAY + 2 * DAY)
    assert "usage shock" in kinds(db)


def test_a_change_that_is_accepted_lets_the_signals_through_and_is_not_noticed_again(
    db: Database,
) -> None:
    portfolio_of(db, 40)
    run(db, TODAY - 8 * DAY)
    set_days(db, TODAY - 6 * DAY, 0.1)
    assert len(run(db, TODAY - DAY).ruler) == 1
    accept_change(db, "active_users", reason="new price list", actor="ana", today=TODAY)
    after = run(db)
    assert (after.ruler, after.warnings) == ((), ())
    assert kinds(db).count("usage shock") > 30


def holiday(db: Database, day: dt.date) -> None:
    portfolio_of(db, 40)
    run(db, day - DAY)
    set_days(db, day, 0.1)
    set_days(db, day + DAY, 10)


def test_a_holiday_is_reported_and_lifted_when_usage_is_back(db: Database) -> None:
    thursday = dt.date(2026, 11, 19)
    holiday(db, thursday)
    (change,) = run(db, thursday).ruler
    assert (change.day, change.direction) == (thursday, "down")
    after = run(db, thursday + DAY)
    assert (after.ruler, after.warnings) == ((), ())


def test_a_holiday_that_is_over_by_the_next_refresh_is_no_alarm(db: Database) -> None:
    holiday(db, dt.date(2026, 11, 19))
    assert run(db).ruler == ()


MORE = [pytest.param(seed, marks=pytest.mark.deep) for seed in range(2, 6)]


@pytest.mark.parametrize("seed", [0, 1, *MORE])
def test_normal_weeks_raise_no_alarm(db: Database, seed: int) -> None:
    portfolio_of(db, 30, seed=seed + 100)
    for back in range(28, -1, -4):
        report = run(db, TODAY - back * DAY)
        assert (report.ruler, report.warnings) == ((), ())


def test_a_broken_contract_is_a_warning(db: Database) -> None:
    healthy(db)
    with write(db) as connection:
        connection.execute("UPDATE usage_metric SET high = 30, fresh_days = 2")
    old, high = run(db, TODAY + 3 * DAY).warnings
    assert "active_users ends 3 days ago; it is expected within 2" in old
    assert "outside of … to 30 n a day" in high
