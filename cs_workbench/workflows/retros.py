"""Look back on an account that left, and list those to ask again."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.memory import ExitReason, Promise, Touchpoint
from cs_workbench.core.retros import (
    LAST_TOUCHES,
    Departure,
    Retro,
    SignalThen,
    first_day,
    promises_not_in_time,
    scores_before,
)
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.exits import departures, said_fine
from cs_workbench.store.health import score_history
from cs_workbench.store.kept import read_kept
from cs_workbench.store.signals import list_signals
from cs_workbench.workflows.remembering import account_name


@dataclass(frozen=True, slots=True)
class WinBack:
    """A former account, and when somebody wanted to ask it again."""

    departure: Departure
    win_back_on: dt.date | None
    reasons: tuple[ExitReason, ...]


def look_back(db: Database, account_key: int, today: dt.date) -> Retro:
    """What was known of an account before it left.

    Raises:
        UsageError: it has not left.
    """
    with snapshot(db):
        found = departures(db, today=today, account_key=account_key)
        if not found:
            raise UsageError(
                f"{account_name(db, account_key)} has not left: a retro looks back on one that did."
            )
        (gone,) = found
        first = first_day(gone.left_on)
        history = [(one.as_of, one.points_e4, one.band) for one in score_history(db, account_key)]
        touches = [
            one
            for one in read_kept(db, Touchpoint, account_key)
            if one.occurred_at[:10] <= gone.left_on.isoformat()
        ]
        return Retro(
            departure=gone,
            scores=scores_before(history, gone.left_on),
            signals=_signals(db, account_key, (first, gone.left_on), today),
            fine=said_fine(db, account_key, first, gone.left_on),
            touches=tuple(touches[:LAST_TOUCHES]),
            promises=promises_not_in_time(read_kept(db, Promise, account_key), gone.left_on),
            reasons=tuple(read_kept(db, ExitReason, account_key)),
        )


def list_win_backs(db: Database, today: dt.date) -> list[WinBack]:
    """Former accounts: those with a day to ask them first, by it, and then by what they paid."""
    with snapshot(db):
        gone = [one for one in departures(db, today=today) if one.is_former]
        reasons: dict[int, list[ExitReason]] = {}
        for one in read_kept(db, ExitReason):
            reasons.setdefault(one.account_key, []).append(one)
    lines = [_win_back(one, reasons.get(one.account_key, [])) for one in gone]
    return sorted(lines, key=_urgency)


def _win_back(departure: Departure, reasons: list[ExitReason]) -> WinBack:
    days = [one.win_back_on for one in reasons if one.win_back_on is not None]
    return WinBack(departure, days[0] if days else None, tuple(reasons))


def _urgency(line: WinBack) -> tuple[dt.date, int, str]:
    gone = line.departure
    return line.win_back_on or dt.date.max, -(gone.arr_minor or 0), gone.account_id


def _signals(
    db: Database, account_key: int, days: tuple[dt.date, dt.date], today: dt.date
) -> tuple[SignalThen, ...]:
    lines = list_signals(db, today=today, account_key=account_key, everything=True)
    then = [one for one in lines if days[0] <= one.opened_on <= days[1] and not one.is_opportunity]
    return tuple(
        SignalThen(one.opened_on, one.kind, one.severity, one.evidence, one.resolution)
        for one in sorted(then, key=lambda one: one.opened_on)
    )
