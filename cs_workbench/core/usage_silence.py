"""Who stopped altogether, told from days that were counted: zeros, no missing data.

An account that comes twice a month is not silent after a week, and nobody is over Christmas. So a
silence is held against how often the account used the product before, day by day against what its
peers did, and against its own longest break.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LEAST_SILENT: Final = 21  # days; an account of one person is away for two weeks
LEAST_KNOWN: Final = 56  # days before the silence
LEAST_USED: Final = 10  # of these, with use
LONGER: Final = 1.5  # than any break before
BUDGET: Final = 0.05  # silences by chance of an account and year
LIKELIEST: Final = 0.95  # nobody comes on every day for ever
YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Silence:
    """No use at all, for longer than chance, holidays and own breaks explain.

    Attributes:
        days: since the last use.
        usual: mean of a day before it.
        strength: how often the threshold is passed; 1 is just found.
    """

    days: int
    usual: float
    strength: float


def find_silence(days: Sequence[float | None], activity: Sequence[float | None]) -> Silence | None:
    """Look at an account's newest days.

    Days of use are taken as chance by themselves: one comes with the share of days on which the
    account used the product, times what its peers' share is of their usual one. Silences that long
    would then come to `BUDGET` an account and year at most.

    Args:
        days: half a year, oldest first; None is no data.
        activity: the share of peers that used the product on each of these days; None if unknown.
    """
    last = max((at for at, value in enumerate(days) if value), default=None)
    if last is None or days[-1] is None:
        return None
    before = [value for value in days[: last + 1] if value is not None]
    used = sum(value > 0 for value in before)
    silent = len(days) - 1 - last
    if len(before) < LEAST_KNOWN or used < LEAST_USED:
        return None
    if silent < max(LEAST_SILENT, LONGER * _longest_break(days[: last + 1])):
        return None
    share = used / len(before)
    surprise = -sum(
        math.log1p(-min(LIKELIEST, share * relative))
        for value, relative in zip(days[last + 1 :], _relative(activity, last), strict=True)
        if value is not None
    )
    strength = surprise / math.log(YEAR * share / BUDGET)
    return Silence(silent, sum(before) / len(before), strength) if strength >= 1 else None


def activity_of(accounts: Sequence[Sequence[float | None]]) -> tuple[float | None, ...]:
    """By day the share of accounts that had any use, of those whose day is known; None of none."""
    return tuple(
        sum(value > 0 for value in known) / len(known) if known else None
        for known in (
            [value for value in day if value is not None] for day in zip(*accounts, strict=True)
        )
    )


def _longest_break(days: Sequence[float | None]) -> int:
    """Days without use between two with use, at most."""
    used = [at for at, value in enumerate(days) if value]
    return max((after - one - 1 for one, after in pairwise(used)), default=0)


def _relative(activity: Sequence[float | None], last: int) -> list[float]:
    """What peers did on each day after the last use, against their usual before it."""
    known = [one for one in activity[: last + 1] if one is not None]
    usual = sum(known) / len(known) if known else 0.0
    return [1.0 if one is None or not usual else one / usual for one in activity[last + 1 :]]
