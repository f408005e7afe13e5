"""`csw play`: walk one playbook on one account, step by step, as the screen does."""

from collections.abc import Callable
from functools import partial

import click

from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.play_texts import walk_document, walk_text
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names
from cs_workbench.workflows import plays
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.playbooks import playbook_at
from cs_workbench.workflows.prefilling import step_prefilled
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By

HERE = "cs_workbench.cli.play"
COMMANDS = {
    "start": Entry(f"{HERE}:start_command", "Begin a playbook on an account."),
    "show": Entry(f"{HERE}:show_command", "Where a play is, and what its step asks."),
    "answer": Entry(f"{HERE}:answer_command", "Answer what the step asks, without going on."),
    "next": Entry(f"{HERE}:next_command", "Say that the step is done, and go on."),
    "draft": Entry("cs_workbench.cli.play_draft:draft_command", "The message that it drafts."),
    "skip": Entry(f"{HERE}:skip_command", "Pass over the step, and say why."),
    "back": Entry(f"{HERE}:back_command", "Take the last step back, with what it wrote."),
    "snooze": Entry(f"{HERE}:snooze_command", "Put the step off to a day."),
    "hand": Entry(f"{HERE}:hand_command", "Give the step to somebody else."),
    "migrate": Entry(
        "cs_workbench.cli.play_migrate:migrate_command", "Move it to what the file says today."
    ),
    "complete": Entry(f"{HERE}:complete_command", "End a play that has done what it is for."),
    "abandon": Entry(f"{HERE}:abandon_command", "Give a play up, and say why."),
}
as_document = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
play_argument = click.argument("play_id", metavar="PLAY")
answer_option = click.option(
    "-a", "--answer", "answers", multiple=True, metavar="FIELD=TEXT", help="An answer; repeat it."
)


@click.group(cls=LazyGroup, entries=COMMANDS)
def play() -> None:
    """Plays: playbooks that run on an account.

    PLAY is the id of a play, or a part of it (`csw plays` lists them). Every act can be undone.
    """


@click.command()
@click.argument("account", metavar="ACCOUNT")
@click.argument("playbook", metavar="PLAYBOOK")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line.")
@click.option("--owner", metavar="NAME", help="Who walks it; without it you do.")
@as_document
@pass_session
def start_command(
    session: Session, *, account: str, playbook: str, reason: str, owner: str | None, as_json: bool
) -> None:
    """Begin PLAYBOOK on ACCOUNT, or take up what was suggested."""
    chosen = playbook_at(playbook)
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        start = Start(reason=reason, owner=owner)
        play_id = start_play(db, by, find_account(db, account), chosen, start)
        _show(session, play_id, as_json=as_json)


@click.command()
@play_argument
@as_document
@pass_session
def show_command(session: Session, *, play_id: str, as_json: bool) -> None:
    """Show where PLAY is, its road, and what its step asks."""
    _show(session, play_id, as_json=as_json)


@click.command()
@play_argument
@answer_option
@as_document
@pass_session
def answer_command(
    session: Session, *, play_id: str, answers: tuple[str, ...], as_json: bool
) -> None:
    """Answer what the step asks, without going on: `-a reached=yes -a mood=3`."""
    given = read_pairs(answers)
    warn(_done(session, lambda db, by: plays.answer(db, by, play_id, given)))
    _show(session, play_id, as_json=as_json)


@click.command("next")
@play_argument
@answer_option
@click.option("--evidence", default="", metavar="TEXT", help="What shows that it was done.")
@as_document
@pass_session
def next_command(
    session: Session, *, play_id: str, answers: tuple[str, ...], evidence: str, as_json: bool
) -> None:
    """Say that the step is done, and go on as far as nobody is needed."""
    finish = partial(plays.finish_step, answers=read_pairs(answers), evidence=evidence)
    warn(_done(session, lambda db, by: finish(db, by, play_id)))
    _show(session, play_id, as_json=as_json)


@click.command()
@play_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@as_document
@pass_session
def skip_command(session: Session, *, play_id: str, reason: str, as_json: bool) -> None:
    """Pass over the step."""
    warn(_done(session, lambda db, by: plays.skip_step(db, by, play_id, reason=reason)))
    _show(session, play_id, as_json=as_json)


@click.command()
@play_argument
@as_document
@pass_session
def back_command(session: Session, *, play_id: str, as_json: bool) -> None:
    """Take the last step back, with all that it wrote; its answers stay, to be corrected."""
    warn(_done(session, lambda db, by: plays.back_step(db, by, play_id)))
    _show(session, play_id, as_json=as_json)


@click.command()
@play_argument
@click.option("--until", required=True, metavar="DATE", help="The day it is due again: +7, fri.")
@pass_session
def snooze_command(session: Session, *, play_id: str, until: str) -> None:
    """Put the step off to a day."""

    def snooze(db: Database, by: By) -> str:
        return plays.snooze_step(db, by, play_id, until=read_date(until, by.today))

    say(_done(session, snooze))


@click.command()
@play_argument
@click.option("--to", "owner", required=True, metavar="NAME", help="Who does it.")
@pass_session
def hand_command(session: Session, *, play_id: str, owner: str) -> None:
    """Give the step to somebody else."""
    say(_done(session, lambda db, by: plays.hand_over_step(db, by, play_id, owner=owner)))


@click.command()
@play_argument
@click.option("--evidence", required=True, metavar="TEXT", help="What shows it.")
@pass_session
def complete_command(session: Session, *, play_id: str, evidence: str) -> None:
    """End a play that has done what it is for."""
    say(_done(session, lambda db, by: plays.complete_play(db, by, play_id, evidence=evidence)))


@click.command()
@play_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@pass_session
def abandon_command(session: Session, *, play_id: str, reason: str) -> None:
    """Give a play up; one that is only suggested is dismissed."""
    say(_done(session, lambda db, by: plays.abandon_play(db, by, play_id, reason=reason)))


def _done(session: Session, act: Callable[[Database, By], str]) -> str:
    """Do something with a play as the person of the session; returns it in words."""
    with session.open() as db:
        return act(db, By(session.config.me, session.today(db), session.config.renewals))


def _show(session: Session, play_id: str, *, as_json: bool) -> None:
    with session.open() as db:
        walk = open_walk(db, play_id, session.today(db))
        known = step_prefilled(db, walk)
        names = contact_names(db, walk.play.account_key)
    if as_json:
        print_json({"schema": "csw.play/1", **walk_document(walk, known)})
    else:
        say("\n".join(walk_text(walk, known, names)))


def read_pairs(answers: tuple[str, ...]) -> dict[str, str]:
    """Answers by field, from `field=text`.

    Raises:
        UsageError: one has no `=`.
    """
    pairs = {}
    for one in answers:
        name, sign, text = one.partition("=")
        if not sign:
            raise UsageError(f"{one!r}: write an answer as field=text.")
        pairs[name.strip()] = text
    return pairs
