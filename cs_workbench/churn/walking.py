"""Rolling origins: refit and re-select at each, predict what comes after, never what was seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.history import Flags, Floats, Ints
from cs_workbench.churn.linear import BASELINES, fit_baseline
from cs_workbench.churn.logistic import sigmoid
from cs_workbench.churn.models import Method
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.selection import Task
from cs_workbench.churn.threads import on_one_thread
from cs_workbench.churn.training import recent_level, train

ORIGINS = 8
FEWEST_BEFORE = (10, 5, 2)  # churned accounts known at the first origin, if there are
MODEL = "model"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Origin:
    """One origin: what was known, and which method the ladder gave."""

    day: int
    trained_rows: int
    trained_events: int
    method: Method


@dataclass(frozen=True)
class Walk:
    """Predictions of rows that came after the origins they were predicted from.

    Attributes:
        sample: the rows.
        origin: of each row, its place among `origins`.
        probabilities: by model and baseline.
    """

    sample: Sample
    origin: Ints
    origins: tuple[Origin, ...]
    probabilities: dict[str, Floats]


def origin_days(sample: Sample, *, most: int) -> list[int]:
    """Days on which enough departures were known to learn from, spread over the history."""
    days = np.unique(sample.panel.day).tolist()
    known = {day: sample.closed_by(day).events for day in days}
    for fewest in FEWEST_BEFORE:
        usable = [day for day in days if known[day] >= fewest]
        if len(usable) >= 2:
            break
    else:
        return []
    if len(usable) <= most:
        return usable
    return [int(part[0]) for part in np.array_split(np.array(usable), most)]


@on_one_thread
def walk(
    sample: Sample,
    task: Task,
    *,
    origins: int = ORIGINS,
    quick: bool = False,
    baselines: Sequence[str] = BASELINES,
    progress: Progress | None = None,
) -> Walk | None:
    """Go through the origins (so many at most); None where there are no two.

    `quick` takes the linear step alone, not calibrated; `progress` is told how many are done.
    """
    days = origin_days(sample, most=origins)
    if len(days) < 2:
        return None
    parts: list[Sample] = []
    found: dict[str, list[Floats]] = {name: [] for name in (MODEL, *baselines)}
    places, told = [], []
    for place, day in enumerate(days):
        known = sample.closed_by(day)
        test = sample.rows(_between(sample.panel.day, day, days[place + 1 : place + 2]))
        model = train(known, task, data_cut="", quick=quick, with_intervals=False)
        found[MODEL].append(model.probabilities(test.inputs))
        for name in baselines:
            found[name].append(_by_baseline(name, known, test))
        parts.append(test)
        places.append(np.full(len(test), place))
        told.append(Origin(day, len(known), known.events, model.method))
        if progress is not None:
            progress(place + 1, len(days))
    first = sample.panel.day >= days[0]
    return Walk(
        sample.rows(first),
        np.concatenate(places),
        tuple(told),
        {name: np.concatenate(one) for name, one in found.items()},
    )


def _by_baseline(name: str, known: Sample, test: Sample) -> Floats:
    """A baseline, its level fitted to the newest closed windows as the model's is.

    Else a model would be praised for the level alone where departures become more or fewer.
    """
    fitted = fit_baseline(name, known)
    return sigmoid(fitted.logits(test.inputs) + recent_level(known, fitted.logits))


def _between(day: Ints, first: int, following: Sequence[int]) -> Flags:
    inside: Flags = day >= first
    return inside & (day < following[0]) if following else inside
