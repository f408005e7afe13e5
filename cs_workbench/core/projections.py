"""Forecast arithmetic: buckets, cumulative totals, the weighted sum and how far it may be off.

Renewals are taken as independent of one another, which is said wherever it matters. Amounts are
minor units, probabilities 1/10,000; a weighted sum is kept in 1/10,000 of the smallest unit.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist
from typing import Final, NamedTuple

from cs_workbench.core.forecast_policy import FULL
from cs_workbench.core.forecasts import CATEGORIES, Category
from cs_workbench.core.money import NOT_KNOWN, short, short_told, sum_known
from cs_workbench.core.plurals import counted

LOW: Final = 0.1
HIGH: Final = 0.9
_EXACT = 4_096  # distinct sums up to which the distribution is exact; then a grid of as many cells
_NORMAL_FROM = 400  # chances above which the sum is as good as normal
NO_FORECAST: Final = "no forecast"


class Chance(NamedTuple):
    """One renewal as it is reckoned with.

    Attributes:
        due_minor, amount_minor: None where the price is not known; sums leave it out.
        category: None where nobody has forecast it.
        is_part: what is due is only a part of what ends: of the rest no price is known.
    """

    due_minor: int | None
    amount_minor: int | None
    probability_e4: int
    category: Category | None
    is_part: bool = False


@dataclass(frozen=True)
class Bucket:
    """Some renewals; an amount is None where there are only such of which it is not known."""

    renewals: int
    due_minor: int | None
    amount_minor: int | None


@dataclass(frozen=True)
class Range:
    """Low, mid and high; in rates 1/10,000, in sums the smallest unit."""

    low: int
    mid: int
    high: int


@dataclass(frozen=True)
class Projection:
    """A window of renewals in figures.

    Attributes:
        buckets: by category in order, those without a forecast last under `no forecast`.
        cumulative: by category in order, it and all better ones; amounts, without the last two.
        weighted_e4: the weighted sum in 1/10,000 of the smallest unit, and `sd_minor` its standard
            deviation.
        amount: 10 % quantile, weighted sum and 90 % quantile of what will be renewed.
        rate: the same of what is due, reckoned with at most what is due; None where nothing is.
        unpriced: of how many renewals it is not known, or only of a part, what is due, `uncounted`
            of how many not what they are expected to be renewed at, and `unrated` of how many one
            of both. Sums and the rate leave what is not known out, and are None where nothing
            else is there.
    """

    renewals: int
    due_minor: int | None
    buckets: dict[str, Bucket]
    cumulative: dict[Category, Bucket]
    weighted_e4: int | None
    sd_minor: int | None
    amount: Range | None
    rate: Range | None
    unpriced: int = 0
    uncounted: int = 0
    unrated: int = 0

    @property
    def weighted_minor(self) -> int | None:
        """The weighted sum, rounded once."""
        return None if self.weighted_e4 is None else rounded(self.weighted_e4)

    def told_due(self, currency: str) -> str:
        """`12 renewals, 95.6k USD due, 3 of them not fully priced`."""
        many = counted(self.renewals, "renewal")
        if self.due_minor is None:
            return f"{many} of unknown price"
        beside = f", {self.unpriced:,} of them not fully priced" if self.unpriced else ""
        return f"{many}, {short_told(self.due_minor, currency)} due{beside}"

    def told_weighted(self, currency: str) -> str:
        """`31.2k ± 5.88k without 1 of unknown amount`, or that nothing is known."""
        if self.weighted_e4 is None:
            return "not known"
        return f"{self.spread(currency)}{without(self.uncounted)}"

    def spread(self, currency: str) -> str:
        """`31.2k ± 5.88k`, or a dash."""
        if self.weighted_e4 is None:
            return NOT_KNOWN
        return f"{short(self.weighted_minor, currency)} ± {short(self.sd_minor, currency)}"


def without(many: int) -> str:
    """What stands behind a figure that leaves some out: ` without 3 of unknown amount`, or none."""
    return f" without {many:,} of unknown amount" if many else ""


def project(chances: Sequence[Chance]) -> Projection:
    """All figures of a window of renewals in one currency."""
    groups: dict[str, list[Chance]] = {name: [] for name in (*CATEGORIES, NO_FORECAST)}
    for one in chances:
        groups[one.category or NO_FORECAST].append(one)
    drawn = [(amount, rate) for _, amount, rate, *_ in chances if amount is not None]
    rated = [
        (due, min(amount, due), rate)
        for due, amount, rate, *_ in chances
        if due is not None and amount is not None
    ]
    is_told = bool(drawn) or not chances
    return Projection(
        renewals=len(chances),
        due_minor=sum_known(one.due_minor for one in chances),
        buckets={name: _bucket(mine) for name, mine in groups.items()},
        cumulative=_cumulative(groups),
        weighted_e4=sum(amount * rate for amount, rate in drawn) if is_told else None,
        sd_minor=deviation(drawn) if is_told else None,
        amount=spread_of(drawn) if is_told else None,
        rate=_rates([one[1:] for one in rated], sum(due for due, *_ in rated)),
        unpriced=sum(one.due_minor is None or one.is_part for one in chances),
        uncounted=len(chances) - len(drawn),
        unrated=len(chances) - len(rated),
    )


def deviation(drawn: Iterable[tuple[int, int]]) -> int:
    """The standard deviation of independent (amount, probability) pairs, rounded."""
    variance_e8 = sum(amount * amount * rate * (FULL - rate) for amount, rate in drawn)
    return (math.isqrt(4 * variance_e8 // (FULL * FULL)) + 1) // 2


def spread_of(drawn: Sequence[tuple[int, int]]) -> Range:
    """The 10 % quantile, the mean and the 90 % quantile of independent (amount, probability) pairs.

    Exact while there are at most 4,096 different sums (twelve renewals in any case); then within
    1/4,096 of the total for each step, and above 400 chances by the normal distribution.
    """
    weighted = rounded(sum(amount * rate for amount, rate in drawn))
    sure = sum(amount for amount, rate in drawn if rate >= FULL)
    chances = [(amount, rate) for amount, rate in drawn if 0 < rate < FULL and amount > 0]
    if not chances:
        return Range(sure, weighted, sure)
    if len(chances) > _NORMAL_FROM:
        return _normal(drawn, weighted)
    sums = _distribution(chances)
    return Range(sure + _quantile(sums, LOW), weighted, sure + _quantile(sums, HIGH))


def rounded(value_e4: int) -> int:
    """1/10,000 of the smallest unit to whole ones, halves away from zero."""
    whole, rest = divmod(abs(value_e4), FULL)
    up = whole + (rest * 2 >= FULL)
    return up if value_e4 >= 0 else -up


def _bucket(chances: Sequence[Chance]) -> Bucket:
    return Bucket(
        len(chances),
        sum_known(one.due_minor for one in chances),
        sum_known(one.amount_minor for one in chances),
    )


def _cumulative(groups: dict[str, list[Chance]]) -> dict[Category, Bucket]:
    """Each category with all better ones; omitted renewals are in no such total."""
    named: tuple[Category, ...] = CATEGORIES[:-1]
    sums = accumulate((groups[name] for name in named), lambda better, more: [*better, *more])
    return dict(zip(named, map(_bucket, sums), strict=True))


def _rates(kept: Sequence[tuple[int, int]], due: int) -> Range | None:
    if not due:
        return None
    spread = spread_of(kept)
    return Range(*(round(one * FULL / due) for one in (spread.low, spread.mid, spread.high)))


def _normal(drawn: Sequence[tuple[int, int]], weighted: int) -> Range:
    away = round(NormalDist().inv_cdf(HIGH) * deviation(drawn))
    return Range(max(0, weighted - away), weighted, weighted + away)


def _distribution(chances: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """Every sum with its probability, in order; on a grid once there are too many."""
    sums: dict[int, float] = {0: 1.0}
    for place, (amount, rate) in enumerate(chances):
        if len(sums) > _EXACT // 2:
            return _on_grid(sums, chances[place:])
        chance = rate / FULL
        grown: dict[int, float] = {}
        for total, mass in sums.items():
            grown[total] = grown.get(total, 0.0) + mass * (1 - chance)
            grown[total + amount] = grown.get(total + amount, 0.0) + mass * chance
        sums = grown
    return sorted(sums.items())


def _on_grid(sums: dict[int, float], chances: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """The rest of the chances on a grid; what falls between two cells is shared, so means hold."""
    top = max(sums) + sum(amount for amount, _ in chances)
    step = max(1, -(-top // _EXACT))
    cells = [0.0] * (top // step + 3)
    for total, mass in sums.items():
        _share(cells, total / step, mass)
    for amount, rate in chances:
        chance = rate / FULL
        whole, rest = divmod(amount, step)
        near, far = chance * (1 - rest / step), chance * rest / step
        moved = [0.0] * whole + cells
        further = [0.0] * (whole + 1) + cells
        cells = [
            stays * (1 - chance) + one * near + two * far
            for stays, one, two in zip(cells, moved, further, strict=False)
        ]
    return [(place * step, mass) for place, mass in enumerate(cells)]


def _share(cells: list[float], place: float, mass: float) -> None:
    low = int(place)
    part = place - low
    cells[low] += mass * (1 - part)
    cells[low + 1] += mass * part


def _quantile(sums: Sequence[tuple[int, float]], share: float) -> int:
    """The smallest sum that is reached or undercut with at least this probability."""
    reached = 0.0
    for total, mass in sums:
        reached += mass
        if reached >= share - 1e-12:
            return total
    return sums[-1][0]
