"""`csw tui`: the screens."""

import click

from cs_workbench.cli.screens import open_screens, today_given
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.terminal import require_terminal


@click.command()
@click.pass_context
@pass_session
def tui_command(session: Session, context: click.Context) -> None:
    """Open the screens; `csw` alone does the same."""
    require_terminal("csw tui")
    today = today_given(session.given_today)
    context.exit(open_screens(session.config, session.path, today))
