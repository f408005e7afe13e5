"""What the Portfolio screen and its report show: figures, bridge, cohorts, health over time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cs_workbench.core.health_summaries import HealthSummary
from cs_workbench.core.metrics.cohorts import CohortTable, Span
from cs_workbench.core.metrics.periods import Period, last_full
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Members
from cs_workbench.core.metrics.survival import Survival
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.distributions import scored_on
from cs_workbench.workflows.cohorts import cohort_members, read_cohorts
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.health_summary import summarise_health
from cs_workbench.workflows.kpis import KpiSheet, sheet_by_parts, targets_at
from cs_workbench.workflows.ledger import Ledger, read_ledger
from cs_workbench.workflows.metric_groups import By, places_by
from cs_workbench.workflows.metric_policies import policy_at
from cs_workbench.workflows.scorecards import scorecard_at

LONG = 5_000  # accounts from which what is read first is shown alone
SPAN: Span = "quarter"
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
    """Everything at once, or what contracts tell of it.

    Attributes:
        began: by quarter, the accounts of its cohort: what they pay now, of what they paid first.
        health: of the whole book over time; None before the first refresh.
        parts: what else can be asked for.
    """

    wanted: Wanted
    period: Period
    policy: MetricPolicy
    sheet: KpiSheet
    cohorts: CohortTable
    curve: Survival
    began: Mapping[str, Members]
    health: HealthSummary | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self.sheet.is_whole


def read_portfolio_view(db: Database, wanted: Wanted) -> PortfolioView:
    """Read it as known today.

    Raises:
        WorkbenchError: a policy or targets file is wrong, or a rate is missing.
    """
    *_, whole = portfolio_by_parts(db, wanted)
    return whole


def portfolio_by_parts(db: Database, wanted: Wanted) -> Iterator[PortfolioView]:
    """As known today: of a large book first what contracts tell; then everything.

    Raises:
        WorkbenchError: a policy or targets file is wrong, or a rate is missing.
    """
    with no_garbage_search():
        policy = policy_at(wanted.policy_file)
        ledger = read_ledger(db, policy, as_of=wanted.today)
        period = wanted.period or last_full(wanted.today, wanted.kind, policy.fiscal_year_starts)
        places: Sequence[int] | None = None
        if wanted.part is not None:
            found = places_by(ledger, period, wanted.part.by)
            places = found.get(wanted.part.name, [])
        sheets = sheet_by_parts(ledger, period, targets_at(wanted.targets_file), places)
        sheet = next(sheets)
        cohorts = read_cohorts(ledger, span=SPAN, places=places)
        view = PortfolioView(
            *(wanted, period, policy, sheet, cohorts.table, cohorts.curve),
            began=cohort_members(ledger, SPAN, places),
        )
        if len(ledger.book.keys) > LONG:
            yield view
        parts = _parts(ledger, period)
        (whole,) = sheets
        yield replace(view, sheet=whole, parts=parts, health=_health(db, wanted))


def _parts(ledger: Ledger, period: Period) -> tuple[Part, ...]:
    """What of the book can be asked for."""
    return tuple(
        Part(by, name)
        for by in PARTS_BY
        for name in sorted(one for one in places_by(ledger, period, by) if one)
    )


@dataclass(frozen=True)
class ScoredDay:
    """Who was scored on a day: with points of 100, and of whom too little was known."""

    day: dt.date
    known: Members
    unknown: Sequence[int]


def scored_day(db: Database, day: dt.date) -> ScoredDay:
    """The accounts behind a month of the history of health."""
    with snapshot(db) as connection:
        found = scored_on(connection, day)
    known = {key: points for key, points in found if points is not None}
    return ScoredDay(
        day,
        Members(list(known), list(known.values()), [100] * len(known)).packed(),
        tuple(key for key, points in found if points is None),
    )


def _health(db: Database, wanted: Wanted) -> HealthSummary | None:
    card = scorecard_at(wanted.scorecard_file)
    query = AccountQuery(wanted.today, me=wanted.me)
    found = summarise_health(db, query, card, by="all", every="month")
    return None if found.as_of is None else found
