"""What stays the same over a run of scoring: the day, the scorecard, what is compared with."""

import datetime as dt
import time
from array import array
from dataclasses import dataclass, replace

from cs_workbench.core.facts import Portfolio
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store import health as store
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import account_keys, read_portfolio
from cs_workbench.store.known import Known, read_known
from cs_workbench.store.metric_contracts import contract_findings, scorecard_findings
from cs_workbench.store.usage_facts import Usage
from cs_workbench.workflows.loyalty import bad_experiences
from cs_workbench.workflows.supplying import prepare_supplies
from cs_workbench.workflows.watching import Watch, watch_rulers

TREND_DAYS = 28
TREND_SLACK = dt.timedelta(days=7)


@dataclass(frozen=True)
class ScoringPlan:
    """What stays the same over a run.

    Attributes:
        keys: of all accounts, ascending.
        previous: the day of the last refresh before it; `trend_from` of the one four weeks before.
        is_newest: whether the list and the signals are brought up to date.
        actor: who asks; `begun` when, for the report.
        cards: earlier scorecards by hash, as they are needed.
        watch: of the signals, on the newest day.
        warnings: told with the report.
    """

    scorecard: Scorecard
    known: Known
    portfolio: Portfolio
    usage: Usage
    keys: "array[int]"
    previous: dt.date | None
    trend_from: dt.date | None
    is_newest: bool
    actor: str
    begun: float
    cards: dict[str, Scorecard | None]
    watch: Watch | None = None
    warnings: tuple[str, ...] = ()


def make_plan(
    db: Database,
    as_of: dt.date,
    actor: str,
    scorecard: Scorecard,
    *,
    renewals: RenewalPolicy | None = None,
) -> ScoringPlan:
    """Look up what holds for all accounts on the day; `renewals` in place of the days kept."""
    begun = time.perf_counter()
    with snapshot(db) as connection:
        known = read_known(connection, as_of)
        portfolio, usage = read_portfolio(connection, known, scorecard)
        if renewals is not None:
            portfolio = replace(portfolio, renewals=renewals)
        target = as_of - dt.timedelta(days=TREND_DAYS)
        near = store.scored_days(connection, target - TREND_SLACK, target + TREND_SLACK)
        before = store.scored_days(connection, dt.date.min, as_of - dt.timedelta(days=1))
        shown = store.summary_day(connection)
        return ScoringPlan(
            scorecard=scorecard,
            known=known,
            portfolio=portfolio,
            usage=usage,
            keys=account_keys(connection),
            previous=before[-1] if before else None,
            trend_from=min(near, key=lambda day: (abs((day - target).days), -day.toordinal()))
            if near
            else None,
            is_newest=shown is None or shown <= as_of,
            actor=actor,
            begun=begun,
            cards={one.digest: one for one in (scorecard, *scorecard.variants.values())},
        )


def with_watch(db: Database, plan: ScoringPlan) -> ScoringPlan:
    """Signals are about today: a day of the past, scored later, leaves them alone."""
    from cs_workbench.workflows.detecting import prepare_detector  # works on columns

    days = (plan.previous, plan.trend_from)
    watch = watch_rulers(db, plan.scorecard, plan.portfolio, days)
    with snapshot(db) as connection:
        broken = [
            *contract_findings(connection, plan.portfolio.as_of),
            *scorecard_findings(connection, plan.scorecard),
        ]
        main = plan.usage.main
        detector = None if main is None else prepare_detector(connection, plan.known, main)
        supplies = prepare_supplies(connection, plan.known)
    bad = bad_experiences(db, plan.portfolio.as_of)
    told = (*watch.warnings, *(one.told() for one in broken))
    watch = replace(watch, detector=detector, supplies=supplies, bad=bad)
    return replace(plan, watch=watch, warnings=told)
