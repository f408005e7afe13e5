"""`csw field`: a team's own fields of accounts."""

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import print_records
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.custom_fields import TYPES
from cs_workbench.store.custom_fields import custom_fields, values_of
from cs_workbench.workflows.own_fields import add_field, retype_field


@click.group()
def fields() -> None:
    """Your own fields of accounts, beside those that everybody has.

    Columns of an accounts file that nobody knows become fields. Values: csw set, csw import, `e`.
    """


@fields.command("list")
@form_options
@pass_session
def list_command(session: Session, *, form: str | None) -> None:
    """List them, with how many accounts have a value."""
    with session.open() as db:
        records = [
            {
                "field": one.field_id,
                "label": one.label,
                "type": one.type,
                "accounts": len(values_of(db.connection, one.field_id)),
            }
            for one in custom_fields(db.connection).values()
        ]
    columns = ("field", "label", "type", "accounts")
    print_records({"schema": "csw.fields/1"}, "fields", records, columns=columns, form=form)


@fields.command("add")
@click.argument("label")
@click.option("--type", "kind", type=click.Choice(TYPES), default="text", show_default=True)
@pass_session
def add_command(session: Session, /, label: str, *, kind: str) -> None:
    """Add a field called LABEL."""
    with session.open() as db:
        say(add_field(db, label, kind, actor=session.config.me))


@fields.command("type")
@click.argument("field")
@click.argument("kind", type=click.Choice(TYPES))
@pass_session
def type_command(session: Session, /, field: str, kind: str) -> None:
    """Say what FIELD holds; all its values have to be of that kind."""
    with session.open() as db:
        say(retype_field(db, field, kind, actor=session.config.me))
