"""Manual ratings in a scorecard: what can be rated, and what can be wrong with asking for it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cs_workbench.core.judgements import HIGHEST, LOWEST, SENTIMENT, SENTIMENT_SCALE, Scale
from cs_workbench.core.rating_measures import RATING, RATING_MEASURES, worded
from cs_workbench.core.scorecards import (
    VALUE_SCALE,
    BandMap,
    Profile,
    Scorecard,
    ScoredMeasure,
    ValueMap,
)
from cs_workbench.core.toml_lines import Path


def scales_of(scorecard: Scorecard) -> tuple[Scale, ...]:
    """What can be rated with a scorecard: the relationship, and all that it asks for."""
    asked = [
        Scale(str(one.given["rating"]), one.label, one.words)
        for one in scorecard.measures
        if one.source == RATING
    ]
    return (SENTIMENT_SCALE, *asked)


def as_rating(one: ScoredMeasure) -> ScoredMeasure:
    """A measure that, where it is a manual rating, has its id and tells it in its own words."""
    if one.source != RATING:
        return one
    given = {**one.given, "rating": one.given["rating"] or one.measure_id}
    measure = worded(one.measure, one.words) if one.words else one.measure
    return replace(one, given=given, measure=measure)


def rating_mistakes(
    measures: Mapping[int, ScoredMeasure], profiles: Mapping[int, Profile]
) -> Iterator[tuple[Path, str]]:
    """What is wrong with the measures that a person gives, by their place in the file."""
    seen: dict[object, str] = {}
    for index, one in measures.items():
        path: Path = ("measures", index)
        if one.source == RATING:
            yield from _asked(one, path, seen)
        elif one.words:
            yield (*path, "words"), f"words are for source {RATING}, not for {one.source}"
        yield from _scale(one, path)
    for index, profile in profiles.items():
        for base, own in zip(measures.values(), profile.measures, strict=True):
            if own.worth != base.worth:
                yield from _scale(own, ("profiles", index, "measures", own.measure_id))


def _asked(one: ScoredMeasure, path: Path, seen: dict[object, str]) -> Iterator[tuple[Path, str]]:
    rated = one.given["rating"]
    if not one.words:
        yield path, "words is missing: what 1, 2, 3, 4 and 5 mean"
    if rated == SENTIMENT:
        yield path, f'the relationship is rated for all: write source = "{SENTIMENT}"'
    elif rated in seen:
        yield path, f"rating {rated} is asked for by measure {seen[rated]} already"
    seen.setdefault(rated, one.measure_id)


def _scale(one: ScoredMeasure, path: Path) -> Iterator[tuple[Path, str]]:
    if one.source not in RATING_MEASURES:
        return
    why = f"a rating goes from {LOWEST} to {HIGHEST}; other values never come"
    if _is_beyond(one.worth):
        yield (*path, "bands" if isinstance(one.worth, BandMap) else "map"), why
    if any(_is_beyond(worth) for _, worth in one.tenure):
        yield (*path, "tenure"), why


def _is_beyond(worth: ValueMap) -> bool:
    """Whether a map speaks of values that no rating has."""
    if isinstance(worth, BandMap):
        return any(not LOWEST < one / VALUE_SCALE <= HIGHEST for one in worth.limits)
    return any(not LOWEST <= one / VALUE_SCALE <= HIGHEST for one in worth.values)
