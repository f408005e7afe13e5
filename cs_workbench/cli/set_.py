"""`csw set`, `csw undo`, `csw person`: edit an account, take it back, say who may decide what."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import act_on, print_records
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date
from cs_workbench.store.database import Database
from cs_workbench.store.people import person_changes
from cs_workbench.workflows.editing import FIELDS, disagreements, set_field, settle
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import set_next_step, undo_last
from cs_workbench.workflows.policies import authorities
from cs_workbench.workflows.remembering import apply_act

NEXT_STEP = "next-step"


@click.command(
    help=f"""Give FIELD of ACCOUNT a VALUE; an empty one clears it.

    Fields: {NEXT_STEP}, {", ".join(FIELDS)}. What a person set stays until the value in the source
    changes; then both are shown. An empty {NEXT_STEP} says that there is none.
    """
)
@click.argument("account", shell_complete=complete_account)
@click.argument("field")
@click.argument("value")
@click.option("--due", metavar="DATE", help=f"Of {NEXT_STEP}: by when.")
@click.option("--owner", metavar="NAME", help=f"Of {NEXT_STEP}: who does it; you, unless said.")
@pass_session
def set_command(
    session: Session, /, account: str, field: str, value: str, **step: str | None
) -> None:
    """Edit a field of an account, or set its next step."""
    with session.open() as db:
        act = act_on(session, db, account)
        if field == NEXT_STEP:
            say(_next_step(db, act, value, **step))
            return
        if any(step.values()):
            raise click.UsageError(f"--due and --owner belong to {NEXT_STEP}.")
        say(set_field(db, act, field, value))


def _next_step(db: Database, act: Act, value: str, *, due: str | None, owner: str | None) -> str:
    return set_next_step(
        db,
        [act.account_key],
        text=value or None,
        owner=owner,
        due=None if due is None else read_date(due, act.today),
        actor=act.actor,
        today=act.today,
    )


@click.command()
@pass_session
def undo_command(session: Session) -> None:
    """Take back what you did last, here or on the screens; again, what you did before that."""
    with session.open() as db:
        say(undo_last(db, session.config.me, session.reading_day(db)))


@click.group()
def person() -> None:
    """Our own people."""


@person.command("role")
@click.argument("name")
@click.argument("role")
@pass_session
def role_command(session: Session, /, name: str, role: str) -> None:
    """Give the person NAME a ROLE: what it may give away alone is in `authority.toml`."""
    known = [one.role for one in authorities()]
    if role not in known:
        raise click.UsageError(f"A role is one of {', '.join(known)}; not {role!r}.")
    with session.open() as db:
        summary = f"role of {name}: {role}"
        act = Act(0, session.config.me, session.reading_day(db))
        apply_act(db, act, summary, person_changes(db, name, role))
        say(summary)


@click.command()
@click.option("--take", nargs=2, metavar="ID mine|theirs", help="Decide one of them.")
@form_options
@pass_session
def conflicts_command(session: Session, *, take: tuple[str, str] | None, form: str | None) -> None:
    """Fields that a person edited, and a source or a colleague's bundle has otherwise.

    Both values are kept with who says so, until somebody takes one.
    """
    with session.open() as db:
        today = session.reading_day(db)
        if take:
            say(settle(db, Act(0, session.config.me, today), *take))
            return
        found = disagreements(db)
    records = [
        {
            "conflict_id": one.conflict.field_conflict_id,
            "account": one.account,
            "entity": one.conflict.entity,
            "field": one.label,
            "mine": one.conflict.mine,
            "mine_by": one.conflict.mine_by,
            "theirs": one.conflict.theirs,
            "theirs_by": one.conflict.theirs_by,
        }
        for one in found
    ]
    head = {"schema": "csw.conflicts/1", "today": today}
    columns = (
        "conflict_id",
        "account",
        "entity",
        "field",
        "mine",
        "mine_by",
        "theirs",
        "theirs_by",
    )
    print_records(head, "conflicts", records, columns=columns, form=form)
