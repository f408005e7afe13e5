"""Begin plays: on one account, on many in one act, or what was suggested."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.ids import new_id
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.model import Play
from cs_workbench.core.plays.road import advance
from cs_workbench.errors import ConflictError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import (
    PlayLine,
    keep_playbook,
    new_entry,
    new_play,
    play_changes,
    running_play,
)
from cs_workbench.workflows.play_moments import moment_of, open_walk, play_is_over
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.tasks import By


@dataclass(frozen=True)
class Start:
    """What a play begins with.

    Attributes:
        reason: why it is started, in the words of the person, or the evidence of a trigger.
        owner: who walks it; the actor where nobody is named.
    """

    reason: str = ""
    owner: str | None = None
    signal_on: dt.date | None = None


def start_play(
    db: Database,
    by: By,
    account_key: int,
    playbook: Playbook,
    start: Start,
    *,
    also: Callable[[str], Change] | None = None,
) -> str:
    """Begin a playbook on an account, or what was suggested there; returns its id.

    `also` makes another change of the same act, given the play's id.

    Raises:
        ConflictError: it runs there already.
    """
    begun = _begun(db, by, account_key, playbook, start)
    if also is not None:
        begun.changes.append(also(begun.play_id))
    _keep_begun(db, by, playbook, [begun], f"play: {playbook.title} started")
    return begun.play_id


def start_plays(db: Database, by: By, playbook: Playbook, starts: Mapping[int, Start]) -> str:
    """Begin a playbook on several accounts in one act; returns that in words.

    Raises:
        ConflictError: it runs on one of them already; then it begins on none.
    """
    begun = [_begun(db, by, key, playbook, start) for key, start in starts.items()]
    summary = f"play: {playbook.title} started on {len(begun)} accounts"
    _keep_begun(db, by, playbook, begun, summary)
    return summary


@dataclass(frozen=True)
class _Begun:
    """A play that begins, and what has to be written for it."""

    play_id: str
    changes: list[Change]


def _keep_begun(
    db: Database, by: By, playbook: Playbook, begun: Sequence[_Begun], summary: str
) -> None:
    changes = [change for one in begun for change in one.changes]
    with write(db) as connection:
        keep_playbook(connection, playbook)
        apply_changes(connection, actor=by.actor, summary=summary, changes=changes)


def _begun(db: Database, by: By, account_key: int, playbook: Playbook, start: Start) -> _Begun:
    line = running_play(db, account_key, playbook.playbook_id)
    if line is not None and line.play.state == "active":
        since = with_weekday(line.play.started_on or by.today)
        raise ConflictError(f"“{line.title}” runs on {line.name} already, since {since}.")
    if line is not None:
        play, changes = _accepted(line, by, start, playbook)
    else:
        play = Play(
            play_id=new_id(),
            account_key=account_key,
            playbook_id=playbook.playbook_id,
            version=playbook.version,
            digest=playbook.digest,
            state="active",
            evidence=start.reason,
            signal_on=start.signal_on,
            suggested_on=None,
            started_on=by.today,
            ended_on=None,
            owner=start.owner or by.actor,
            reason="",
        )
        changes = [new_play(play)]
    moved, _ = advance(playbook, {}, moment_of(db, play, by.today))
    changes += [new_entry(new_id(), play.play_id, one, by.today) for one in moved]
    return _Begun(play.play_id, changes)


def accept_play(db: Database, by: By, play_id: str) -> str:
    """Take up a suggestion, with the playbook as its file is now; returns that in words.

    Raises:
        NotFoundError: there is no such play, or its playbook is gone.
        ConflictError: it runs already, or is over.
    """
    walk = open_walk(db, play_id, by.today)
    if walk.play.ended_on is not None:
        raise play_is_over(walk)
    playbook = find_playbook(walk.play.playbook_id).playbook
    start_play(db, by, walk.play.account_key, playbook, Start())
    return f"play: {playbook.title} started · {walk.line.name}"


def _accepted(
    line: PlayLine, by: By, start: Start, playbook: Playbook
) -> tuple[Play, list[Change]]:
    """A suggestion that somebody takes up, with the playbook as its file is now."""
    play = replace(
        line.play,
        state="active",
        started_on=by.today,
        owner=start.owner or by.actor,
        digest=playbook.digest,
        version=playbook.version,
    )
    values = {
        "state": play.state,
        "started_on": play.started_on,
        "owner": play.owner,
        "playbook_hash": play.digest,
        "version": play.version,
    }
    return play, list(play_changes(play.play_id, by.today, **values))
