"""Suggestions of plays, and the trials that tell later what a playbook changes."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workbench.core.plays.model import Play, PlayState
from cs_workbench.store.known import plain_rows
from cs_workbench.store.play_facts import Candidate
from cs_workbench.store.sqlite import Connection


@dataclass(frozen=True, slots=True)
class Trial:
    """An account that became eligible for a playbook.

    Attributes:
        outcome_value: what the playbook is judged by, on that day; None where not known.
    """

    candidate: Candidate
    playbook_id: str
    version: int
    is_held_out: bool
    outcome_value: float | None


def busy_accounts(
    connection: Connection, playbook_id: str, today: dt.date, quiet_days: int
) -> set[int]:
    """Accounts on which the playbook runs, is suggested, or ended within the last days."""
    floor = (today - dt.timedelta(days=quiet_days)).isoformat()
    rows = plain_rows(
        connection,
        "SELECT account_key FROM play WHERE playbook_id = ? AND (ended_on IS NULL OR ended_on > ?)",
        (playbook_id, floor),
    )
    return {key for (key,) in rows}


def accounts_with(connection: Connection, playbook_ids: Sequence[str]) -> set[int]:
    """Accounts on which one of these playbooks runs or is suggested."""
    rows = plain_rows(
        connection,
        "SELECT account_key FROM play WHERE ended_on IS NULL "
        "AND playbook_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(playbook_ids)),),
    )
    return {key for (key,) in rows}


def answered_signals(connection: Connection, playbook_id: str) -> set[str]:
    """Signals for which the playbook was suggested before, whatever became of it."""
    rows = plain_rows(
        connection,
        "SELECT signal_id FROM play WHERE playbook_id = ? AND signal_id IS NOT NULL",
        (playbook_id,),
    )
    return {signal_id for (signal_id,) in rows}


def running_trials(connection: Connection, playbook_id: str) -> set[int]:
    """Accounts that were eligible at the last refresh."""
    rows = plain_rows(
        connection,
        "SELECT account_key FROM trial WHERE playbook_id = ? AND ended_on IS NULL",
        (playbook_id,),
    )
    return {key for (key,) in rows}


def open_trials(connection: Connection, trials: Iterable[Trial], today: dt.date) -> None:
    """Keep that these accounts became eligible, with what they are matched by."""
    connection.executemany(
        "INSERT INTO trial (account_key, playbook_id, version, eligible_on, is_held_out, segment, "
        "tenure_days, band, points_e4, arr_minor, currency, outcome_value) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                *(one.candidate.account_key, one.playbook_id, one.version, today.isoformat()),
                *(int(one.is_held_out), one.candidate.segment, one.candidate.tenure_days),
                *(one.candidate.band, one.candidate.points_e4, one.candidate.arr_minor),
                *(one.candidate.currency, one.outcome_value),
            )
            for one in trials
        ],
    )


def end_trials(
    connection: Connection, playbook_id: str, keys: Sequence[int], today: dt.date
) -> None:
    """Keep that these accounts are not eligible any more."""
    connection.executemany(
        "UPDATE trial SET ended_on = ? WHERE playbook_id = ? AND account_key = ? "
        "AND ended_on IS NULL",
        [(today.isoformat(), playbook_id, key) for key in keys],
    )


def withdrawn_suggestions(
    connection: Connection, playbook_id: str, eligible: set[int]
) -> list[str]:
    """Suggestions that nobody took up and that nothing speaks for any more."""
    rows = plain_rows(
        connection,
        "SELECT play_id, account_key FROM play WHERE playbook_id = ? AND state = 'suggested'",
        (playbook_id,),
    )
    return [play_id for play_id, key in rows if key not in eligible]


def insert_suggestions(connection: Connection, plays: Sequence[tuple[Play, str | None]]) -> None:
    """Suggest plays, each with the id of its signal; one that runs meanwhile stays alone."""
    connection.executemany(
        "INSERT INTO play (play_id, account_key, playbook_id, version, playbook_hash, state, "
        "evidence, signal_id, signal_on, suggested_on, owner) "
        "VALUES (?, ?, ?, ?, ?, 'suggested', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                *(one.play_id, one.account_key, one.playbook_id, one.version, one.digest),
                *(one.evidence, signal_id, one.signal_on and one.signal_on.isoformat()),
                *(one.suggested_on and one.suggested_on.isoformat(), one.owner),
            )
            for one, signal_id in plays
        ],
    )


def end_plays(
    connection: Connection, play_ids: Sequence[str], state: PlayState, reason: str, today: dt.date
) -> None:
    """End plays that nobody has ended meanwhile."""
    connection.executemany(
        "UPDATE play SET state = ?, reason = ?, ended_on = ? WHERE play_id = ? "
        "AND ended_on IS NULL",
        [(state, reason, today.isoformat(), play_id) for play_id in play_ids],
    )
