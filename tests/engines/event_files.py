"""Events as a product emits them: repeated, late, without an account, around midnight and DST."""

import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.events import COUNTED
from cs_workbench.engines.specs import EventSpec, read_spec
from cs_workbench.engines.zones import DAY, day_number

SEED = 20_261_123
FIRST = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
DAYS = 45  # clocks change in Madrid on 29 March, in New York on 8 March
EVENTS = ("login", "report_run", "export", 'it\'s "quoted"', "東京")
ZONES = {"acct-1": "America/New_York", "acct-2": "Asia/Tokyo", "acct-3": "Australia/Lord_Howe"}
COLUMNS = ("id", "account", "user_id", "event", "ts", "received_at", "seconds")

SPEC = """
name = "product"
engine = "{engine}"
{place}
time_unit = "{unit}"
zone = "Europe/Madrid"
chunk_days = 10
[zones]
"acct-1" = "America/New_York"
"acct-2" = "Asia/Tokyo"
"acct-3" = "Australia/Lord_Howe"
[connection]
{connection}
{counted}
[[metrics]]
name = "reports_run"
where = {{ event = ["report_run", "it's \\"quoted\\""] }}
[[metrics]]
name = "time_in_use"
sum = "seconds"
"""

Event = tuple[str | None, str | None, str | None, str, dt.datetime, dt.datetime, float | None]


def spec(
    folder: Path, engine: str, place: str, connection: str = "", *, unit: str = "timestamp"
) -> EventSpec:
    """What to count, of events that are there."""
    path = folder / f"{engine}.toml"
    given = {"engine": engine, "place": place, "connection": connection, "unit": unit}
    path.write_text(SPEC.format(counted=COUNTED, **given), "utf-8")
    return read_spec(path)


def make_events(count: int) -> list[Event]:
    """So many, the same ones every time; about one in twenty repeats another."""
    chance = random.Random(SEED)
    events: list[Event] = []
    while len(events) < count:
        if events and chance.random() < 0.05:
            events.append(chance.choice(events))
            continue
        moment = FIRST + dt.timedelta(seconds=chance.randrange(DAYS * DAY))
        if chance.random() < 0.1:  # around midnight of one of the zones, to a part of a second
            zone = ZoneInfo(chance.choice([*ZONES.values(), "Europe/Madrid", "UTC"]))
            midnight = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            moment = midnight.astimezone(dt.UTC) + dt.timedelta(
                microseconds=chance.choice([-1, -400_000, 0, 1, 600_000])
            )
        late = dt.timedelta(hours=chance.choice([0, 0, 0, 1, 30, 200]))
        account = chance.choice([*(f"acct-{n}" for n in range(8)), None, ""])
        events.append(
            (
                None if chance.random() < 0.02 else f"e{len(events)}",
                account,
                chance.choice([None, *(f"u{n}" for n in range(40))]),
                chance.choice(EVENTS),
                moment,
                moment + late,
                chance.choice([None, 0.25, 1.5, 60, 3600]),
            )
        )
    return events


def expected(events: list[Event]) -> dict[tuple[str, int], tuple[float | None, ...]]:
    """The same numbers, counted one event after the other in plain Python."""
    days: dict[tuple[str, int], list[Event]] = {}
    seen: set[Any] = set()
    for event in events:
        event_id, account, user, name, moment, _, _ = event
        if not account:
            continue
        zone = ZoneInfo(ZONES.get(account, "Europe/Madrid"))
        key = account, day_number(moment.astimezone(zone).date())
        if event_id is not None and (key, event_id, user, name) in seen:
            continue
        seen.add((key, event_id, user, name))
        days.setdefault(key, []).append(event)
    return {key: _numbers(of_day) for key, of_day in days.items()}


def _numbers(events: list[Event]) -> tuple[float | None, ...]:
    seconds = [event[6] for event in events if event[6] is not None]
    return (
        len(events),
        len({event[2] for event in events if event[2] is not None}),
        len({event[3] for event in events}),
        sum(event[3] in {"report_run", 'it\'s "quoted"'} for event in events),
        sum(seconds) if seconds else None,
    )


def write_parquet(folder: Path, events: list[Event]) -> Path:
    """As Parquet, moments with their zone."""
    import duckdb

    source = write_json(folder, events)
    path = folder / "events.parquet"
    types = "id VARCHAR, account VARCHAR, user_id VARCHAR, event VARCHAR"
    names = ", ".join(f"{one.split()[0]}: '{one.split()[1]}'" for one in types.split(", "))
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f"COPY (SELECT * FROM read_json('{source}', columns = {{{names}, ts: 'TIMESTAMPTZ', "
        f"received_at: 'TIMESTAMPTZ', seconds: 'DOUBLE'}})) TO '{path}' (FORMAT parquet)"
    )
    connection.close()
    return path


def write_json(folder: Path, events: list[Event]) -> Path:
    """As JSON lines."""
    path = folder / "events.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in records(events)), "utf-8")
    return path


def records(events: list[Event]) -> Iterator[dict[str, Any]]:
    """As mappings with moments as ISO texts."""
    for event in events:
        row: dict[str, Any] = dict(zip(COLUMNS, event, strict=True))
        yield row | {"ts": event[4].isoformat(), "received_at": event[5].isoformat()}
