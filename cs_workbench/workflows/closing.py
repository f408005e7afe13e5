"""Closing a period: its numbers are kept for good, and later corrections count in the next."""

import datetime as dt
from typing import Any

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metrics.documents import frozen_metric
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.errors import UsageError
from cs_workbench.store.closed_periods import (
    ClosedPeriod,
    Position,
    close_period,
    closed_periods,
)
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.ledger import Ledger, read_ledger
from cs_workbench.workflows.metrics import Answer, answer_of


def close(
    db: Database,
    period: Period,
    policy: MetricPolicy,
    *,
    actor: str,
    today: dt.date,
    policy_source: str,
) -> ClosedPeriod:
    """Keep the numbers of a period that is over, as known today.

    Raises:
        UsageError: the period is not over, or overlaps one that is closed.
        ConflictError: it is closed already.
    """
    if period.end >= today:
        raise UsageError(
            f"{period.name} ends on {period.end}: it can be closed from the day after on."
        )
    _check_overlap(db, period)
    ledger = read_ledger(db, policy, as_of=today)
    document = frozen_document(answer_of(ledger.evidence(period), ledger))
    days = period.first, period.end, today
    closed = ClosedPeriod(period.name, *days, "", actor, policy.digest, document)
    positions = positions_of(ledger, period.end)
    with write(db) as connection:
        close_period(connection, closed, policy=policy_source, positions=positions)
    return closed


def frozen_document(answer: Answer) -> dict[str, Any]:
    """The numbers exactly, as JSON can keep them."""
    return {
        "metrics": [frozen_metric(one) for one in answer.metrics.values()],
        "bridge": None if answer.bridge is None else answer.bridge.plain(),
        "trust": answer.trust,
        "currency": answer.currency,
    }


def positions_of(ledger: Ledger, day: dt.date) -> list[Position]:
    """What each account pays on a day, in each currency apart."""
    found: list[Position] = []
    for place, currency in enumerate(ledger.book.currencies):
        part = ledger.only("currency", place)
        history = kernel.history_of(part.book, ledger.policy, ledger.as_of.toordinal())
        paid = history.positions(day.toordinal())
        found += [
            (key, currency, minor)
            for key, minor in zip(history.book.keys, paid, strict=True)
            if minor > 0
        ]
    return found


def _check_overlap(db: Database, period: Period) -> None:
    for one in closed_periods(db.connection):
        same = (one.first_day, one.last_day) == (period.first, period.end)
        nested = _contains(period, one) or _inside(period, one)
        apart = one.last_day < period.first or period.end < one.first_day
        if not (same or nested or apart):
            raise UsageError(
                f"{period.name} overlaps {one.name}, which is closed. Close whole periods."
            )


def _contains(period: Period, one: ClosedPeriod) -> bool:
    return period.first <= one.first_day and one.last_day <= period.end


def _inside(period: Period, one: ClosedPeriod) -> bool:
    return one.first_day <= period.first and period.end <= one.last_day
