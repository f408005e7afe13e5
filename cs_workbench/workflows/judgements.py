"""What a person judges of an account: override its band, withdraw that, rate from 1 to 5."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.ids import new_id
from cs_workbench.core.judgements import (
    ASSERTED,
    HIGHEST,
    LONGEST_OVERRIDE,
    LOWEST,
    AssertedBand,
    Override,
    Rating,
    Scale,
)
from cs_workbench.core.scorecard_ratings import scales_of
from cs_workbench.core.scorecards import FULL, POINT, Scorecard
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.overrides import new_override, withdrawals
from cs_workbench.store.ratings import new_rating
from cs_workbench.store.standing import standing_override

LONGEST = 500


@dataclass(frozen=True)
class Act:
    """Who does it, on which day, to which account."""

    account_key: int
    actor: str
    today: dt.date


def make_override(
    act: Act,
    *,
    band: str,
    points_e4: int | None,
    reason: str,
    until: dt.date | None,
    scorecard: Scorecard,
) -> Override:
    """An override from what was typed.

    Raises:
        UsageError: no such band, a score of another band, no reason, or a day that is not ahead or
            more than 90 days away; the message says what to do.
    """
    if band not in ASSERTED:
        raise UsageError(f"Choose the band that you would give: {', '.join(ASSERTED)}.")
    asserted: AssertedBand = next(one for one in ASSERTED if one == band)
    if points_e4 is not None:
        _check_points(points_e4, asserted, scorecard)
    latest = act.today + dt.timedelta(days=LONGEST_OVERRIDE)
    if until is None or until <= act.today:
        raise UsageError("Say until when you would stand by it: a day ahead, such as +30.")
    if until > latest:
        raise UsageError(
            f"An override holds for at most {LONGEST_OVERRIDE} days, until {with_weekday(latest)}. "
            "Look again then."
        )
    line = _reason(reason)
    return Override("", asserted, points_e4, line, act.actor, act.today, until)


def override_band(db: Database, act: Act, override: Override) -> str:
    """Put an override beside the score, in place of one that stands; returns that, in words.

    Raises:
        NotFoundError: the account is gone; nothing was changed.
        ConflictError: it is a customer no longer, and has no health to judge.
    """
    name = _customer(db, act)
    score = "" if override.points_e4 is None else f" {override.points_e4 // POINT}"
    until = with_weekday(override.expires_on)
    summary = f"override: {override.band}{score} until {until} · {name}"
    ended = list(withdrawals(db, act.account_key, actor=act.actor, today=act.today))
    return _apply(db, act, summary, [*ended, new_override(act.account_key, override)])


def withdraw_override(db: Database, act: Act) -> str:
    """End the override that stands; returns that, in words.

    Raises:
        NotFoundError: none stands, or the account is gone.
    """
    standing = standing_override(db, act.account_key, act.today)
    if standing is None:
        raise NotFoundError("No override stands on this account.")
    summary = f"override withdrawn: {standing.band} by {standing.author} · {_line(db, act).name}"
    changes = withdrawals(db, act.account_key, actor=act.actor, today=act.today)
    return _apply(db, act, summary, list(changes))


def make_rating(
    act: Act, *, rated: str, value: int | None, reason: str, on: dt.date | None
) -> Rating:
    """A rating from what was typed; without a day it is of today.

    Raises:
        UsageError: no value from 1 to 5, no reason, or a day that is still to come.
    """
    if value is None or not LOWEST <= value <= HIGHEST:
        raise UsageError(f"Choose a value from {LOWEST} to {HIGHEST}.")
    day = on or act.today
    if day > act.today:
        raise UsageError(f"{with_weekday(day)} is still to come. Rate what you have seen.")
    return Rating(new_id(), rated, value, _reason(reason), act.actor, day, act.today)


def rate(db: Database, act: Act, rating: Rating, scale: Scale) -> str:
    """Write a rating down; returns that, in words.

    Raises:
        NotFoundError: the account is gone; nothing was changed.
        ConflictError: it is a customer no longer.
    """
    summary = f"rated {scale.label} {scale.told(rating.value)} · {_customer(db, act)}"
    return _apply(db, act, summary, [new_rating(act.account_key, rating)])


def read_points(text: str | None) -> int | None:
    """A score as typed, in 1/10,000 of a point; None for nothing.

    Raises:
        UsageError: it is no number from 0 to 100.
    """
    if text is None or not text.strip():
        return None
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        score = Decimal("nan")
    if score.is_nan() or not 0 <= score <= FULL // POINT:
        raise UsageError(
            f"{text.strip()!r} is no score. Write a number from 0 to 100, or leave it out to say "
            "the band alone."
        )
    return int(score * POINT)


def find_scale(scorecard: Scorecard, rated: str) -> Scale:
    """What a scorecard lets one rate under an id.

    Raises:
        NotFoundError: nothing; the message names what there is.
    """
    scales = scales_of(scorecard)
    found = next((one for one in scales if one.rated == rated), None)
    if found is None:
        there = ", ".join(one.rated for one in scales)
        raise NotFoundError(f"The scorecard asks for no rating {rated!r}. There are: {there}.")
    return found


def _check_points(points_e4: int, band: AssertedBand, scorecard: Scorecard) -> None:
    of_score = scorecard.band_of(points_e4, POINT)
    if of_score != band:
        raise UsageError(
            f"A score of {points_e4 / POINT:g} is {of_score}, not {band}. Change one of the two, "
            "or leave the score out."
        )


def _reason(text: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > LONGEST:
        raise UsageError(f"Say why in one line of at most {LONGEST} characters.")
    return line


def _line(db: Database, act: Act) -> AccountLine:
    lines = account_lines(db, [act.account_key], today=act.today, me=act.actor)
    if not lines:
        raise NotFoundError("This account is gone; nothing was changed. Refresh the list.")
    return lines[0]


def _customer(db: Database, act: Act) -> str:
    line = _line(db, act)
    if line.is_former:
        raise ConflictError(f"{line.name} is a customer no longer; there is no health to judge.")
    return line.name


def _apply(db: Database, act: Act, summary: str, changes: Sequence[Change]) -> str:
    with write(db) as connection:
        apply_changes(connection, actor=act.actor, summary=summary, changes=changes)
    return summary
