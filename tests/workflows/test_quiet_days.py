"""Files of events: an account without an event on a day that others had events on had none."""

from pathlib import Path
from typing import Any

import pytest

from cs_workbench.errors import InputError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.importing import import_paths
from tests.factories import add_account
from tests.importers.sources import write as write_file

HEADINGS = "id,user_id,event,timestamp,context_group_id\n"
MAPPING = """
name = "clicks"
[[files]]
kind = "usage"
headings = ["id", "who", "day"]
event_id = "id"
quiet_days = "{quiet}"
[files.columns]
account_id = "who"
date = "day"
[[files.metrics]]
name = "events"
[[files.metrics]]
name = "minutes"
value = "minutes"
"""


@pytest.fixture
def book(db: Database) -> Database:
    with write(db) as connection:
        for name in ("a", "b", "c"):
            add_account(connection, name)
    return db


def tracks(folder: Path, name: str, *events: tuple[str, int]) -> Path:
    """A file as Segment writes it: an account and a day of November 2025 for each event."""
    rows = [
        f"{name}{at},u{at},login,2025-11-{day:02} 10:00:00 UTC,{account}\n"
        for at, (account, day) in enumerate(events)
    ]
    return write_file(folder, f"{name}.csv", HEADINGS + "".join(rows))


def bring(db: Database, path: Path, **wishes: Any) -> list[str]:
    return list(import_paths(db, [path], actor="ana", **wishes).warnings)


def days(db: Database, metric: str = "events") -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for account, day, value in db.connection.execute(
        "SELECT account_id, day, value FROM usage_day JOIN account USING (account_key) "
        "JOIN usage_metric m USING (metric_id) WHERE m.name = ? ORDER BY 1, 2",
        (metric,),
    ):
        found.setdefault(account, {})[int(day[-2:])] = value
    return found


def test_zeros_begin_with_the_first_event_and_are_of_counted_days_alone(
    book: Database, tmp_path: Path
) -> None:
    path = tracks(tmp_path, "one", ("a", 5), ("a", 6), ("b", 6), ("a", 9), ("a", 12))
    said = bring(book, path)
    expected = {"a": {5: 1, 6: 1, 9: 1, 12: 1}, "b": {6: 1, 9: 0, 12: 0}}
    assert days(book) == expected  # the seventh, on which nobody came, is unknown; c is unknown
    assert days(book, "active_users") == expected
    assert "one.csv: zeros of accounts without an event on a counted day: 6." in said
    before = book.connection.execute("SELECT * FROM usage_week").fetchall()
    assert not [line for line in bring(book, path) if "zeros" in line]
    assert list(map(tuple, book.connection.execute("SELECT * FROM usage_week"))) == list(
        map(tuple, before)
    )


def test_a_later_file_goes_on_and_a_late_event_corrects_a_zero(
    book: Database, tmp_path: Path
) -> None:
    bring(book, tracks(tmp_path, "one", ("a", 5), ("b", 5), ("a", 6)))
    bring(book, tracks(tmp_path, "two", ("a", 10)))
    assert days(book)["b"] == {5: 1, 6: 0, 10: 0}
    assert book.connection.execute("SELECT count(*) FROM usage_correction").fetchone()[0] == 0
    bring(book, tracks(tmp_path, "late", ("b", 6)))
    assert days(book)["b"] == {5: 1, 6: 1, 10: 0}
    corrected = "SELECT DISTINCT day, old, new FROM usage_correction"
    assert [tuple(row) for row in book.connection.execute(corrected)] == [("2025-11-06", 0, 1)]


def test_a_file_of_one_account_alone_says_nothing_of_the_others(
    book: Database, tmp_path: Path
) -> None:
    bring(book, tracks(tmp_path, "all", ("a", 5), ("b", 5)))
    bring(book, tracks(tmp_path, "own", ("a", 6), ("a", 7), ("a", 13)))
    assert days(book)["b"] == {5: 1}
    bring(book, tracks(tmp_path, "night", ("a", 14)))  # of a night on which only one came
    assert days(book)["b"] == {5: 1, 14: 0}


def test_a_metric_of_several_sources_stays_as_it_came(book: Database, tmp_path: Path) -> None:
    table = "account_id,date,metric,value\nc,2025-11-04,events,7\n"
    bring(book, tracks(tmp_path, "one", ("a", 8)))
    bring(book, write_file(tmp_path, "table.csv", table))
    bring(book, tracks(tmp_path, "two", ("a", 9), ("b", 9), ("a", 10)))
    assert days(book) == {"a": {8: 1, 9: 1, 10: 1}, "b": {9: 1}, "c": {4: 7}}
    assert days(book, "active_users")["b"] == {9: 1, 10: 0}  # which the table does not bring


def test_a_day_with_events_but_without_a_number_is_not_zero(book: Database, tmp_path: Path) -> None:
    mapping = write_file(tmp_path, "clicks.toml", MAPPING.format(quiet="zero"))
    text = "id,who,day,minutes\n1,a,2025-11-05,3\n2,a,2025-11-06,\n3,b,2025-11-07,1\n"
    bring(book, write_file(tmp_path, "clicks.csv", text), mapping=str(mapping))
    assert days(book, "minutes")["a"] == {5: 3, 7: 0}
    assert days(book)["a"] == {5: 1, 6: 1, 7: 0}


def test_quiet_days_are_unknown_unless_a_mapping_says_otherwise(
    book: Database, tmp_path: Path
) -> None:
    text = "id,who,day,minutes\n1,a,2025-11-05,3\n3,b,2025-11-07,1\n"
    clicks = write_file(tmp_path, "clicks.csv", text)
    mapping = write_file(tmp_path, "clicks.toml", MAPPING.format(quiet="unknown"))
    bring(book, clicks, mapping=str(mapping))
    assert days(book) == {"a": {5: 1}, "b": {7: 1}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"zero"', '"none"', "quiet_days"),
        ('event_id = "id"\n', "", "quiet_days belongs to events"),
    ],
)
def test_what_quiet_days_cannot_be(
    book: Database, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = MAPPING.format(quiet="zero").replace(old, new)
    mapping = write_file(tmp_path, "clicks.toml", text)
    clicks = write_file(tmp_path, "clicks.csv", "id,who,day,minutes\n1,a,2025-11-05,3\n")
    with pytest.raises(InputError, match=said):
        bring(book, clicks, mapping=str(mapping))
