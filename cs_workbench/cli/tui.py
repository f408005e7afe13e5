"""`csw tui`: the screens."""

import datetime as dt
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.terminal import require_terminal
from cs_workbench.config import read_today

if TYPE_CHECKING:
    from cs_workbench.tui.app import WorkbenchApp


@click.command()
@pass_session
def tui_command(session: Session) -> None:
    """Open the screens; `csw` alone does the same."""
    require_terminal("csw tui")
    open_screens(session, session.path)


def open_screens(session: Session, path: Path) -> None:
    """Run the screens on a portfolio until the person leaves."""
    gc.disable()  # a tenth of the start; the app turns it on again behind its first picture
    app = _app(session, path)
    app.run(mouse=session.config.mouse)
    if app.return_code:
        click.get_current_context().exit(app.return_code)


def _app(session: Session, path: Path) -> "WorkbenchApp":
    """The program; if it cannot begin, the terminal is as before when that is told."""
    picture = session.picture
    try:
        from cs_workbench.tui.app import WorkbenchApp

        app = WorkbenchApp(path, today=_given_today(session), config=session.config)
        if picture is not None:
            from cs_workbench.tui.arrival import taking_over

            app.driver_class = taking_over(picture)
    except BaseException:
        if picture is not None:
            picture.leave()
        raise
    return app


def _given_today(session: Session) -> dt.date | None:
    """The date that was asked for; the screens know the sample's and the clock's."""
    is_given = session.given_today or os.environ.get("CSW_TODAY")
    return read_today(session.given_today) if is_given else None
