"""How whole portfolios moved on a day, and the days on which a ruler changed."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.ids import id_of
from cs_workbench.core.ruler import DEFAULT_POLICY, WEEKS, DayMoves, RulerChange
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import unrecorded_last_day

# Of each account: the day's value, and the same weekday of some weeks before.
_MOVES = tuple(
    f"""SELECT count(*), total(up), total(down),
        coalesce(sum(value) FILTER (WHERE up) / sum(mean) FILTER (WHERE up), 1),
        coalesce(sum(value) FILTER (WHERE down) / sum(mean) FILTER (WHERE down), 1)
    FROM (SELECT value, mean, value > highest AND value >= mean * :factor AS up,
            value < lowest AND value <= mean / :factor AS down
        FROM (SELECT max(CASE WHEN u.week = :week THEN d{day} END) AS value,
                avg(CASE WHEN u.week <= :base THEN d{day} END) AS mean,
                max(CASE WHEN u.week <= :base THEN d{day} END) AS highest,
                min(CASE WHEN u.week <= :base THEN d{day} END) AS lowest,
                count(CASE WHEN u.week <= :base THEN d{day} END) AS known
            FROM account a CROSS JOIN usage_week u ON u.account_key = a.account_key
                AND u.metric_id = :metric
                AND (u.week BETWEEN :first AND :base OR u.week = :week)
            GROUP BY a.account_key)
        WHERE value IS NOT NULL AND known >= :weeks - 1 AND mean >= :least)"""
    for day in range(7)
)
_METRICS = """SELECT m.metric_id, m.name, m.label, m.tested_until, max(f.last_day)
    FROM usage_metric m LEFT JOIN usage_frontier f ON f.metric_id = m.metric_id
    GROUP BY m.metric_id ORDER BY m.name"""
_STANDING = """SELECT c.ruler_change_id, c.metric_id, m.name, m.label, c.day,
        c.direction, c.accounts, c.moved, c.factor, c.noticed_on
    FROM ruler_change c JOIN usage_metric m ON m.metric_id = c.metric_id
    WHERE c.lifted_on IS NULL ORDER BY c.day, m.name"""


@dataclass(frozen=True, slots=True)
class Ruler:
    """A usage metric, as far as it was tested.

    Attributes:
        last_day: the last day with data by then.
        tested_until: the last day that was tested; None if none was.
    """

    metric_id: int
    name: str
    label: str
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
    for metric_id, name, label, tested, frontier in plain_rows(connection, _METRICS, ()):
        last = unrecorded_last_day(connection, metric_id) if frontier is None else frontier
        if last is not None:
            day = min(dt.date.fromisoformat(last), as_of)
            found.append(Ruler(metric_id, name, label, day, _date(tested)))
    return found


def moves_on(
    connection: Connection, metric_id: int, day: dt.date, *, base_week: int | None = None
) -> DayMoves:
    """How accounts moved on a day, against the four weeks up to `base_week` or the day before."""
    week, weekday = week_and_weekday(day)
    base = week - 1 if base_week is None else base_week
    given = {
        "metric": metric_id,
        "week": week,
        "base": base,
        "first": base - WEEKS + 1,
        "weeks": WEEKS,
        "factor": DEFAULT_POLICY.factor,
        "least": DEFAULT_POLICY.least_value,
    }
    row = next(plain_rows(connection, _MOVES[weekday], given))
    return DayMoves(int(row[0]), int(row[1]), int(row[2]), row[3], row[4])


def standing_changes(connection: Connection) -> list[Standing]:
    """The changes that nothing has undone, oldest first."""
    return [
        Standing(
            change_id,
            metric_id,
            RulerChange(name, label, dt.date.fromisoformat(day), *moved),
            dt.date.fromisoformat(noticed),
        )
        for change_id, metric_id, name, label, day, *moved, noticed in plain_rows(
            connection, _STANDING, ()
        )
    ]


def accepted_metrics(connection: Connection, since: dt.date) -> frozenset[int]:
    """Metrics of which a person said that the customers did change, on that day or later."""
    found = plain_rows(
        connection,
        "SELECT metric_id FROM ruler_change WHERE lifted_by IS NOT NULL AND day >= ?",
        (since.isoformat(),),
    )
    return frozenset(row[0] for row in found)


def metrics_changed_over(connection: Connection, days: Sequence[dt.date | None]) -> frozenset[str]:
    """Metrics whose ruler was off on one of the days, and has been put right since."""
    given = json.dumps([day.isoformat() for day in days if day is not None])
    found = plain_rows(
        connection,
        "SELECT m.name FROM ruler_change c JOIN usage_metric m ON m.metric_id = c.metric_id "
        "JOIN json_each(?) d ON d.value >= c.day AND d.value < c.lifted_on",
        (given,),
    )
    return frozenset(row[0] for row in found)


def save_change(
    connection: Connection, metric_id: int, change: RulerChange, noticed_on: dt.date
) -> None:
    """Keep a change that was noticed."""
    name = f"{metric_id}\0{change.day.isoformat()}".encode()
    number = int.from_bytes(hashlib.blake2b(name, digest_size=10).digest())
    connection.execute(
        "INSERT INTO ruler_change (ruler_change_id, metric_id, day, direction, accounts, moved, "
        "factor, noticed_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (metric_id, day) DO UPDATE SET lifted_on = NULL",
        (
            id_of(dt.datetime.combine(noticed_on, dt.time(), dt.UTC), number),
            *(metric_id, change.day.isoformat(), change.direction, change.accounts, change.moved),
            *(change.factor, noticed_on.isoformat()),
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
