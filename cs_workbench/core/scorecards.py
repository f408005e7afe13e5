"""A scorecard: which measures count, how much, and what their values are worth.

The text is TOML; its hash names it for good in the store, and a stored score is read with the
scorecard that made it.
"""

import hashlib
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.measures import MEASURES, Measure, Parameters
from cs_workbench.errors import InputError

POINT = 10_000
FULL = 100 * POINT
VALUE_SCALE = 1_000_000
DIMENSIONS = ("adoption", "engagement", "service", "voice", "relationship", "commercial")


@dataclass(frozen=True)
class PointMap:
    """Straight lines between (value, points) pairs, flat beyond both ends, in whole numbers.

    Attributes:
        values: ascending, in 1/1,000,000.
        points: of the same length, in 1/10,000 of a point.
    """

    values: tuple[int, ...]
    points: tuple[int, ...]

    def points_of(self, value: float) -> int:
        """Points in 1/10,000; halves are rounded up."""
        scaled = round(value * VALUE_SCALE)
        right = bisect_right(self.values, scaled)
        if right == 0:
            return self.points[0]
        if right == len(self.values):
            return self.points[-1]
        x0, x1 = self.values[right - 1], self.values[right]
        y0, y1 = self.points[right - 1], self.points[right]
        return y0 + (2 * (y1 - y0) * (scaled - x0) + x1 - x0) // (2 * (x1 - x0))

    @property
    def target(self) -> float:
        """The value from which on the map gives its best."""
        best = max(self.points)
        rising = self.points[-1] == best
        found = self.points.index(best) if rising else self.points[::-1].index(best)
        values = self.values if rising else self.values[::-1]
        return values[found] / VALUE_SCALE

    @property
    def higher_is_better(self) -> bool:
        """Whether points rise with the value."""
        return self.points[-1] > self.points[0]


@dataclass(frozen=True)
class ScoredMeasure:
    """One line of a scorecard.

    Attributes:
        measure_id: its name in the file.
        source: name of the built-in `measure`, and `given` its parameters with defaults filled in.
        weight: a whole number, compared with the other weights.
        worth: what a value is worth.
        max_age_days: older data is left out; None: age does not matter.
    """

    measure_id: str
    label: str
    dimension: str
    source: str
    measure: Measure
    given: Parameters
    weight: int
    worth: PointMap
    max_age_days: int | None

    @property
    def target_text(self) -> str:
        """What is aimed at, for a person."""
        sign = "≥" if self.worth.higher_is_better else "≤"
        shown = self.measure.show(self.worth.target)
        return shown if not self.worth.target and sign == "≤" else f"{sign} {shown}"


@dataclass(frozen=True)
class Scorecard:
    """A whole scorecard.

    Attributes:
        text, digest: the file as it was, and its SHA-256.
        yellow_from, green_from: limits in 1/10,000 of a point, inclusive.
        minimum_coverage_e4: below it the band is unknown.
        metrics: usage metrics by preference.
        dimensions: labels by name.
    """

    name: str
    text: str
    digest: str
    yellow_from: int
    green_from: int
    minimum_coverage_e4: int
    metrics: tuple[str, ...]
    dimensions: Mapping[str, str]
    measures: tuple[ScoredMeasure, ...]

    def band_of(self, points_e4: int | None, coverage_e4: int) -> Band:
        """The band of a score; unknown where too little is covered."""
        if points_e4 is None or coverage_e4 < self.minimum_coverage_e4:
            return "unknown"
        if points_e4 >= self.green_from:
            return "green"
        return "yellow" if points_e4 >= self.yellow_from else "red"


def read_scorecard(text: str, place: str = "scorecard") -> Scorecard:
    """Read a scorecard's text; `place` names it in messages.

    Raises:
        InputError: not TOML, or not a scorecard; the message names the measure and the mistake.
    """
    try:
        given = tomllib.loads(text)
        measures = tuple(_measure(one) for one in given["measures"])
        bands = given["bands"]
        scorecard = Scorecard(
            name=str(given["name"]),
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            yellow_from=_scaled(bands["yellow_from"], POINT),
            green_from=_scaled(bands["green_from"], POINT),
            minimum_coverage_e4=_scaled(bands["minimum_coverage"], POINT),
            metrics=tuple(given["usage"]["metrics"]),
            dimensions=dict(given["dimensions"]),
            measures=measures,
        )
        _check(scorecard)
    except KeyError as missing:
        raise InputError(f"{place}: {missing.args[0]} is missing.") from None
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as problem:
        raise InputError(f"{place}: {problem}") from None
    return scorecard


def _measure(given: dict[str, Any]) -> ScoredMeasure:
    name = str(given["id"])
    unknown = given.keys() - _FIELDS
    if unknown:
        raise ValueError(f"measure {name}: unknown field {min(unknown)}")
    source = given["source"]
    if source not in MEASURES:
        raise ValueError(f"measure {name}: no source {source!r}; there are {', '.join(MEASURES)}")
    weight, age = given["weight"], given.get("max_age_days")
    if type(weight) is not int or weight < 1:
        raise ValueError(f"measure {name}: weight must be a whole number above zero, not {weight}")
    if age is not None and (type(age) is not int or age < 0):
        raise ValueError(f"measure {name}: max_age_days must be a whole number, not {age}")
    return ScoredMeasure(
        measure_id=name,
        label=str(given["label"]),
        dimension=str(given["dimension"]),
        source=source,
        measure=MEASURES[source],
        given=_parameters(name, source, given.get("parameters", {})),
        weight=weight,
        worth=_point_map(name, given["map"]),
        max_age_days=age,
    )


_FIELDS = frozenset(
    {"id", "label", "dimension", "source", "parameters", "weight", "map", "max_age_days"}
)


def _parameters(name: str, source: str, given: dict[str, Any]) -> Parameters:
    defaults = MEASURES[source].defaults
    for key, value in given.items():
        if key not in defaults:
            raise ValueError(f"measure {name}: {source} has no parameter {key}")
        text = isinstance(defaults[key], str)
        if isinstance(value, bool | float) or isinstance(value, str) != text:
            raise ValueError(f"measure {name}: {key} cannot be {value!r}")
    return {**defaults, **given}


def _point_map(name: str, pairs: list[list[float]]) -> PointMap:
    values = tuple(_scaled(value, VALUE_SCALE) for value, _ in pairs)
    points = tuple(_scaled(point, POINT) for _, point in pairs)
    if len(values) < 2 or any(before >= after for before, after in pairwise(values)):
        raise ValueError(f"measure {name}: the map needs two or more values, each above the last")
    if any(not 0 <= point <= FULL for point in points):
        raise ValueError(f"measure {name}: the points of a map go from 0 to 100")
    if list(points) not in (sorted(points), sorted(points, reverse=True)):
        raise ValueError(f"measure {name}: the points of a map must only rise or only fall")
    return PointMap(values, points)


def _check(card: Scorecard) -> None:
    if not 0 < card.yellow_from < card.green_from <= FULL:
        raise ValueError("bands: 0 < yellow_from < green_from <= 100 must hold")
    if not 0 <= card.minimum_coverage_e4 <= POINT:
        raise ValueError("bands: minimum_coverage goes from 0 to 1")
    if not card.measures:
        raise ValueError("a scorecard needs at least one measure")
    seen: set[str] = set()
    for one in card.measures:
        if one.measure_id in seen:
            raise ValueError(f"measure {one.measure_id} is there twice")
        seen.add(one.measure_id)
        if one.dimension not in card.dimensions:
            raise ValueError(f"measure {one.measure_id}: unknown dimension {one.dimension}")
    strange = card.dimensions.keys() - set(DIMENSIONS)
    if strange:
        raise ValueError(f"unknown dimension {min(strange)}; there are {', '.join(DIMENSIONS)}")


def _scaled(value: float, scale: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return round(value * scale)
