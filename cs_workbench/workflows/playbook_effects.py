"""What each playbook and version changed, beside how far its plays came."""

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise

from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.effects import PlaybookEffect, effect_of
from cs_workbench.store.database import Database
from cs_workbench.store.plays import kept_version
from cs_workbench.store.trial_results import (
    play_counts,
    step_times,
    trial_results,
    versions_tried,
)
from cs_workbench.workflows.play_moments import kept_playbook
from cs_workbench.workflows.playbooks import list_playbooks


def playbook_effects(
    db: Database, today: dt.date, *, playbook_id: str | None = None
) -> list[PlaybookEffect]:
    """Every version that was ever tried, by id and version."""
    current = {one.playbook.playbook_id: one.playbook for one in list_playbooks()}
    found = []
    for name, version in versions_tried(db.connection):
        if playbook_id is not None and name != playbook_id:
            continue
        digest = kept_version(db, name, version)
        playbook = current.get(name) if digest is None else kept_playbook(db, digest)
        if playbook is not None:
            found.append(_effect(db, playbook, version, today))
    return found


def _effect(db: Database, playbook: Playbook, version: int, today: dt.date) -> PlaybookEffect:
    name, outcome = playbook.playbook_id, playbook.outcome
    results = trial_results(db.connection, name, version, outcome, today)
    steps = step_times(db.connection, name, version)
    return PlaybookEffect(
        playbook=playbook,
        counts=play_counts(db.connection, name, version),
        steps=steps,
        stalls_at=_stalls_at(playbook, steps),
        effect=effect_of(results, higher_is_better=outcome.change != "down"),
    )


def _stalls_at(playbook: Playbook, steps: Mapping[str, tuple[int, float]]) -> str | None:
    """The work step that lost most plays on the way to it."""
    work = [one.step_id for one in playbook.steps if one.kind not in {"decide", "record"}]
    lost = {
        name: steps.get(before, (0, 0.0))[0] - steps.get(name, (0, 0.0))[0]
        for before, name in pairwise(work)
    }
    worst = max(lost, key=lambda name: lost[name], default=None)
    return worst if worst is not None and lost[worst] > 0 else None
