"""Voice, service, outreach and adoption of a period."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.metric_kernels.history import first_days
from cs_workbench.core.metrics import activity, purchases
from cs_workbench.core.metrics.book import NEVER
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.results import Metric, unknown
from cs_workbench.store import metric_activity as rows
from cs_workbench.store.known import Known, read_known
from cs_workbench.store.metric_books import read_labels
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Metric as UsageMetric
from cs_workbench.store.usage_facts import known_metrics
from cs_workbench.workflows.cohorts import cohort_value
from cs_workbench.workflows.ledger import Ledger

DAILY, ROLLING = "active_users", "active_users_28d"
MAIN = (DAILY, ROLLING, "logins", "sessions", "events")
NO_USAGE = "No usage is imported."
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
    usage = Usage(connection, known, known_metrics(connection, known))
    delivered = [one.account for one in touches if one.is_ours and one.kind != "bounced"]
    found = [
        activity.nps(rows.read_answers(connection, known, last - ANSWERED, last)),
        activity.first_response(tickets),
        *activity.turnaround(tickets, ledger.policy.tat_hours),
        activity.first_contact_resolution(tickets, now),
        activity.conversion_rate(touches, now),
        activity.drop_rate(delivered, rows.read_unsubscribed(connection, first, last)),
        _actions(usage, period, touches),
        _seat_use(usage, last),
        _stickiness(usage, last),
        _time_to_value(ledger, usage),
        cohort_value(ledger),
    ]
    return {one.key: one for one in found}


@dataclass(frozen=True)
class Usage:
    """The usage metrics that were known on a day, by name."""

    connection: Connection
    known: Known
    metrics: Mapping[str, UsageMetric]

    @property
    def main(self) -> UsageMetric | None:
        """The first of the usual ones that there is."""
        return next((self.metrics[name] for name in MAIN if name in self.metrics), None)

    def days(
        self, metric: UsageMetric, first: dt.date, last: dt.date
    ) -> dict[int, dict[int, float]]:
        """Values by account and day."""
        return rows.read_daily_usage(self.connection, self.known, metric, (first, last))

    def month_to(self, name: str, day: dt.date) -> dict[int, dict[int, float]]:
        """Values of the 28 days that end with a day; none of a metric that there is not."""
        metric = self.metrics.get(name)
        return {} if metric is None else self.days(metric, day - dt.timedelta(MONTH - 1), day)


def _actions(usage: Usage, period: Period, touches: Sequence[activity.Touch]) -> Metric:
    if usage.main is None:
        return unknown("actions_per_engagement", "count", NO_USAGE)
    days = usage.days(usage.main, period.first - AROUND, period.end + AROUND)
    segments = read_labels(usage.connection, usage.known, "segment")
    touched = [
        (one.account, dt.datetime.fromtimestamp(one.at, dt.UTC).date().toordinal())
        for one in touches
        if one.is_ours
    ]
    return activity.actions_per_engagement(touched, days, segments)


def _seat_use(usage: Usage, day: dt.date) -> Metric:
    """Of a day: people active in 28 days, else the peak of daily ones, over seats of that day."""
    used = {key: days[max(days)] for key, days in usage.month_to(ROLLING, day).items() if days}
    is_peak = not used
    if is_peak:
        used = {key: max(days.values()) for key, days in usage.month_to(DAILY, day).items() if days}
    return activity.seat_use(
        {key: round(people) for key, people in used.items()},
        rows.read_seats(usage.connection, usage.known, day),
        is_peak=is_peak,
    )


def _stickiness(usage: Usage, day: dt.date) -> Metric:
    if not {DAILY, ROLLING} <= set(usage.metrics):
        why = f"Needs the usage metrics {DAILY} and {ROLLING}."
        return unknown("stickiness", "share", why)
    daily, monthly = usage.month_to(DAILY, day), usage.month_to(ROLLING, day)
    means = {key: sum(days.values()) / len(days) for key, days in daily.items() if days}
    latest = {key: days[max(days)] for key, days in monthly.items() if days}
    return activity.stickiness(means, latest)


def _time_to_value(ledger: Ledger, usage: Usage) -> Metric:
    """Median days from the first payment to the first use, by Kaplan-Meier."""
    if usage.main is None:
        return unknown("time_to_value", "days", NO_USAGE)
    used = rows.read_first_use(usage.connection, usage.main)
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
