"""Running the screens; needs nothing of the command line, which the start does not wait for."""

import datetime as dt
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cs_workbench.config import Config, read_today

if TYPE_CHECKING:
    from cs_workbench.tui.app import WorkbenchApp
    from cs_workbench.tui.first_picture import FirstPicture


def open_screens(
    config: Config,
    path: Path,
    today: dt.date | None,
    picture: "FirstPicture | None" = None,
    *,
    begin: str = "",
) -> int:
    """Run the screens on a portfolio until the person leaves; returns the exit code.

    Args:
        config: the user's settings.
        path: the portfolio.
        today: the day that was asked for, if one was.
        picture: what stands on the terminal already. If the screens cannot begin, the terminal
            is as before when that is told.
        begin: the mode to open in, in place of the accounts.
    """
    gc.disable()  # a tenth of the start; the app turns it on again behind its first frame
    try:
        app = _app(config, path, today, picture)
        app.begin = begin
    except BaseException:
        if picture is not None:
            picture.leave()
        raise
    app.run(mouse=config.mouse)
    return app.return_code or 0


def today_given(text: str | None) -> dt.date | None:
    """The date that was asked for; the screens know the sample's and the clock's.

    Raises:
        UsageError: the text, or `CSW_TODAY`, is no ISO date.
    """
    return read_today(text) if text or os.environ.get("CSW_TODAY") else None


def _app(
    config: Config, path: Path, today: dt.date | None, picture: "FirstPicture | None"
) -> "WorkbenchApp":
    from cs_workbench.tui.app import WorkbenchApp

    app = WorkbenchApp(path, today=today, config=config)
    if picture is not None:
        from cs_workbench.tui.arrival import taking_over

        app.driver_class = taking_over(picture)
    return app
