"""Credits and allowances of accounts: what is left of each, day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.depletion import WINDOW
from cs_workbench.store.known import Known, plain_rows
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_days import Days, days_of
from cs_workbench.store.usage_facts import Metric, known_metrics

_DECLARED: Final = """SELECT name, label, kind, per_seat, quota FROM usage_metric
    WHERE kind IN ('balance', 'quota') ORDER BY name"""


@dataclass(frozen=True, slots=True)
class SupplyMetric:
    """A metric of something that runs out.

    Attributes:
        allowance: of a quota, for the account or for each seat; None for a balance.
    """

    metric: Metric
    label: str
    is_per_seat: bool
    allowance: float | None


def supply_metrics(connection: Connection, known: Known) -> list[SupplyMetric]:
    """Those with data by then; a quota without an allowance says nothing of what is left."""
    there = known_metrics(connection, known)
    return [
        SupplyMetric(there[name], label, bool(per_seat), quota if kind == "quota" else None)
        for name, label, kind, per_seat, quota in plain_rows(connection, _DECLARED, ())
        if name in there and (kind == "balance" or quota is not None)
    ]


def used_or_left(
    connection: Connection, known: Known, one: SupplyMetric, keys: Sequence[int]
) -> dict[int, Days]:
    """By account the days that a forecast looks at, as they were known."""
    last = one.metric.last_day
    span = last - dt.timedelta(days=WINDOW - 1), last
    return days_of(connection, one.metric, span, keys, until=known.until)
