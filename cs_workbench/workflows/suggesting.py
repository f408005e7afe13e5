"""Suggest plays: which accounts each playbook is for today, and why."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workbench.core.ids import new_id
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.playbooks.words import in_words
from cs_workbench.core.plays.enrolment import evidence_of, is_held_out, measures_fire
from cs_workbench.core.plays.model import Play
from cs_workbench.core.plays.road import is_complete
from cs_workbench.store.database import Database, snapshot, write
from cs_workbench.store.enrolment import (
    Trial,
    accounts_with,
    answered_signals,
    busy_accounts,
    end_plays,
    end_trials,
    insert_suggestions,
    open_trials,
    running_trials,
    withdrawn_suggestions,
)
from cs_workbench.store.health import summary_day
from cs_workbench.store.play_facts import Candidate, candidates, known_facts
from cs_workbench.store.plays import PlayQuery, keep_playbook, list_plays
from cs_workbench.workflows.play_moments import kept_playbook
from cs_workbench.workflows.playbooks import list_playbooks

SCORE = "score"
RETAINED = "retained ARR"
CHUNK = 500  # suggestions a transaction


@dataclass(frozen=True)
class Suggestion:
    """A playbook for an account, and why."""

    playbook: Playbook
    candidate: Candidate
    evidence: str


@dataclass(frozen=True)
class Suggested:
    """What one look at all triggers found.

    Attributes:
        new: suggested now; `held_out` are eligible and left alone.
        ended: plays that the data say are done.
        withdrawn: suggestions that nothing speaks for any more.
    """

    new: tuple[Suggestion, ...]
    held_out: int
    ended: int
    withdrawn: int


def suggest_plays(
    db: Database,
    *,
    today: dt.date,
    dry_run: bool = False,
    playbooks: Sequence[Playbook] | None = None,
) -> Suggested:
    """Look at every trigger; suggest plays, end what the data say is done.

    Args:
        db: the portfolio, refreshed.
        today: the day.
        dry_run: write nothing; who would be enrolled, by the scores and signals of the last
            refresh up to the day.
        playbooks: those that hold if none are given.
    """
    scored = summary_day(db.connection)
    if scored is None or scored > today or (scored < today and not dry_run):
        return Suggested((), 0, 0, 0)  # scores of another day suggest nothing
    chosen = playbooks or [one.playbook for one in list_playbooks()]
    new: list[Suggestion] = []
    held = withdrawn = 0
    for playbook in sorted(chosen, key=lambda one: len(one.yields_to)):
        if playbook.trigger.is_manual:
            continue
        found = _look(db, playbook, today)
        new += found.suggestions
        held += sum(one.is_held_out for one in found.trials)
        withdrawn += len(found.withdrawn)
        if not dry_run:
            _keep(db, found, today)
    ended = 0 if dry_run else _end_done(db, today)
    return Suggested(tuple(new), held, ended, withdrawn)


@dataclass(frozen=True)
class _Look:
    """One playbook's accounts of today."""

    playbook: Playbook
    suggestions: tuple[Suggestion, ...]
    trials: tuple[Trial, ...]
    gone: tuple[int, ...]
    withdrawn: tuple[str, ...]


def _look(db: Database, playbook: Playbook, today: dt.date) -> _Look:
    with snapshot(db) as connection:
        eligible = [
            one
            for one in candidates(connection, playbook.trigger, playbook.audience, today)
            if measures_fire(playbook, one.measures)
        ]
        busy = busy_accounts(connection, playbook.playbook_id, today, playbook.outcome.within_days)
        busy |= accounts_with(connection, playbook.yields_to)
        answered = answered_signals(connection, playbook.playbook_id)
        running = running_trials(connection, playbook.playbook_id)
        keys = {one.account_key for one in eligible}
        withdrawn = withdrawn_suggestions(connection, playbook.playbook_id, keys)
    return _Look(
        playbook,
        tuple(
            Suggestion(playbook, one, _evidence(playbook, one))
            for one in eligible
            if one.account_key not in busy
            and (one.signal is None or one.signal[0] not in answered)
            and not is_held_out(playbook, one.account_id)
        ),
        tuple(_trial(playbook, one) for one in eligible if one.account_key not in running),
        tuple(running - keys),
        tuple(withdrawn),
    )


def _keep(db: Database, found: _Look, today: dt.date) -> None:
    """Written like signals, without the log: nobody did it, so `z` has nothing to take back."""
    playbook = found.playbook
    for part in _parts(found.suggestions):
        with write(db) as connection:
            keep_playbook(connection, playbook)
            insert_suggestions(connection, [_play(one, today) for one in part])
    with write(db) as connection:
        end_plays(connection, found.withdrawn, "dismissed", "nothing speaks for it now", today)
        end_trials(connection, playbook.playbook_id, found.gone, today)
        open_trials(connection, found.trials, today)


def _play(one: Suggestion, today: dt.date) -> tuple[Play, str | None]:
    signal = one.candidate.signal
    play = Play(
        play_id=new_id(),
        account_key=one.candidate.account_key,
        playbook_id=one.playbook.playbook_id,
        version=one.playbook.version,
        digest=one.playbook.digest,
        state="suggested",
        evidence=one.evidence,
        signal_on=signal[2] if signal else None,
        suggested_on=today,
        started_on=None,
        ended_on=None,
        owner=one.candidate.csm,
        reason="",
    )
    return play, signal[0] if signal else None


def _end_done(db: Database, today: dt.date) -> int:
    """End running plays whose exit the data say is reached; returns how many."""
    ended = 0
    for line in list_plays(db, PlayQuery(only_active=True)):
        play = line.play
        if play.started_on == today:
            continue
        playbook = kept_playbook(db, play.digest)
        if not is_complete(playbook, known_facts(db, play.account_key, today)):
            continue
        reason = in_words(playbook.exit.when)
        with write(db) as connection:
            end_plays(connection, [play.play_id], "completed", reason, today)
        ended += 1
    return ended


def _evidence(playbook: Playbook, one: Candidate) -> str:
    return evidence_of(playbook, one.signal[1] if one.signal else None, one.known)


def _trial(playbook: Playbook, one: Candidate) -> Trial:
    measure = playbook.outcome.measure
    if measure == SCORE:
        value = None if one.points_e4 is None else one.points_e4 / 10_000
    elif measure == RETAINED:
        value = None if one.arr_minor is None else float(one.arr_minor)
    else:
        value = one.measures.get(measure)
    held = is_held_out(playbook, one.account_id)
    return Trial(one, playbook.playbook_id, playbook.version, held, value)


def _parts(suggestions: Sequence[Suggestion]) -> Iterable[Sequence[Suggestion]]:
    return (suggestions[at : at + CHUNK] for at in range(0, len(suggestions), CHUNK))
