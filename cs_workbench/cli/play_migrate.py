"""`csw play migrate`: a running play moves to what its playbook's file says today."""

from collections.abc import Iterator

import click

from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.play import as_document, play_argument
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.workflows.play_migration import Migration, migrate_play, plan_migration
from cs_workbench.workflows.tasks import By


@click.command()
@play_argument
@click.option("--yes", is_flag=True, help="Move it; without it only the difference is shown.")
@as_document
@pass_session
def migrate_command(session: Session, *, play_id: str, yes: bool, as_json: bool) -> None:
    """Show what today's file does differently from the text that PLAY keeps, and move PLAY to it.

    What was done in steps that are gone stays in the play. One undo takes the move back.
    """
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        plan = plan_migration(db, by, play_id)
        told = migrate_play(db, by, play_id) if yes else ""
    if as_json:
        print_json(_document(plan, is_moved=yes))
    else:
        say("\n".join(_text(plan)))
    if yes:
        warn(told)
    else:
        warn("Nothing is changed yet: add --yes to move the play.")


def _text(plan: Migration) -> Iterator[str]:
    yield f"{plan.walk.line.name} · {plan.walk.line.title} · {plan.walk.play.play_id[-8:]}"
    yield from (f"  {one}" for one in plan.differences)
    for title in plan.kept:
        yield f"kept though its step is gone: {title}"
    yield f"then at: {plan.step.title}"


def _document(plan: Migration, *, is_moved: bool) -> dict[str, object]:
    play = plan.walk.play
    return {
        "schema": "csw.play-migration/1",
        "play_id": play.play_id,
        "playbook_id": play.playbook_id,
        "from_version": play.version,
        "to_version": plan.target.version,
        "from_hash": play.digest,
        "to_hash": plan.target.digest,
        "differences": plan.differences,
        "kept": plan.kept,
        "step_id": plan.step.step_id,
        "is_moved": is_moved,
    }
