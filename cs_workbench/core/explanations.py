"""Why a score is what it is, and why it moved: as JSON tells it, and in words to say aloud."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cs_workbench.core.account_records import override_record
from cs_workbench.core.causes import tell_change, tell_unknown
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import (
    ChangeCause,
    Contribution,
    HealthScore,
    explain_change,
    explain_score,
)
from cs_workbench.core.judgements import Override, tell_override
from cs_workbench.core.points import Points, shown_tenths, tenths_of
from cs_workbench.core.scorecards import POINT, Scorecard

TENTH = POINT // 10
FRESH_DAYS = 7
MAINLY = 3

_Counted = tuple[Contribution, int, int]


@dataclass(frozen=True)
class DayScore:
    """The score of one day, with the scorecard that made it and the facts behind it.

    Attributes:
        is_stored: whether a refresh has stored it; else it was computed to be explained.
    """

    as_of: dt.date
    scorecard: Scorecard
    score: HealthScore
    facts: AccountFacts
    is_stored: bool

    @property
    def lines(self) -> tuple[Contribution, ...]:
        """What adds up to the score, in the scorecard's order."""
        return explain_score(self.scorecard, self.score.outcomes, self.score.contributions)


@dataclass(frozen=True)
class Explanation:
    """A score, and the earlier one that it is compared with.

    Attributes:
        override: a person's own call that stands beside it; no cause of any change.
    """

    account_id: str
    name: str
    now: DayScore
    before: DayScore | None = None
    override: Override | None = None

    @property
    def change_e4(self) -> int:
        """The difference; a day on which nothing was known counts as zero points."""
        then = 0 if self.before is None else self.before.score.points_e4 or 0
        return (self.now.score.points_e4 or 0) - then

    @property
    def causes(self) -> tuple[ChangeCause, ...]:
        """The exact parts of the difference."""
        if self.before is None:
            return ()
        then, now = self.before, self.now
        return explain_change(
            (then.scorecard, then.score.outcomes), (now.scorecard, now.score.outcomes)
        )

    def told(self, cause: ChangeCause) -> str:
        """A cause as a sentence, without its points."""
        return tell_change(self.now.scorecard, self.now.facts, self.now.score, cause)


def explanation_document(one: Explanation) -> dict[str, Any]:
    """The explanation as JSON has it; its points are written with four digits that add up."""
    score = one.now.score
    document: dict[str, Any] = {
        "account_id": one.account_id,
        "as_of": one.now.as_of,
        "score": _points(score.points_e4),
        "band": score.band,
        "coverage": Decimal(score.coverage_e4) / POINT,
        "interval": [Points(score.low_e4), Points(score.high_e4)],
        "override": override_record(one.override),
        "contributions": [_part(line) for line in one.now.lines],
    }
    if one.before is not None:
        document["change"] = Points(one.change_e4)
        document["causes"] = [
            {
                "kind": cause.kind,
                "measure": cause.measure_id,
                "points": Points(cause.points_e4),
                "text": one.told(cause),
            }
            for cause in one.causes
        ]
    return document


def tell_explanation(one: Explanation) -> Iterator[str]:
    """The explanation in lines that a person could read out; what is shown adds up too."""
    yield from _tell_score(one)
    lines = one.now.lines
    counted = _counted(lines)
    costly = [row for row in counted if _is_costly(row[0])]
    if costly and one.now.score.band != "unknown":
        mainly = [_sentence(one.now, row[0]) for row in costly[:MAINLY]]
        yield f"What holds it down most: {'; '.join(mainly)}."
    yield from _tell_lines("What costs points", one.now, costly)
    good = [row for row in counted if not _is_costly(row[0])]
    good.sort(key=lambda row: -row[0].possible_e4)
    yield from _tell_lines("What is as it should be", one.now, good)
    absent = [line for line in lines if line.points_e4 is None]
    if absent:
        yield from ("", "Not counted")
        yield from (f"  {line.label}: {_tell_absence(line)}" for line in absent)
    if one.before is not None:
        yield from _tell_change(one, one.before)


def _tell_score(one: Explanation) -> Iterator[str]:
    now, score = one.now, one.now.score
    day = with_weekday(now.as_of)
    known = f"{score.coverage_e4 // 100} % of what the scorecard asks is known; the rest"
    if score.points_e4 is None or score.band == "unknown":
        known = "The rest"
        yield f"{one.name} has no band on {day}: too little is known."
        yield f"{tell_unknown(now.scorecard, score)}."
    else:
        shown = _tenth(score.points_e4 // TENTH)
        yield f"{one.name} stands at {shown} of 100 on {day}: {score.band}."
    if score.low_e4 == score.high_e4:
        yield "Everything that the scorecard asks is known."
    else:
        span = f"{_tenth(score.low_e4 // TENTH)} and {_tenth(score.high_e4 // TENTH)}"
        yield f"{known} could put it anywhere between {span}."
    if one.override is not None:
        yield tell_override(one.override)


def _counted(lines: Sequence[Contribution]) -> list[_Counted]:
    """What counts, with the tenths that it gives and could give; what costs most comes first."""
    earned = tenths_of([line.points_e4 for line in lines])
    possible = tenths_of([line.possible_e4 or None for line in lines])
    rows = [
        (line, points, points if line.lost_e4 <= 1 else max(points, most or 0))
        for line, points, most in zip(lines, earned, possible, strict=True)
        if points is not None
    ]
    return sorted(rows, key=lambda row: -row[0].lost_e4)


def _is_costly(line: Contribution) -> bool:
    return line.lost_e4 > TENTH


def _tell_lines(heading: str, day: DayScore, counted: Sequence[_Counted]) -> Iterator[str]:
    if not counted:
        return
    yield from ("", heading)
    for line, points, most in counted:
        yield f"  {_tenth(points):>5} of {_tenth(most):>4}  {_tell_line(day, line)}"
        if line.question:
            yield f"{'':17}Ask: {line.question}"


def _sentence(day: DayScore, line: Contribution) -> str:
    measure = next(one for one in day.scorecard.measures if one.measure_id == line.measure_id)
    if line.value is None or line.is_stale:
        return f"{line.label}: {_tell_absence(line)}, counted as the scorecard says"
    return measure.measure.tell(day.facts, measure.given, line.value)


def _tell_line(day: DayScore, line: Contribution) -> str:
    told = _sentence(day, line)
    aim = f" (aim: {_aloud(line.target_text)})" if _is_costly(line) else ""
    is_worth_saying = (line.age_days or 0) > FRESH_DAYS and not line.is_stale  # else said already
    return told + aim + (f", {line.age_days} days old" if is_worth_saying else "")


def _aloud(target: str) -> str:
    """A target without signs: `at least 120 days`."""
    if target == "yes":
        return "that there is one"
    for sign, words in (("≥ ", "at least "), ("≤ ", "at most "), ("< ", "less than ")):
        target = target.replace(sign, words)
    target = re.sub(r"^at least −(.*)$", r"a fall of at most \1", target)
    target = target.replace(" ×", " times the usual")
    return re.sub(r"\b1 d$", "1 day", re.sub(r"(?<!\b1) d$", " days", target))


def _tell_absence(line: Contribution) -> str:
    if not line.applies:
        return "does not apply"
    if line.value is None:
        return "unknown"
    return f"{line.value_text}, but {line.age_days} days old"


def _tell_change(one: Explanation, before: DayScore) -> Iterator[str]:
    then, now = before.score.points_e4 or 0, one.now.score.points_e4 or 0
    moved = now // TENTH - then // TENTH
    verb = "fallen" if one.change_e4 < 0 else "risen"
    subject = (
        "what is known of it" if "unknown" in {before.score.band, one.now.score.band} else "it"
    )
    day = with_weekday(before.as_of)
    yield ""
    if not one.causes:
        yield f"Since {day} nothing has moved it."
        return
    span = f"from {_tenth(then // TENTH)} to {_tenth(now // TENTH)}"
    yield f"Since {day} {subject} has {verb} by {_tenth(abs(moved))} points, {span}"
    parts = [cause.points_e4 for cause in one.causes]
    shown = zip(one.causes, shown_tenths(parts, moved), strict=True)
    values = {line.measure_id: line for line in before.lines}
    for cause, tenths in sorted(shown, key=lambda pair: -abs(pair[0].points_e4)):
        was = _was(values.get(cause.measure_id or "")) if cause.kind == "value" else ""
        yield f"  {_signed(tenths):>5}  {one.told(cause)}{was}"


def _was(line: Contribution | None) -> str:
    """The value of before, where it is a number: that somebody was there is in the sentence."""
    if line is None or line.value is None or not re.search(r"\d", line.value_text):
        return ""
    return f" (was {_aloud(line.value_text)})"


def _part(line: Contribution) -> dict[str, Any]:
    return {
        "measure": line.measure_id,
        "dimension": line.dimension,
        "value": _decimal(line.value),
        "target": _decimal(line.target),
        "weight": line.weight,
        "points": _points(line.points_e4),
        "age_days": line.age_days,
    }


def _points(points_e4: int | None) -> Points | None:
    return None if points_e4 is None else Points(points_e4)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _tenth(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _signed(tenths: int) -> str:
    return f"{'−' if tenths < 0 else '+'}{_tenth(abs(tenths))}"
