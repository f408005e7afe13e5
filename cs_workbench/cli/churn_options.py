"""What the commands of `csw churn` share: the question asked, and the day."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.session import Session
from cs_workbench.core.dates import read_as_of

if TYPE_CHECKING:
    from cs_workbench.store.database import Database

LEAST_DAYS, MOST_DAYS, MOST_LEAD = 7, 366, 180


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--horizon`, `--lead` and `--as-of`."""
    for option in (
        click.option("--as-of", "as_of_text", metavar="DATE", help="Look at nothing after it."),
        click.option(
            "--lead",
            type=click.IntRange(0, MOST_LEAD),
            default=0,
            help="Warn so many days ahead (0).",
        ),
        click.option(
            "--horizon",
            type=click.IntRange(LEAST_DAYS, MOST_DAYS),
            default=90,
            help="Who leaves within so many days (90).",
        ),
    ):
        command = option(command)
    return command


def day_of(session: Session, db: "Database", text: str | None) -> dt.date:
    """The day of `--as-of`, else the one that all commands count from."""
    day = session.reading_day(db)
    return read_as_of(text, day) if text else day
