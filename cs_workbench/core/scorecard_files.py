"""Reading a scorecard's text, finding every mistake in it with its line."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from cs_workbench.core.measure_table import ALL_MEASURES, PARAMETER_RANGES
from cs_workbench.core.measures import Parameters
from cs_workbench.core.scorecard_ratings import as_rating, rating_mistakes
from cs_workbench.core.scorecard_schema import SCORECARD_SCHEMA, one_of, structure_mistakes
from cs_workbench.core.scorecard_variants import variants_of
from cs_workbench.core.scorecards import (
    DIMENSIONS,
    POINT,
    VALUE_SCALE,
    BandMap,
    PointMap,
    Profile,
    Scorecard,
    ScoredMeasure,
    ValueMap,
    Variant,
)
from cs_workbench.core.toml_lines import Path, key_lines, line_of
from cs_workbench.errors import InputError

_VARIANT = re.compile(r"variant = \{[^\n]*\}\n")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong on which line of the file."""

    line: int
    message: str


Found = list[tuple[Path, str]]


def read_scorecard(text: str, place: str = "scorecard") -> Scorecard:
    """Read a scorecard's text, or that of one of its variants; `place` names it in messages.

    Raises:
        InputError: not TOML, or not a scorecard; the message has the line and the first mistake.
    """
    head = _VARIANT.match(text)
    card, mistakes = check_scorecard(text[head.end() :] if head else text)
    if card is None:
        first, others = mistakes[0], len(mistakes) - 1
        more = f" ({others} more: `csw scorecard check` names them all)" if others else ""
        raise InputError(f"{place}:{first.line}: {first.message}{more}.")
    if head is None:
        return card
    given = tomllib.loads(head[0])["variant"]
    return card.variants[Variant(given.get("profile"), given.get("until_month"))]


def check_scorecard(text: str) -> tuple[Scorecard | None, tuple[Mistake, ...]]:
    """The scorecard and no mistake, or none and all of them by line."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        at = _AT_LINE.search(str(problem))
        end = max(1, len(text.splitlines()))
        line = int(at[1]) if at and at[1] else end
        return None, (Mistake(line, f"not TOML: {_AT_LINE.sub('', str(problem))}"),)
    found: Found = list(structure_mistakes(given, SCORECARD_SCHEMA))
    card = _Reader(given, found).read(text)
    if found or card is None:
        lines = key_lines(text)
        told = {Mistake(line_of(lines, path), _placed(given, path, why)) for path, why in found}
        return None, tuple(sorted(told))
    return card, ()


class _Reader:
    """Reads what has the right shape, and adds what is wrong with it to the mistakes."""

    def __init__(self, given: Mapping[str, Any], found: Found) -> None:
        self.given = given
        self.found = found
        self.broken = [path for path, _ in found]

    def read(self, text: str) -> Scorecard | None:
        """The scorecard; None where anything is wrong."""
        self._bands()
        self._ids()
        by_place = {
            index: self._measure(one, ("measures", index)) for index, one in self._sound("measures")
        }
        measures = tuple(by_place.values())
        profiles = {
            index: self._profile(one, ("profiles", index), measures)
            for index, one in self._sound("profiles")
        }
        self.found.extend(_unreachable(profiles))
        self.found.extend(rating_mistakes(by_place, profiles))
        if self.found:
            return None
        digest = hashlib.sha256(text.encode()).hexdigest()
        bands = self.given["bands"]
        card = Scorecard(
            name=self.given["name"],
            text=text,
            digest=digest,
            yellow_from=round(bands["yellow_from"] * POINT),
            green_from=round(bands["green_from"] * POINT),
            minimum_coverage_e4=round(bands["minimum_coverage"] * POINT),
            metrics=tuple(self.given["usage"]["metrics"]),
            dimensions=dict(self.given["dimensions"]),
            measures=measures,
            profiles=tuple(profiles.values()),
            parents_by=self.given.get("rollup", {}).get("parents", "arr"),
            origin=digest,
        )
        return replace(card, variants=variants_of(card))

    def _sound(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The members of a list that have the right shape; others are checked in parts."""
        members = self.given.get(name, [])
        for index, one in enumerate(members if isinstance(members, list) else ()):
            if not self._is_broken((name, index)):
                yield index, one
            elif isinstance(one, dict) and name == "measures":
                self._check_parts(one, (name, index))

    def _is_broken(self, path: Path) -> bool:
        return any(broken[: len(path)] == path for broken in self.broken)

    def _check_parts(self, given: Mapping[str, Any], path: Path) -> None:
        """What can be said of a measure with a mistake in its shape beside that mistake."""
        sound = {name: value for name, value in given.items() if not self._is_broken((*path, name))}
        self._worth(sound, path)
        if "tenure" in sound:
            self._tenure(sound["tenure"], (*path, "tenure"))
        if "source" in sound and "parameters" in sound:
            self._parameters(sound["source"], sound["parameters"], path)

    def _bands(self) -> None:
        bands = self.given.get("bands")
        names = ("yellow_from", "green_from")
        if not isinstance(bands, dict) or any(
            name not in bands or self._is_broken(("bands", name)) for name in names
        ):
            return
        if not 0 < bands["yellow_from"] < bands["green_from"]:
            why = "0 < yellow_from < green_from <= 100 must hold"
            self.found.append((("bands", "green_from"), why))

    def _ids(self) -> None:
        """Names that come twice, and dimensions without a label."""
        seen: set[str] = set()
        labels = self.given.get("dimensions")
        for index, one in enumerate(self._tables("measures")):
            name, dimension = one.get("id"), one.get("dimension")
            if name in seen:
                self.found.append((("measures", index, "id"), f"{name} is there twice"))
            seen.add(str(name))
            path: Path = ("measures", index, "dimension")
            if isinstance(labels, dict) and dimension in set(DIMENSIONS) - set(labels):
                why = f"dimension {dimension} has no label in [dimensions]"
                self.found.append((path, why))

    def _tables(self, name: str) -> list[dict[str, Any]]:
        """The members of a list of tables, whatever is in them."""
        members = self.given.get(name, [])
        members = members if isinstance(members, list) else []
        return [one if isinstance(one, dict) else {} for one in members]

    def _measure(self, given: Mapping[str, Any], path: Path) -> ScoredMeasure:
        measure = ALL_MEASURES[given["source"]]
        plain = ScoredMeasure(
            measure_id=given["id"],
            label=given["label"],
            dimension=given["dimension"],
            source=given["source"],
            measure=measure,
            given=self._parameters(given["source"], given.get("parameters", {}), path),
            weight=given["weight"],
            worth=PointMap((0,), (0,)),
            max_age_days=measure.max_age_days,
            question=given.get("question", ""),
            if_imported=given.get("if_imported", False),
            words=tuple(given.get("words", ())),
        )
        if "map" not in given and "bands" not in given:
            self.found.append((path, "map or bands is missing"))
        return self._overridden(as_rating(plain), given, path)

    def _parameters(self, source: str, given: Mapping[str, Any], path: Path) -> Parameters:
        defaults = ALL_MEASURES[source].defaults
        for key, value in given.items():
            at = (*path, "parameters", key)
            if key not in defaults:
                there = f"; {one_of(defaults, key)}" if defaults else ""
                self.found.append((at, f"{source} has no parameter {key}{there}"))
            elif isinstance(value, str) != isinstance(defaults[key], str):
                kind = "text" if isinstance(defaults[key], str) else "a whole number"
                self.found.append((at, f"{key} must be {kind}, not {value!r}"))
            elif isinstance(value, int):
                least, most = PARAMETER_RANGES[key]
                if not least <= value <= most:
                    self.found.append((at, f"{key} goes from {least} to {most}, not {value}"))
        return {**defaults, **given}

    def _overridden(
        self, one: ScoredMeasure, given: Mapping[str, Any], path: Path
    ) -> ScoredMeasure:
        """The measure with what a table says of it."""
        worth = self._worth(given, path) or one.worth
        fields: dict[str, Any] = {"worth": worth}
        for name in ("weight", "max_age_days", "min_history_days"):
            if name in given:
                fields[name] = given[name]
        if "missing" in given:
            missing = given["missing"]
            named = {"exclude": None, "worst": min(worth.points)}
            fields["missing_e4"] = (
                named[missing] if isinstance(missing, str) else round(missing["points"] * POINT)
            )
        if "tenure" in given:
            fields["tenure"] = self._tenure(given["tenure"], (*path, "tenure"))
        elif "map" in given or "bands" in given:
            fields["tenure"] = ()  # a map of a profile's own holds for every tenure
        return replace(one, **fields)

    def _tenure(
        self, given: Sequence[Mapping[str, Any]], path: Path
    ) -> tuple[tuple[int, ValueMap], ...]:
        found = []
        for index, one in enumerate(given):
            worth = self._worth(one, (*path, index))
            if worth is None:
                self.found.append(((*path, index), "map or bands is missing"))
            else:
                found.append((one["until_months"], worth))
        if any(left >= right for (left, _), (right, _) in pairwise(found)):
            self.found.append((path, "until_months must be higher each time"))
        return tuple(found)

    def _worth(self, given: Mapping[str, Any], path: Path) -> ValueMap | None:
        if "map" in given and "bands" in given:
            self.found.append(((*path, "bands"), "a measure has a map or bands, not both"))
        if "map" in given:
            return self._map(given["map"], (*path, "map"))
        return self._value_bands(given["bands"], (*path, "bands")) if "bands" in given else None

    def _map(self, pairs: Sequence[Sequence[float]], path: Path) -> PointMap:
        values = tuple(round(value * VALUE_SCALE) for value, _ in pairs)
        points = tuple(round(point * POINT) for _, point in pairs)
        if any(before >= after for before, after in pairwise(values)):
            self.found.append((path, "each value of a map must be above the last"))
        if any(not 0 <= point <= 100 for _, point in pairs):
            self.found.append((path, "the points of a map go from 0 to 100"))
        self._direction(points, path)
        return PointMap(values, points)

    def _value_bands(self, given: Sequence[Mapping[str, Any]], path: Path) -> BandMap:
        for index, (left, right) in enumerate(pairwise(given)):
            at = (*path, index + 1)
            if "to" not in left and "from" not in right:
                self.found.append((at, "bands need `from` or `to` where one ends"))
                return BandMap((), (0,))
            end, begin = left.get("to", right.get("from")), right.get("from", left.get("to"))
            if end < begin:
                self.found.append((at, f"a gap between bands: from {end} to {begin}"))
            if end > begin:
                self.found.append((at, f"bands overlap: from {begin} to {end}"))
        if "from" in given[0] or "to" in given[-1]:
            why = "the first band has no `from` and the last no `to`, so that every value has one"
            self.found.append((path, why))
        begins = [
            round(right.get("from", left.get("to")) * VALUE_SCALE)
            for left, right in pairwise(given)
        ]
        if any(before >= after for before, after in pairwise(begins)):
            self.found.append((path, "each band must begin above the last"))
        points = tuple(round(one["points"] * POINT) for one in given)
        self._direction(points, path)
        return BandMap(tuple(begins), points)

    def _direction(self, points: Sequence[int], path: Path) -> None:
        if list(points) not in (sorted(points), sorted(points, reverse=True)):
            self.found.append((path, "the points must only rise or only fall with the value"))
        elif len(set(points)) == 1:
            self.found.append((path, "all values have the same points, so it measures nothing"))

    def _profile(
        self, given: Mapping[str, Any], path: Path, measures: Sequence[ScoredMeasure]
    ) -> Profile:
        names = [str(one["id"]) for one in self._tables("measures") if "id" in one]
        for name in given["measures"]:
            if name not in names:
                at = (*path, "measures", name)
                self.found.append((at, f"no measure {name}; {one_of(names, name)}"))
        own = [
            self._overridden(
                one,
                given["measures"].get(one.measure_id, {}),
                (*path, "measures", one.measure_id),
            )
            for one in measures
        ]
        if not any(one.weight for one in own):
            self.found.append((path, "no measure has a weight above 0"))
        return Profile(
            name=given["name"],
            segments=frozenset(one.casefold() for one in given.get("segment", ())),
            stages=frozenset(given.get("stage", ())),
            products=frozenset(one.casefold() for one in given.get("product", ())),
            measures=tuple(own),
        )


def _unreachable(profiles: Mapping[int, Profile]) -> Iterator[tuple[Path, str]]:
    """Profiles whose accounts an earlier one takes all."""
    for index, one in profiles.items():
        path: Path = ("profiles", index)
        above = [profiles[before] for before in profiles if before < index]
        if any(earlier.name == one.name for earlier in above):
            yield path, f"profile {one.name} is there twice"
        takers = [_taker(above, kind) for kind in product(*map(_any_of, _conditions(one)))]
        if None not in takers:
            names = [earlier.name for earlier in above if earlier in takers]
            verb = "takes its accounts" if len(names) == 1 else "take all its accounts"
            yield path, f"it is never used: profile {' and '.join(names)} above {verb}"


def _conditions(one: Profile) -> tuple[Set[str], Set[str], Set[str]]:
    return one.segments, one.stages, one.products


def _any_of(values: Set[str]) -> Sequence[str | None]:
    """The values of a condition; None for any other where there is no condition."""
    return sorted(values) or [None]


def _taker(above: Sequence[Profile], kind: Sequence[str | None]) -> Profile | None:
    """The first profile that takes accounts of a segment, stage and product."""
    for one in above:
        pairs = zip(_conditions(one), kind, strict=True)
        if all(not wanted or value in wanted for wanted, value in pairs):
            return one
    return None


def _placed(given: Mapping[str, Any], path: Path, why: str) -> str:
    """The mistake with the name of the measure or profile that it is in."""
    if len(path) < 2 or path[0] not in {"measures", "profiles"} or not isinstance(path[1], int):
        return why if len(path) < 2 or path[0] != "bands" else f"bands: {why}"
    one = given[path[0]][path[1]]
    key = "id" if path[0] == "measures" else "name"
    name = one.get(key, path[1] + 1) if isinstance(one, dict) else path[1] + 1
    inner = f", measure {path[3]}" if len(path) > 3 and path[2] == "measures" else ""
    return f"{path[0][:-1]} {name}{inner}: {why}"
