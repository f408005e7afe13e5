"""Plays as they are kept: current rows, with every change in the log."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.model import Entry, Play
from cs_workbench.store.changes import Change, ChangeSet
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.id_parts import Kind, row_by_part
from cs_workbench.store.sqlite import Connection, Row

_LINES = """SELECT p.*, t.title, a.account_id, a.name, coalesce(w.name, p.owner) AS owner_name,
        m.arr_minor, coalesce(m.currency, a.currency) AS currency,
        coalesce(m.band, 'unknown') AS band
    FROM play p JOIN playbook_text t ON t.hash = p.playbook_hash
        JOIN account a ON a.account_key = p.account_key
        LEFT JOIN person w ON w.person_id = p.owner
        LEFT JOIN account_summary m ON m.account_key = p.account_key"""
_KIND = Kind(_LINES, "p.play_id", "play", "plays", "`csw plays` lists those that run")
_LISTED = f"""{_LINES} WHERE (:everything OR p.state = 'active'
            OR p.state = 'suggested' AND NOT :only_active)
        AND (:account_key IS NULL OR p.account_key = :account_key)
        AND (:playbook_id IS NULL OR p.playbook_id = :playbook_id)
        AND (:owner IS NULL OR p.owner = :owner OR w.name = :owner OR EXISTS (
            SELECT 1 FROM play_step x WHERE x.play_id = p.play_id AND x.owner = :owner))
    ORDER BY p.ended_on IS NOT NULL, p.ended_on DESC, p.state = 'suggested', m.arr_minor DESC,
        p.play_id"""

# Steps that a person ended stand first in their act; those that follow by themselves come after.
_LAST_ACT = """SELECT m.change_set_id, m.at, m.summary, s.step_id
    FROM play_step s JOIN change c ON c.entity = 'play_step' AND c.entity_id = s.play_step_id
        JOIN change_set m USING (change_set_id)
    WHERE s.play_id = :play_id AND s.state IN ('done', 'skipped') AND m.cause = 'person'
        AND NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes = m.change_set_id)
        AND NOT EXISTS (SELECT 1 FROM change p WHERE p.change_set_id = m.change_set_id
            AND p.entity = 'play' AND p.field IS NULL)
        AND (c.field IS NULL AND json_extract(c.new, '$.state') IN ('done', 'skipped')
            OR c.field = 'state' AND c.new IN ('"done"', '"skipped"'))
    ORDER BY (SELECT max(seq) FROM change WHERE change_set_id = m.change_set_id) DESC, c.seq
    LIMIT 1"""


@dataclass(frozen=True, slots=True)
class PlayLine:
    """A play as it is listed; `arr_minor` is the account's."""

    play: Play
    title: str
    account_id: str
    name: str
    owner_name: str | None
    arr_minor: int | None
    currency: str
    band: Band


@dataclass(frozen=True, slots=True)
class PlayQuery:
    """Which plays are asked for; None is any.

    Attributes:
        everything: also those that are over.
        only_active: of the others not those that are merely suggested, which can be very many.
        owner: by id or name; also plays of others in which a step was handed to this person.
    """

    account_key: int | None = None
    playbook_id: str | None = None
    owner: str | None = None
    everything: bool = False
    only_active: bool = False


ALL_RUNNING = PlayQuery()


def list_plays(db: Database, query: PlayQuery = ALL_RUNNING) -> list[PlayLine]:
    """Running plays before suggested ones before those that are over, the largest ARR first."""
    given = {
        "account_key": query.account_key,
        "playbook_id": query.playbook_id,
        "owner": query.owner,
        "everything": query.everything,
        "only_active": query.only_active,
    }
    return [_line(row) for row in db.connection.execute(_LISTED, given)]


def find_play(db: Database, text: str) -> PlayLine:
    """The play with that id, or with an id that only this text is a part of.

    Raises:
        NotFoundError: there is none, or several.
    """
    return _line(row_by_part(db, _KIND, text))


def running_play(db: Database, account_key: int, playbook_id: str) -> PlayLine | None:
    """The play of a playbook that runs on an account, or is suggested; None where none is."""
    row = db.connection.execute(
        f"{_LINES} WHERE p.account_key = ? AND p.playbook_id = ? "
        "AND p.state IN ('suggested', 'active')",
        (account_key, playbook_id),
    ).fetchone()
    return None if row is None else _line(row)


def entries_of(db: Database, play_id: str) -> dict[str, Entry]:
    """What became of the play's steps so far, by step."""
    rows = db.connection.execute("SELECT * FROM play_step WHERE play_id = ?", (play_id,))
    return {row["step_id"]: _entry(row) for row in rows}


def entry_ids(db: Database, play_id: str) -> dict[str, str]:
    """The ids of the rows of steps that have any, by step."""
    rows = db.connection.execute(
        "SELECT step_id, play_step_id FROM play_step WHERE play_id = ?", (play_id,)
    )
    return {str(row[0]): str(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What was answered in an earlier play, in which, and when."""

    text: str
    title: str
    on: dt.date


def earlier_answer(db: Database, play: Play, field_id: str) -> EarlierAnswer | None:
    """The newest answer to a field of that id in other plays of the account."""
    row = db.connection.execute(
        "SELECT json_extract(s.answers, :path), t.title, s.done_on FROM play_step s "
        "JOIN play p USING (play_id) JOIN playbook_text t ON t.hash = p.playbook_hash "
        "WHERE p.account_key = :key AND p.play_id <> :play_id AND s.state = 'done' "
        "AND coalesce(json_extract(s.answers, :path), '') <> '' "
        "ORDER BY s.done_on DESC, s.play_step_id DESC LIMIT 1",
        {"path": f'$."{field_id}"', "key": play.account_key, "play_id": play.play_id},
    ).fetchone()
    return None if row is None else EarlierAnswer(row[0], row[1], dt.date.fromisoformat(row[2]))


def last_step_act(db: Database, play_id: str, actor: str) -> tuple[ChangeSet, str] | None:
    """The last act that ended a step of a play, as an act of `actor`, and that step's id.

    None where no step was ended by a person; what began the play is no such act.
    """
    row = db.connection.execute(_LAST_ACT, {"play_id": play_id}).fetchone()
    if row is None:
        return None
    return ChangeSet(row["change_set_id"], actor, row["at"], row["summary"]), row["step_id"]


def keep_playbook(connection: Connection, playbook: Playbook) -> None:
    """Keep the text of a playbook, so that a play may rest on it."""
    connection.execute(
        "INSERT OR IGNORE INTO playbook_text (hash, playbook_id, version, title, text) "
        "VALUES (?, ?, ?, ?, ?)",
        (playbook.digest, playbook.playbook_id, playbook.version, playbook.title, playbook.text),
    )


def kept_text(db: Database, digest: str) -> str:
    """The text of a playbook that a play rests on."""
    row = db.connection.execute(
        "SELECT text FROM playbook_text WHERE hash = ?", (digest,)
    ).fetchone()
    return str(row[0])


def kept_version(db: Database, playbook_id: str, version: int) -> str | None:
    """The hash of the newest kept text of a version; None where no play rests on one."""
    row = db.connection.execute(
        "SELECT hash FROM playbook_text WHERE playbook_id = ? AND version = ? "
        "ORDER BY rowid DESC LIMIT 1",
        (playbook_id, version),
    ).fetchone()
    return None if row is None else str(row[0])


def new_play(play: Play, *, signal_id: str | None = None) -> Change:
    """The change that inserts a play."""
    row: dict[str, Value] = {
        "account_key": play.account_key,
        "playbook_id": play.playbook_id,
        "version": play.version,
        "playbook_hash": play.digest,
        "state": play.state,
        "evidence": play.evidence,
        "signal_id": signal_id,
        "signal_on": _stored(play.signal_on),
        "suggested_on": _stored(play.suggested_on),
        "started_on": _stored(play.started_on),
        "ended_on": _stored(play.ended_on),
        "owner": play.owner,
        "reason": play.reason,
    }
    day = play.started_on or play.suggested_on
    return Change("play", play.play_id, new=row, effective_on=_text(day))


def play_changes(play_id: str, today: dt.date, **values: object) -> Iterator[Change]:
    """The changes that give a play these values as of today."""
    for field, value in values.items():
        yield Change("play", play_id, field, new=_stored(value), effective_on=today.isoformat())


def new_entry(row_id: str, play_id: str, entry: Entry, today: dt.date) -> Change:
    """The change that inserts what became of a step."""
    row = {"play_id": play_id, "step_id": entry.step_id, **_entry_row(entry)}
    return Change("play_step", row_id, new=row, effective_on=today.isoformat())


def entry_changes(row_id: str, entry: Entry, today: dt.date) -> Iterator[Change]:
    """The changes that give the row of a step what became of it."""
    for field, value in _entry_row(entry).items():
        yield Change("play_step", row_id, field, new=value, effective_on=today.isoformat())


def _entry_row(entry: Entry) -> dict[str, Value]:
    return {
        "state": entry.state,
        "done_on": _stored(entry.done_on),
        "answers": json.dumps(dict(entry.answers), ensure_ascii=False),
        "reason": entry.reason,
        "evidence": entry.evidence,
        "owner": entry.owner,
        "snoozed_until": _stored(entry.snoozed_until),
        "actor": entry.actor,
    }


def _entry(row: Row) -> Entry:
    return Entry(
        step_id=row["step_id"],
        state=row["state"],
        done_on=_day(row["done_on"]),
        answers=json.loads(row["answers"]),
        reason=row["reason"],
        evidence=row["evidence"],
        owner=row["owner"],
        snoozed_until=_day(row["snoozed_until"]),
        actor=row["actor"],
    )


def _line(row: Row) -> PlayLine:
    play = Play(
        play_id=row["play_id"],
        account_key=row["account_key"],
        playbook_id=row["playbook_id"],
        version=row["version"],
        digest=row["playbook_hash"],
        state=row["state"],
        evidence=row["evidence"],
        signal_on=_day(row["signal_on"]),
        suggested_on=_day(row["suggested_on"]),
        started_on=_day(row["started_on"]),
        ended_on=_day(row["ended_on"]),
        owner=row["owner"],
        reason=row["reason"],
    )
    names = (row["title"], row["account_id"], row["name"], row["owner_name"])
    return PlayLine(play, *names, row["arr_minor"], row["currency"], row["band"])


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _stored(value: Any) -> Value:
    stored: Value = value.isoformat() if isinstance(value, dt.date) else value
    return stored
