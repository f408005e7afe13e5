import datetime as dt
from collections.abc import Mapping

import pytest

from cs_workbench.core.usage_metrics import usage_metric
from cs_workbench.core.weeks import WeekRow, week_and_weekday
from cs_workbench.store.database import Database, write
from cs_workbench.store.import_usage import (
    UsageMerged,
    UsageTarget,
    add_metric,
    advance_frontier,
    merge_usage,
    read_frontier,
)
from cs_workbench.store.imports import ImportRun
from tests.factories import add_account, add_import

AT = "2026-11-20T10:00:00Z"


def weeks(key: int, metric: int, days: Mapping[str, float]) -> list[WeekRow]:
    found: dict[int, WeekRow] = {}
    for text, value in days.items():
        week, weekday = week_and_weekday(dt.date.fromisoformat(text))
        found.setdefault(week, [key, metric, week, *[None] * 7])[3 + weekday] = value
    return sorted(found.values())


def bring(
    db: Database,
    days: Mapping[str, float],
    rows: Mapping[str, int] | None = None,
    *,
    assumed: bool = False,
) -> UsageMerged:
    with write(db) as connection:
        found = connection.execute("SELECT account_key FROM account").fetchone()
        key = found[0] if found else add_account(connection)
        import_id = add_import(connection, kind="usage")
        run = ImportRun(import_id, "native", "usage", "ana", AT, assumed)
        metric = add_metric(connection, usage_metric("logins"))
        target = UsageTarget(run, read_frontier(connection, run))
        by_day = {dt.date.fromisoformat(day).toordinal(): n for day, n in (rows or {}).items()}
        counted = {key: by_day} if rows else {}
        merged = merge_usage(connection, target, weeks(key, metric, days), counted)
        advance_frontier(connection, target, merged.last_day)
        return merged


def outcome(merged: UsageMerged) -> tuple[int, int, int]:
    return merged.new, merged.changed, merged.same


def stored(db: Database) -> dict[str, float]:
    return {row["day"]: row["value"] for row in db.connection.execute("SELECT * FROM usage_day")}


def corrections(db: Database) -> list[tuple[str, float | None, float | None]]:
    rows = db.connection.execute("SELECT day, old, new FROM usage_correction ORDER BY day")
    return [(row[0], row[1], row[2]) for row in rows]


def frontier(db: Database) -> list[str]:
    rows = db.connection.execute("SELECT last_day FROM usage_frontier ORDER BY import_id")
    return [row[0] for row in rows]


FIRST = {"2026-11-01": 3.0, "2026-11-03": 5.0}


def test_new_days_are_no_corrections(db: Database) -> None:
    assert outcome(bring(db, FIRST, assumed=True)) == (2, 0, 0)
    assert outcome(bring(db, {"2026-11-04": 0.0, "2026-11-30": 1.0})) == (2, 0, 0)
    assert stored(db) == {**FIRST, "2026-11-04": 0.0, "2026-11-30": 1.0}
    assert corrections(db) == []
    assert frontier(db) == ["2026-11-03", "2026-11-30"]


def test_the_same_days_change_nothing(db: Database) -> None:
    bring(db, FIRST, assumed=True)
    assert outcome(bring(db, FIRST)) == (0, 0, 2)
    assert (stored(db), corrections(db), frontier(db)) == (FIRST, [], ["2026-11-03"])


def test_days_that_change_or_come_late_are_logged(db: Database) -> None:
    bring(db, FIRST, assumed=True)
    later = {"2026-10-05": 1.0, "2026-11-02": 4.0, "2026-11-03": 6.0, "2026-11-04": 7.0}
    assert outcome(bring(db, later)) == (3, 1, 0)
    assert corrections(db) == [
        ("2026-10-05", None, 1.0),
        ("2026-11-02", None, 4.0),
        ("2026-11-03", 5.0, 6.0),
    ]
    assert stored(db) == {**FIRST, **later}


def test_a_first_load_in_several_files_brings_nothing_late(db: Database) -> None:
    bring(db, FIRST, assumed=True)
    bring(db, {"2026-10-01": 1.0, "2026-11-02": 4.0}, assumed=True)
    assert corrections(db) == []
    bring(db, {"2026-10-01": 2.0}, assumed=True)
    assert corrections(db) == [("2026-10-01", 1.0, 2.0)]


def test_of_events_the_rows_are_counted(db: Database) -> None:
    rows = {"2026-11-01": 10, "2026-11-03": 2}
    assert outcome(bring(db, FIRST, rows, assumed=True)) == (12, 0, 0)
    assert outcome(bring(db, FIRST, rows)) == (0, 0, 12)
    changed = {**FIRST, "2026-11-03": 6.0, "2026-11-04": 1.0}
    assert outcome(bring(db, changed, {**rows, "2026-11-04": 1})) == (1, 2, 10)


def test_a_metric_that_is_there_stays_as_it_is(db: Database) -> None:
    with write(db) as connection:
        first = add_metric(connection, usage_metric("logins"))
        connection.execute("UPDATE usage_metric SET label = 'Sign-ins'")
        assert add_metric(connection, usage_metric("logins")) == first
    row = db.connection.execute("SELECT label, unit, rollup FROM usage_metric").fetchone()
    assert tuple(row) == ("Sign-ins", "logins", "sum")


def test_of_two_accounts_each_has_its_own_weeks(db: Database) -> None:
    bring(db, FIRST, assumed=True)
    with write(db) as connection:
        other = add_account(connection, "B")
        metric = add_metric(connection, usage_metric("clicks"))
        import_id = add_import(connection, kind="usage")
        run = ImportRun(import_id, "native", "usage", "ana", AT, assumed=False)
        target = UsageTarget(run, read_frontier(connection, run))
        rows = [*weeks(1, 1, {**FIRST, "2026-11-04": 1.5}), *weeks(other, metric, FIRST)]
        merged = merge_usage(connection, target, rows, {})
        again = merge_usage(connection, target, rows, {})
    assert (outcome(merged), outcome(again)) == ((3, 0, 2), (0, 0, 5))
    day = dt.date(2026, 11, 3).toordinal()
    assert merged.last_day == {1: day + 1, metric: day}


@pytest.mark.parametrize("value", [0.1 + 0.2, 2.0**53, 1e300, 3.0, 123456789.12345679])
def test_numbers_are_kept_exactly(db: Database, value: float) -> None:
    bring(db, {"2026-11-01": value}, assumed=True)
    assert stored(db) == {"2026-11-01": value}


def test_many_weeks_with_gaps_are_written_as_they_are(db: Database) -> None:
    """They are more than one statement takes; on Mondays and Tuesdays no week has a value."""
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=at) for at in range(7 * 450)]
    given = {day.isoformat(): at / 4 for at, day in enumerate(days) if at % 5 and day.weekday() > 1}
    assert outcome(bring(db, given, assumed=True)) == (len(given), 0, 0)
    assert stored(db) == given
    assert frontier(db) == [max(given)]
    changed = {day: value + 1 for day, value in given.items() if value % 2}
    assert outcome(bring(db, changed)) == (0, len(changed), 0)
    assert stored(db) == given | changed
