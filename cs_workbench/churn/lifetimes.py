"""How long customers stay: the shifted beta-geometric model, with left-truncated observation.

Each account has a probability of not renewing of its own, drawn from a beta distribution; weak
accounts leave first, so that retention rises with age (Fader & Hardie 2007). P(T = 1) is
a / (a + b), P(T = t) = P(T = t - 1) (b + t - 2) / (a + b + t - 1).
"""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.history import Floats, Ints

GRID, ZOOMS, SHRINK = 17, 9, 0.38
FIRST_WIDTH = 4.0
WEAK = 0.02  # precision of a and b around 1 on the scale of logarithms: keeps flat cases finite


@dataclass(frozen=True)
class Lifetimes:
    """What was seen of each customer, in whole contract periods.

    Attributes:
        entered: how many renewals it had behind it when observation began.
        ended: the renewal at which it left, or how many it had made when observation ended.
        left: whether it left.
    """

    entered: Ints
    ended: Ints
    left: Floats

    def table(self, weights: Floats | None = None) -> tuple[Floats, Floats, Floats]:
        """By number of renewals: how many left at it, were last seen at it, entered at it."""
        most = int(self.ended.max(initial=1)) + 1
        weight = np.ones(len(self.left)) if weights is None else weights
        entered = np.minimum(self.entered, most - 1)
        left, stayed, came = (
            np.bincount(place, share, most).astype(np.float64)
            for place, share in (
                (self.ended, self.left * weight),
                (self.ended, (1 - self.left) * weight),
                (entered, weight),
            )
        )
        return left, stayed, came


def survival(alpha: Floats, beta: Floats, periods: int) -> tuple[Floats, Floats]:
    """P(T = t) for t = 0 … periods (0 at t = 0), and S(t), for each pair of parameters."""
    leaves = np.zeros((*np.shape(alpha), periods + 1))
    if periods:
        leaves[..., 1] = alpha / (alpha + beta)
    for t in range(2, periods + 1):
        leaves[..., t] = leaves[..., t - 1] * (beta + t - 2) / (alpha + beta + t - 1)
    return leaves, 1 - np.cumsum(leaves, axis=-1)


def fit_lifetimes(seen: tuple[Floats, Floats, Floats]) -> tuple[float, float]:
    """The most probable alpha and beta, by a grid that closes in on them.

    Args:
        seen: as `Lifetimes.table` gives it.
    """
    left, stayed, entered = seen
    periods = len(left) - 1
    center, width = np.array([0.0, 1.0]), FIRST_WIDTH
    steps = np.linspace(-1, 1, GRID)
    for _ in range(ZOOMS):
        log_a, log_b = np.meshgrid(center[0] + width * steps, center[1] + width * steps)
        leaves, stays = survival(np.exp(log_a), np.exp(log_b), periods)
        log_leaves = np.log(np.maximum(leaves, 1e-300))
        log_stays = np.log(np.maximum(stays, 1e-300))
        fits = log_leaves @ left + log_stays @ (stayed - entered)
        fits -= 0.5 * WEAK * (log_a**2 + log_b**2)
        best = np.unravel_index(int(np.argmax(fits)), fits.shape)
        center = np.array([log_a[best], log_b[best]])
        width *= SHRINK
    return float(np.exp(center[0])), float(np.exp(center[1]))


def paid_periods(alpha: float, beta: float, periods: int, *, discount: float = 0.0) -> float:
    """How many periods a new customer pays for, in advance, out of so many at most."""
    if periods <= 0:
        return 0.0
    _, stays = survival(np.array(alpha), np.array(beta), periods - 1)
    return float((stays / (1 + discount) ** np.arange(periods)).sum())
