"""Days of one usage metric for any accounts, as they were known; for what looks at many of them."""

import datetime as dt
import json
from collections.abc import Sequence

from cs_workbench.core.usage import HALF_YEAR, UsageSeries
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Metric, present

Days = list[float | None]

_WEEKS = """SELECT u.account_key, u.week, u.d0, u.d1, u.d2, u.d3, u.d4, u.d5, u.d6
    FROM json_each(?) k CROSS JOIN usage_week u ON u.account_key = k.value
        AND u.metric_id = ? AND u.week BETWEEN ? AND ?"""
_CORRECTIONS = """SELECT c.account_key, c.day, c.old
    FROM json_each(?) k CROSS JOIN usage_correction c ON c.account_key = k.value AND c.metric_id = ?
    WHERE c.recorded_at > ? ORDER BY c.recorded_at DESC, c.rowid DESC"""


def days_of(
    connection: Connection,
    metric: Metric,
    span: tuple[dt.date, dt.date],
    keys: Sequence[int],
    *,
    until: str | None = None,
) -> dict[int, Days]:
    """By account the days from the first to the last one; None is no data.

    Args:
        connection: of the portfolio.
        metric: which one; days after its last day known are left out.
        span: the first and the last day.
        keys: of the accounts; one without any row is not in the answer.
        until: an instant; days corrected later have the values they had then.
    """
    first, last = span
    weeks = week_and_weekday(first)[0], week_and_weekday(last)[0]
    offset, size = week_and_weekday(first)[1], (last - first).days + 1
    wanted = json.dumps(list(keys))
    found: dict[int, Days] = {}
    for key, week, *values in plain_rows(connection, _WEEKS, (wanted, metric.metric_id, *weeks)):
        days = found.setdefault(key, [None] * (7 * (weeks[1] - weeks[0] + 1)))
        at = 7 * (week - weeks[0])
        days[at : at + 7] = values
    if until is not None:
        monday = first - dt.timedelta(days=offset)
        given = (wanted, metric.metric_id, until)
        for key, day, old in plain_rows(connection, _CORRECTIONS, given):
            at = (dt.date.fromisoformat(day) - monday).days
            if key in found and 0 <= at < len(found[key]):
                found[key][at] = old
    known = max(0, (metric.last_day - first).days + 1)
    return {key: _cut(days[offset : offset + size], known) for key, days in found.items()}


def half_year_span(metric: Metric) -> tuple[dt.date, dt.date]:
    """The days of the 26 weeks that end on the metric's last day known."""
    return metric.last_day - dt.timedelta(days=7 * HALF_YEAR - 1), metric.last_day


def half_year_series(metric: Metric, days: Sequence[float | None]) -> UsageSeries:
    """Half a year of days that end on the metric's last one, as weeks."""
    parts = [present(list(days[at : at + 7])) for at in range(0, len(days), 7)]
    return UsageSeries(
        metric.name,
        tuple(total for total, _ in parts),
        tuple(count for _, count in parts),
        metric.last_day,
    )


def week_levels(days: Sequence[float | None]) -> list[float | None]:
    """Mean of the days with data in each seven, oldest first; None where there are none."""
    parts = [present(list(days[at : at + 7])) for at in range(0, len(days), 7)]
    return [total / count if count else None for total, count in parts]


def find_metric(connection: Connection, name: str, last_day: dt.date) -> Metric | None:
    """The metric of that name, its days known up to one; None if it was never imported."""
    row = connection.execute(
        "SELECT metric_id, higher_is_better FROM usage_metric WHERE name = ?", (name,)
    ).fetchone()
    return None if row is None else Metric(row[0], name, last_day, bool(row[1]))


def _cut(days: Days, known: int) -> Days:
    return days if known >= len(days) else [*days[:known], *[None] * (len(days) - known)]
