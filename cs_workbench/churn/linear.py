"""Linear models over columns: the baselines, the band of few churns, and the ridge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs_workbench.churn.catalogue import NAMES
from cs_workbench.churn.columns import (
    RENEWAL,
    Column,
    Inputs,
    matrix,
    missing_column,
    standardised,
)
from cs_workbench.churn.history import Floats
from cs_workbench.churn.logistic import (
    Columns,
    Fit,
    Prior,
    fit_logistic,
    logit_of,
    sigmoid,
)
from cs_workbench.churn.samples import Sample

FREE, BASE = 1e-4, 0.5  # precision of the intercept, and of health and calendar
FEW_FEATURES = 12
YEARLY_CHURN = 0.12  # a benchmark, where a book has no record of its own
PRIOR_ACCOUNTS = 25.0  # so many account-windows the benchmark is worth
SEGMENT_ACCOUNTS = 100.0
# What is usual elsewhere, and how sure that is (precision): by what a column is made from.
USUAL = {"segment": (1.0, 6.0), "health": (-0.5, 6.0), "due": (2.0, 1.0), "rolling": (1.0, 1.0)}
GRIDS = {"strong": (30.0, 100.0, 300.0), "free": (1.0, 5.0, 25.0, 125.0)}
LARGE = 400_000  # rows, from which on the strength hardly matters
USUAL_STRENGTH = 5.0
MOST_VALUES = 40_000_000  # above that many numbers, half precision halves the memory
LEAST_KNOWN = 0.05
TINY = 1e-9


@dataclass(frozen=True)
class Linear:
    """Columns with their coefficients, the intercept first; `strength` of the ridge."""

    columns: tuple[Column, ...]
    fit: Fit
    strength: float = 0.0

    def logits(self, inputs: Inputs) -> Floats:
        """Of each row."""
        found: Floats = (
            matrix(self.columns, inputs) @ self.fit.coefficients[1:] + self.fit.coefficients[0]
        )
        return found


def kept(columns: Sequence[Column | None]) -> list[Column]:
    """Those that there are."""
    return [one for one in columns if one is not None]


def varying(name: str, inputs: Inputs) -> Column | None:
    """A flag of the renewal clock that is neither always nor never set."""
    given = inputs[name]
    return Column(RENEWAL, "flag", name) if len(given) and np.ptp(given) > 0 else None


def calendar_columns(inputs: Inputs) -> list[Column]:
    """The renewal clock: due in the window, the notice date over, how long until the end."""
    flags = [varying(name, inputs) for name in ("due", "past_notice", "rolling")]
    return kept([*flags, standardised("weeks_left", inputs, RENEWAL)])


def health_columns(inputs: Inputs) -> list[Column]:
    """The health score, and that it is not known."""
    return kept([standardised("health", inputs), missing_column("health", inputs)])


def crossed_columns(inputs: Inputs) -> list[Column]:
    """Health beside the calendar, and health where a decision is due."""
    found = [*calendar_columns(inputs), *health_columns(inputs)]
    health = standardised("health", inputs)
    if health is None:
        return found
    flags = [flag for flag in ("due", "rolling") if varying(flag, inputs)]
    return [*found, *(replace(health, kind="times", by=flag) for flag in flags)]


def segment_column(sample: Sample) -> Column | None:
    """The log-odds of each segment against all, drawn towards all where it has few rows."""
    codes = sample.inputs["segment"].astype(np.int64)
    if not len(codes) or codes.max() < 1:
        return None
    size = int(codes.max()) + 1
    total = float((sample.happened * sample.weight).sum() / sample.weight.sum())
    inside = codes >= 0
    rows = np.bincount(codes[inside], sample.weight[inside], size)
    bad = np.bincount(codes[inside], (sample.weight * sample.happened)[inside], size)
    share = (bad + SEGMENT_ACCOUNTS * total) / (rows + SEGMENT_ACCOUNTS)
    rates = logit_of(share) - logit_of(max(total, 1e-6))
    return Column("segment", "rate", "segment", rates=tuple(rates.tolist()))


def feature_columns(inputs: Inputs, *, most: int) -> list[Column]:
    """The first so many features of the catalogue that are known and vary, and their absence."""
    found: list[Column] = []
    number = 0
    for name in NAMES:
        known = float(np.isfinite(inputs[name]).mean())
        column = standardised(name, inputs) if known >= LEAST_KNOWN else None
        if column is None:
            continue
        number += 1
        found += kept([column, missing_column(name, inputs)])
        if number == most:
            break
    return found


def fit_columns(sample: Sample, columns: Sequence[Column], precision: Sequence[float]) -> Linear:
    """Fit columns that are drawn to zero."""
    prior = Prior(np.zeros(len(columns) + 1), np.array([FREE, *precision]))
    start = prior.mean.copy()
    start[0] = float(logit_of((sample.happened.sum() + 0.5) / (len(sample) + 1)))
    rows = design(columns, sample)
    return Linear(
        tuple(columns),
        fit_logistic(rows, sample.happened, prior, weights=sample.weight, start=start),
    )


def design(columns: Sequence[Column], sample: Sample) -> Columns:
    """The matrix of the columns; in single precision where it would be very large."""
    if len(columns) * len(sample) <= MOST_VALUES:
        return matrix(columns, sample.inputs)
    rows = np.empty((len(sample), len(columns)), np.float32)
    for place, column in enumerate(columns):
        rows[:, place] = column.of(sample.inputs)
    return rows


def usual_prior(columns: Sequence[Column]) -> tuple[list[float], list[float]]:
    """What is usual elsewhere of each column (mean, precision); nearly free where nothing is."""
    found = [
        USUAL[one.source]
        if one.kind not in {"times", "missing"} and one.source in USUAL
        else (0.0, BASE)
        for one in columns
    ]
    return [mean for mean, _ in found], [precision for _, precision in found]


def leashed_segment(sample: Sample) -> Column | None:
    """The segment as one feature among others, on the same scale as they are."""
    column = segment_column(sample)
    width = 0.0 if column is None else float(column.of(sample.inputs).std())
    if column is None or width < TINY:
        return None
    return replace(column, rates=tuple(one / width for one in column.rates))


def fit_ridge(sample: Sample, *, few: bool, strength: float | None = None) -> Linear:
    """Health and calendar drawn to what is usual elsewhere, segment and features to zero.

    Args:
        sample: the rows.
        few: take only the first features of the catalogue, on a short leash.
        strength: how strongly; as the evidence asks for if not given.
    """
    base = crossed_columns(sample.inputs)
    most = FEW_FEATURES if few else len(NAMES)
    features = kept([leashed_segment(sample), *feature_columns(sample.inputs, most=most)])
    columns = [*base, *features]
    means, precisions = usual_prior(base)
    prior_mean = np.array([0.0, *means, *[0.0] * len(features)])
    rows = design(columns, sample)
    grid: Sequence[float] = GRIDS["strong" if few else "free"]
    if strength is not None or len(sample) > LARGE:
        grid = (strength or USUAL_STRENGTH,)
    found: list[Linear] = []
    start: Floats | None = None
    for one in reversed(grid):
        prior = Prior(prior_mean, np.array([FREE, *precisions, *[one] * len(features)]))
        fit = fit_logistic(rows, sample.happened, prior, weights=sample.weight, start=start)
        start = fit.coefficients
        found.append(Linear(tuple(columns), fit, one))
        if len(found) > 1 and fit.evidence < found[-2].fit.evidence:
            break
    return max(found, key=lambda one: one.fit.evidence)


def fit_band(sample: Sample, *, horizon: int) -> Linear:
    """Few churns: segment, health and the renewal window, drawn to what is usual elsewhere."""
    inputs = sample.inputs
    columns = kept(
        [
            segment_column(sample),
            standardised("health", inputs),
            varying("due", inputs),
            varying("rolling", inputs),
        ]
    )
    rate = 1 - (1 - YEARLY_CHURN) ** (horizon / 365)
    usual, certainties = usual_prior(columns)
    means = np.array([0.0, *usual])
    rows = matrix(columns, inputs)
    means[0] = _intercept_for(rows @ means[1:], rate) if len(rows) else float(logit_of(rate))
    certainty = PRIOR_ACCOUNTS * rate * (1 - rate)
    prior = Prior(means, np.array([certainty, *certainties]))
    fit = fit_logistic(rows, sample.happened, prior, weights=sample.weight, start=means)
    return Linear(tuple(columns), fit)


def _intercept_for(logit: Floats, rate: float) -> float:
    """The intercept with which the mean probability is the rate."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(logit + middle).mean() < rate else (low, middle)
    return (low + high) / 2


BASELINES = ("base_rate", "last_use", "health", "calendar", "health_x_calendar")


def fit_baseline(name: str, sample: Sample) -> Linear:
    """One of `BASELINES`."""
    inputs = sample.inputs
    match name:
        case "base_rate":
            columns = kept([segment_column(sample)])
        case "last_use":
            columns = kept(
                [standardised("weeks_idle", inputs), missing_column("weeks_idle", inputs)]
            )
        case "health":
            columns = health_columns(inputs)
        case "calendar":
            columns = calendar_columns(inputs)
        case _:
            columns = crossed_columns(inputs)
    return fit_columns(sample, columns, [BASE] * len(columns))
