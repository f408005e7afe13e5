"""What the Portfolio screen and its report show: figures, bridge, cohorts, health over time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.health_summaries import HealthSummary
from cs_workbench.core.metrics.cohorts import CohortTable, Span
from cs_workbench.core.metrics.periods import Period, last_full
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Members
from cs_workbench.core.metrics.survival import Survival
from cs_workbench.store.accounts import AccountQuery
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.distributions import scored_on
from cs_workbench.workflows.cohorts import cohort_members, read_cohorts
from cs_workbench.workflows.health_summary import summarise_health
from cs_workbench.workflows.kpis import KpiSheet, sheet_of, targets_at
from cs_workbench.workflows.ledger import read_ledger
from cs_workbench.workflows.metric_groups import By, places_by
from cs_workbench.workflows.metric_policies import policy_at
from cs_workbench.workflows.metrics import names_of
from cs_workbench.workflows.scorecards import scorecard_at

PARTS_BY: tuple[By, ...] = ("segment", "csm", "region")
PERIODS = ("12m", "quarter", "month", "half", "year", "fiscal")


@dataclass(frozen=True)
class Part:
    """Some of the book: by what, and its name."""

    by: By
    name: str


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        period: the period itself, or None for the newest full one of `kind`.
        part: None is the whole book.
    """

    today: dt.date
    me: str
    policy_file: Path | None = None
    targets_file: Path | None = None
    scorecard_file: Path | None = None
    kind: str = "12m"
    period: Period | None = None
    part: Part | None = None


@dataclass(frozen=True)
class PortfolioView:
    """Everything at once.

    Attributes:
        parts: what else can be asked for.
        began: by quarter, the accounts of its cohort: what they pay now, of what they paid first.
        health: of the whole book over time; None before the first refresh.
        names: id and name of the accounts behind the figures.
    """

    wanted: Wanted
    period: Period
    policy: MetricPolicy
    sheet: KpiSheet
    cohorts: CohortTable
    curve: Survival
    began: Mapping[str, Members]
    health: HealthSummary | None
    parts: tuple[Part, ...]
    names: dict[int, tuple[str, str]]


def read_portfolio_view(db: Database, wanted: Wanted) -> PortfolioView:
    """Read it as known today.

    Raises:
        WorkbenchError: a policy or targets file is wrong, or a rate is missing.
    """
    policy = policy_at(wanted.policy_file)
    ledger = read_ledger(db, policy, as_of=wanted.today)
    period = wanted.period or last_full(wanted.today, wanted.kind, policy.fiscal_year_starts)
    places: Sequence[int] | None = None
    if wanted.part is not None:
        found = places_by(ledger, period, wanted.part.by)
        places = found.get(wanted.part.name, [])
    sheet = sheet_of(ledger, period, targets_at(wanted.targets_file), places)
    span: Span = "quarter"
    cohorts = read_cohorts(ledger, span=span, places=places)
    parts = [
        Part(by, name)
        for by in PARTS_BY
        for name in sorted(one for one in places_by(ledger, period, by) if one)
    ]
    keys = {key for one in sheet.kpis for key in one.metric.members.keys}
    return PortfolioView(
        wanted,
        period,
        policy,
        sheet,
        cohorts.table,
        cohorts.curve,
        cohort_members(ledger, span, places),
        _health(db, wanted),
        tuple(parts),
        names_of(db, keys | set(ledger.book.keys)),
    )


@dataclass(frozen=True)
class ScoredDay:
    """Who was scored on a day: with points of 100, and of whom too little was known."""

    day: dt.date
    known: Members
    unknown: tuple[int, ...]
    names: dict[int, tuple[str, str]]


def scored_day(db: Database, day: dt.date) -> ScoredDay:
    """The accounts behind a month of the history of health."""
    with snapshot(db) as connection:
        found = scored_on(connection, day)
    known = {key: points for key, points in found if points is not None}
    return ScoredDay(
        day,
        Members(list(known), list(known.values()), [100] * len(known)),
        tuple(key for key, points in found if points is None),
        names_of(db, [key for key, _ in found]),
    )


def _health(db: Database, wanted: Wanted) -> HealthSummary | None:
    card = scorecard_at(wanted.scorecard_file)
    query = AccountQuery(wanted.today, me=wanted.me)
    found = summarise_health(db, query, card, by="all", every="month")
    return None if found.as_of is None else found
