"""The usage of one account, all metrics, a year and more of weeks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.usage_metrics import roll_up
from cs_workbench.core.weeks import monday, week_and_weekday
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Row
from cs_workbench.store.usage_facts import present

WEEKS = 53
MOST_WEEKS = 157  # three years
_METRICS = """SELECT metric_id, name, label, unit, rollup,
    (SELECT max(last_day) FROM usage_frontier f WHERE f.metric_id = m.metric_id) AS frontier
    FROM usage_metric m ORDER BY name"""
_WEEKS = """SELECT metric_id, week, d0, d1, d2, d3, d4, d5, d6 FROM usage_week
    WHERE account_key = ? AND week BETWEEN ? AND ? ORDER BY metric_id, week"""


def load_usage(
    db: Database,
    account_key: int,
    *,
    today: dt.date,
    first: Sequence[str] = (),
    weeks: int = WEEKS,
) -> tuple[UsageHistory, ...]:
    """The metrics with data in the last weeks; those in `first` before the others, by name."""
    last_week, _ = week_and_weekday(today)
    found = db.connection.execute(_WEEKS, (account_key, last_week - weeks - 1, last_week))
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        rows[row["metric_id"]].append(row)
    histories = [
        history
        for metric in db.connection.execute(_METRICS).fetchall()
        if (history := _history(metric, rows[metric["metric_id"]], today, weeks)) is not None
    ]
    rank = {name: place for place, name in enumerate(dict.fromkeys(first))}
    return tuple(sorted(histories, key=lambda one: (rank.get(one.metric, len(rank)), one.label)))


def _history(metric: Row, rows: list[Row], today: dt.date, weeks: int) -> UsageHistory | None:
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
    first = last - 7 * weeks + 1
    known = [day for day in values if first <= day <= last]
    if not known or max(known) <= today.toordinal() - 7 * weeks:
        return None
    days = [[values.get(first + 7 * week + day) for day in range(7)] for week in range(weeks)]
    parts = [present(one) for one in days]
    return UsageHistory(
        metric=metric["name"],
        label=metric["label"],
        unit=metric["unit"],
        ends=tuple(dt.date.fromordinal(first + 7 * week + 6) for week in range(weeks)),
        totals=tuple(total for total, _ in parts),
        days=tuple(count for _, count in parts),
        newest=dt.date.fromordinal(max(known)),
        rollup=metric["rollup"],
        values=tuple(roll_up(one, metric["rollup"]) for one in days),
        daily=tuple(chain.from_iterable(days)),
    )
