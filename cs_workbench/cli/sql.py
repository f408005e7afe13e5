"""`csw sql`: ask the portfolio anything, change nothing."""

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.output import Column, print_csv, print_json_list, print_table
from cs_workbench.cli.session import Session, pass_session

SCHEMA = "csw.sql/1"


@click.command()
@click.argument("statement")
@form_options
@pass_session
def sql_command(session: Session, statement: str, form: str | None) -> None:
    """Run one SELECT, read-only; `docs/database.md` describes the tables.

    Example: csw sql "SELECT band, count(*) FROM account_summary GROUP BY band"
    """
    from cs_workbench.store.readonly_sql import answer

    with answer(session.path, statement) as found:
        names = found.columns
        if form == "json":
            keys = _distinct(names)
            rows = (dict(zip(keys, row, strict=True)) for row in found.rows)
            print_json_list({"schema": SCHEMA, "columns": keys}, "rows", rows)
        elif form == "csv":
            print_csv(names, found.rows)
        else:
            print_table([Column(name, is_data=True) for name in names], found.rows)


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, numbered where one comes again, so that no column hides another."""
    return tuple(
        name if name not in names[:index] else f"{name}:{names[: index + 1].count(name)}"
        for index, name in enumerate(names)
    )
