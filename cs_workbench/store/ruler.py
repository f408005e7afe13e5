"""The usage metrics as rulers: how far each was tested, and the days on which one changed."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.ids import id_of
from cs_workbench.core.ruler import RulerChange
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import unrecorded_last_day

_METRICS = """SELECT m.metric_id, m.name, m.label, m.rollup, m.tested_until, max(f.last_day)
    FROM usage_metric m LEFT JOIN usage_frontier f ON f.metric_id = m.metric_id
    WHERE m.kind = 'usage' GROUP BY m.metric_id ORDER BY m.name"""
_STANDING = """SELECT c.ruler_change_id, c.metric_id, m.name, m.label, c.day,
        c.direction, c.accounts, c.moved, c.factor, c.segments, c.noticed_on
    FROM ruler_change c JOIN usage_metric m ON m.metric_id = c.metric_id
    WHERE c.lifted_on IS NULL ORDER BY c.day, m.name"""


@dataclass(frozen=True, slots=True)
class Ruler:
    """A usage metric, as far as it was tested.

    Attributes:
        is_standing: each value stands for many days, so that a holiday does not show in it.
        last_day: the last day with data by then.
        tested_until: the last day that was tested; None if none was.
    """

    metric_id: int
    name: str
    label: str
    is_standing: bool
    last_day: dt.date
    tested_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A change of a ruler that nothing has undone."""

    ruler_change_id: str
    metric_id: int
    change: RulerChange
    noticed_on: dt.date


def rulers(connection: Connection, as_of: dt.date) -> list[Ruler]:
    """The usage metrics that have data."""
    found = []
    for metric_id, name, label, rollup, tested, frontier in plain_rows(connection, _METRICS, ()):
        last = unrecorded_last_day(connection, metric_id) if frontier is None else frontier
        if last is not None:
            day = min(dt.date.fromisoformat(last), as_of)
            found.append(
                Ruler(
                    metric_id=metric_id,
                    name=name,
                    label=label,
                    is_standing=rollup == "last",
                    last_day=day,
                    tested_until=_date(tested),
                )
            )
    return found


def standing_changes(connection: Connection) -> list[Standing]:
    """The changes that nothing has undone, oldest first."""
    found = []
    for row in plain_rows(connection, _STANDING, ()):
        change_id, metric_id, name, label, day, way, accounts, moved, factor, where, noticed = row
        change = RulerChange(
            *(name, label, dt.date.fromisoformat(day), way, accounts, moved, factor),
            segments=tuple(json.loads(where)),
        )
        found.append(Standing(change_id, metric_id, change, dt.date.fromisoformat(noticed)))
    return found


def accepted_metrics(connection: Connection, since: dt.date) -> frozenset[int]:
    """Metrics of which a person said that the customers did change, on that day or later."""
    found = plain_rows(
        connection,
        "SELECT metric_id FROM ruler_change WHERE lifted_by IS NOT NULL AND day >= ?",
        (since.isoformat(),),
    )
    return frozenset(row[0] for row in found)


def metrics_changed_over(
    connection: Connection, days: Sequence[dt.date | None]
) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Metrics whose ruler was off on one of the days, and has been put right since.

    With each its segments; none: it was off for all.
    """
    given = json.dumps([day.isoformat() for day in days if day is not None])
    found = plain_rows(
        connection,
        "SELECT m.name, c.segments FROM ruler_change c "
        "JOIN usage_metric m ON m.metric_id = c.metric_id "
        "JOIN json_each(?) d ON d.value >= c.day AND d.value < c.lifted_on",
        (given,),
    )
    return frozenset((name, tuple(json.loads(segments))) for name, segments in found)


def save_change(
    connection: Connection, metric_id: int, change: RulerChange, noticed_on: dt.date
) -> None:
    """Keep a change that was noticed."""
    name = f"{metric_id}\0{change.day.isoformat()}".encode()
    number = int.from_bytes(hashlib.blake2b(name, digest_size=10).digest())
    connection.execute(
        "INSERT INTO ruler_change (ruler_change_id, metric_id, day, direction, accounts, moved, "
        "factor, noticed_on, segments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (metric_id, day) DO UPDATE SET lifted_on = NULL, segments = excluded.segments",
        (
            id_of(dt.datetime.combine(noticed_on, dt.time(), dt.UTC), number),
            *(metric_id, change.day.isoformat(), change.direction, change.accounts, change.moved),
            *(change.factor, noticed_on.isoformat(), json.dumps(change.segments)),
        ),
    )


def lift_change(connection: Connection, standing: Standing, lifted_on: dt.date) -> None:
    """Note that the metric is back where it was, or was put right."""
    connection.execute(
        "UPDATE ruler_change SET lifted_on = ? WHERE ruler_change_id = ?",
        (lifted_on.isoformat(), standing.ruler_change_id),
    )


def save_tested(connection: Connection, metric_id: int, day: dt.date) -> None:
    """Note how far a metric was tested."""
    connection.execute(
        "UPDATE usage_metric SET tested_until = ? WHERE metric_id = ?",
        (day.isoformat(), metric_id),
    )


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def accepted_day(connection: Connection, metric_id: int, since: dt.date) -> dt.date | None:
    """The first day, not before `since`, on which all customers changed as a person says."""
    (day,) = connection.execute(
        "SELECT min(day) FROM ruler_change "
        "WHERE metric_id = ? AND day >= ? AND lifted_by IS NOT NULL AND segments = '[]'",
        (metric_id, since.isoformat()),
    ).fetchone()
    return None if day is None else dt.date.fromisoformat(day)
