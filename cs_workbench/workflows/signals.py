"""What a person does about signals: leave one for a while, deal with it, accept a change."""

import datetime as dt

from cs_workbench.core.dates import with_weekday
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.changes import Change, Value, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler import standing_changes
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
    line = _line(reason)
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


def accept_change(db: Database, metric: str, *, reason: str, actor: str, today: dt.date) -> str:
    """Say that the customers did change, not the ruler; returns what was done, in words.

    Signals that rest on the metric are found again by the next refresh.

    Raises:
        UsageError: the reason is empty, or longer than 500 characters.
        NotFoundError: there is no alarm about this metric.
    """
    line = _line(reason)
    standing = [one for one in standing_changes(db.connection) if one.change.metric == metric]
    if not standing:
        raise NotFoundError(f"There is no alarm about {metric!r}. `csw check` lists them.")
    values = {"lifted_on": today.isoformat(), "lifted_by": actor, "reason": line}
    changes = [
        Change("ruler_change", one.ruler_change_id, field, new=new)
        for one in standing
        for field, new in values.items()
    ]
    summary = f"accepted: {metric} changed on {standing[0].change.day.isoformat()}"
    with write(db) as connection:
        apply_changes(connection, actor=actor, summary=summary, changes=changes)
    return summary


def _line(reason: str) -> str:
    line = " ".join(reason.split())
    if not line or len(line) > LONGEST:
        raise UsageError(f"Say why in one line of at most {LONGEST} characters.")
    return line


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
