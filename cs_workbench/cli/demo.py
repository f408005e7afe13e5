"""`csw demo`: the screens on sample data."""

import click

from cs_workbench.cli.output import warn
from cs_workbench.cli.screens import open_screens, today_given
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.terminal import require_terminal


@click.command()
@click.pass_context
@pass_session
def demo_command(session: Session, context: click.Context) -> None:
    """Look around in a portfolio of invented accounts.

    Every demo begins with a fresh copy: what you change is forgotten at the end, and neither the
    sample nor your own portfolio is touched. Today is fixed to the sample's own date, and you are
    one of its CSMs.
    """
    from cs_workbench.store.database import open_database
    from cs_workbench.workflows.demo import sample_copy, sample_person

    require_terminal("csw demo")
    with sample_copy() as copy:
        with open_database(copy) as db:
            session.today(db)
        me = sample_person(copy) or session.config.me
        warn(f"You are {me}. What you change is forgotten when you leave the demo.")
        config = session.config._replace(me=me)
        code = open_screens(config, copy, today_given(session.given_today))
    context.exit(code)
