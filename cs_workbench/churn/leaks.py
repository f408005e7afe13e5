"""Alarms: what tells the answer too well was probably written after it was known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cs_workbench.churn import usage
from cs_workbench.churn.catalogue import BY_NAME, FEATURES
from cs_workbench.churn.features import Source, metrics_behind
from cs_workbench.churn.history import FAR, Flags, Floats, Ints, Metric
from cs_workbench.churn.quality import auc
from cs_workbench.churn.samples import Sample

ONE_FEATURE, SURE = 0.85, 0.80
ALL_FEATURES = 0.90
FEWEST_EVENTS = 10
LAST_WEEKS = 4

AlarmKind = Literal["feature", "absence", "metric", "segment", "model"]


@dataclass(frozen=True)
class Alarm:
    """One thing that ranks too well.

    Attributes:
        kind: what it is.
        name: of the feature, metric or segment; its label for a person.
        auc: how well it ranks by itself.
        events: churned accounts behind it.
        inputs: names of what rests on it, and is left out of every model.
    """

    kind: AlarmKind
    name: str
    label: str
    auc: float
    events: int
    inputs: tuple[str, ...] = ()

    def told(self) -> str:
        """The alarm for a person, with what to look at."""
        score = f"{self.auc:.2f}".lstrip("0")
        match self.kind:
            case "absence":
                what = f"Whether '{self.label}' is known at all"
            case "metric":
                what = f"The usage metric '{self.label}'"
            case "segment":
                what = "The segment"
            case "model":
                return (
                    f"All together rank {score} weeks before the end of the term: too good. "
                    "Look for data that was written after customers had left."
                )
            case _:
                what = f"'{self.label}'"
        aside = f" {self._aside()}" if self.inputs else ""
        return (
            f"{what} alone ranks those who leave {score} ({self.events} of them): too good. Was "
            f"it written, or overwritten, after they had left?{aside}"
        )

    def _aside(self) -> str:
        """What is left out, where it is more than what raised the alarm."""
        if self.kind != "metric":
            return "It is left out."
        labels = (BY_NAME[name].label for name in self.inputs)
        return f"What rests on it is left out: {', '.join(labels)}."


def feature_alarms(sample: Sample) -> list[Alarm]:
    """Features, and their absence, that alone rank above .85; also among due renewals alone."""
    found: list[Alarm] = []
    if sample.events < FEWEST_EVENTS:
        return found
    open_ones = sample.labels.is_due | (sample.panel.end == FAR)
    for feature in FEATURES:
        values, names = sample.inputs[feature.name], (feature.name, feature.label)
        known = np.isfinite(values)
        for chosen in (np.ones(len(values), np.bool_), open_ones):
            alarm = _alarm(sample, "feature", names, values, known & chosen)
            alarm = alarm or _alarm(
                sample,
                "absence",
                names,
                known.astype(np.float64),
                chosen,
            )
            if alarm is not None:
                found.append(alarm)
                break
    segment = sample.inputs["segment"]
    rates = _rates(segment.astype(np.int64), sample.happened)
    alarm = _alarm(sample, "segment", ("segment", "segment"), rates, np.ones(len(rates), np.bool_))
    return [*found, *([alarm] if alarm else [])]


def metric_alarms(source: Source, sample: Sample) -> list[Alarm]:
    """Any usage metric, also those that no feature shows by itself: its level, and its presence.

    What rests on it on any of the days is left out with it.
    """
    found: list[Alarm] = []
    if sample.events < FEWEST_EVENTS:
        return found
    everybody = np.ones(len(sample), np.bool_)
    days = np.unique(sample.panel.day).tolist()
    for metric in source.history.metrics:
        level, names = np.full(len(sample), np.nan), (metric.name, metric.label)
        for day in days:
            rows = sample.panel.day == day
            recent = usage.window(metric, day, back=0, weeks=usage.RECENT)
            level[rows] = recent.rate[sample.panel.account[rows]]
        known = np.isfinite(level)
        alarm = _alarm(sample, "metric", names, level, known)
        alarm = alarm or _alarm(sample, "metric", names, known.astype(np.float64), everybody)
        if alarm is not None:
            found.append(replace(alarm, inputs=_resting_on(metric, source, days)))
    return found


def _resting_on(metric: Metric, source: Source, days: Sequence[int]) -> tuple[str, ...]:
    """The features of usage that read the metric on any of the days."""
    return tuple(
        feature.name
        for feature in FEATURES
        if feature.kind == "usage"
        and any(
            one.name == metric.name for day in days for one in metrics_behind(feature, source, day)
        )
    )


def model_alarm(sample: Sample, probability: Floats) -> Alarm | None:
    """Everything together above .9 although the end of the term is weeks away."""
    panel = sample.panel
    due = sample.labels.is_due & (panel.weeks_left > LAST_WEEKS)
    for chosen in (due, panel.end == FAR):
        found = _alarm(sample, "model", ("model", "model"), probability, chosen, limit=ALL_FEATURES)
        if found is not None:
            return found
    return None


def without(sample: Sample, alarms: Sequence[Alarm]) -> Sample:
    """The rows without what raised an alarm: nobody knows it, so that no model can use it."""
    names = {name for one in alarms for name in one.inputs}
    unknown = np.full(len(sample), np.nan)
    nobody = np.full(len(sample), -1.0)
    inputs = {
        name: (nobody if name == "segment" else unknown) if name in names else column
        for name, column in sample.inputs.items()
    }
    return replace(sample, inputs=inputs)


def _alarm(
    sample: Sample,
    kind: AlarmKind,
    named: tuple[str, str],
    values: Floats,
    chosen: Flags,
    *,
    limit: float = ONE_FEATURE,
) -> Alarm | None:
    bad = sample.churned[chosen]
    events = len(np.unique(sample.account[chosen][bad]))
    if events < FEWEST_EVENTS or bad.all() or np.ptp(values[chosen]) == 0:
        return None
    found = auc(values[chosen], bad, day=sample.panel.day[chosen])
    if found is None:
        return None
    ranks = max(found, 1 - found)
    error = float(np.sqrt(ranks * (1 - ranks) / events))
    if ranks <= limit or ranks - error <= limit - (ONE_FEATURE - SURE):
        return None
    inputs = () if kind in {"metric", "model"} else named[:1]
    return Alarm(kind, *named, ranks, events, inputs)


def _rates(segment: Ints, happened: Floats) -> Floats:
    """Of each row, the share that left in its segment."""
    places = segment + 1
    rows = np.bincount(places)
    rates = np.bincount(places, happened) / np.maximum(rows, 1)
    found: Floats = rates[places]
    return found
