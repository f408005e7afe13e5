"""Signals as they are kept: one row for each time that something was so."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from cs_workbench.core.ids import id_of
from cs_workbench.core.signals.model import Severity, Signal
from cs_workbench.core.signals.reconciling import Settlement, StoredSignal
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows
from cs_workbench.store.open_signals import SPEAKS
from cs_workbench.store.sqlite import Connection, Row

BY_ITSELF = "it ended by itself"
_SHORTEST = 4
_LIVE = """SELECT account_key, signal_id, kind, reason, severity, evidence, resolves_when,
        is_opportunity, last_seen_on, resolved_on, ended_on
    FROM signal WHERE account_key BETWEEN ? AND ? AND (ended_on IS NULL OR ended_on = ?)
    ORDER BY signal_id"""
_LINES = """SELECT s.signal_id, s.account_key, a.account_id, a.name, coalesce(p.name, a.csm) AS csm,
        s.kind, s.reason, s.severity, s.is_opportunity, s.evidence, s.resolves_when, s.opened_on,
        s.last_seen_on, s.snoozed_until, s.resolved_on, s.resolution, s.resolved_by
    FROM signal s JOIN account a ON a.account_key = s.account_key
        LEFT JOIN person p ON p.person_id = a.csm
        LEFT JOIN account_summary m ON m.account_key = s.account_key"""
_ORDER = """ORDER BY s.resolved_on IS NOT NULL, s.resolved_on DESC,
    CASE s.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END,
    coalesce(m.arr_minor, 0) DESC, s.account_key, s.opened_on DESC, s.kind, s.reason"""
_INSERT = """INSERT INTO signal (signal_id, account_key, kind, reason, severity, is_opportunity,
        evidence, resolves_when, opened_on, last_seen_on)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_SEEN = """UPDATE signal SET severity = ?, is_opportunity = ?, evidence = ?, resolves_when = ?,
    last_seen_on = ? WHERE signal_id = ? AND resolved_on IS NULL"""
_END = """UPDATE signal SET ended_on = :day, resolved_on = coalesce(resolved_on, :day),
    resolution = coalesce(resolution, :how) WHERE signal_id = :signal_id AND ended_on IS NULL"""
_RETURN = """UPDATE signal SET ended_on = NULL,
    resolved_on = CASE WHEN resolved_by IS NOT NULL THEN resolved_on END,
    resolution = CASE WHEN resolved_by IS NOT NULL THEN resolution END WHERE signal_id = ?"""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal as it is listed.

    Attributes:
        snoozed_until: silent before this day.
        resolved_on, resolution: when it was over, and why; by itself where `resolved_by` is None.
    """

    signal_id: str
    account_key: int
    account_id: str
    name: str
    csm: str | None
    kind: str
    reason: str
    severity: Severity
    is_opportunity: bool
    evidence: str
    resolves_when: str
    opened_on: dt.date
    last_seen_on: dt.date
    snoozed_until: dt.date | None
    resolved_on: dt.date | None
    resolution: str | None
    resolved_by: str | None


def live_signals(
    connection: Connection, as_of: dt.date, keys: tuple[int, int]
) -> dict[int, list[StoredSignal]]:
    """The signals of a range of accounts that go on, or ended on the day, by account."""
    found: dict[int, list[StoredSignal]] = {}
    for row in plain_rows(connection, _LIVE, (*keys, as_of.isoformat())):
        key, signal_id, kind, reason, severity, evidence, ends, good, seen, resolved, ended = row
        found.setdefault(key, []).append(
            StoredSignal(
                signal_id,
                Signal(kind, reason, severity, evidence, ends, bool(good)),
                dt.date.fromisoformat(seen),
                _date(resolved),
                _date(ended),
            )
        )
    return found


def save_settlement(connection: Connection, settlement: Settlement, as_of: dt.date) -> None:
    """Write what a refresh settled; never over what a person did in between."""
    day = as_of.isoformat()
    connection.executemany(_RETURN, [(signal_id,) for signal_id in settlement.returned])
    connection.executemany(
        _SEEN,
        [
            (one.severity, int(one.is_opportunity), one.evidence, one.resolves_when, day, signal_id)
            for signal_id, one in settlement.seen
        ],
    )
    connection.executemany(
        _END, [{"signal_id": one, "day": day, "how": BY_ITSELF} for one in settlement.ended]
    )
    connection.executemany(_INSERT, [_new_row(key, one, as_of) for key, one in settlement.opened])


def list_signals(
    db: Database,
    *,
    today: dt.date,
    account_key: int | None = None,
    kind: str | None = None,
    everything: bool = False,
) -> list[SignalLine]:
    """The open signals, most severe and largest ARR first.

    Args:
        db: the portfolio.
        today: what is snoozed beyond it is left out.
        account_key: only of this account.
        kind: only of this kind.
        everything: also snoozed and resolved ones.
    """
    conditions = ["TRUE" if everything else SPEAKS]
    if account_key is not None:
        conditions.append("s.account_key = :account_key")
    if kind is not None:
        conditions.append("s.kind = :kind")
    rows = db.connection.execute(
        f"{_LINES} WHERE {' AND '.join(conditions)} {_ORDER}",
        {"today": today.isoformat(), "account_key": account_key, "kind": kind},
    )
    return [_line(row) for row in rows]


def find_signal(db: Database, text: str) -> SignalLine:
    """The signal with that id, or with an id that only this text is a part of.

    Raises:
        NotFoundError: there is none, or several.
    """
    wanted = text.strip().lower()
    rows = db.connection.execute(
        f"{_LINES} WHERE s.signal_id = :text OR (length(:text) >= :shortest "
        "AND instr(s.signal_id, :text) > 0) ORDER BY s.signal_id = :text DESC LIMIT 2",
        {"text": wanted, "shortest": _SHORTEST},
    ).fetchall()
    if not rows:
        raise NotFoundError(f"There is no signal {text!r}. `csw signals` lists the open ones.")
    if len(rows) > 1 and rows[0]["signal_id"] != wanted:
        raise NotFoundError(f"Several signals have {text!r} in their id. Give the whole id.")
    return _line(rows[0])


def _new_row(account_key: int, signal: Signal, as_of: dt.date) -> tuple[Any, ...]:
    day = as_of.isoformat()
    return (
        _id(account_key, signal, as_of),
        *(account_key, signal.kind, signal.reason, signal.severity, int(signal.is_opportunity)),
        *(signal.evidence, signal.resolves_when, day, day),
    )


def _id(account_key: int, signal: Signal, as_of: dt.date) -> str:
    """The same for the same signal of the same day, so that a portfolio can be built anew."""
    name = f"{account_key}\0{signal.kind}\0{signal.reason}".encode()
    number = int.from_bytes(hashlib.blake2b(name, digest_size=10).digest())
    midnight = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    return id_of(midnight, number)


def _line(row: Row) -> SignalLine:
    values = dict(row)
    for name in ("opened_on", "last_seen_on", "snoozed_until", "resolved_on"):
        values[name] = _date(values[name])
    values["is_opportunity"] = bool(values["is_opportunity"])
    return SignalLine(**values)


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
