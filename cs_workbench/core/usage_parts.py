"""Usage by team: metrics called `active_users/Dispatch` are parts of `active_users`."""

from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.usage_metrics import DIVIDER, is_part, whole_of


@dataclass(frozen=True, slots=True)
class Part:
    """One team's share of a metric.

    Attributes:
        before, now: mean of a day in the twelve weeks before and in the last four; None if unknown.
        levels: its weeks, as those of the whole.
    """

    name: str
    before: float | None
    now: float | None
    levels: tuple[float | None, ...]

    @property
    def lost(self) -> float:
        """How much a day is gone; negative where it grew."""
        return (self.before or 0.0) - (self.now or 0.0)


def wholes(histories: Sequence[UsageHistory]) -> tuple[UsageHistory, ...]:
    """The metrics that are no parts."""
    return tuple(one for one in histories if not is_part(one.metric))


def parts_of(metric: str, histories: Sequence[UsageHistory]) -> tuple[Part, ...]:
    """The teams of a metric, who lost most first."""
    found = [
        Part(one.metric.partition(DIVIDER)[2], one.base, one.recent, one.levels)
        for one in histories
        if is_part(one.metric) and whole_of(one.metric) == metric
    ]
    return tuple(sorted(found, key=lambda part: (-part.lost, part.name)))
