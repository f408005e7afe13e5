"""A pull that broke off: what goes on with it, and what another command leaves to be told."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.engines.duckdb_files import DuckDBFiles
from cs_workbench.engines.events import DayRow
from cs_workbench.engines.zones import date_of
from cs_workbench.store.database import Database
from cs_workbench.store.import_log import import_log
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_pulls import PullState, note_pull
from cs_workbench.workflows import pulling
from tests.workflows.test_pulling import SPEC, book, counted, event, events, pull

__all__ = ["book"]  # the fixture
DAYS = tuple(event(number, number) for number in range(1, 21))
WIDER = f'{SPEC}[[metrics]]\nname = "sessions"\n'


def november(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def broken(db: Database, spec: Path, after: int, since: dt.date | None = None) -> None:
    """A pull that breaks off when it asks for a day after that one."""
    whole = DuckDBFiles.days

    def breaks(self: DuckDBFiles, first: int, last: int) -> Iterator[DayRow]:
        if date_of(last) > november(after):
            raise KeyboardInterrupt
        return whole(self, first, last)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DuckDBFiles, "days", breaks)
        with pytest.raises(KeyboardInterrupt):
            pull(db, spec, since)


def states(db: Database) -> list[str]:
    """Of the runs in the log, oldest first."""
    return [one.state for one in import_log(db, 10)][::-1]


def days_of(db: Database, metric: str) -> list[int]:
    return sorted(int(day) for account, day in counted(db, metric) if account == "acct-1")


def test_what_a_broken_since_left_is_told_until_it_is_counted(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", *DAYS)
    pull(book, spec)
    spec.write_text(WIDER, "utf-8")
    broken(book, spec, 8, since=november(1))
    events(tmp_path, "b", event(30, 21))
    spec.write_text(WIDER, "utf-8")
    assert states(book) == ["done", "running"]
    plain = pull(book, spec)
    assert (plain.plan.resumed, plain.plan.late_from) == (False, november(9))
    assert states(book) == ["done", "given up", "done"]
    assert pull(book, spec).plan.late_from == november(9)
    assert 9 not in days_of(book, "sessions")
    assert pull(book, spec, since=november(9)).plan.late_from is None
    assert days_of(book, "sessions") == list(range(1, 22))
    assert pull(book, spec).plan.late_from is None


def test_a_file_that_says_something_else_is_not_gone_on_with(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", *DAYS)
    broken(book, spec, 8)
    spec.write_text(WIDER, "utf-8")
    whole = pull(book, spec)
    assert (whole.plan.resumed, whole.plan.first, whole.plan.late_from) == (
        False,
        november(1),
        None,
    )
    assert days_of(book, "sessions") == list(range(1, 21))


def test_the_middle_is_told_where_a_first_pull_broke_and_the_end_was_asked_for(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", *DAYS)
    broken(book, spec, 4)
    assert pull(book, spec, since=november(15)).plan.late_from == november(5)
    pull(book, spec, since=november(5))
    assert days_of(book, "events") == list(range(1, 21))


def test_a_day_that_waited_is_told_where_only_later_ones_are_asked_for(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", event(1, 4), event(2, 6, arrived=6))
    pull(book, spec, today=november(6))
    events(tmp_path, "b", event(3, 7), *DAYS[18:])
    later = pull(book, spec, since=november(20))
    assert later.plan.late_from is not None
    assert later.plan.late_from <= november(6)
    pull(book, spec, since=later.plan.late_from)
    assert {4, 6, 7} <= {int(day) for (_, day), value in counted(book).items() if value}


@pytest.mark.parametrize("since", [None, november(15)])
def test_a_break_after_the_last_day_is_ended_by_the_same_command(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: dt.date | None
) -> None:
    def breaks(connection: Connection, source: str, state: PullState) -> None:
        if state.through_day is None:
            raise KeyboardInterrupt
        note_pull(connection, source, state)

    spec = events(tmp_path, "a", *DAYS)
    with monkeypatch.context() as patched:
        patched.setattr(pulling, "note_pull", breaks)
        with pytest.raises(KeyboardInterrupt):
            pull(book, spec, since)
    assert states(book) == ["running"]
    pull(book, spec, since)
    assert states(book) == ["done"]
    assert pull(book, spec).plan.arrivals.events == 0


def test_a_pull_that_was_given_up_is_not_gone_on_with(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", *DAYS)
    broken(book, spec, 8)
    broken(book, spec, 17, since=november(13))
    assert states(book) == ["given up", "running"]
    first = pull(book, spec)  # it would go on after the 16th
    assert (first.plan.resumed, first.plan.first) == (False, november(1))
    assert (states(book), first.plan.late_from) == (["given up", "given up", "done"], None)
    assert days_of(book, "events") == list(range(1, 21))


def test_a_pull_that_finds_nothing_to_count_gives_none_up(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", *DAYS)
    broken(book, spec, 8)
    assert pull(book, spec, since=november(27)).plan.first is None
    assert states(book) == ["running"]
    assert pull(book, spec).plan.resumed
    assert days_of(book, "events") == list(range(1, 21))
