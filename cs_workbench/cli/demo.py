"""`csw demo`: the screens on sample data."""

import click

from cs_workbench.cli.output import warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.terminal import require_terminal
from cs_workbench.cli.tui import open_screens


@click.command()
@pass_session
def demo_command(session: Session) -> None:
    """Look around in a portfolio of invented accounts.

    Every demo begins with a fresh copy: what you change is forgotten at the end, and neither the
    sample nor your own portfolio is touched. Today is fixed to the sample's own date.
    """
    from cs_workbench.store.database import open_database
    from cs_workbench.workflows.demo import sample_copy

    require_terminal("csw demo")
    with sample_copy() as copy:
        with open_database(copy) as db:
            session.today(db)
        warn("What you change in the demo is forgotten when you leave it.")
        open_screens(session, copy)
