"""The health score: a weighted mean that adds up exactly, and its change explained exactly.

Everything is integers in 1/10,000 of a point. Over the measures that are present and fresh a
contribution is weight x points / sum of weights, remainders go by largest fraction, ties by
measure id: the contributions add up to the score.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.scorecards import FULL, POINT, Scorecard, ScoredMeasure, started_on

ChangeKind = Literal["configuration", "presence", "value"]


class HealthScore(NamedTuple):
    """A score and what it is made of; a named tuple for speed of building.

    Attributes:
        points_e4: 0 to 1,000,000; None where nothing at all is known.
        coverage_e4: share of the weight that is present and fresh, of what applies.
        low_e4, high_e4: the score if everything missing were worst, or best.
        outcomes: what was measured, in the scorecard's order.
        contributions: the points of each measure; None where it is missing, stale or not asked.
    """

    points_e4: int | None
    band: Band
    coverage_e4: int
    low_e4: int
    high_e4: int
    outcomes: tuple[Outcome, ...]
    contributions: tuple[int | None, ...]


class Standing(NamedTuple):
    """A score without what it is made of; the fields as in `HealthScore`."""

    points_e4: int | None
    band: Band
    coverage_e4: int
    low_e4: int
    high_e4: int


@dataclass(frozen=True)
class Contribution:
    """One line of an explanation.

    Attributes:
        value: None where missing; `value_text` says it for a person.
        points_e4: what it gives to the score, None where missing, stale or not asked.
        possible_e4: the most it could give, rounded up; 0 where it is not there.
        age_days: of the newest data behind it.
        is_stale: there is a value, but it is too old to count.
        applies: False where the question makes no sense for the account.
        question: what to ask the customer; empty unless the measure by itself is red.
    """

    measure_id: str
    label: str
    dimension: str
    weight: int
    value: float | None
    value_text: str
    target: float
    target_text: str
    points_e4: int | None
    possible_e4: int
    age_days: int | None
    is_stale: bool
    applies: bool
    question: str = ""

    @property
    def lost_e4(self) -> int:
        """How much of what it could give it does not."""
        return self.possible_e4 - (self.points_e4 or 0)


@dataclass(frozen=True)
class ChangeCause:
    """One exact part of the difference between two scores.

    Attributes:
        kind: the scorecard itself, data that appeared or expired, or a value.
        measure_id: None for the scorecard.
        appeared: for presence: it came (True) or went (False).
        points_e4: signed; all parts of a change add up to it.
        same_file: for the scorecard: the file is the same, another variant of it holds.
    """

    kind: ChangeKind
    measure_id: str | None
    points_e4: int
    appeared: bool | None = None
    same_file: bool = False


def measure_account(scorecard: Scorecard, facts: AccountFacts) -> tuple[Outcome, ...]:
    """Every measure of the scorecard; missing where its kind of data was never imported."""
    kinds = facts.portfolio.kinds
    outcomes = [
        function(facts, given) if kind is None or kind in kinds else MISSING
        for function, given, kind in scorecard.asked
    ]
    for index in scorecard.optional:
        if outcomes[index] is MISSING and is_unheard_of(scorecard.measures[index], facts.portfolio):
            outcomes[index] = NOT_APPLICABLE
    for index in scorecard.gated:
        if history_days(facts) < scorecard.measures[index].min_history_days:
            outcomes[index] = MISSING
    return as_asked(scorecard, outcomes)


def as_asked(scorecard: Scorecard, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The same, where what weighs nothing is not asked."""
    if not scorecard.gated:
        return tuple(outcomes)
    pairs = zip(scorecard.measures, outcomes, strict=True)
    return tuple(outcome if line.weight else NOT_APPLICABLE for line, outcome in pairs)


def score_health(scorecard: Scorecard, outcomes: Sequence[Outcome]) -> HealthScore:
    """The score of what was measured."""
    products: list[int | None] = []
    present = asked = set_weight = total = set_total = 0
    for (weight, points_of, max_age, missing_e4), outcome in zip(
        scorecard.worths, outcomes, strict=True
    ):
        if outcome is NOT_APPLICABLE:
            products.append(None)
            continue
        asked += weight
        if isinstance(outcome, Measured) and outcome[1] <= max_age:
            product = weight * points_of(outcome[0])
            present += weight
            total += product
            products.append(product)
        elif missing_e4 is None:
            products.append(None)
        else:
            set_weight += weight
            set_total += weight * missing_e4
            products.append(weight * missing_e4)
    counted = present + set_weight
    points = _nearest(total + set_total, counted) if counted else None
    coverage = present * POINT // asked if asked else 0
    return HealthScore(
        points_e4=points,
        band=scorecard.band_of(points, coverage),
        coverage_e4=coverage,
        low_e4=_nearest(total, asked) if asked else 0,
        high_e4=_nearest(total + (asked - present) * FULL, asked) if asked else FULL,
        outcomes=tuple(outcomes),
        contributions=_contributions(scorecard.measures, products, (points or 0, counted)),
    )


def worths_of(scorecard: Scorecard, outcomes: Sequence[Outcome]) -> list[int | None]:
    """What each value is worth by itself; None where it is missing, stale or not asked."""
    return [
        points_of(outcome[0]) if isinstance(outcome, Measured) and outcome[1] <= max_age else None
        for (_, points_of, max_age, _), outcome in zip(scorecard.worths, outcomes, strict=True)
    ]


def stored_form(scorecard: Scorecard, score: HealthScore) -> tuple[int | str | None, ...]:
    """What is kept of a score: its numbers, the scorecard's hash, the input hash, contributions."""
    return (
        *(score.points_e4, score.band, score.coverage_e4, score.low_e4, score.high_e4),
        *(scorecard.digest, *encode_score(score)),
    )


def encode_score(score: HealthScore) -> tuple[str, str]:
    """The input hash and the stored contributions, in the scorecard's order.

    The hash names what was measured, so that two runs over the same facts can be compared. A
    contribution is `[value, age, points]`; points null where stale; `null` missing; `false` not
    applicable; value and age null where something missing counts with fixed points.
    """
    inputs, parts = [], []
    for outcome, points in zip(score.outcomes, score.contributions, strict=True):
        shown = "null" if points is None else points
        if isinstance(outcome, Measured):
            value, age = outcome
            text = str(value)
            inputs.append(f"{text}@{age}")
            parts.append(f"[{text},{age},{shown}]")
            continue
        inputs.append(outcome.value)
        if points is not None:
            parts.append(f"[null,null,{points}]")
        else:
            parts.append("false" if outcome is NOT_APPLICABLE else "null")
    digest = hashlib.blake2b("|".join(inputs).encode(), digest_size=16).hexdigest()
    return digest, f"[{','.join(parts)}]"


def decode_contributions(text: str) -> tuple[tuple[Outcome, ...], tuple[int | None, ...]]:
    """The contributions that `encode_score` wrote: outcomes and contributions."""
    outcomes: list[Outcome] = []
    points: list[int | None] = []
    for part in json.loads(text):
        if isinstance(part, list):
            outcomes.append(MISSING if part[0] is None else Measured(part[0], part[1]))
            points.append(part[2])
        else:
            outcomes.append(MISSING if part is None else NOT_APPLICABLE)
            points.append(None)
    return tuple(outcomes), tuple(points)


def explain_score(
    scorecard: Scorecard, outcomes: Sequence[Outcome], contributions: Sequence[int | None]
) -> tuple[Contribution, ...]:
    """The lines of an explanation, in the scorecard's order."""
    weight = sum(
        line.weight
        for line, points in zip(scorecard.measures, contributions, strict=True)
        if points is not None
    )
    worths = worths_of(scorecard, outcomes)
    lines = zip(scorecard.measures, outcomes, contributions, worths, strict=True)
    return tuple(
        replace(
            _explained(line, outcome, points, weight),
            question="" if worth is None or worth >= scorecard.yellow_from else line.question,
        )
        for line, outcome, points, worth in lines
    )


def explain_change(
    before: tuple[Scorecard, Sequence[Outcome]], after: tuple[Scorecard, Sequence[Outcome]]
) -> tuple[ChangeCause, ...]:
    """The exact parts of a change: configuration, then presence, then values.

    Each part is measured with the earlier ones applied, in scorecard order; data that appears comes
    before data that expires, so that there is always something to score in between. A moment with
    nothing known counts as zero points. Parts of zero points are left out.
    """
    (old_card, old), (card, new) = before, after
    is_same = old_card.digest == card.digest
    aligned = old if is_same else _realigned(old_card, old, card)
    known = worths_of(card, aligned), worths_of(card, new)
    counted = _counted(card, aligned, known[0]), _counted(card, new, known[1])
    total, weight = _sums(card, counted[0])
    points = _share(total, weight)
    causes = []
    if not is_same:
        changed = points - _share(*_sums(old_card, _counted_of(old_card, old)))
        same_file = bool(card.origin) and card.origin == old_card.origin
        causes.append(ChangeCause("configuration", None, changed, same_file=same_file))
    for index, kind, appeared in _steps(known, counted):
        line, was, now = card.measures[index], counted[0][index], counted[1][index]
        total += line.weight * ((now or 0) - (was or 0))
        weight += line.weight * ((now is not None) - (was is not None))
        moved = _share(total, weight)
        causes.append(ChangeCause(kind, line.measure_id, moved - points, appeared))
        points = moved
    return tuple(cause for cause in causes if cause.points_e4)


_Worths = Sequence[int | None]


def _steps(
    known: tuple[_Worths, _Worths], counted: tuple[_Worths, _Worths]
) -> list[tuple[int, ChangeKind, bool | None]]:
    """What moves after the scorecard, in order: which measure, how, and whether data came or went.

    A measure that begins or ceases to be asked moves with the data that appear or expire.
    """
    came: list[tuple[int, ChangeKind, bool | None]] = []
    went: list[tuple[int, ChangeKind, bool | None]] = []
    moved: list[tuple[int, ChangeKind, bool | None]] = []
    for index, (before, after) in enumerate(zip(*counted, strict=True)):
        if before == after:
            continue
        was, now = known[0][index], known[1][index]
        if was is not None and now is not None:
            moved.append((index, "value", None))
        elif was is None and (now is not None or before is None):
            came.append((index, "presence", True))
        else:
            went.append((index, "presence", False))
    return [*came, *went, *moved]


def is_unheard_of(one: ScoredMeasure, portfolio: Portfolio) -> bool:
    """Whether no account can have a value, because nothing of the kind was ever imported."""
    if one.measure.kind is not None and one.measure.kind not in portfolio.kinds:
        return True
    reads_seats = one.source in {"seat utilisation", "onboarding progress"}
    return reads_seats and not one.given.get("metric") and portfolio.seat_metric is None


def history_days(facts: AccountFacts) -> int:
    """Days as a customer; none where the start is unknown."""
    begun = started_on(facts)
    return 0 if begun is None else (facts.portfolio.as_of - begun).days


def _counted(
    scorecard: Scorecard, outcomes: Sequence[Outcome], fresh: Sequence[int | None]
) -> list[int | None]:
    """What counts: fresh values, and what the scorecard sets in place of missing ones."""
    return [
        line.missing_e4 if worth is None and outcome is not NOT_APPLICABLE else worth
        for line, worth, outcome in zip(scorecard.measures, fresh, outcomes, strict=True)
    ]


def _counted_of(scorecard: Scorecard, outcomes: Sequence[Outcome]) -> list[int | None]:
    return _counted(scorecard, outcomes, worths_of(scorecard, outcomes))


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _contributions(
    lines: Sequence[ScoredMeasure], products: Sequence[int | None], score: tuple[int, int]
) -> tuple[int | None, ...]:
    """Each measure's part of a score, given as its points and the sum of weights behind it.

    A product is weight x worth.
    """
    points, weight = score
    parts = [None if product is None else product // weight for product in products]
    left = points - sum([part for part in parts if part is not None])
    if left:
        fractions = [
            (-(product % weight), lines[index].measure_id, index)
            for index, product in enumerate(products)
            if product is not None
        ]
        fractions.sort()
        for _, _, index in fractions[:left]:
            parts[index] = (parts[index] or 0) + 1
    return tuple(parts)


def _sums(card: Scorecard, worths: _Worths) -> tuple[int, int]:
    """Of what counts: weight x worth, and the weight."""
    total = weight = 0
    for line, worth in zip(card.measures, worths, strict=True):
        if worth is not None:
            total += line.weight * worth
            weight += line.weight
    return total, weight


def _share(total: int, weight: int) -> int:
    return _nearest(total, weight) if weight else 0


def _realigned(
    old_card: Scorecard, outcomes: Sequence[Outcome], card: Scorecard
) -> tuple[Outcome, ...]:
    """Old values in the order of the new scorecard; a measure that is new has none."""
    known = {
        (line.measure_id, line.source): outcome
        for line, outcome in zip(old_card.measures, outcomes, strict=True)
    }
    return tuple(known.get((line.measure_id, line.source), MISSING) for line in card.measures)


def _explained(
    line: ScoredMeasure, outcome: Outcome, points: int | None, weight: int
) -> Contribution:
    known = outcome if isinstance(outcome, Measured) else None
    absent = "does not apply" if outcome is NOT_APPLICABLE else "none"
    return Contribution(
        measure_id=line.measure_id,
        label=line.label,
        dimension=line.dimension,
        weight=line.weight,
        value=None if known is None else known.value,
        value_text=absent if known is None else line.measure.show(known.value),
        target=line.worth.target,
        target_text=line.target_text,
        points_e4=points,
        possible_e4=0 if points is None else -(-line.weight * FULL // weight),
        age_days=None if known is None else known.age_days,
        is_stale=known is not None
        and line.max_age_days is not None
        and known.age_days > line.max_age_days,
        applies=outcome is not NOT_APPLICABLE,
    )
