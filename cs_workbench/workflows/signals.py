"""What a person does with a signal: leave it for a while, or say that it is dealt with."""

import datetime as dt

from cs_workbench.core.dates import with_weekday
from cs_workbench.errors import ConflictError, UsageError
from cs_workbench.store.changes import Change, Value, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.signals import SignalLine, find_signal

LONGEST = 500


def snooze_signal(
    db: Database, signal_id: str, *, until: dt.date, actor: str, today: dt.date
) -> str:
    """Keep a signal silent until a day; returns what was done, in words.

    Raises:
        UsageError: the day is not ahead.
        NotFoundError: there is no such signal.
        ConflictError: it is over already.
    """
    if until <= today:
        raise UsageError(f"{until.isoformat()} is not ahead. Snooze until a later day.")
    signal = _open(db, signal_id)
    summary = f"snoozed until {with_weekday(until)}: {_named(signal)}"
    return _change(db, signal, actor, summary, snoozed_until=until.isoformat())


def resolve_signal(db: Database, signal_id: str, *, reason: str, actor: str, today: dt.date) -> str:
    """Close a signal with a reason; it stays closed until its cause is over and comes again.

    Raises:
        UsageError: the reason is empty, or longer than 500 characters.
        NotFoundError: there is no such signal.
        ConflictError: it is over already.
    """
    line = " ".join(reason.split())
    if not line or len(line) > LONGEST:
        raise UsageError(f"Say in one line of at most {LONGEST} characters why it is resolved.")
    signal = _open(db, signal_id)
    summary = f"resolved: {_named(signal)}"
    return _change(
        db,
        signal,
        actor,
        summary,
        resolved_on=today.isoformat(),
        resolution=line,
        resolved_by=actor,
    )


def _open(db: Database, signal_id: str) -> SignalLine:
    signal = find_signal(db, signal_id)
    if signal.resolved_on is not None:
        raise ConflictError(
            f"This signal was over on {signal.resolved_on.isoformat()}: {signal.resolution}."
        )
    return signal


def _named(signal: SignalLine) -> str:
    return f"{signal.kind} · {signal.name}"


def _change(db: Database, signal: SignalLine, actor: str, summary: str, **values: Value) -> str:
    changes = [Change("signal", signal.signal_id, field, new=new) for field, new in values.items()]
    with write(db) as connection:
        apply_changes(connection, actor=actor, summary=summary, changes=changes)
    return summary
