"""Voice, service, outreach and adoption of a period."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.metric_kernels.engagement import Drift, Usage
from cs_workbench.core.metric_kernels.history import first_days
from cs_workbench.core.metrics import activity, purchases
from cs_workbench.core.metrics.book import NEVER
from cs_workbench.core.metrics.outreach import REPLY, Outreach, Touch
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.results import Metric, unknown
from cs_workbench.core.metrics.tickets import Request, Service
from cs_workbench.store import metric_activity as rows
from cs_workbench.store.known import Known, read_known
from cs_workbench.store.metric_books import newest_account, read_labels
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Metric as UsageMetric
from cs_workbench.store.usage_facts import known_metrics, main_metric
from cs_workbench.workflows.cohorts import cohort_value
from cs_workbench.workflows.ledger import Ledger

DAILY, ROLLING = "active_users", "active_users_28d"
MAIN = (DAILY, ROLLING, "logins", "sessions", "events")
CHUNK = 2_000  # accounts whose days, tickets and touchpoints are in memory at once
MOST_PEERS = 2_000  # of a large book every so many-th account stands for the rest
NO_USAGE = "No usage is imported."
ANSWERED = dt.timedelta(90 - 1)  # before the last day, which counts
AROUND = dt.timedelta(42)
MONTH = 28


def activity_metrics(ledger: Ledger, asked: Period) -> dict[str, Metric]:
    """The metrics by key; use is that of the first usual metric, else of the one with most data."""
    period = asked.until(ledger.as_of)
    connection = ledger.db.connection
    known = read_known(connection, ledger.as_of)
    first, last = period.first, period.end
    now = int(dt.datetime.combine(ledger.as_of, dt.time(23, 59, 59), dt.UTC).timestamp())
    service, outreach = Service(now, ledger.policy.tat_hours), Outreach(now)
    for tickets, touches in _deeds(connection, known, period):
        service.add(*tickets)
        outreach.add(*touches)
    metrics = known_metrics(connection, known)
    usage = UsageBook(connection, known, metrics, main_metric(connection, metrics, MAIN))
    found = [
        activity.nps(rows.read_answers(connection, known, last - ANSWERED, last)),
        service.first_response(),
        *service.turnaround(),
        service.first_contact_resolution(),
        outreach.conversion_rate(),
        outreach.drop_rate(rows.read_unsubscribed(connection, first, last)),
        _actions(usage, period, outreach),
        _seat_use(usage, last),
        _stickiness(usage, last),
        _time_to_value(ledger, usage),
        cohort_value(ledger),
    ]
    return {one.key: one for one in found}


def _deeds(
    connection: Connection, known: Known, period: Period
) -> Iterator[tuple[tuple[list[Request], list[Request]], tuple[list[Touch], list[Touch]]]]:
    """Tickets and touchpoints of some accounts at a time: of the period, and after it."""
    first, last = period.first, period.end
    answered = min(known.as_of, last + REPLY)
    for low in range(1, newest_account(connection) + 1, CHUNK):
        keys, after = (low, low + CHUNK - 1), last + dt.timedelta(1)
        yield (
            (
                rows.read_tickets(connection, known, (first, last), keys),
                rows.read_tickets(connection, known, (after, known.as_of), keys),
            ),
            (
                rows.read_touches(connection, known, (first, last), keys),
                rows.read_touches(connection, known, (after, answered), keys),
            ),
        )


@dataclass(frozen=True)
class UsageBook:
    """The usage metrics that were known on a day, by name; `main` is taken for use."""

    connection: Connection
    known: Known
    metrics: Mapping[str, UsageMetric]
    main: UsageMetric | None

    def tables(
        self, metric: UsageMetric, span: tuple[dt.date, dt.date], keys: Sequence[int]
    ) -> Iterator[Usage]:
        """Usage of some accounts in a span, some at a time."""
        for begin in range(0, len(keys), CHUNK):
            some = keys[begin : begin + CHUNK]
            yield rows.read_usage(self.connection, self.known, metric, span, some)

    def month_to(self, name: str, day: dt.date) -> Iterator[Usage]:
        """That of the 28 days that end with a day; none of a metric that there is not."""
        metric, span = self.metrics.get(name), (day - dt.timedelta(MONTH - 1), day)
        if metric is None:
            return iter(())
        return self.tables(metric, span, rows.accounts_with_usage(self.connection, metric, span))


def _actions(usage: UsageBook, period: Period, outreach: Outreach) -> Metric:
    metric = usage.main
    if metric is None:
        return unknown("actions_per_engagement", "count", NO_USAGE)
    span = period.first - AROUND, period.end + AROUND
    keys = rows.accounts_with_usage(usage.connection, metric, span)
    step = -(-len(keys) // MOST_PEERS) or 1
    peers = rows.read_usage(usage.connection, usage.known, metric, span, keys[::step])
    segments = read_labels(usage.connection, usage.known, "segment")
    drift = Drift(peers, outreach.contacts(peers.keys), segments)
    touched = sorted(set(keys).intersection(outreach.accounts))
    moved = (
        one
        for table in usage.tables(metric, span, touched)
        for one in table.around(outreach.contacts(table.keys))
    )
    return activity.actions_per_engagement(moved, drift)


def _seat_use(usage: UsageBook, day: dt.date) -> Metric:
    """Of a day: people active in 28 days, else the peak of daily ones, over seats of that day."""
    used = _merged(table.latest() for table in usage.month_to(ROLLING, day))
    is_peak = not used
    if is_peak:
        used = _merged(table.peaks() for table in usage.month_to(DAILY, day))
    return activity.seat_use(
        {key: round(people) for key, people in used.items()},
        rows.read_seats(usage.connection, usage.known, day),
        is_peak=is_peak,
    )


def _merged(parts: Iterable[dict[int, float]]) -> dict[int, float]:
    return {key: value for part in parts for key, value in part.items()}


def _stickiness(usage: UsageBook, day: dt.date) -> Metric:
    if not {DAILY, ROLLING} <= set(usage.metrics):
        why = f"Needs the usage metrics {DAILY} and {ROLLING}."
        return unknown("stickiness", "share", why)
    return activity.stickiness(
        _merged(table.means() for table in usage.month_to(DAILY, day)),
        _merged(table.latest() for table in usage.month_to(ROLLING, day)),
    )


def _time_to_value(ledger: Ledger, usage: UsageBook) -> Metric:
    """Median days from the first payment to the first use, by Kaplan-Meier."""
    if usage.main is None:
        return unknown("time_to_value", "days", NO_USAGE)
    used = rows.read_first_use(usage.connection, usage.main)
    history = ledger.customers(ledger.as_of)
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
