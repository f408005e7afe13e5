"""How good probabilities are: ranking, calibration, and the noise that any model would show."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.history import Flags, Floats, Ints
from cs_workbench.churn.logistic import Prior, fit_logistic, logit_of

BINS = 10
SMALLEST = 1e-6
Z95 = 1.959964


def auc(
    score: Floats, happened: Flags, weights: Floats | None = None, *, day: Ints | None = None
) -> float | None:
    """The share of pairs in the right order, ties half; None without both kinds.

    With `day` only pairs of one day count: who of those who were there together left. Pairs of
    different days would mix the ranking with the ups and downs of the base rate.
    """
    if not len(score):
        return None
    weight = np.ones(len(score)) if weights is None else weights
    on = np.zeros(len(score), np.int64) if day is None else day
    order = np.lexsort((score, on))
    ranked, on, bad = score[order], on[order], happened[order]
    positive, negative = weight[order] * bad, weight[order] * ~bad
    turns = np.r_[True, np.diff(on) > 0]
    starts = np.flatnonzero(turns | np.r_[True, np.diff(ranked) != 0])
    days = np.flatnonzero(turns)
    total = (np.add.reduceat(positive, days) * np.add.reduceat(negative, days)).sum()
    if total <= 0:
        return None
    before = np.cumsum(negative)[days] - negative[days]
    of_day = np.repeat(before, np.diff(np.r_[days, len(ranked)]))[starts]
    positive, negative = np.add.reduceat(positive, starts), np.add.reduceat(negative, starts)
    below = np.cumsum(negative) - negative - of_day
    return float((positive * (below + negative / 2)).sum() / total)


def log_losses(probability: Floats, happened: Flags) -> Floats:
    """The logarithmic loss of each row."""
    clipped = np.clip(probability, SMALLEST, 1 - SMALLEST)
    found: Floats = -np.where(happened, np.log(clipped), np.log1p(-clipped))
    return found


def average_precision(score: Floats, happened: Flags) -> float | None:
    """The mean precision at each row that happened, from the highest score down."""
    if not happened.any():
        return None
    bad = happened[np.argsort(-score, kind="stable")]
    precision = np.cumsum(bad) / np.arange(1, len(bad) + 1)
    return float(precision[bad].mean())


def observed_to_expected(probability: Floats, happened: Flags) -> float | None:
    """How many left for each one that was expected."""
    expected = float(probability.sum())
    return float(happened.sum()) / expected if expected > 0 else None


def slope(probability: Floats, happened: Flags, weights: Floats | None = None) -> float | None:
    """The calibration slope: below 1 the probabilities are too extreme. None below 5 events."""
    if happened.sum() < 5 or np.ptp(probability) < 1e-12:
        return None
    prior = Prior(np.array([0.0, 1.0]), np.array([1e-6, 1e-4]))
    logit = logit_of(probability)[:, None]
    return float(
        fit_logistic(logit, happened.astype(float), prior, weights=weights).coefficients[1]
    )


@dataclass(frozen=True)
class Bin:
    """One line of the reliability table; `low` and `high` after Wilson, 95 %.

    Attributes:
        n, events: rows, and those that happened.
        apart: what the rows are worth for chance: several snapshots see the same departure, so
            that they are fewer by the rows to each account that left.
    """

    expected: float
    observed: float
    n: int
    events: int
    apart: float
    low: float
    high: float


def reliability(probability: Floats, happened: Flags, account: Ints) -> list[Bin]:
    """Ten groups of equal size, from the lowest probability up."""
    usual = _rows_to_a_departure(happened, account, 1.0)
    found = []
    for rows in np.array_split(np.argsort(probability, kind="stable"), BINS):
        if len(rows):
            n, events = len(rows), int(happened[rows].sum())
            seen = _rows_to_a_departure(happened[rows], account[rows], usual)
            low, high = wilson(events / seen, n / seen)
            mean = float(probability[rows].mean())
            found.append(Bin(mean, events / n, n, events, n / seen, low, high))
    return found


def _rows_to_a_departure(happened: Flags, account: Ints, usual: float) -> float:
    """How many rows see the same account leave; `usual` where none does."""
    accounts = len(np.unique(account[happened]))
    return float(happened.sum()) / accounts if accounts else usual


def ece(bins: list[Bin]) -> float:
    """The expected calibration error: the mean distance, groups weighted by their size."""
    total = sum(one.n for one in bins)
    return sum(one.n * abs(one.expected - one.observed) for one in bins) / max(total, 1)


def ece_floor(bins: list[Bin], *, seed: int, draws: int = 100) -> float:
    """The error that the groups would show if what was said were exactly true: its mean."""
    rng = np.random.default_rng(seed)
    total = max(1, sum(one.n for one in bins))
    found = np.zeros(draws)
    for one in bins:
        apart = max(1, round(one.apart))
        shares = rng.binomial(apart, one.expected, draws) / apart
        found += one.n * np.abs(shares - one.expected) / total
    return float(found.mean())


def wilson(events: float, n: float, z: float = Z95) -> tuple[float, float]:
    """The interval of a share after Wilson; 0 to 1 where there is nothing."""
    if not n:
        return 0.0, 1.0
    share = events / n
    middle = share + z * z / (2 * n)
    half = z * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    scale = 1 + z * z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


@dataclass(frozen=True)
class Captured:
    """Of the accounts ranked first by ARR x probability: what of the churning ARR they held."""

    arr_share: float | None
    precision: float | None
    accounts: int


def worth_of(arr: Floats) -> Floats:
    """What each row counts: its ARR, 0 where unknown; where none is known all count alike."""
    worth = np.where(np.isfinite(arr), arr, 0.0)
    return worth if worth.any() else np.ones(len(arr))


def first_ranked(probability: Floats, worth: Floats, day: Ints, *, share: float | int) -> Flags:
    """The first so many (or that share) of each day's accounts by what is at risk."""
    first = np.zeros(len(day), np.bool_)
    for one in np.unique(day):
        rows = np.flatnonzero(day == one)
        ranked = rows[np.argsort(-(probability[rows] * worth[rows]), kind="stable")]
        most = share if isinstance(share, int) else max(1, round(share * len(rows)))
        first[ranked[:most]] = True
    return first


def captured(first: Flags, happened: Flags, worth: Floats) -> Captured:
    """What those who were ranked first held of all that left."""
    lost, chosen = float(worth[happened].sum()), int(first.sum())
    if not lost:
        return Captured(None, None, chosen)
    held = float(worth[happened & first].sum())
    return Captured(held / lost, int(happened[first].sum()) / max(1, chosen), chosen)


def account_weights(account: Ints, *, draws: int, seed: int) -> tuple[Floats, Ints]:
    """Draws x accounts: how often each is drawn; and the place of each row's account."""
    _, places = np.unique(account, return_inverse=True)
    size = int(places.max()) + 1 if len(places) else 0
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(size, np.full(size, 1 / max(size, 1)), draws).astype(np.float64)
    return counts, places.astype(np.int64)
