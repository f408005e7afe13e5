"""`csw concession`: what we give up for a customer, within whose authority, and to what end."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, act_on_row, list_kept
from cs_workbench.cli.output import say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.memory import CHOICES, Concession
from cs_workbench.core.money import to_minor
from cs_workbench.errors import UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.workflows.conceding import COST_UNKNOWN, decide, give, note_outcome, propose

COLUMNS = (
    *("concession_id", "state", "account", "kind", "cost", "currency", "reason", "asked_on"),
    *("decided_by", "outcome"),
)


@click.group()
def concession() -> None:
    """Refunds, credits, right-sizing, exit help: with their cost, their limit, what came of it."""


@concession.command("propose")
@click.argument("account", shell_complete=complete_account)
@click.argument("kind", type=click.Choice(CHOICES["concession.kind"]))
@click.argument("cost")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line.")
@pass_session
def propose_command(
    session: Session, /, account: str, kind: str, cost: str, *, reason: str
) -> None:
    """Give ACCOUNT something that costs us COST (in its currency) a year, or once.

    Within your role's limit it is approved at once; above it somebody else has to.
    """
    with session.open() as db:
        act = act_on(session, db, account)
        (line,) = account_lines(db, [act.account_key], today=act.today, me=act.actor)
        try:
            minor = to_minor(cost, line.currency)
        except ValueError as problem:
            raise UsageError(f"{problem}. {COST_UNKNOWN}") from None
        done, waits = propose(db, act, kind=kind, reason=reason, cost_minor=minor)
        say(done)
        if waits:
            warn(waits)


@concession.command("approve")
@click.argument("concession_id")
@pass_session
def approve_command(session: Session, /, concession_id: str) -> None:
    """Approve what was proposed, if your role may."""
    with session.open() as db:
        act, row = act_on_row(session, db, Concession, concession_id)
        say(decide(db, act, row.concession_id, state="approved"))


@concession.command("decline")
@click.argument("concession_id")
@pass_session
def decline_command(session: Session, /, concession_id: str) -> None:
    """Decline what was proposed."""
    with session.open() as db:
        act, row = act_on_row(session, db, Concession, concession_id)
        say(decide(db, act, row.concession_id, state="declined"))


@concession.command("give")
@click.argument("concession_id")
@click.option("--on", metavar="DATE", help="The day they received it; else today.")
@pass_session
def give_command(session: Session, /, concession_id: str, *, on: str | None) -> None:
    """Say that the customer has received it."""
    with session.open() as db:
        act, row = act_on_row(session, db, Concession, concession_id)
        day = read_past_date(on, act.today) if on else None
        say(give(db, act, row.concession_id, day))


@concession.command("outcome")
@click.argument("concession_id")
@click.argument("outcome")
@pass_session
def outcome_command(session: Session, /, concession_id: str, outcome: str) -> None:
    """Say what came of it later."""
    with session.open() as db:
        act, row = act_on_row(session, db, Concession, concession_id)
        say(note_outcome(db, act, row.concession_id, outcome))


@concession.command("list")
@account_option
@form_options
@pass_session
def list_command(session: Session, *, account: str | None, form: str | None) -> None:
    """List concessions, the newest first."""
    list_kept(session, Concession, COLUMNS, account=account, form=form)
