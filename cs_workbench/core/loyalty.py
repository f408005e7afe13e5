"""Are *we* loyal to *them*: measured by what we did, scored as health is, and never mixed into it.

A loyalty scorecard is a `Scorecard` with measures of its own; `score_health` scores it, so that
contributions add up exactly, what is missing lowers the coverage, and every day can be replayed.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.measure_words import percent, plain, plural
from cs_workbench.core.measures import (
    MISSING,
    NOT_APPLICABLE,
    Measure,
    Measured,
    Outcome,
    Parameters,
)
from cs_workbench.core.memory import Promise
from cs_workbench.core.promises import record_of
from cs_workbench.core.scorecards import POINT, VALUE_SCALE, PointMap, Scorecard, ScoredMeasure
from cs_workbench.errors import InputError

ANSWER_DAYS: Final = 14  # within which feedback is answered
BAD_DAYS: Final = 90  # for which a bad experience that was not made good is talked of
RECOVERY_DAYS: Final = 28  # within which a bad experience can be made good


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a customer took the trouble to write, and when somebody answered it."""

    on: dt.date
    answered_on: dt.date | None


@dataclass(frozen=True, slots=True)
class BadExperience:
    """Something that went wrong through us: `kind` says what, `made_good_on` when it was repaired.

    Kinds: urgent breach, broken promise, complaint, incident.
    """

    on: dt.date
    kind: str
    made_good_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LoyaltyFacts:
    """What we did for and to one account, as known on a day.

    Attributes:
        promises: ours.
        tickets: by the day they were closed or became late: whether they kept to their target.
        asked_again: days on which they were asked what they had said before; None: nobody counts.
        owner_changes: days on which they got another CSM; None: it is not known who theirs is.
        gives, asks: days on which we gave them something, or wanted something of them.
    """

    as_of: dt.date
    promises: tuple[Promise, ...] = ()
    tickets: tuple[tuple[dt.date, bool], ...] = ()
    feedback: tuple[Feedback, ...] = ()
    asked_again: tuple[dt.date, ...] | None = None
    owner_changes: tuple[dt.date, ...] | None = None
    bad: tuple[BadExperience, ...] = ()
    gives: tuple[dt.date, ...] = ()
    asks: tuple[dt.date, ...] = ()

    def recent(self, days: Sequence[dt.date], window: int) -> int:
        """How many of some days lie in the last so many, today included."""
        return sum(_is_recent(day, self.as_of, window) for day in days)


def _is_recent(day: dt.date, as_of: dt.date, window: int) -> bool:
    return 0 <= (as_of - day).days < window


def promises_kept(facts: LoyaltyFacts, days: int) -> Outcome:
    """Kept on time, of our promises that were due in the last days; unknown without any."""
    due = [
        one
        for one in facts.promises
        if _is_recent(one.due_on or one.kept_on or one.made_on, facts.as_of, days)
    ]
    share = record_of(due, facts.as_of).kept_share_e4
    return MISSING if share is None else Measured(share / 10_000, 0)


def tat_met(facts: LoyaltyFacts, days: int) -> Outcome:
    """Tickets that kept to their turnaround, of those closed or late in the last days."""
    met = [kept for day, kept in facts.tickets if _is_recent(day, facts.as_of, days)]
    return Measured(sum(met) / len(met), 0) if met else NOT_APPLICABLE


def feedback_answered(facts: LoyaltyFacts, days: int) -> Outcome:
    """Comments answered within two weeks, of those of the last days that had so long."""
    answers = [(one.on, one.answered_on) for one in facts.feedback]
    return _in_time(answers, ANSWER_DAYS, facts.as_of, days)


def asked_again(facts: LoyaltyFacts, days: int) -> Outcome:
    """How often they were asked in the last days for what they had said before."""
    return _counted(facts, facts.asked_again, days)


def owner_changes(facts: LoyaltyFacts, days: int) -> Outcome:
    """How often they got another CSM in the last days."""
    return _counted(facts, facts.owner_changes, days)


def _counted(facts: LoyaltyFacts, found: Sequence[dt.date] | None, days: int) -> Outcome:
    return MISSING if found is None else Measured(facts.recent(found, days), 0)


def bad_experiences(facts: LoyaltyFacts, days: int) -> Outcome:
    """Urgent breaches, broken promises, complaints and incidents of the last days."""
    return Measured(facts.recent([one.on for one in facts.bad], days), 0)


def made_good(facts: LoyaltyFacts, days: int) -> Outcome:
    """Bad experiences made good within four weeks, of those of the last days that had so long."""
    recoveries = [(one.on, one.made_good_on) for one in facts.bad]
    return _in_time(recoveries, RECOVERY_DAYS, facts.as_of, days)


def _in_time(
    answered: Iterable[tuple[dt.date, dt.date | None]], within: int, as_of: dt.date, window: int
) -> Outcome:
    """The share done so many days after, of what is done or has had so long."""
    due = [
        done is not None and (done - on).days <= within
        for on, done in answered
        if _is_recent(on, as_of, window) and (done or (as_of - on).days >= within)
    ]
    return Measured(sum(due) / len(due), 0) if due else NOT_APPLICABLE


def give_share(facts: LoyaltyFacts, days: int) -> Outcome:
    """Contacts in which we gave, of those in which we gave or asked; unknown without any."""
    gives, asks = facts.recent(facts.gives, days), facts.recent(facts.asks, days)
    return Measured(gives / (gives + asks), 0) if gives + asks else MISSING


MEASURES: Final[Mapping[str, Callable[[LoyaltyFacts, int], Outcome]]] = {
    "promises kept": promises_kept,
    "turnaround met": tat_met,
    "feedback answered": feedback_answered,
    "asked again": asked_again,
    "owner changes": owner_changes,
    "bad experiences": bad_experiences,
    "made good": made_good,
    "give share": give_share,
}
_COUNTS: Final = frozenset({"asked again", "owner changes", "bad experiences"})


def loyalty_outcomes(card: Scorecard, facts: LoyaltyFacts) -> tuple[Outcome, ...]:
    """What each measure of a loyalty scorecard finds."""
    return tuple(MEASURES[one.source](facts, int(one.given["days"])) for one in card.measures)


def bad_lately(facts: LoyaltyFacts, days: int = BAD_DAYS) -> tuple[BadExperience, ...]:
    """Bad experiences that are not made good: one suggests recovery, two go on the agenda."""
    return tuple(
        one
        for one in facts.bad
        if _is_recent(one.on, facts.as_of, days) and one.made_good_on is None
    )


def read_loyalty_card(text: str, place: str) -> Scorecard:
    """The scorecard of a file.

    Raises:
        InputError: it is not TOML, or something in it is missing or cannot be understood.
    """
    try:
        given = tomllib.loads(text)
        measures = tuple(_measure(one) for one in given["measures"])
        bands = given.get("bands", {})
        limits = [float(bands[name]) for name in ("yellow_from", "green_from")]
        coverage = float(bands.get("minimum_coverage", 0.4))
    except KeyError as problem:
        raise InputError(f"{place}: {problem.args[0]!r} is missing.") from None
    except (tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError) as problem:
        raise InputError(f"{place}: {problem}.") from None
    if len({one.measure_id for one in measures}) < len(measures) or not measures:
        raise InputError(f"{place}: every measure has an id of its own, and there is at least one.")
    if not 0 <= limits[0] < limits[1] <= 100 or not 0 <= coverage <= 1:
        raise InputError(f"{place}: bands lie between 0 and 100, yellow below green.")
    digest = sha256(text.encode()).hexdigest()
    return Scorecard(
        name="our loyalty",
        text=text,
        digest=digest,
        yellow_from=round(limits[0] * POINT),
        green_from=round(limits[1] * POINT),
        minimum_coverage_e4=round(coverage * 10_000),
        metrics=(),
        dimensions={"loyalty": "Our loyalty"},
        measures=measures,
        origin=digest,
    )


def _measure(given: Mapping[str, Any]) -> ScoredMeasure:
    source, weight, days = given["source"], given["weight"], given.get("days", 365)
    if source not in MEASURES:
        raise ValueError(f"there is no measure {source!r}, but {', '.join(MEASURES)}")
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in (weight, days)):
        raise ValueError(f"weight and days of {given['id']} are whole numbers above 0")
    pairs = sorted((float(value), float(points)) for value, points in given["map"])
    if len(pairs) < 2 or any(not 0 <= points <= 100 for _, points in pairs):
        raise ValueError(f"the map of {given['id']} has two pairs or more, points from 0 to 100")
    return ScoredMeasure(
        measure_id=str(given["id"]),
        label=str(given["label"]),
        dimension="loyalty",
        source=source,
        measure=Measure(_unasked, {}, plain if source in _COUNTS else percent, _tell),
        given={"days": days},
        weight=weight,
        worth=PointMap(
            tuple(round(value * VALUE_SCALE) for value, _ in pairs),
            tuple(round(points * POINT) for _, points in pairs),
        ),
        max_age_days=None,
    )


def _unasked(_: AccountFacts, __: Parameters) -> Outcome:
    """Health's facts say nothing of what we did."""
    return MISSING


def _tell(_: AccountFacts, __: Parameters, value: float) -> str:
    return plural(value, "time")
