"""Measures of more than one usage metric, of any one, and of the way into the product."""

from cs_workbench.core import usage
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.measure_words import number, percent, signed_percent
from cs_workbench.core.measures import (
    MISSING,
    NOT_APPLICABLE,
    Measure,
    Outcome,
    Parameters,
    measured_at,
    metric_label,
    seats_used,
    series_of,
)
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.scorecards import started_on
from cs_workbench.core.usage import UsageSeries


def breadth(facts: AccountFacts, given: Parameters) -> Outcome:
    """How many of the metrics that the account uses at all it used in the last four weeks."""
    ever, lately = _used(facts, given)
    if not ever:
        return MISSING
    newest = max(one.last_day for one in ever)
    return measured_at(len(lately) / len(ever), facts, newest)


def depth(facts: AccountFacts, given: Parameters) -> Outcome:
    """What one user does: `metric` over `per`, last four weeks / those of the twelve before - 1."""
    upper, lower = _pair(facts, given)
    if upper is None or lower is None or not _is_recent(upper, given):
        return MISSING
    recent = _quotient(usage.recent_mean(upper), usage.recent_mean(lower))
    base = _quotient(usage.base_median(upper), usage.base_median(lower))
    if recent is None or not base:
        return MISSING
    return measured_at(recent / base - 1, facts, min(upper.last_day, lower.last_day))


def stickiness(facts: AccountFacts, given: Parameters) -> Outcome:
    """Mean daily actives of four weeks / monthly actives of the last week."""
    daily = facts.usage.get(str(given["daily"]))
    monthly = facts.usage.get(str(given["monthly"]))
    if daily is None or monthly is None or not _is_recent(daily, given):
        return MISSING
    share = _quotient(usage.recent_mean(daily), usage.recent_mean(monthly, 1))
    if share is None:
        return MISSING
    return measured_at(share, facts, min(daily.last_day, monthly.last_day))


def usage_metric(facts: AccountFacts, given: Parameters) -> Outcome:
    """Any metric: its mean a day over the last weeks."""
    series = series_of(facts, given)
    if series is None or not _is_recent(series, given):
        return MISSING
    mean = usage.recent_mean(series, int(given["weeks"]))
    return MISSING if mean is None else measured_at(mean, facts, series.last_day)


def usage_ratio(facts: AccountFacts, given: Parameters) -> Outcome:
    """A ratio of two metrics: `metric` over `per`, each its mean a day over the last weeks."""
    upper, lower = _pair(facts, given)
    if upper is None or lower is None or not _is_recent(upper, given):
        return MISSING
    weeks = int(given["weeks"])
    ratio = _quotient(usage.recent_mean(upper, weeks), usage.recent_mean(lower, weeks))
    if ratio is None:
        return MISSING
    return measured_at(ratio, facts, min(upper.last_day, lower.last_day))


def onboarding_progress(facts: AccountFacts, given: Parameters) -> Outcome:
    """Share of the wanted seats that are used / share of the days for it that have passed.

    It is asked while the account is in onboarding; 1 is on time.
    """
    begun = started_on(facts) if facts.lifecycle_stage == "onboarding" else None
    if begun is None:
        return NOT_APPLICABLE
    used = seats_used(facts, given)
    seats = None if used is None else seats_on(facts.subscriptions, used[1])
    if used is None or not seats:
        return MISSING
    wanted = seats * int(given["percent"]) / 100
    passed = min(1.0, max(1, (facts.portfolio.as_of - begun).days) / int(given["days"]))
    return measured_at(used[0] / wanted / passed, facts, used[1])


def _used(facts: AccountFacts, given: Parameters) -> tuple[list[UsageSeries], list[UsageSeries]]:
    """The metrics used in half a year, and those of them used in the last four weeks."""
    names = {name.strip() for name in str(given["metrics"]).split(",") if name.strip()}
    ever = [
        one
        for name, one in sorted(facts.usage.items())
        if (not names or name in names) and sum(one.totals) > 0
    ]
    return ever, [one for one in ever if sum(one.totals[-usage.RECENT :]) > 0]


def _pair(facts: AccountFacts, given: Parameters) -> tuple[UsageSeries | None, UsageSeries | None]:
    return facts.usage.get(str(given["metric"])), facts.usage.get(str(given["per"]))


def _is_recent(series: UsageSeries, given: Parameters) -> bool:
    return sum(series.days[-usage.RECENT :]) >= int(given["min_recent_days"])


def _quotient(upper: float | None, lower: float | None) -> float | None:
    return upper / lower if upper is not None and lower else None


def _tell_breadth(facts: AccountFacts, given: Parameters, value: float) -> str:
    del value
    ever, lately = _used(facts, given)
    return f"{len(lately)} of {len(ever)} features in use in the last four weeks"


def _tell_depth(facts: AccountFacts, given: Parameters, value: float) -> str:
    label = metric_label(facts, given)
    per = metric_label(facts, {"metric": given["per"]})
    if abs(value) < 0.05:
        return f"{label} per {per} steady ({signed_percent(value)})"
    verb = "fell" if value < 0 else "rose"
    return f"{label} per {per} {verb} by {percent(abs(value))} in four weeks"


def _tell_stickiness(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return f"{percent(value)} of the month's users come on a day"


def _tell_metric(facts: AccountFacts, given: Parameters, value: float) -> str:
    return f"{number(value)} {metric_label(facts, given)} a day"


def _tell_ratio(facts: AccountFacts, given: Parameters, value: float) -> str:
    per = metric_label(facts, {"metric": given["per"]})
    return f"{number(value)} {metric_label(facts, given)} per {per}"


def _tell_onboarding(facts: AccountFacts, given: Parameters, value: float) -> str:
    used = seats_used(facts, given)
    begun = started_on(facts)
    if used is None or begun is None:
        return f"onboarding at {percent(value)} of the plan"
    days = (facts.portfolio.as_of - begun).days
    return (
        f"{used[0]:.0f} seats used after {days} days, {percent(value)} of what was planned by now"
    )


_RECENT: Parameters = {"min_recent_days": 2}
_ANY: Parameters = {"metric": "", "weeks": 4, **_RECENT}
_PER: Parameters = {"metric": "events", "per": "active_users"}
_ACTIVE: Parameters = {"daily": "active_users", "monthly": "active_users_28d"}
_PLAN: Parameters = {"metric": "", "days": 90, "percent": 80}
USAGE_MEASURES = {
    "breadth": Measure(breadth, {"metrics": ""}, percent, _tell_breadth, "usage"),
    "depth": Measure(depth, {**_PER, **_RECENT}, signed_percent, _tell_depth, "usage"),
    "stickiness": Measure(stickiness, {**_ACTIVE, **_RECENT}, percent, _tell_stickiness, "usage"),
    "usage metric": Measure(usage_metric, _ANY, number, _tell_metric, "usage"),
    "usage ratio": Measure(usage_ratio, {**_ANY, "per": ""}, number, _tell_ratio, "usage"),
    "onboarding progress": Measure(onboarding_progress, _PLAN, percent, _tell_onboarding, "usage"),
}


def metrics_read(given: Parameters) -> set[str]:
    """The metrics that a measure names in its parameters; `*` where it reads all there are."""
    if given.get("metrics") == "":
        return {"*"}
    listed = {name.strip() for name in str(given.get("metrics", "")).split(",")}
    named = {str(given.get(name) or "") for name in ("metric", "per", "daily", "monthly")}
    return (listed | named) - {""}
