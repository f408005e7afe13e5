"""Signals that usage gives, against the account's own past.

Simple rules with a minimum base count; they know no calendar, so that a holiday of one account's
country looks like a shock. Calibrated detectors are to replace them.
"""

from collections.abc import Iterator

from cs_workbench.core import usage
from cs_workbench.core.measures import seats_used
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.signals.model import Severity, Signal, Situation, short_date
from cs_workbench.core.usage import UsageSeries

WEEK = 7
OVERFULL = 1.2  # from here on an overage is worth more than a word
FULL_SLACK = 0.05


def find_shock(now: Situation) -> Iterator[Signal]:
    """The last week is far below the usual one, and below every one of the twelve before it."""
    series = _fresh(now)
    last = None if series is None else usage.recent_mean(series, 1)
    if (
        series is None
        or last is None
        or any(
            level is not None and level <= last
            for level in series.levels[-2 : -usage.BASE - 2 : -1]
        )
    ):
        return
    base = _base(now, series, recent=1)
    if base is None or last > now.policy.shock_share * base:
        return
    severity: Severity = "high" if last <= now.policy.shock_share * base / 2 else "medium"
    yield Signal(
        "usage shock",
        series.metric,
        severity,
        f"{_label(now, series)} {_fall(base, last)} in the week to {short_date(series.last_day)}, "
        "against the median of twelve weeks",
        f"a week is back at {now.policy.shock_over:.0%} of the usual",
    )


def still_shocked(now: Situation, reason: str) -> bool:
    """It lasts until a week comes near the usual; without data nobody can tell."""
    series = _fresh(now)
    if series is None or series.metric != reason:
        return series is None
    last, base = usage.recent_mean(series, 1), _base(now, series, recent=1)
    return last is None or (base is not None and last < now.policy.shock_over * base)


def find_drift(now: Situation) -> Iterator[Signal]:
    """Each of the last four weeks is below the usual, and together far below; not a shock."""
    series = _fresh(now)
    if series is None:
        return
    weeks = [level for level in series.levels[-usage.RECENT :] if level is not None]
    if len(weeks) < usage.RECENT or _is_usual(series, max(weeks), now.policy.drift_over):
        return
    base, recent = _base(now, series, recent=usage.RECENT), usage.recent_mean(series)
    if base is None or recent is None or max(weeks) >= now.policy.drift_over * base:
        return
    if recent > now.policy.drift_share * base or any(find_shock(now)):
        return
    yield Signal(
        "usage drift",
        series.metric,
        "medium",
        f"{_label(now, series)} {_fall(base, recent)} over the four weeks to "
        f"{short_date(series.last_day)}, against the median of the twelve before",
        f"four weeks are back at {now.policy.drift_over:.0%} of the usual",
    )


def still_drifting(now: Situation, reason: str) -> bool:
    """It lasts until four weeks together come near the usual; without data nobody can tell."""
    series = _fresh(now)
    if series is None or series.metric != reason:
        return series is None
    recent, base = usage.recent_mean(series), _base(now, series, recent=usage.RECENT)
    return recent is None or (base is not None and recent < now.policy.drift_over * base)


def find_overage(now: Situation) -> Iterator[Signal]:
    """More users than seats."""
    share = _seat_share(now)
    if share is None or share[0] <= now.policy.overage * share[1]:
        return
    used, seats = share
    yield Signal(
        "overage",
        "seats",
        "medium" if used > OVERFULL * now.policy.overage * seats else "low",
        _seats_told(used, seats),
        "seats are added, or fewer people use it",
        is_opportunity=True,
    )


def still_over(now: Situation, reason: str) -> bool:
    """It lasts until the users fit well into the seats; without data nobody can tell."""
    del reason
    share = _seat_share(now)
    return share is None or share[0] > now.policy.overage_over * share[1]


def find_expansion(now: Situation) -> Iterator[Signal]:
    """Nearly all seats are used, and usage grows; an overage says it already."""
    share = _seat_share(now)
    if share is None or share[0] < now.policy.expansion * share[1] or any(find_overage(now)):
        return
    used, seats = share
    if not _is_growing(now, now.policy.expansion_growth):
        return
    yield Signal(
        "expansion",
        "seats",
        "low",
        f"{_seats_told(used, seats)}, and usage grew by more than "
        f"{now.policy.expansion_growth:.0%} in four weeks",
        "seats are added, or growth ends",
        is_opportunity=True,
    )


def still_growing(now: Situation, reason: str) -> bool:
    """It lasts while usage grows at all and the seats stay nearly full; unknown is not over."""
    del reason
    share = _seat_share(now)
    if share is None or _fresh(now) is None:
        return True
    full = share[0] >= (now.policy.expansion - FULL_SLACK) * share[1]
    return full and not any(find_overage(now)) and _is_growing(now, 0)


def _fresh(now: Situation) -> UsageSeries | None:
    facts = now.facts
    series = facts.usage.get(facts.portfolio.main_metric or "")
    if series is None or (now.as_of - series.last_day).days > now.policy.stale_days:
        return None
    return series


def _base(now: Situation, series: UsageSeries | None, *, recent: int) -> float | None:
    """The median week of the twelve before, as a mean day; None where too little is known."""
    if series is None or series.days[-1] < now.policy.recent_days:
        return None
    known = sum(1 for count in series.days[-usage.BASE - recent : -recent] if count)
    base = usage.base_median(series, recent=recent)
    if known < now.policy.base_weeks or base is None or base * WEEK < now.policy.base_count:
        return None
    return base


def _is_usual(series: UsageSeries, level: float, share: float) -> bool:
    """Whether it is no less than this share of every week before, and so of their median."""
    before = series.levels[-usage.BASE - usage.RECENT : -usage.RECENT]
    return level >= share * max((one for one in before if one is not None), default=0)


def _is_growing(now: Situation, growth: float) -> bool:
    series = _fresh(now)
    base = _base(now, series, recent=usage.RECENT)
    recent = None if series is None else usage.recent_mean(series)
    return base is not None and recent is not None and recent > (1 + growth) * base


def _seat_share(now: Situation) -> tuple[float, int] | None:
    used = seats_used(now.facts, {})
    if used is None or (now.as_of - used[1]).days > now.policy.stale_days + 28:
        return None
    seats = seats_on(now.facts.subscriptions, used[1])
    return (used[0], seats) if seats else None


def _seats_told(used: float, seats: int) -> str:
    return f"{used:.0f} users on {seats} seats ({used / seats:.0%})"


def _label(now: Situation, series: UsageSeries) -> str:
    label = now.facts.portfolio.labels.get(series.metric, series.metric)
    return label.replace("_", " ").lower()


def _fall(base: float, last: float) -> str:
    return f"fell from {_number(base)} to {_number(last)} a day (−{1 - last / base:.0%})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
