"""Contracted seats of each day against the people who used them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.renewals import Subscription, seats_on
from cs_workbench.core.usage_findings import amount

ROLLING: Final = "active_users_28d"
PEAK_WEEKS: Final = 4
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class SeatWeek:
    """One week: the seats contracted on its last day, and how many were used.

    Attributes:
        used: None without data; `contracted` None where no subscription counts seats.
    """

    ends_on: dt.date
    contracted: int | None
    used: float | None

    @property
    def utilisation(self) -> float | None:
        """Used of contracted, above 1 for an overage; None where either is unknown, or no seat."""
        if self.used is None or not self.contracted:
            return None
        return self.used / self.contracted

    @property
    def over(self) -> int:
        """Users beyond the seats; 0 where they fit, or nobody can tell."""
        if self.used is None or not self.contracted:
            return 0
        return max(0, round(self.used) - self.contracted)


@dataclass(frozen=True, slots=True)
class SeatHistory:
    """Seats over weeks, oldest first.

    Attributes:
        is_peak: of daily users the highest day of four weeks stands for users of 28 days.
    """

    metric: str
    is_peak: bool
    weeks: tuple[SeatWeek, ...]

    @property
    def newest(self) -> SeatWeek | None:
        """The newest week of which utilisation is known."""
        return next((one for one in reversed(self.weeks) if one.utilisation is not None), None)

    def told(self) -> str | None:
        """The newest week in words; None where nothing is known."""
        week = self.newest
        if week is None or week.used is None or week.utilisation is None:
            return None
        over = f", {week.over} over" if week.over else ""
        how = "peak daily users" if self.is_peak else "users in 28 days"
        return (
            f"seats: {amount(week.used)} of {week.contracted} used ({week.utilisation:.0%}{over}), "
            f"{how}"
        )


def seat_history(
    history: UsageHistory, subscriptions: Sequence[Subscription], weeks: int
) -> SeatHistory:
    """Seats of the last weeks of a history.

    Users of 28 days count as the newest day of the week knows them; of daily users the highest day
    of the four weeks that end then. The seats are those of the week's last day, so that a contract
    that grew does not change what was used before.
    """
    is_peak = history.metric != ROLLING
    found = []
    for week in range(max(0, len(history.ends) - weeks), len(history.ends)):
        span = PEAK_WEEKS if is_peak else 1
        days = history.daily[WEEK * max(0, week - span + 1) : WEEK * (week + 1)]
        known = [one for one in days if one is not None]
        used = None if not known else max(known) if is_peak else known[-1]
        end = history.ends[week]
        found.append(SeatWeek(end, seats_on(subscriptions, end), used))
    return SeatHistory(history.metric, is_peak, tuple(found))


def seat_document(seats: SeatHistory) -> dict[str, Any]:
    """The history under its stable keys."""
    newest = seats.newest
    return {
        "metric": seats.metric,
        "is_peak": seats.is_peak,
        "now": None if newest is None else _week(newest),
        "weeks": [_week(one) for one in seats.weeks],
    }


def _week(week: SeatWeek) -> dict[str, Any]:
    share = week.utilisation
    return {
        "ends_on": week.ends_on,
        "contracted": week.contracted,
        "used": week.used,
        "utilisation": None if share is None else round(share, 4),
        "over": week.over,
    }
