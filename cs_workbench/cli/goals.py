"""`csw goal` and `csw pain`: what a customer wants to reach, and what hurts, in their words."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, act_on_row, list_kept
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import CHOICES, Goal, PainPoint
from cs_workbench.workflows.remembering import find_contact, remember
from cs_workbench.workflows.wishing import close_goal, confirm_goal, measure_goal, solve_pain

GOAL_COLUMNS = (
    *("goal_id", "account", "what", "baseline", "target", "unit", "now_value", "due_on"),
    *("confirmed_on", "state"),
)


@click.group()
def goal() -> None:
    """What customers want to reach: kickoff, value case and QBR read the same rows."""


@goal.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("what")
@click.option("--measure", metavar="TEXT", help="How it is measured.")
@click.option("--unit", metavar="TEXT", help="In what: min, depots, % …")
@click.option("--baseline", type=float, help="Where they began.")
@click.option("--target", type=float, help="Where they want to be.")
@click.option("--due", metavar="DATE", help="By when.")
@click.option("--contact", metavar="NAME", help="Who said so.")
@pass_session
def goal_add(
    session: Session,
    /,
    account: str,
    what: str,
    *,
    due: str | None,
    contact: str | None,
    baseline: float | None,
    target: float | None,
    **texts: str | None,
) -> None:
    """Write a goal of ACCOUNT down: WHAT is in the customer's words."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = Goal(
            goal_id=new_id(),
            account_key=act.account_key,
            what=what,
            measure=texts["measure"],
            unit=texts["unit"],
            baseline=baseline,
            target=target,
            due_on=read_date(due, act.today) if due else None,
            contact_id=find_contact(db, act.account_key, contact) if contact else None,
            said_on=act.today,
            author=act.actor,
        )
        say(remember(db, act, row))


@goal.command("now")
@click.argument("goal_id")
@click.argument("value", type=float)
@click.option("--on", metavar="DATE", help="The day it was measured; else today.")
@pass_session
def goal_now(session: Session, /, goal_id: str, value: float, *, on: str | None) -> None:
    """Say where a goal stands."""
    with session.open() as db:
        act, row = act_on_row(session, db, Goal, goal_id)
        say(measure_goal(db, act, row, value, read_past_date(on, act.today) if on else None))


@goal.command("confirm")
@click.argument("goal_id")
@click.option("--by", "by", required=True, metavar="NAME", help="The contact who confirmed it.")
@click.option("--on", metavar="DATE", help="When; else today.")
@pass_session
def goal_confirm(session: Session, /, goal_id: str, *, by: str, on: str | None) -> None:
    """Say that the customer confirmed a goal."""
    with session.open() as db:
        act, row = act_on_row(session, db, Goal, goal_id)
        say(confirm_goal(db, act, row, by, read_past_date(on, act.today) if on else None))


@goal.command("close")
@click.argument("goal_id")
@click.argument("state", type=click.Choice(CHOICES["goal.state"]))
@pass_session
def goal_close(session: Session, /, goal_id: str, state: str) -> None:
    """Say that a goal is reached, missed or dropped (or open again)."""
    with session.open() as db:
        act, row = act_on_row(session, db, Goal, goal_id)
        say(close_goal(db, act, row, state))


@goal.command("list")
@account_option
@form_options
@pass_session
def goal_list(session: Session, *, account: str | None, form: str | None) -> None:
    """List goals, the newest first."""
    list_kept(session, Goal, GOAL_COLUMNS, account=account, form=form)


@click.group()
def pain() -> None:
    """What hurts customers, in their words."""


@pain.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("what")
@click.option("--contact", metavar="NAME", help="Who said so.")
@pass_session
def pain_add(session: Session, /, account: str, what: str, *, contact: str | None) -> None:
    """Write down what hurts ACCOUNT."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = PainPoint(
            pain_point_id=new_id(),
            account_key=act.account_key,
            what=what,
            contact_id=find_contact(db, act.account_key, contact) if contact else None,
            said_on=act.today,
            author=act.actor,
        )
        say(remember(db, act, row))


@pain.command("solve")
@click.argument("pain_id")
@click.option("--on", metavar="DATE", help="When; else today.")
@pass_session
def pain_solve(session: Session, /, pain_id: str, *, on: str | None) -> None:
    """Say that it hurts no longer."""
    with session.open() as db:
        act, row = act_on_row(session, db, PainPoint, pain_id)
        say(solve_pain(db, act, row, read_past_date(on, act.today) if on else None))


@pain.command("list")
@account_option
@form_options
@pass_session
def pain_list(session: Session, *, account: str | None, form: str | None) -> None:
    """List pain points, the newest first."""
    columns = ("pain_point_id", "account", "what", "contact", "said_on", "solved_on")
    list_kept(session, PainPoint, columns, account=account, form=form)
