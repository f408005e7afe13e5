"""A map of values to points as a person reads and types it: `30 %: 0, 60 %: 40, 95 %: 100`."""

from itertools import pairwise

from cs_workbench.core.measures import Measured
from cs_workbench.core.scorecards import POINT, VALUE_SCALE, PointMap, ScoredMeasure
from cs_workbench.core.value_texts import read_value
from cs_workbench.errors import UsageError

LEAST, MOST = 2, 20  # pairs


def map_text(line: ScoredMeasure) -> str:
    """The map of a measure.

    Raises:
        UsageError: it has bands instead.
    """
    return ", ".join(f"{value}: {points}" for value, points in _pairs(line))


def read_map(line: ScoredMeasure, text: str) -> PointMap:
    """A map as a person types it; a value that is left as it was shown keeps its digits.

    Raises:
        UsageError: it is no map.
    """
    worth = _map_of(line)
    shown = dict(zip((value for value, _ in _pairs(line)), worth.values, strict=True))
    found = [_pair(line, part, shown) for part in text.split(",")]
    if not LEAST <= len(found) <= MOST:
        raise UsageError(f"A map has {LEAST} to {MOST} pairs of a value and its points.")
    if any(before[0] >= after[0] for before, after in pairwise(found)):
        raise UsageError("Each value of a map has to be above the last.")
    values, points = zip(*found, strict=True)
    return PointMap(values, points)


def toml_map(worth: PointMap) -> str:
    """The map as a scorecard's text has it."""
    pairs = zip(worth.values, worth.points, strict=True)
    told = (f"[{_decimal(value, VALUE_SCALE)}, {_decimal(one, POINT)}]" for value, one in pairs)
    return f"map = [{', '.join(told)}]"


def _pair(line: ScoredMeasure, part: str, shown: dict[str, int]) -> tuple[int, int]:
    left, colon, right = part.rpartition(":")
    if not colon:
        raise UsageError(f"{part.strip()!r} is no pair. Write a value, a colon, and its points.")
    try:
        points = round(float(right) * POINT)
    except ValueError:
        raise UsageError(f"{right.strip()!r} are no points: 0 to 100.") from None
    if not 0 <= points <= 100 * POINT:
        raise UsageError("Points go from 0 to 100.")
    if left.strip() in shown:
        return shown[left.strip()], points
    value = read_value(line, left)
    if not isinstance(value, Measured):
        raise UsageError("A map says what values are worth; it has none for what is unknown.")
    return round(value.value * VALUE_SCALE), points


def _pairs(line: ScoredMeasure) -> list[tuple[str, str]]:
    """Values as the page shows them; with all their digits where two would look alike."""
    worth = _map_of(line)
    values = [value / VALUE_SCALE for value in worth.values]
    shown = [line.measure.show(value) for value in values]
    if len(set(shown)) < len(shown) or not all(any(map(str.isdigit, one)) for one in shown):
        unit = " %" if "%" in line.measure.show(1.0) else ""
        shown = [f"{100 * one if unit else one:.8g}{unit}" for one in values]
    points = (_decimal(one, POINT) for one in worth.points)
    return list(zip(shown, points, strict=True))


def _map_of(line: ScoredMeasure) -> PointMap:
    if not isinstance(line.worth, PointMap):
        raise UsageError(f"{line.label} has bands, not a map. They are changed in the file itself.")
    return line.worth


def _decimal(units: int, scale: int) -> str:
    whole = units / scale
    return f"{whole:.0f}" if units % scale == 0 else f"{whole:.10g}"
