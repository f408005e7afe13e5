"""Moving a running play from the text that it keeps to what its playbook's file says today."""

from dataclasses import dataclass, replace

from cs_workbench.core.playbooks.diffs import differences
from cs_workbench.core.playbooks.model import END, Playbook, Step
from cs_workbench.core.plays.model import Entries, Entry
from cs_workbench.core.plays.road import GO, advance
from cs_workbench.errors import ConflictError
from cs_workbench.store.changes import apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import keep_playbook, play_changes
from cs_workbench.workflows.play_moments import Walk
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.plays import keep_entries, walk_running
from cs_workbench.workflows.tasks import By


@dataclass(frozen=True)
class Migration:
    """What becomes of a play that moves to another text of its playbook.

    Attributes:
        differences: what the new text does differently, in words.
        kept: titles of steps that are over and that the new text no longer has; what became of them
            stays in the play.
        passed: what the play goes through by itself until it is at `step`.
        step: the step that it is at afterwards.
    """

    walk: Walk
    target: Playbook
    differences: tuple[str, ...]
    kept: tuple[str, ...]
    passed: tuple[Entry, ...]
    step: Step


def plan_migration(db: Database, by: By, play_id: str) -> Migration:
    """What moving the play to today's file would do; nothing is written.

    Raises:
        NotFoundError: there is no such play, or its playbook's file is gone.
        ConflictError: the play does not run, nothing differs, or the play would lose its place.
    """
    walk = walk_running(db, by, play_id)
    target = find_playbook(walk.play.playbook_id).playbook
    if _does(target) == _does(walk.playbook):
        raise ConflictError(f"“{walk.line.title}” says what this play keeps to: nothing differs.")
    steps = {one.step_id for one in target.steps}
    _check_place(walk, target, steps)
    passed, step_id = advance(target, walk.entries, walk.moment)
    if step_id == END:
        raise ConflictError(
            f"By today's “{target.title}” nothing is left to do. Complete the play instead."
        )
    return Migration(
        walk=walk,
        target=target,
        differences=tuple(differences(walk.playbook, target)),
        kept=tuple(_gone(walk.playbook, walk.entries, steps)),
        passed=passed,
        step=target.step(step_id),
    )


def migrate_play(db: Database, by: By, play_id: str) -> str:
    """Move the play to today's file, in one act; returns that in words.

    Raises:
        NotFoundError: there is no such play, or its playbook's file is gone.
        ConflictError: the play does not run, nothing differs, or the play would lose its place.
    """
    plan = plan_migration(db, by, play_id)
    walk, target = plan.walk, plan.target
    summary = (
        f"play: {target.title} moved from version {walk.play.version} to {target.version}, "
        f"at: {plan.step.title} · {walk.line.name}"
    )
    values = {"playbook_hash": target.digest, "version": target.version}
    with write(db) as connection:
        keep_playbook(connection, target)
        rows = [
            *play_changes(walk.play.play_id, by.today, **values),
            *keep_entries(db, walk.play.play_id, plan.passed, by.today),
        ]
        apply_changes(connection, actor=by.actor, summary=summary, changes=rows)
    return summary


def _check_place(walk: Walk, target: Playbook, steps: set[str]) -> None:
    current = walk.road.current
    if current is not None and current.step.step_id not in steps:
        raise ConflictError(
            f"The play is at “{current.step.title}”, which today's “{target.title}” no longer has. "
            "Finish or skip the step first, or abandon the play and start it anew."
        )
    for entry in walk.entries.values():
        led = entry.answers.get(GO)
        if entry.step_id in steps and led and led != END and led not in steps:
            raise ConflictError(
                f"The play went by “{led}”, which today's “{target.title}” no longer has. "
                "Walk it to its end as it is, or abandon it and start it anew."
            )


def _gone(playbook: Playbook, entries: Entries, steps: set[str]) -> list[str]:
    lost = (one for one in playbook.steps if one.step_id not in steps)
    return [one.title for one in lost if one.step_id in entries]


def _does(playbook: Playbook) -> Playbook:
    """The playbook without what changes nothing: layout and remarks of its text."""
    return replace(playbook, text="", digest="")
