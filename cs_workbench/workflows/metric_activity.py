"""Voice, service, outreach and adoption of a period."""

import datetime as dt
from collections.abc import Mapping, Sequence

from cs_workbench.core.metric_kernels.history import first_days
from cs_workbench.core.metrics import activity, purchases
from cs_workbench.core.metrics.book import NEVER
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.results import Metric, unknown
from cs_workbench.store import metric_activity as rows
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_books import read_labels
from cs_workbench.workflows.cohorts import cohort_value
from cs_workbench.workflows.ledger import Ledger

MAIN = ("active_users", "active_users_28d", "logins", "sessions", "events")
ANSWERED = dt.timedelta(90)
AROUND = dt.timedelta(42)
MONTH = 28


def activity_metrics(ledger: Ledger, asked: Period) -> dict[str, Metric]:
    """The metrics by key; usage is taken from the first of the usual metrics that there is."""
    period = asked.until(ledger.as_of)
    connection = ledger.db.connection
    known = read_known(connection, ledger.as_of)
    first, last = period.first, period.end
    now = int(dt.datetime.combine(ledger.as_of, dt.time(23, 59, 59), dt.UTC).timestamp())
    tickets = rows.read_tickets(connection, known, first, last)
    touches = rows.read_touches(connection, known, first, last)
    names = rows.usage_names(connection)
    main = next((name for name in MAIN if name in names), None)
    delivered = [one.account for one in touches if one.is_ours and one.kind != "bounced"]
    found = [
        activity.nps(rows.read_answers(connection, known, last - ANSWERED, last)),
        activity.first_response(tickets),
        *activity.turnaround(tickets, ledger.policy.tat_hours),
        activity.first_contact_resolution(tickets, now),
        activity.conversion_rate(touches, now),
        activity.drop_rate(delivered, rows.read_unsubscribed(connection, first, last)),
        _actions(ledger, period, touches, main),
        activity.seat_use(rows.read_seats(connection)),
        _stickiness(ledger, period, names),
        _time_to_value(ledger, main),
        cohort_value(ledger),
    ]
    return {one.key: one for one in found}


def _actions(
    ledger: Ledger, period: Period, touches: Sequence[activity.Touch], main: str | None
) -> Metric:
    if main is None:
        return unknown("actions_per_engagement", "count", "No usage is imported.")
    connection = ledger.db.connection
    span = period.first - AROUND, period.end + AROUND
    usage: Mapping[int, Mapping[int, float]] = rows.read_daily_usage(connection, main, *span)
    segments = read_labels(connection, read_known(connection, ledger.as_of), "segment")
    touched = [
        (one.account, dt.datetime.fromtimestamp(one.at, dt.UTC).date().toordinal())
        for one in touches
        if one.is_ours
    ]
    return activity.actions_per_engagement(touched, usage, segments)


def _stickiness(ledger: Ledger, period: Period, names: Sequence[str]) -> Metric:
    if "active_users" not in names or "active_users_28d" not in names:
        why = "Needs the usage metrics active_users and active_users_28d."
        return unknown("stickiness", "share", why)
    connection = ledger.db.connection
    span = period.end - dt.timedelta(MONTH - 1), period.end
    daily = rows.read_daily_usage(connection, "active_users", *span)
    monthly = rows.read_daily_usage(connection, "active_users_28d", *span)
    means = {key: sum(days.values()) / len(days) for key, days in daily.items() if days}
    latest = {key: days[max(days)] for key, days in monthly.items() if days}
    return activity.stickiness(means, latest)


def _time_to_value(ledger: Ledger, main: str | None) -> Metric:
    """Median days from the first payment to the first use, by Kaplan-Meier."""
    if main is None:
        return unknown("time_to_value", "days", "No usage is imported.")
    used = rows.read_first_use(ledger.db.connection, main)
    history = ledger.history(ledger.as_of)
    as_of = ledger.as_of.toordinal()
    begins = {
        key: day
        for key, day in zip(ledger.book.keys, first_days(history)[0], strict=True)
        if day != NEVER and day <= as_of
    }
    since = min(used.values(), default=as_of)
    young = [key for key, day in begins.items() if day >= since]  # older ones began unseen
    curve = purchases.milestone(
        [used.get(key) for key in young],
        [begins[key] for key in young],
        [as_of] * len(young),
    )
    return purchases.as_metric(
        "time_to_value",
        curve,
        "value is first use; who began before usage was imported is left out",
    )
