"""What a book's history can teach about leaving, and what it cannot, in words."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cs_workbench.churn.catalogue import FEATURES
from cs_workbench.churn.contracts import Contracts
from cs_workbench.churn.history import FAR, History
from cs_workbench.churn.leaks import Alarm
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.selection import FEWEST, MANY, SOME, Step, step_of
from cs_workbench.core.dates import MONTHS
from cs_workbench.core.plurals import counted

LEAST_KNOWN = 0.05
TWO_CYCLES = 730
FEW_MONTHS = 12
FEWEST_FOR_SEASON = 60  # five a month, as the test of a table of counts asks for

Level = Literal["good", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str


@dataclass(frozen=True)
class Readiness:
    """All of it.

    Attributes:
        step: of the ladder, `none` where there is nothing at all to learn from.
        churned_accounts: E, the sample size that counts.
        departures: all that are recorded, also outside the windows.
        first_day, last_day: of the snapshots; None without any.
        coverage: by feature, the share of snapshots in which it is known.
        kinds_missing: kinds of data that the portfolio has none of.
        by_month: departures by month of the year, January first.
        alarms: what ranks too well.
        findings: what can and cannot be learned.
    """

    step: Step | Literal["none"]
    horizon: int
    lead: int
    accounts: int
    snapshots: int
    churned_accounts: int
    departures: int
    first_departure: dt.date | None
    first_day: dt.date | None
    last_day: dt.date | None
    data_end: dt.date
    coverage: dict[str, float]
    kinds_missing: tuple[str, ...]
    by_month: tuple[int, ...]
    alarms: tuple[Alarm, ...]
    findings: tuple[Finding, ...]

    @property
    def can_learn(self) -> bool:
        """Whether a model is fitted at all."""
        return self.step not in {"none", "band"}


def assess(
    history: History, contracts: Contracts, sample: Sample, alarms: tuple[Alarm, ...]
) -> Readiness:
    """Look at everything that decides what can be learned."""
    spells = contracts.spells
    left = spells.left[(spells.left < FAR) & spells.is_certain]
    days = np.unique(sample.panel.day)
    months = np.bincount([dt.date.fromordinal(int(day)).month - 1 for day in left], minlength=12)
    coverage = {
        one.name: float(np.isfinite(sample.inputs[one.name]).mean()) if len(sample) else 0.0
        for one in FEATURES
    }
    missing = {one.kind for one in FEATURES} - {
        one.kind for one in FEATURES if coverage[one.name] >= LEAST_KNOWN
    }
    first_left = dt.date.fromordinal(int(left.min())) if len(left) else None
    found = Readiness(
        step=step_of(sample.events) if len(sample) else "none",
        horizon=sample.labels.horizon,
        lead=sample.labels.lead,
        accounts=history.size,
        snapshots=len(sample),
        churned_accounts=sample.events,
        departures=len(left),
        first_departure=first_left,
        first_day=dt.date.fromordinal(int(days[0])) if len(days) else None,
        last_day=dt.date.fromordinal(int(days[-1])) if len(days) else None,
        data_end=dt.date.fromordinal(history.data_end),
        coverage=coverage,
        kinds_missing=tuple(sorted(missing - {"churn_events"})),
        by_month=tuple(months.tolist()),
        alarms=alarms,
        findings=(),
    )
    return replace(found, findings=tuple(_findings(found, history, contracts, sample)))


def _findings(
    found: Readiness, history: History, contracts: Contracts, sample: Sample
) -> list[Finding]:
    told = [_step_told(found)]
    if found.first_day is None or found.last_day is None:
        told.append(
            Finding(
                "problem",
                f"No window of {found.horizon} days has closed since enough was recorded: import "
                "a longer history.",
            )
        )
        return told
    months = round((found.last_day - found.first_day).days / 30.44) + 1
    level: Level = "good" if months >= FEW_MONTHS else "note"
    told.append(Finding(level, f"{months} months of snapshots whose windows have closed."))
    told += _departures_told(found, sample)
    told += _contracts_told(contracts)
    if found.kinds_missing:
        names = ", ".join(found.kinds_missing)
        told.append(Finding("note", f"Not in the data, so nothing is learned from it: {names}."))
    told += _units_told(history)
    told.append(_season_told(found))
    told += [Finding("problem", one.told()) for one in found.alarms]
    return told


def _step_told(found: Readiness) -> Finding:
    n = found.churned_accounts
    who = f"{counted(n, 'churned account')}"
    match found.step:
        case "none":
            return Finding("problem", "There is nothing to learn from.")
        case "band":
            return Finding(
                "problem",
                f"{who}: too few to tell. Below {FEWEST} no model is fitted; a band around the "
                "base rate is shown in place of a probability.",
            )
        case "ridge":
            return Finding(
                "note",
                f"{who}: enough for health and the renewal window with up to 12 features held on "
                f"a short leash; not for finding out which matter (that takes about {SOME}).",
            )
        case "choice":
            return Finding(
                "good",
                f"{who}: enough to weigh all features, and to try trees beside the straight "
                "lines; the backtest decides.",
            )
    return Finding("good", f"{who}: more than {MANY:,}, enough for trees.")


def _departures_told(found: Readiness, sample: Sample) -> list[Finding]:
    if not found.departures:
        return [
            Finding(
                "problem",
                "Nobody ever left in this history. Are churned accounts missing from the export?",
            )
        ]
    if sample.labels.recorded_from:
        return [
            Finding(
                "problem",
                f"The first departure is {found.first_departure}, although there were as many "
                "customers before: those who left earlier seem to be missing, so the months before "
                "are not learned from.",
            )
        ]
    return [Finding("good", "Accounts that left are in the history.")]


def _contracts_told(contracts: Contracts) -> list[Finding]:
    told = []
    if contracts.overwritten:
        told.append(
            Finding(
                "note",
                f"{contracts.overwritten:,} end dates were written when the subscription ended, "
                "not agreed before: no day before the end sees them.",
            )
        )
    spells = contracts.spells
    if spells.contradicted:
        told.append(
            Finding(
                "problem",
                f"{spells.contradicted:,} churn events are of accounts that went on as before: "
                "they do not count.",
            )
        )
    if spells.continued.any():
        told.append(
            Finding(
                "note",
                f"{int(spells.continued.sum()):,} subscriptions ended on paper while the customer "
                "went on: taken as renewed.",
            )
        )
    return told


def _units_told(history: History) -> list[Finding]:
    """Metrics that seem to be measured in another unit since a day."""
    return [
        Finding(
            "problem",
            f"The usage metric '{one.label}' seems to be measured otherwise since "
            f"{dt.date.fromordinal(one.off_from)}: from that day on nothing is learned from it or "
            "predicted by it, until somebody has said why. `csw check` tells how.",
        )
        for one in history.metrics
        if one.off_from < FAR
    ]


def _season_told(found: Readiness) -> Finding:
    if found.first_day is None or found.last_day is None:
        return Finding("note", "The seasons cannot be told.")
    span = (found.last_day - found.first_day).days
    if span < TWO_CYCLES:
        return Finding(
            "note",
            f"{span // 30} months are less than two years: a season cannot be told from chance, "
            "and is not learned.",
        )
    if found.departures < FEWEST_FOR_SEASON:
        return Finding("note", f"Too few left to tell a season from chance ({found.departures:,}).")
    expected = found.departures / 12
    chi = sum((one - expected) ** 2 / expected for one in found.by_month)
    if chi > 24.7:
        worst = MONTHS[int(np.argmax(found.by_month))]
        return Finding("note", f"Departures have a season; most come in {worst}.")
    return Finding("good", "Departures show no clear season.")
