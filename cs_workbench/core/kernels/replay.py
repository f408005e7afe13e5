"""The detectors over every night of a history, and how many alarms that makes.

Arrays are (accounts, looks), the oldest look first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.core.kernels.columns import Bools, Floats
from cs_workbench.core.kernels.detection import (
    WEEKS,
    Limits,
    falls,
    measure,
    peer_calendar,
    rises,
    weekly,
)

FIRST = 7 * WEEKS - 1  # the first day that can be looked at


@dataclass(frozen=True, eq=False, slots=True)
class Nights:
    """What every look says.

    Attributes:
        falls, rises: how often the thresholds are passed.
        back, calm: whether a drop, or a growth, is over.
        tested: whether the account could be looked at.
    """

    falls: Floats
    rises: Floats
    back: Bools
    calm: Bools
    tested: Bools


def day_rows(rows: Sequence[Sequence[float | None]]) -> Floats:
    """Days of accounts as an array; None is not a number."""
    return np.array(rows, dtype=np.float64)


def replay(
    days: Floats, groups: Sequence[Sequence[int]], rules: Limits, *, edge: float, every: int = 1
) -> Nights:
    """Look at all accounts on every day from the end of the first half year on.

    Args:
        days: (accounts, days) values, not a number without data.
        groups: the rows of the accounts that are peers; without any, no calendar is taken out.
        rules: the thresholds that count as 1.
        edge: logarithm from which four weeks are back at the usual.
        every: days between two looks.
    """
    looks = []
    for end in range(FIRST, days.shape[1], every):
        weeks = weekly(days, end)
        common = np.zeros_like(weeks)
        for rows in groups:
            common[rows] = peer_calendar(weeks[rows])
        found = measure(weeks, common)
        looks.append(
            (
                falls(found, rules),
                rises(found, rules),
                found.gap > edge,
                found.rise < -edge,
                ~np.isnan(found.drift),
            )
        )
    return Nights(*(np.stack(column, axis=1) for column in zip(*looks, strict=True)))


def count_openings(strength: Floats, is_over: Bools, scale: float = 1.0) -> int:
    """How many alarms open: at `scale` times the thresholds, each lasting until it is over."""
    stands = np.zeros(len(strength), dtype=np.bool_)
    opened = 0
    for look in range(strength.shape[1]):
        found = strength[:, look] >= scale
        opened += int(np.sum(found & ~stands))
        stands = found | (stands & ~is_over[:, look])
    return opened


def count_false(strength: Floats, is_over: Bools, scale: float, *, within: int) -> int:
    """How many alarms open that are over by themselves within so many looks.

    Those of the last `within` looks are left out: nobody knows yet.
    """
    looks = strength.shape[1]
    stands = np.zeros(len(strength), dtype=np.bool_)
    since = np.zeros(len(strength), dtype=np.int64)
    false = 0
    for look in range(looks):
        found = strength[:, look] >= scale
        since = np.where(found & ~stands, look, since)
        ended = stands & ~found & is_over[:, look]
        counted = ended & (look - since <= within) & (since < looks - within)
        false += int(np.sum(counted))
        stands = found | (stands & ~is_over[:, look])
    return false
