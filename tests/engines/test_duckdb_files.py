import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.engines.duckdb_files import DuckDBFiles
from cs_workbench.engines.events import LATEST
from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EventSpec
from cs_workbench.errors import InputError
from tests.engines.event_files import (
    COLUMNS,
    DAYS,
    Event,
    expected,
    make_events,
    records,
    spec,
    write_json,
    write_parquet,
)
from tests.engines.holding import BEGIN, Days


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return make_events(3_000)


def counted(wanted: EventSpec, first: int = BEGIN - 2, last: int = BEGIN + DAYS + 2) -> Days:
    engine = DuckDBFiles(wanted)
    try:
        return {(account, day): values for account, day, values in engine.days(first, last)}
    finally:
        engine.close()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_files_of_text_give_the_numbers_of_plain_counting(
    tmp_path: Path, events: list[Event], form: str
) -> None:
    if form == "jsonl":
        write_json(tmp_path, events)
    else:
        with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(records(events))
    assert counted(spec(tmp_path, "duckdb", f'files = "*.{form}"')) == expected(events)


def test_a_range_of_days_is_the_same_days(tmp_path: Path, events: list[Event]) -> None:
    write_parquet(tmp_path, events)
    wanted = spec(tmp_path, "duckdb", 'files = "events.parquet"')
    first, last = BEGIN + 27, BEGIN + 29  # the clocks of Madrid change on the middle one
    whole = expected(events)
    assert counted(wanted, first, last) == {
        key: values for key, values in whole.items() if first <= key[1] <= last
    }


def test_folders_that_are_called_by_the_month_of_arrival_lose_nothing(
    tmp_path: Path, events: list[Event]
) -> None:
    import duckdb

    file = write_parquet(tmp_path, events)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT *, date_trunc('month', received_at)::DATE AS kept FROM '{file}') "
            f"TO '{tmp_path / 'parts'}' (FORMAT parquet, PARTITION_BY (kept))"
        )
    plain = spec(tmp_path, "duckdb", 'files = "parts/*/*.parquet"')
    cut = replace(plain, partition="kept")
    assert counted(cut) == expected(events)
    first, last = BEGIN + 27, BEGIN + 29
    assert counted(cut, first, last) == counted(plain, first, last)


def test_arrivals_say_what_is_new(tmp_path: Path, events: list[Event]) -> None:
    write_parquet(tmp_path, events)
    engine = DuckDBFiles(spec(tmp_path, "duckdb", 'files = "events.parquet"'))
    arrived = sorted(int(event[5].timestamp()) for event in events)
    everything = engine.arrivals(None, arrived[-1])
    assert (everything.events, everything.newest) == (3_000, arrived[-1])
    assert everything.nameless == sum(not event[1] for event in events)
    half = engine.arrivals(arrived[1_500], arrived[-1])
    assert half.events == sum(moment > arrived[1_500] for moment in arrived)
    nothing = engine.arrivals(arrived[-1], LATEST)
    assert (nothing.events, nothing.newest, nothing.first_day) == (0, None, None)
    engine.close()


@pytest.mark.parametrize(
    ("unit", "moments"),
    [
        ("timestamp", ("2026-03-02 12:00:00.9", "2026-03-02 12:00:01", "2026-03-02 12:00:01.5")),
        ("ms", ("1772452800900", "1772452801000", "1772452801500")),
        ("s", ("1772452800", "1772452801", "1772452801")),
    ],
)
def test_what_arrived_in_a_later_second_is_new(
    tmp_path: Path, unit: str, moments: tuple[str, ...]
) -> None:
    rows = "".join(f"e{n},acct-1,u1,login,{one},{one},1\n" for n, one in enumerate(moments))
    (tmp_path / "events.csv").write_text(f"{','.join(COLUMNS)}\n{rows}", "utf-8")
    engine = DuckDBFiles(spec(tmp_path, "duckdb", 'files = "events.csv"', unit=unit))
    counts = [engine.arrivals(1_772_452_799 + after, LATEST).events for after in range(3)]
    engine.close()
    assert counts == [3, 2, 0]


def test_moments_outside_of_the_calendar_are_none(tmp_path: Path) -> None:
    moments = ("1970-01-01 00:00:00", "2026-03-02 12:00:00", "9999-12-31 00:00:00")
    rows = "".join(f"e{n},acct-1,u1,login,{one},{one},1\n" for n, one in enumerate(moments))
    (tmp_path / "events.csv").write_text(f"{','.join(COLUMNS)}\n{rows}", "utf-8")
    engine = DuckDBFiles(spec(tmp_path, "duckdb", 'files = "events.csv"'))
    found = engine.arrivals(None, 10**12)
    engine.close()
    assert (found.events, found.nameless) == (3, 2)
    assert (found.first_day, found.last_day) == (dt.date(2026, 3, 2), dt.date(2026, 3, 2))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DuckDB cannot count this"):
        DuckDBFiles(spec(tmp_path, "duckdb", 'files = "no.parquet"'))
    with pytest.raises(InputError, match="files of one kind"):
        DuckDBFiles(spec(tmp_path, "duckdb", 'files = ["a.csv", "a.parquet"]'))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('memory_limit = "much"', "Memory must have a number"),
        ('memmory_limit = "1GB"', "memmory_limit"),
        ('database = "nowhere.duckdb"', "does not exist"),
        ('memory_limit = "env:CSW_TEST_MEMORY"', "Unknown unit for memory: 'lots'"),
    ],
)
def test_settings_that_cannot_be_are_said(
    tmp_path: Path, setting: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_TEST_MEMORY", "5 lots")
    (tmp_path / "events.csv").write_text(f"{','.join(COLUMNS)}\n", "utf-8")
    with pytest.raises(InputError, match=said):
        open_engine(spec(tmp_path, "duckdb", 'files = "events.csv"', setting))


def test_of_a_file_that_cannot_be_read_the_line_is_said(tmp_path: Path) -> None:
    good = "e1,acct-1,u1,login,2026-03-02 12:00:00,2026-03-02 12:00:00,1\n"
    rows = good * 25_000 + good.replace("2026-03-02 12:00:00", "noon")
    (tmp_path / "events.csv").write_text(f"{','.join(COLUMNS)}\n{rows}", "utf-8")
    with pytest.raises(InputError, match="Line: 25002") as refused:
        counted(spec(tmp_path, "duckdb", 'files = "events.csv"'))
    assert "Possible solutions" not in str(refused.value)


def test_a_date_is_that_day_in_every_zone(tmp_path: Path) -> None:
    head = f"{','.join(COLUMNS)}\n"
    rows = "".join(f"e{n},acct-{n},u1,login,2026-03-02,2026-03-02,1\n" for n in range(4))
    (tmp_path / "events.csv").write_text(head + rows, "utf-8")
    found = counted(spec(tmp_path, "duckdb", 'files = "events.csv"'))
    assert {day for _, day in found} == {BEGIN + 1}
