"""Situations for the tests of signals: a healthy account, and what a test changes of it."""

import datetime as dt
from dataclasses import replace
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.health import HealthScore
from cs_workbench.core.renewals import NextRenewal, Subscription
from cs_workbench.core.scorecards import FULL, POINT
from cs_workbench.core.signals.model import PastScore, Situation
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_detection import detect, table_of
from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS

D = dt.date
TODAY = D(2026, 11, 23)
PORTFOLIO = Portfolio(
    as_of=TODAY,
    kinds=frozenset({"usage", "tickets", "nps", "csat", "touchpoints"}),
    begins={"touchpoints": D(2025, 1, 1)},
    main_metric="active_users",
    usage_until=D(2026, 11, 22),
    seat_metric="active_users",
    labels={"active_users": "Active users"},
)
SUBSCRIPTION = Subscription(
    "s1", None, 50, 100, "USD", D(2026, 3, 1), D(2027, 2, 28), 12, 60, True, False, None
)
RENEWAL = NextRenewal(
    "s1", D(2027, 2, 28), D(2026, 12, 30), D(2026, 12, 30), "notice", D(2026, 11, 30), True
)
CALM = AccountFacts(
    account_key=1,
    currency="USD",
    segment="enterprise",
    lifecycle_stage="mature",
    started_on=D(2025, 1, 1),
    is_former=False,
    subscriptions=(SUBSCRIPTION,),
    seats=50,
    arr_minor=100,
    renewal=RENEWAL,
    is_committed=False,
    tickets=(),
    answers=(),
    last_two_way_on=D(2026, 11, 20),
    usage={},
    portfolio=PORTFOLIO,
)


def situation(facts: AccountFacts = CALM, **given: Any) -> Situation:
    """The facts with a green score."""
    return Situation(facts, given.pop("score", scored(80)), **given)


def account(**changed: Any) -> Situation:
    """A calm account but for what is named."""
    return situation(replace(CALM, **changed))


def scored(points: float, band: Band | None = None, coverage: float = 1) -> HealthScore:
    """A score of so many points."""
    natural: Band = "green" if points >= 70 else "yellow" if points >= 50 else "red"
    return HealthScore(
        round(points * POINT), band or natural, round(coverage * POINT), 0, FULL, (), ()
    )


def past(points: float, days_ago: int, band: Band | None = None) -> PastScore:
    """An earlier score."""
    score = scored(points, band)
    return PastScore(TODAY - dt.timedelta(days=days_ago), score.points_e4, score.band)


def used(*weeks: float | None, **fields: Any) -> Situation:
    """Half a year of daily means by week; the first is repeated for the weeks before.

    Looked at by the detectors as a refresh does, without peers.
    """
    padded = (weeks[0],) * (26 - len(weeks)) + weeks
    series = UsageSeries(
        "active_users",
        tuple(0.0 if week is None else week * 7 for week in padded),
        tuple(0 if week is None else 7 for week in padded),
        fields.pop("last_day", D(2026, 11, 22)),
        D(2026, 11, 22),
        peak=fields.pop("peak", None),
        peak_on=D(2026, 11, 20),
    )
    now = account(usage={"active_users": series}, **fields)
    (state,) = detect(table_of([series], D(2026, 11, 22)), [None], DEFAULT_THRESHOLDS)
    return replace(now, usage=state)
