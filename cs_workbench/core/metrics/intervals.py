"""How far a number from few accounts may be from the truth: 95 % intervals."""

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul

Z = 1.959963984540054  # 97.5 % quantile of the normal distribution


def wilson(share: float, n: float) -> tuple[float, float] | None:
    """Wilson's interval of a proportion of `n`, which need not be a whole number."""
    if n <= 0:
        return None
    centre = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    below = 1 + Z * Z / n
    return max(0.0, (centre - spread) / below), min(1.0, (centre + spread) / below)


def of_counts(part: int, whole: int) -> tuple[float, float] | None:
    """Wilson's interval of a share of accounts."""
    return wilson(part / whole, whole) if whole else None


def effective_size(weights: Sequence[int]) -> float:
    """Kish's size: how many equal accounts say as much as these of unequal weight."""
    total = sum(weights)
    squares = sum(map(mul, weights, weights))
    return float(Fraction(total * total, squares)) if squares else 0.0


def of_weights(share: float, weights: Sequence[int]) -> tuple[float, float] | None:
    """Interval of a share of money: Wilson's, over the effective number of accounts."""
    return wilson(share, effective_size(weights))


def of_ratio(tops: Sequence[int], bottoms: Sequence[int]) -> tuple[float, float] | None:
    """Interval of a quotient of sums that may pass 1 (linearised ratio estimator)."""
    n, below = len(bottoms), sum(bottoms)
    if n < 2 or not below:
        return None
    ratio = Fraction(sum(tops), below)
    squares = (
        sum(map(mul, tops, tops))
        - 2 * ratio * sum(map(mul, tops, bottoms))
        + ratio * ratio * sum(map(mul, bottoms, bottoms))
    )
    spread = Z * math.sqrt(squares * n / (n - 1)) / below
    return float(ratio) - spread, float(ratio) + spread


def of_mean(values: Sequence[float]) -> tuple[float, float] | None:
    """Interval of a mean; None for fewer than two."""
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    spread = Z * math.sqrt(variance / n)
    return mean - spread, mean + spread


def complement(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    """The interval of one minus the value."""
    return None if interval is None else (1 - interval[1], 1 - interval[0])
