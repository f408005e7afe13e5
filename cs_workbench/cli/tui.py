"""`csw tui`: the screens."""

import datetime as dt
import gc
import os
from pathlib import Path

import click

from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.terminal import require_terminal
from cs_workbench.config import read_today


@click.command()
@pass_session
def tui_command(session: Session) -> None:
    """Open the screens; `csw` alone does the same."""
    require_terminal("csw tui")
    open_screens(session, session.path)


def open_screens(session: Session, path: Path) -> None:
    """Run the screens on a portfolio until the person leaves."""
    today = _given_today(session)
    gc.disable()  # a tenth of the start; the app turns it on again behind its first picture
    from cs_workbench.tui.app import WorkbenchApp

    app = WorkbenchApp(path, today=today, config=session.config)
    app.run(mouse=session.config.mouse)
    if app.return_code:
        click.get_current_context().exit(app.return_code)


def _given_today(session: Session) -> dt.date | None:
    """The date that was asked for; the screens know the sample's and the clock's."""
    is_given = session.given_today or os.environ.get("CSW_TODAY")
    return read_today(session.given_today) if is_given else None
