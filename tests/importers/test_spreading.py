import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.tables import TableRows
from tests.importers.sources import write


def read(
    path: Path, today: dt.date | None = None
) -> tuple[list[tuple[int, list[str]]], list[Reject]]:
    rejects: list[Reject] = []
    rows = TableRows(plan_import([path], today=today).sources[0].table, rejects.append)
    return [(rows.line, row) for row in rows], rejects


def test_a_column_for_each_week(tmp_path: Path) -> None:
    path = write(tmp_path, "Logins.csv", "Account,2026-W47,2026-W48\nKestrel,70,\nJuniper,,x\n")
    rows, _ = read(path)
    assert rows[:2] == [
        (2, ["Kestrel", "2026-11-16", "logins", "10.0"]),
        (2, ["Kestrel", "2026-11-17", "logins", "10.0"]),
    ]
    # no data is no row; what is no number is refused by whoever reads the rows
    assert [(line, row[3]) for line, row in rows[7:]] == [(3, "x")] * 7


def test_a_level_is_the_same_on_every_day(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Account,Metric,Nov 2026,Dec 2026\nKestrel,active_users,5,6\n")
    rows, _ = read(path)
    assert (len(rows), {row[3] for _, row in rows}) == (61, {"5", "6"})


def test_nothing_is_taken_for_days_to_come(tmp_path: Path) -> None:
    path = write(tmp_path, "logins.csv", "Account,Oct 2026,Nov 2026,Dec 2026\nKestrel,31,40,9\n")
    rows, _ = read(path, dt.date(2026, 11, 4))
    assert [row[1:] for _, row in rows[31:]] == [
        [f"2026-11-0{day}", "logins", "10.0"] for day in range(1, 5)
    ]


def test_a_month_in_a_column_of_its_own(tmp_path: Path) -> None:
    text = "Account,Month,Logins,Seats used,Note\nKestrel,Feb 2026,56,7,x\nJuniper,02/2026,28,,\n"
    rows, _ = read(write(tmp_path, "a.csv", text))
    assert len(rows) == 56
    assert rows[0] == (2, ["Kestrel", "2026-02-01", "2.0", "0.25", "x"])


def test_rows_that_cannot_be_read_are_not_lost(tmp_path: Path) -> None:
    text = "Account,Month,Logins\nKestrel,soon,56\nJuniper\n"
    rows, rejects = read(write(tmp_path, "a.csv", text))
    assert rows == [(2, ["Kestrel", "soon", "56"])]
    assert [(one.line, one.reason) for one in rejects] == [
        (3, "has 1 fields where the headings are 3")
    ]


def test_only_columns_of_numbers_are_metrics(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Account,Date,Logins,Plan\nKestrel,2026-11-01,5,team\n")
    metrics = plan_import([path]).sources[0].file.metrics
    assert [(one.metric.name, one.metric.label) for one in metrics] == [("logins", "Logins")]
    with pytest.raises(InputError, match="no column of numbers"):
        plan_import([write(tmp_path, "b.csv", "Account,Date,Plan\nKestrel,2026-11-01,team\n")])


def test_users_are_a_level_under_the_name_by_which_seats_know_them(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Account,Week,Aktive Nutzer,MAU,Logins\nA,2026-11-02,7,9,70\n")
    source = plan_import([path]).sources[0]
    metrics = [
        (one.metric.name, one.metric.label, one.metric.rollup) for one in source.file.metrics
    ]
    assert metrics == [
        ("active_users", "Aktive Nutzer", "mean"),
        ("active_users_28d", "MAU", "last"),
        ("logins", "Logins", "sum"),
    ]
    assert {tuple(row[2:]) for _, row in read(path)[0]} == {("7", "9", "10.0")}
    both = write(tmp_path, "b.csv", "Account,Week,Users,DAU\nA,2026-11-02,7,9\n")
    assert [one.metric.name for one in plan_import([both]).sources[0].file.metrics] == [
        "users",
        "dau",
    ]
