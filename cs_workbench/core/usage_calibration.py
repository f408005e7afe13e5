"""How far is too far for this portfolio: thresholds that keep a budget of false alarms.

A false alarm is one whose cause was gone within twelve weeks by itself. A drop that stayed was
worth its alarm, whatever became of the account.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.kernels.replay import Nights, count_false, count_openings, day_rows, replay
from cs_workbench.core.usage_detection import LEAST_PEERS, limits
from cs_workbench.core.usage_findings import BACK, DEFAULT_THRESHOLDS, Thresholds

WITHIN: Final = 84  # days in which a false alarm is over
ENOUGH: Final = 20.0  # account-years: below it the count of false alarms is chance
LOWEST: Final = 0.6  # of the thresholds of the program
HIGHEST: Final = 4.0
STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Fit:
    """Thresholds fitted on a history.

    Attributes:
        scale: how many times those of the program they are.
        account_years: how much history could be looked at with twelve weeks after it; where it is
            not `is_enough` to fit on, the thresholds are the program's.
        false_a_year: false alarms an account and year with these thresholds; `false_before` with
            those of the program.
        alarms: that these thresholds would have raised in all, growth left out, in `weeks` weeks.
        accounts: whose history it was.
    """

    scale: float
    account_years: float
    false_a_year: float
    false_before: float
    alarms: int
    weeks: float
    accounts: int

    @property
    def is_enough(self) -> bool:
        """Whether there was enough history to fit on."""
        return self.account_years >= ENOUGH

    @property
    def thresholds(self) -> Thresholds:
        """As the detectors read them."""
        return DEFAULT_THRESHOLDS.times(self.scale)


def fit(rows: Sequence[Sequence[float | None]], groups: Sequence[int], budget: float) -> Fit | None:
    """Find the lowest thresholds that keep the budget; None where the history is under half a year.

    Args:
        rows: days of accounts, all from the same first to the same last day.
        groups: of each account the number of its group of peers.
        budget: false alarms an account and year.
    """
    if not rows or len(rows[0]) < 7 * 26:
        return None
    members = [
        [at for at, one in enumerate(groups) if one == group] for group in sorted(set(groups))
    ]
    nights = replay(
        day_rows(rows),
        [one for one in members if len(one) >= LEAST_PEERS],
        limits(DEFAULT_THRESHOLDS),
        edge=math.log(1 - BACK),
    )
    looks = nights.falls.shape[1]
    years = float(nights.tested[:, : max(0, looks - WITHIN)].sum() / 365)
    scale = _scale(nights, years, budget) if years >= ENOUGH else 1.0
    return Fit(
        scale=scale,
        account_years=years,
        false_a_year=_false(nights, years, scale),
        false_before=_false(nights, years, 1.0),
        alarms=count_openings(nights.falls, nights.back, scale),
        weeks=looks / 7,
        accounts=len(rows),
    )


def _scale(nights: Nights, years: float, budget: float) -> float:
    """The first of a ladder of scales from which on the budget is kept."""
    ladder = [LOWEST * math.pow(HIGHEST / LOWEST, step / STEPS) for step in range(STEPS + 1)]
    kept: float = ladder[-1]
    for scale in reversed(ladder):
        if _false(nights, years, scale) > budget:
            break
        kept = scale
    return round(kept, 3)


def _false(nights: Nights, years: float, scale: float) -> float:
    if years == 0:
        return 0.0
    return count_false(nights.falls, nights.back, scale, within=WITHIN) / years
