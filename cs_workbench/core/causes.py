"""What moved a score, or holds it down, in the words of a customer success manager."""

from collections.abc import Sequence

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import ChangeCause, HealthScore, explain_change, worths_of
from cs_workbench.core.measures import NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.scorecards import FULL, POINT, Scorecard, ScoredMeasure

MOST = 4
WORTH_SAYING = POINT // 2


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
    told = [
        (cause.points_e4, tell_change(scorecard, facts, score, cause))
        for cause in changes
        if abs(cause.points_e4) >= WORTH_SAYING
    ] or _losses(scorecard, facts, score)
    told.sort(key=lambda one: -abs(one[0]))
    return tuple(f"{signed(points)}: {text}" for points, text in told[:MOST])


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
        if cause.appeared is False:
            return f"{line.label} expired ({_counts_as(line)})"
        told = _tell(line, facts, outcome)
        return f"{told} (new)" if cause.appeared else told
    raise AssertionError(f"{cause.measure_id} is not in the scorecard")


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
    told = []
    for line, outcome, points in zip(lines, score.outcomes, score.contributions, strict=True):
        lost = 0 if points is None else points - line.weight * FULL // weight
        if lost <= -WORTH_SAYING:
            told.append((lost, _tell(line, facts, outcome)))
    return told


def _tell(line: ScoredMeasure, facts: AccountFacts, outcome: Outcome) -> str:
    if not isinstance(outcome, Measured):
        return f"{line.label} missing"
    return line.measure.tell(facts, line.given, outcome.value)
