"""What two scorecards do differently, in words."""

from collections.abc import Iterator, Mapping, Sequence, Set

from cs_workbench.core.scorecards import (
    POINT,
    VALUE_SCALE,
    PointMap,
    Profile,
    Scorecard,
    ScoredMeasure,
    ValueMap,
)


def tell_differences(before: Scorecard, after: Scorecard) -> Iterator[str]:
    """One sentence for each difference that can move a score or a word."""
    yield from _changed("name", before.name, after.name)
    yield from _changed("yellow from", before.yellow_from / POINT, after.yellow_from / POINT)
    yield from _changed("green from", before.green_from / POINT, after.green_from / POINT)
    yield from _changed(
        "minimum coverage", before.minimum_coverage_e4 / POINT, after.minimum_coverage_e4 / POINT
    )
    yield from _changed("usage metrics", ", ".join(before.metrics), ", ".join(after.metrics))
    yield from _changed("parents by", before.parents_by, after.parents_by)
    for dimension in {**before.dimensions, **after.dimensions}:
        label = f"label of {dimension}"
        old, new = before.dimensions.get(dimension), after.dimensions.get(dimension)
        yield from _changed(label, old or "none", new or "none")
    yield from _measures(before.measures, after.measures)
    yield from _profiles(before, after)


def tell_map(worth: ValueMap) -> str:
    """A map for a person: `0.2 → 0, 0.5 → 40, 0.9 → 100`."""
    points = [f"{one / POINT:g}" for one in worth.points]
    if isinstance(worth, PointMap):
        values = [f"{value / VALUE_SCALE:g}" for value in worth.values]
        return ", ".join(f"{value} → {one}" for value, one in zip(values, points, strict=True))
    limits = [f"{limit / VALUE_SCALE:g}" for limit in worth.limits]
    begins = [f"below {limits[0]}", *(f"from {limit}" for limit in limits)]
    return ", ".join(f"{begin} → {one}" for begin, one in zip(begins, points, strict=True))


def tell_missing(one: ScoredMeasure) -> str:
    """What counts without fresh data."""
    if one.missing_e4 is None:
        return "does not count"
    return f"counts as {one.missing_e4 / POINT:g}"


def _changed(what: str, old: object, new: object) -> Iterator[str]:
    if old == new:
        return
    then, now = _shown(old), _shown(new)
    yield f"{what}: {now} (was {then})" if "→" in then + now else f"{what}: {then} → {now}"


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def _own(profile: Profile, card: Scorecard) -> set[str]:
    """The measures of which a profile says anything itself; the others are as the card has them."""
    pairs = zip(profile.measures, card.measures, strict=True)
    return {one.measure_id for one, base in pairs if one != base}


def _measures(
    before: Sequence[ScoredMeasure],
    after: Sequence[ScoredMeasure],
    *,
    told_of: Set[str] | None = None,
) -> Iterator[str]:
    """What became of measures; all of them, or those that are told of."""
    old, new = (
        {one.measure_id: one for one in group if told_of is None or one.measure_id in told_of}
        for group in (before, after)
    )
    weights = [sum(one.weight for one in group) for group in (before, after)]
    for name, one in old.items():
        if name not in new:
            yield f"{name} is gone (it had {_share(one.weight, weights[0])} of the weight)"
    for name, one in new.items():
        if name not in old:
            yield f"{name} is new, with {_share(one.weight, weights[1])} of the weight"
            continue
        was = old[name]
        if was.weight != one.weight:
            shares = f"{_share(was.weight, weights[0])} → {_share(one.weight, weights[1])} of all"
            yield f"{name}: weight {was.weight} → {one.weight} ({shares})"
        for what, then, now in _fields(was, one):
            yield from _changed(f"{name}: {what}", then, now)


def _fields(was: ScoredMeasure, one: ScoredMeasure) -> Iterator[tuple[str, object, object]]:
    yield "label", was.label, one.label
    yield "dimension", was.dimension, one.dimension
    yield "source", was.source, one.source
    yield "parameters", _parameters(was.given), _parameters(one.given)
    yield "map", tell_map(was.worth), tell_map(one.worth)
    yield "oldest data in days", _days(was.max_age_days), _days(one.max_age_days)
    yield "without data it", tell_missing(was), tell_missing(one)
    yield "asked", _asked(was), _asked(one)
    yield "minimum history in days", was.min_history_days, one.min_history_days
    yield "maps by tenure", _tenure(was), _tenure(one)
    yield "question", was.question, one.question
    yield "words", ", ".join(was.words), ", ".join(one.words)


def _asked(one: ScoredMeasure) -> str:
    return "where there is data of its kind" if one.if_imported else "always"


def _share(weight: int, total: int) -> str:
    return f"{100 * weight / total:.1f} %"


def _parameters(given: Mapping[str, str | int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items() if value != "")


def _days(days: int | None) -> str:
    return "any" if days is None else str(days)


def _tenure(one: ScoredMeasure) -> str:
    return "; ".join(f"until month {until}: {tell_map(worth)}" for until, worth in one.tenure)


def _profiles(before: Scorecard, after: Scorecard) -> Iterator[str]:
    old, new = ({one.name: one for one in card.profiles} for card in (before, after))
    for name in old:
        if name not in new:
            yield f"profile {name} is gone"
    for name, one in new.items():
        if name not in old:
            yield f"profile {name} is new, for {tell_conditions(one)}"
            continue
        was = old[name]
        yield from _changed(f"profile {name}: for", tell_conditions(was), tell_conditions(one))
        own = _own(was, before) | _own(one, after)
        for told in _measures(was.measures, one.measures, told_of=own):
            yield f"profile {name}: {told}"
    kept = [[name for name in group if name in old and name in new] for group in (old, new)]
    yield from _changed("order of profiles", ", ".join(kept[0]), ", ".join(kept[1]))


def tell_conditions(one: Profile) -> str:
    """Which accounts a profile is for."""
    parts = {"segment": one.segments, "stage": one.stages, "product": one.products}
    told = [f"{name} {' or '.join(sorted(any_of))}" for name, any_of in parts.items() if any_of]
    return " and ".join(told) or "all others"
