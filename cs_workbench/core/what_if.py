"""What if a measure weighed more, or an account had another value: tried before it is saved."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from cs_workbench.core.health import (
    Contribution,
    HealthScore,
    as_asked,
    explain_score,
    score_health,
)
from cs_workbench.core.map_texts import toml_map
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import PointMap, Scorecard, Variant
from cs_workbench.core.toml_lines import Path, key_lines, line_of
from cs_workbench.errors import UsageError

_WRITTEN: Final = {
    "weight": re.compile(r"\bweight\s*=\s*[0-9_]+"),
    "map": re.compile(r"\bmap\s*=\s*\[(?:\s*\[[^\[\]]*\]\s*,?)+\s*\]"),
}


@dataclass(frozen=True)
class Ground:
    """What an account is scored from on a day.

    Attributes:
        card: the scorecard in use; `own` is its variant for the account.
        outcomes: what was measured, in the scorecard's order.
    """

    account_key: int
    name: str
    day: dt.date
    card: Scorecard
    own: Scorecard
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Trial:
    """What is tried, by measure id: weights and maps, and values of the one account."""

    weights: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Outcome] = field(default_factory=lambda: MappingProxyType({}))
    maps: Mapping[str, PointMap] = field(default_factory=lambda: MappingProxyType({}))

    def weighing(self, measure_id: str, weight: int) -> "Trial":
        """The same with another weight of a measure."""
        return replace(self, weights={**self.weights, measure_id: weight})

    def valuing(self, measure_id: str, value: Outcome) -> "Trial":
        """The same with another value of a measure."""
        return replace(self, values={**self.values, measure_id: value})

    def mapping(self, measure_id: str, worth: PointMap) -> "Trial":
        """The same with another map of a measure."""
        return replace(self, maps={**self.maps, measure_id: worth})

    def without(self, measure_id: str) -> "Trial":
        """The same with a measure as it is."""
        return Trial(
            {name: one for name, one in self.weights.items() if name != measure_id},
            {name: one for name, one in self.values.items() if name != measure_id},
            {name: one for name, one in self.maps.items() if name != measure_id},
        )

    @property
    def changes_card(self) -> bool:
        """Whether there is something that a scorecard keeps."""
        return bool(self.weights or self.maps)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is tried."""
        return not (self.weights or self.values or self.maps)


@dataclass(frozen=True)
class Supposed:
    """The account's score as it is and as it would be, each with the lines that add up to it.

    Attributes:
        candidate: the scorecard with the weights and maps that are tried.
    """

    candidate: Scorecard
    before: HealthScore
    after: HealthScore
    lines_before: tuple[Contribution, ...]
    lines_after: tuple[Contribution, ...]


def suppose(ground: Ground, trial: Trial) -> Supposed:
    """Score the account as it is, and with what is tried.

    Raises:
        InputError: the scorecard does not allow such a weight or map.
        UsageError: one cannot be changed in the scorecard's text.
    """
    candidate = retuned(ground.card, ground.own.variant, trial)
    own = variant_of(candidate, ground.own.variant)
    outcomes = as_asked(own, supposed_outcomes(own, ground.outcomes, trial.values))
    before, after = score_health(ground.own, ground.outcomes), score_health(own, outcomes)
    return Supposed(
        candidate=candidate,
        before=before,
        after=after,
        lines_before=explain_score(ground.own, before.outcomes, before.contributions),
        lines_after=explain_score(own, after.outcomes, after.contributions),
    )


def variant_of(card: Scorecard, variant: Variant) -> Scorecard:
    """A variant of a scorecard; the scorecard itself where all accounts are scored alike."""
    return card.variants.get(variant, card)


def supposed_outcomes(
    card: Scorecard, outcomes: Sequence[Outcome], values: Mapping[str, Outcome]
) -> tuple[Outcome, ...]:
    """What was measured, with values in place of some of it."""
    pairs = zip(card.measures, outcomes, strict=True)
    return tuple(values.get(line.measure_id, outcome) for line, outcome in pairs)


def retuned(card: Scorecard, variant: Variant, trial: Trial) -> Scorecard:
    """The scorecard with other weights and maps for a variant; else its text stays as it is.

    They are changed where they are written: in the variant's profile, else for all accounts.

    Raises:
        InputError: the scorecard does not allow such a weight or map.
        UsageError: it is not written in a way that can be changed here.
    """
    if not trial.weights and not trial.maps:
        return card
    lines, places = card.text.split("\n"), key_lines(card.text)
    given = tomllib.loads(card.text)
    wanted = [
        *((name, "weight", f"weight = {weight}") for name, weight in trial.weights.items()),
        *((name, "map", toml_map(worth)) for name, worth in trial.maps.items()),
    ]
    for measure_id, key, text in wanted:
        number = line_of(places, _path(given, variant, measure_id, key)) - 1
        line, count = _WRITTEN[key].subn(text, lines[number])
        if count == 1:
            lines[number] = line
    found = read_scorecard("\n".join(lines), "what if")
    now = {one.measure_id: one for one in variant_of(found, variant).measures}
    for measure_id, weight in trial.weights.items():
        if now[measure_id].weight != weight:
            raise UsageError(f"The weight of {measure_id} can only be changed in the file itself.")
    for measure_id, worth in trial.maps.items():
        if now[measure_id].worth != worth:
            raise UsageError(f"The map of {measure_id} can only be changed in the file itself.")
    return found


def measured_alike(one: Scorecard, other: Scorecard) -> bool:
    """Whether what one scorecard measures is all that the other asks.

    Only then can values that were stored with the one be scored with the other.
    """
    if (one.metrics, _divided(one)) != (other.metrics, _divided(other)):
        return False
    pairs = [(one, other), *((card, other.variants[key]) for key, card in one.variants.items())]
    return all(
        _asked(left) == _asked(right) and not _begins_to_ask(left, right) for left, right in pairs
    )


def _divided(card: Scorecard) -> object:
    """Into which variants accounts fall, and how."""
    profiles = [(one.name, one.segments, one.stages, one.products) for one in card.profiles]
    return profiles, list(card.variants)


def _asked(card: Scorecard) -> list[object]:
    return [
        (one.measure_id, one.source, dict(one.given), one.min_history_days, one.if_imported)
        for one in card.measures
    ]


def _begins_to_ask(old: Scorecard, new: Scorecard) -> bool:
    pairs = zip(old.measures, new.measures, strict=True)
    return any(one.weight and not was.weight for was, one in pairs)


def _path(given: Mapping[str, object], variant: Variant, measure_id: str, name: str) -> Path:
    """Where a text has the weight or the map of a measure for a variant."""
    for table, key, wanted in (
        ("profiles", "name", variant.profile),
        ("measures", "id", measure_id),
    ):
        members = given.get(table, [])
        for index, one in enumerate(members if isinstance(members, list) else ()):
            if wanted is None or one.get(key) != wanted:
                continue
            if table == "measures":
                return ("measures", index, name)
            if name in one.get("measures", {}).get(measure_id, {}):
                return ("profiles", index, "measures", measure_id, name)
    raise UsageError(f"The scorecard has no measure {measure_id}.")
