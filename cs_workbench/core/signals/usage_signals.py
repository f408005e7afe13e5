"""Signals that usage gives: what the detectors find, and how seats and users compare.

The detectors (`core.usage_detection`) hold an account against its own past with the calendar of its
peers taken out; here their findings become words.
"""

import datetime as dt
from collections.abc import Iterator

from cs_workbench.core import usage
from cs_workbench.core.depletion import REMIND_DAYS, Supply
from cs_workbench.core.measures import seats_used
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.seats import ROLLING
from cs_workbench.core.signals.model import Severity, Signal, Situation, days, short_date
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_findings import BACK, UsageFinding

WEEK = 7
OVERFULL = 1.2  # from here on an overage is worth more than a word
FULL_SLACK = 0.05
NEWS = 35  # days
REMIND_SLACK = 7
GRAVE = -0.75  # a fall by so much is of high weight
BACK_TOLD = f"four weeks are back at {1 - BACK:.0%} of the usual"


def find_shock(now: Situation) -> Iterator[Signal]:
    """Usage fell within two weeks or so, further than chance and the peers explain.

    While a drift is told already, only a new fall is news.
    """
    found = _drop(now)
    if found is None or not found.is_sudden:
        return
    is_known = "usage drift" in now.standing and "usage shock" not in now.standing
    if is_known and (now.as_of - found.onset).days > NEWS:
        return
    yield _told(now, "usage shock", found)


def find_drift(now: Situation) -> Iterator[Signal]:
    """Usage fades over many weeks; one that began with a shock is told by the shock."""
    found = _drop(now)
    if found is not None and not found.is_sudden and "usage shock" not in now.standing:
        yield _told(now, "usage drift", found)


def still_down(now: Situation, reason: str) -> bool:
    """A shock or a drift lasts until usage is back; without data nobody can tell."""
    series = _fresh(now)
    if series is None or series.metric != reason:
        return series is None
    return now.usage is None or not now.usage.is_back


def find_growth(now: Situation) -> Iterator[Signal]:
    """Usage grew further than chance and the peers explain; nearly full seats say it better."""
    found = None if now.usage is None or _fresh(now) is None else now.usage.up
    if found is None or any(find_overage(now)) or any(find_expansion(now)):
        return
    yield Signal(
        "usage growth",
        found.metric,
        "low",
        found.told(_label(now, found.metric)),
        "four weeks are no longer above the usual",
        is_opportunity=True,
    )


def still_higher(now: Situation, reason: str) -> bool:
    """It lasts while four weeks are above the twelve before; without data nobody can tell."""
    series = _fresh(now)
    if series is None or series.metric != reason:
        return series is None
    return now.usage is None or not now.usage.is_calm


def find_usage_silence(now: Situation) -> Iterator[Signal]:
    """An account stopped using the product, or sent data on most days and sends none any more.

    Where zeros are counted it is no use; where days are missing nobody can tell which of the two.
    """
    stopped = None if now.usage is None or _fresh(now) is None else now.usage.silence
    if stopped is not None:
        told = stopped.told(_label(now, stopped.metric))
        yield Signal("usage silence", stopped.metric, "medium", told, "they use it again")
        return
    silent = None if now.usage is None else now.usage.silent_days
    series = now.facts.usage.get(now.facts.portfolio.main_metric or "")
    if silent is None or series is None:
        return
    label = _label(now, series.metric)
    yield Signal(
        "usage silence",
        series.metric,
        "medium",
        f"no data of {label} since {short_date(series.last_day)} ({days(silent)}), while other "
        "accounts send theirs: a broken feed or no use, the data cannot say which",
        "data comes again",
    )


def find_running_out(now: Situation) -> Iterator[Signal]:
    """Credits or an allowance end within twenty days, or have ended; one signal a metric."""
    for supply in now.supplies:
        left = supply.days_left(now.as_of)
        if _is_old(now, supply) or (not supply.is_out and (left is None or left > REMIND_DAYS)):
            continue
        is_near = supply.is_out or (left is not None and left <= WEEK)
        yield Signal(
            "running out",
            supply.metric,
            "high" if is_near else "medium",
            supply.told(now.as_of),
            "it is refilled, or burnt more slowly",
        )


def still_running_out(now: Situation, reason: str) -> bool:
    """It lasts until what is left is enough for some days more than that; unknown is not over."""
    supply = next((one for one in now.supplies if one.metric == reason), None)
    if supply is None or _is_old(now, supply):
        return True
    left = supply.days_left(now.as_of)
    return supply.is_out or (left is not None and left <= REMIND_DAYS + REMIND_SLACK)


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
        _seats_told(used, seats) + _over_since(now),
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


def _is_old(now: Situation, supply: Supply) -> bool:
    return (now.as_of - supply.as_of).days > now.policy.stale_days


def _drop(now: Situation) -> UsageFinding | None:
    return None if now.usage is None or _fresh(now) is None else now.usage.down


def _told(now: Situation, kind: str, found: UsageFinding) -> Signal:
    severity: Severity = "high" if found.change <= GRAVE else "medium"
    told = found.told(_label(now, found.metric))
    return Signal(kind, found.metric, severity, told, BACK_TOLD)


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


def _over_since(now: Situation) -> str:
    """Since which week more people than seats used it; nothing where only daily users are known.

    The seats are those of each week's own day.
    """
    series = now.facts.usage.get(ROLLING)
    if series is None or now.facts.portfolio.seat_metric != ROLLING:
        return ""
    last = now.facts.portfolio.usage_until or series.last_day
    onset = None
    for back, level in enumerate(reversed(series.levels)):
        end = last - dt.timedelta(WEEK * back)
        seats = seats_on(now.facts.subscriptions, end)
        if level is None or not seats or level <= seats:
            break
        onset = end - dt.timedelta(WEEK - 1)
    return "" if onset is None else f", since the week of {short_date(onset)}"


def _label(now: Situation, metric: str) -> str:
    label = now.facts.portfolio.labels.get(metric, metric)
    return label.replace("_", " ").lower()
