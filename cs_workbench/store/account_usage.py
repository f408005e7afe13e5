"""The usage of one account, all metrics, a year and more of weeks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.weeks import monday, week_and_weekday
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Row

WEEKS = 53
_METRICS = """SELECT metric_id, name, label, unit,
    (SELECT max(last_day) FROM usage_frontier f WHERE f.metric_id = m.metric_id) AS frontier
    FROM usage_metric m ORDER BY name"""
_WEEKS = """SELECT metric_id, week, d0, d1, d2, d3, d4, d5, d6 FROM usage_week
    WHERE account_key = ? AND week BETWEEN ? AND ? ORDER BY metric_id, week"""


def load_usage(
    db: Database, account_key: int, *, today: dt.date, first: Sequence[str] = ()
) -> tuple[UsageHistory, ...]:
    """The metrics with data in the last 53 weeks; those in `first` before the others, by name."""
    last_week, _ = week_and_weekday(today)
    found = db.connection.execute(_WEEKS, (account_key, last_week - WEEKS - 1, last_week))
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        rows[row["metric_id"]].append(row)
    histories = [
        history
        for metric in db.connection.execute(_METRICS).fetchall()
        if (history := _history(metric, rows[metric["metric_id"]], today)) is not None
    ]
    rank = {name: place for place, name in enumerate(dict.fromkeys(first))}
    return tuple(sorted(histories, key=lambda one: (rank.get(one.metric, len(rank)), one.label)))


def _history(metric: Row, rows: list[Row], today: dt.date) -> UsageHistory | None:
    values = {
        monday(row["week"]).toordinal() + day: value
        for row in rows
        for day, value in enumerate(tuple(row)[2:])
        if value is not None
    }
    if not values:
        return None
    frontier = metric["frontier"]
    known_to = dt.date.fromisoformat(frontier).toordinal() if frontier else max(values)
    last = min(known_to, today.toordinal())
    first = last - 7 * WEEKS + 1
    known = [day for day in values if first <= day <= last]
    if not known or max(known) <= today.toordinal() - 7 * WEEKS:
        return None
    totals, days = [0.0] * WEEKS, [0] * WEEKS
    for day in known:
        totals[(day - first) // 7] += values[day]
        days[(day - first) // 7] += 1
    return UsageHistory(
        metric=metric["name"],
        label=metric["label"],
        unit=metric["unit"],
        ends=tuple(dt.date.fromordinal(first + 7 * week + 6) for week in range(WEEKS)),
        totals=tuple(totals),
        days=tuple(days),
        newest=dt.date.fromordinal(max(known)),
    )
