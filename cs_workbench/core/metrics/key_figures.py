"""Key figures: a metric beside its target, its past, and what was changed in response."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.targets import State, Target
from cs_workbench.core.metrics.words import WORDS, shown_interval, shown_parts, shown_value


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


def figure_words(kpi: Kpi) -> list[str]:
    """What a figure is, what it was made of, cautions, target and owner, as sentences."""
    metric, currency = kpi.metric, kpi.currency
    parts, interval = shown_parts(metric, currency), shown_interval(metric, currency)
    return [
        WORDS[metric.key].meaning + ".",
        shown_value(metric, currency) + (f" = {parts}" if parts else ""),
        f"n {metric.n:,}" + (f", 95 % {interval}" if interval else ""),
        *metric.flags,
        *_owner(kpi),
        "",
    ]


def _owner(kpi: Kpi) -> list[str]:
    target = kpi.target
    if target is None:
        return ["No target is set."]
    said = "provisional target" if target.provisional else "target"
    found = [f"The {said} is of {target.owner or 'nobody yet'}, from {target.valid_from}."]
    return [*found, *(f"{one.made_on} {one.author}: {one.what}" for one in kpi.responses)]
