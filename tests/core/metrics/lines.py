"""Subscriptions for tests: every field has a plain default, days are written short."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import book_of
from cs_workbench.core.metrics.analysis import Evidence, evidence_of, line_values
from cs_workbench.core.metrics.book import Line
from cs_workbench.core.metrics.periods import Period, between, parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY, MetricPolicy

LATE = dt.date(2030, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def line(account: int, arr: int | None, start: str, end: str | None = None, **fields: Any) -> Line:
    """A subscription; `arr` in minor units, dates as text."""
    given = {
        "subscription_id": f"{account}-{fields.get('product', 'P')}-{start}",
        "product": "P",
        "plan": None,
        "currency": "USD",
        **fields,
    }
    for name in ("cancelled_on", "signed_on"):
        if isinstance(given.get(name), str):
            given[name] = day(given[name])
    return Line(
        account_key=account,
        arr_minor=arr,
        start_date=day(start),
        end_date=None if end is None else day(end),
        **given,
    )


def evidence(
    lines: Sequence[Line],
    period: str | Period,
    *,
    policy: MetricPolicy = DEFAULT_POLICY,
    as_of: dt.date = LATE,
    **options: Any,
) -> Evidence:
    """What the metrics of a period are taken from."""
    if isinstance(period, str):
        first, _, last = period.partition("..")
        period = between(day(first), day(last)) if last else parse_period(period)
    rates = options.pop("rates", None)
    book = book_of(lines, policy)
    history = kernel.history_of(book, policy, as_of.toordinal(), rates)
    arr = line_values(book, rates)
    known_on = as_of.toordinal()
    with_all = kernel.history_with_unpriced(book, policy, known_on)
    return evidence_of(history, arr, policy, period, known_on, with_all=with_all, **options)
