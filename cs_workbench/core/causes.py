"""What moved a score, or holds it down, in the words of a customer success manager."""

from collections.abc import Iterable, Sequence

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import ChangeCause, HealthScore, explain_change, worths_of
from cs_workbench.core.measures import NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.scorecards import FULL, POINT, Scorecard, ScoredMeasure

MOST = 4
WORTH_SAYING = POINT // 2


def told(causes: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """The largest of the sentences, each with its points in 1/10,000, as a person reads them."""
    largest = sorted(causes, key=lambda one: -abs(one[0]))[:MOST]
    return tuple(f"{signed(points)}: {text}" for points, text in largest)


def tell_causes(
    scorecard: Scorecard,
    facts: AccountFacts,
    score: HealthScore,
    earlier: tuple[Scorecard, Sequence[Outcome]] | None,
) -> tuple[str, ...]:
    """Short sentences, largest first: what changed since `earlier`, else what costs most points."""
    if score.band == "unknown":
        return (tell_unknown(scorecard, score),)
    changes = () if earlier is None else explain_change(earlier, (scorecard, score.outcomes))
    moved = [
        (cause.points_e4, tell_change(scorecard, facts, score, cause))
        for cause in changes
        if abs(cause.points_e4) >= WORTH_SAYING
    ]
    return told(moved or _losses(scorecard, facts, score))


def tell_unknown(scorecard: Scorecard, score: HealthScore) -> str:
    """Why there is no band."""
    absent = [
        f"{line.label} {'too old' if isinstance(outcome, Measured) else 'missing'}"
        for line, outcome, worth in zip(
            scorecard.measures, score.outcomes, worths_of(scorecard, score.outcomes), strict=True
        )
        if worth is None and outcome is not NOT_APPLICABLE
    ]
    needed, known = scorecard.minimum_coverage_e4 // 100, score.coverage_e4 // 100
    return f"{known} % of the scorecard is known, {needed} % are needed: {', '.join(absent[:3])}"


def tell_change(
    scorecard: Scorecard, facts: AccountFacts, score: HealthScore, cause: ChangeCause
) -> str:
    """One part of a change as a sentence, without its points."""
    if cause.measure_id is None:
        if cause.same_file:
            return f"other expectations hold now: {scorecard.variant.told()}"
        return "the scorecard was changed"
    for line, outcome in zip(scorecard.measures, score.outcomes, strict=True):
        if line.measure_id != cause.measure_id:
            continue
        return tell_part(line, facts, outcome, appeared=cause.appeared)
    raise AssertionError(f"{cause.measure_id} is not in the scorecard")


def tell_part(
    line: ScoredMeasure, facts: AccountFacts, outcome: Outcome, *, appeared: bool | None
) -> str:
    """What became of one measure; `appeared` as in `ChangeCause`."""
    if appeared is False and outcome is NOT_APPLICABLE:
        return f"{line.label} does not apply any more"
    if appeared is False:
        return f"{line.label} expired ({_counts_as(line)})"
    said = tell_measure(line, facts, outcome)
    return f"{said} (new)" if appeared else said


def _counts_as(line: ScoredMeasure) -> str:
    if line.missing_e4 is None:
        return "unknown, not neutral"
    return f"unknown, counted as {line.missing_e4 / POINT:g}"


def signed(points_e4: int) -> str:
    """Whole points with a sign, halves away from zero: `−8`, `+1`."""
    whole = (2 * abs(points_e4) + POINT) // (2 * POINT)
    return f"{'−' if points_e4 < 0 else '+'}{whole}"


def _losses(scorecard: Scorecard, facts: AccountFacts, score: HealthScore) -> list[tuple[int, str]]:
    """What each measure keeps away from a full score."""
    lines = scorecard.measures
    present = [p is not None for p in score.contributions]
    weight = sum(line.weight for line, there in zip(lines, present, strict=True) if there)
    losses = []
    for line, outcome, points in zip(lines, score.outcomes, score.contributions, strict=True):
        lost = 0 if points is None else points - line.weight * FULL // weight
        if lost <= -WORTH_SAYING:
            losses.append((lost, tell_measure(line, facts, outcome)))
    return losses


def tell_measure(line: ScoredMeasure, facts: AccountFacts, outcome: Outcome) -> str:
    """What a measure says of an account."""
    if not isinstance(outcome, Measured):
        return f"{line.label} missing"
    return line.measure.tell(facts, line.given, outcome.value)
