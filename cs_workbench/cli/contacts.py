"""`csw contact`: people on the customer's side."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, list_kept
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.memory import ROLES, Contact
from cs_workbench.workflows.contacts import FIELDS, add_contact, contact_back, contact_left
from cs_workbench.workflows.contacts import set_contact as give_field
from cs_workbench.workflows.remembering import find_contact

COLUMNS = ("account", "name", "role", "title", "preferred_channel", "opted_out", "left_on", "email")


@click.group()
def contact() -> None:
    """People on the customer's side: roles, channel, who has left."""


@contact.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--title", metavar="TEXT", help="What they do.")
@click.option("--email", metavar="ADDRESS")
@click.option("--channel", metavar="CHANNEL", help="How they want to hear from us.")
@pass_session
def add_command(
    session: Session,
    /,
    account: str,
    name: str,
    *,
    role: str | None,
    title: str | None,
    email: str | None,
    channel: str | None,
) -> None:
    """Add a person at ACCOUNT."""
    with session.open() as db:
        act = act_on(session, db, account)
        say(add_contact(db, act, name=name, role=role, title=title, email=email, channel=channel))


@contact.command("set")
@click.argument("account", shell_complete=complete_account)
@click.argument("name")
@click.argument("field", type=click.Choice(FIELDS))
@click.argument("value")
@pass_session
def set_command(session: Session, /, account: str, name: str, *, field: str, value: str) -> None:
    """Give a FIELD of the contact NAME a VALUE; an empty one clears it."""
    with session.open() as db:
        act = act_on(session, db, account)
        say(give_field(db, act, find_contact(db, act.account_key, name), field, value))


@contact.command("left")
@click.argument("account", shell_complete=complete_account)
@click.argument("name")
@click.option("--on", metavar="DATE", help="The day; else today.")
@pass_session
def left_command(session: Session, /, account: str, name: str, *, on: str | None) -> None:
    """Say that a contact has left the customer; a champion's leaving raises a signal."""
    with session.open() as db:
        act = act_on(session, db, account)
        day = read_past_date(on, act.today) if on else None
        say(contact_left(db, act, find_contact(db, act.account_key, name), day))


@contact.command("back")
@click.argument("account", shell_complete=complete_account)
@click.argument("name")
@pass_session
def back_command(session: Session, /, account: str, name: str) -> None:
    """Say that a contact has not left after all."""
    with session.open() as db:
        act = act_on(session, db, account)
        say(contact_back(db, act, find_contact(db, act.account_key, name)))


@contact.command("list")
@account_option
@form_options
@pass_session
def list_command(session: Session, *, account: str | None, form: str | None) -> None:
    """List contacts."""
    list_kept(session, Contact, COLUMNS, account=account, form=form)
