"""Key figures with target, owner and trend; what was missed, and what was changed since."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from cs_workbench.core.loyalty_summary import LoyaltySummary
from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metrics.analysis import Evidence
from cs_workbench.core.metrics.key_figures import Kpi
from cs_workbench.core.metrics.periods import Period, last_ones
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Members, Metric
from cs_workbench.core.metrics.revenue import Bridge
from cs_workbench.core.metrics.targets import Target, in_force, judge, read_targets
from cs_workbench.core.metrics.words import WORDS
from cs_workbench.core.money import minor_digits
from cs_workbench.errors import UsageError
from cs_workbench.store.closed_periods import ClosedPeriod
from cs_workbench.store.database import Database
from cs_workbench.store.kpi_responses import add_response, kpi_responses
from cs_workbench.workflows.ledger import Ledger, read_ledger
from cs_workbench.workflows.loyalty import loyalty_in, loyalty_summary
from cs_workbench.workflows.metric_activity import activity_metrics
from cs_workbench.workflows.metric_policies import policy_text, shipped_policy
from cs_workbench.workflows.metrics import Answer, answer_of, closed_by, frozen

FILE = "targets.toml"
KPIS = (
    *("grr", "nrr", "crr", "churn_predictive", "logo_renewal_rate", "clv"),
    *("first_response", "conversion_rate", "drop_rate", "actions_per_engagement", "nps", "fcr"),
    "our_loyalty",
)
TREND = 4


@dataclass(frozen=True)
class KpiSheet:
    """All key figures of a period.

    Attributes:
        as_of: the day as known on which all was told.
        bridge: None where amounts cannot be added up.
        trust: one sentence on which of the three churns to trust.
        currency: of the amounts; None where there is none.
        closed: the snapshot, where the period is closed: what it says is never restated.
        loyalty: ours to the same customers; None before the first scoring.
        ends: the accounts that paid at the `opening` and at the `closing`, with what they paid.
        is_whole: whether all figures are there, and those of the periods before.
    """

    period: Period
    as_of: dt.date
    policy: MetricPolicy
    kpis: tuple[Kpi, ...]
    bridge: Bridge | None
    trust: str
    currency: str | None
    closed: ClosedPeriod | None
    ends: Mapping[str, Members]
    loyalty: LoyaltySummary | None = None
    is_whole: bool = True

    @property
    def missed(self) -> tuple[Kpi, ...]:
        """Those that miss their target, also where chance may explain it."""
        return tuple(one for one in self.kpis if one.state in {"missed", "unsure"})


def targets_at(path: Path | None) -> tuple[Target, ...]:
    """The targets of a file; without one, the provisional ones that come with the program."""
    place = path or shipped_policy().parent / FILE
    return read_targets(policy_text(place), str(place))


def kpi_sheet(
    db: Database,
    period: Period,
    policy: MetricPolicy,
    targets: Sequence[Target],
    *,
    as_of: dt.date,
) -> KpiSheet:
    """The key figures of a period beside those of the periods before."""
    return sheet_of(read_ledger(db, policy, as_of=as_of), period, targets)


def sheet_of(
    ledger: Ledger,
    period: Period,
    targets: Sequence[Target],
    places: Sequence[int] | None = None,
) -> KpiSheet:
    """The key figures of a ledger that is read already; of some accounts, by their places.

    Voice, service, outreach and adoption are of the whole book alone.
    """
    *_, whole = sheet_by_parts(ledger, period, targets, places)
    return whole


def sheet_by_parts(
    ledger: Ledger,
    period: Period,
    targets: Sequence[Target],
    places: Sequence[int] | None = None,
) -> Iterator[KpiSheet]:
    """First the figures that contracts tell, then that sheet with all of them."""
    chosen = None if places is None else {ledger.book.keys[at] for at in places}
    cut = period.until(ledger.as_of)
    wanted = in_force(targets, cut.end)
    known, part, now = _first(ledger, period, chosen, wanted)
    yield part
    past = last_ones(period, TREND, ledger.policy.fiscal_year_starts)[:-1]
    earlier = [_values(ledger, one, chosen, activity=one is past[-1]) for one in past]
    if places is None:
        now |= _figures(activity_metrics(known, period), wanted)
    loyalty = loyalty_summary(ledger.db, today=ledger.as_of, keys=chosen)
    if loyalty is not None:
        now |= _figures({loyalty.mean.key: loyalty.mean}, wanted)
        for one, old in zip(past, earlier, strict=True):
            if (ours := loyalty_in(ledger.db, one, keys=chosen)) is not None:
                old[ours.key] = ours.value
    kpis = _beside(ledger, (now, earlier), wanted)
    yield replace(part, kpis=kpis, loyalty=loyalty, is_whole=True)


def _first(
    ledger: Ledger, period: Period, keys: Collection[int] | None, wanted: Mapping[str, Target]
) -> tuple[Ledger, KpiSheet, dict[str, Metric]]:
    """What contracts tell: from what was known when, as a sheet, and its figures."""
    told = _tell(ledger, period, keys)
    bridge, now = told.answer.bridge, _figures(told.answer.metrics, wanted)
    if bridge is not None:
        packed = {name: one.packed() for name, one in bridge.members.items()}
        bridge = replace(bridge, members=packed)
    sheet = KpiSheet(
        period.until(ledger.as_of),
        told.ledger.as_of,
        ledger.policy,
        _beside(ledger, (now, ()), wanted),
        bridge,
        told.answer.trust,
        told.answer.currency,
        told.closed,
        _ends(told.evidence),
        is_whole=False,
    )
    return told.ledger, sheet, now


def _figures(metrics: Mapping[str, Metric], wanted: Mapping[str, Target]) -> dict[str, Metric]:
    """The key figures among some metrics, and whatever has a target."""
    return {
        key: replace(metrics[key], members=metrics[key].members.packed())
        for key in dict.fromkeys((*KPIS, *wanted))
        if key in metrics
    }


def _values(
    ledger: Ledger, period: Period, keys: Collection[int] | None, *, activity: bool
) -> dict[str, Fraction | None]:
    """The values of an earlier period alone: what is behind them is not asked for."""
    told = _tell(ledger, period, keys)
    metrics = dict(told.answer.metrics)
    if activity and keys is None:
        metrics |= activity_metrics(told.ledger, period)
    return {key: one.value for key, one in metrics.items()}


def _ends(evidence: Evidence) -> dict[str, Members]:
    """Who paid at the opening and at the closing."""
    moved = evidence.known
    found = {}
    for name, paid in (("opening", moved.opening), ("closing", moved.closing)):
        there = columns.places_above_zero(paid)
        found[name] = Members(
            columns.picked(moved.keys, there), columns.picked(paid, there)
        ).packed()
    return found


def _beside(
    ledger: Ledger,
    metrics: tuple[Mapping[str, Metric], Sequence[Mapping[str, Fraction | None]]],
    wanted: Mapping[str, Target],
) -> tuple[Kpi, ...]:
    """The figures in their order, beside their past and their targets."""
    now, earlier = metrics
    said = kpi_responses(ledger.db)
    money = Fraction(10) ** minor_digits(ledger.currency or "USD")
    return tuple(
        Kpi(
            now[key],
            ledger.currency,
            tuple(old.get(key) for old in earlier),
            wanted.get(key),
            judge(now[key], wanted[key], money) if key in wanted else None,
            tuple(one for one in said if one.metric == key),
        )
        for key in dict.fromkeys((*KPIS, *wanted))
        if key in now
    )


class _Told(NamedTuple):
    """A period's answer, and from what was known when."""

    ledger: Ledger
    evidence: Evidence
    answer: Answer
    closed: ClosedPeriod | None


def _tell(ledger: Ledger, period: Period, keys: Collection[int] | None) -> _Told:
    """Of the book or of some accounts; a closed period is told as it was closed."""
    closed = closed_by(ledger.db, period, ledger.as_of)
    if closed is not None:
        ledger = read_ledger(ledger.db, ledger.policy, as_of=closed.closed_on)
    evidence = ledger.evidence(period)
    if keys is None:
        return _Told(ledger, evidence, frozen(answer_of(evidence, ledger), closed), closed)
    evidence = evidence.only(at for at, key in enumerate(ledger.book.keys) if key in keys)
    return _Told(ledger, evidence, answer_of(evidence, ledger), closed)


def respond(
    db: Database, metric: str, what: str, *, period: Period, author: str, today: dt.date
) -> str:
    """Write down what was changed in response to a figure; gives the id of the note.

    Raises:
        UsageError: there is no such metric, or nothing is said.
    """
    if metric not in WORDS:
        raise UsageError(f"{metric!r} is no metric. There are: {', '.join(WORDS)}.")
    if not what.strip():
        raise UsageError("Say what was changed: --what 'two calls in the first month'.")
    return add_response(
        db, metric=metric, period=period.name, what=what.strip(), author=author, today=today
    )
