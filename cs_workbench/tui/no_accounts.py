"""What the program begins with where there are no accounts."""

import datetime as dt
from pathlib import Path

from textual.screen import Screen

from cs_workbench.config import Config, read_today


def welcome(path: Path, today: dt.date | None, config: Config) -> Screen[None]:
    """The screen for somebody who has no accounts at `path` yet."""
    from cs_workbench.tui.screens.welcome import WelcomeScreen

    return WelcomeScreen(path, today or read_today(), config)
