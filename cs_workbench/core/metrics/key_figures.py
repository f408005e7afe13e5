"""Key figures: a metric beside its target, its past, and what was changed in response."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.targets import State, Target


@dataclass(frozen=True, slots=True)
class KpiResponse:
    """What was changed in response: to which metric of which period, what, by whom, when."""

    response_id: str
    metric: str
    period: str
    what: str
    author: str
    made_on: dt.date


@dataclass(frozen=True)
class Kpi:
    """A key figure.

    Attributes:
        metric: of the period; `currency` of its amounts.
        before: its values in the periods before, oldest first; None is unknown.
        target: what it should come to, if anything is said.
        state: whether it does.
        responses: what was changed in response to misses, the newest first.
    """

    metric: Metric
    currency: str | None
    before: tuple[Fraction | None, ...]
    target: Target | None
    state: State | None
    responses: tuple[KpiResponse, ...] = ()
