"""`--period`, `--from`, `--to` and `--as-of` of commands that tell about a stretch of time."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import click

from cs_workbench.core.dates import read_past_date
from cs_workbench.core.metrics.periods import Period, between, last_full, parse_period
from cs_workbench.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])
KINDS = ("month", "quarter", "half", "year", "fiscal", "12m")
_HELP = {
    "to": "Last day of the period.",
    "from": "First day of the period.",
    "period": "2026-07, 2026-Q3, 2026-H1, 2026, FY2027, FY2027-Q1; or the newest full month, "
    "quarter, half, year, fiscal, 12m.",
}


class Asked(NamedTuple):
    """What a person wrote about the period; None where nothing."""

    name: str | None = None
    first: str | None = None
    last: str | None = None

    def period(self, today: dt.date, fiscal_start: int, *, usual: str = "quarter") -> Period:
        """The period that is meant; without any word the newest full one of the usual kind.

        Raises:
            UsageError: a name and days are given, or one end is missing.
        """
        if self.name and (self.first or self.last):
            raise UsageError("--period and --from/--to exclude one another: take one of them.")
        if self.first:
            last = read_past_date(self.last, today) if self.last else today
            return between(read_past_date(self.first, today), last)
        if self.last:
            raise UsageError("--to needs --from: a period has two ends.")
        if self.name is None or self.name in KINDS:
            return last_full(today, self.name or usual, fiscal_start)
        return parse_period(self.name, fiscal_start)


def period_options(command: Command) -> Command:
    """Give a command the parameter `asked` from its three options."""
    for name, says in _HELP.items():
        command = click.option(
            f"--{name}",
            f"{name}_text",
            metavar="NAME" if name == "period" else "DATE",
            expose_value=False,
            callback=_keep,
            help=says,
        )(command)
    return command


as_of_option = click.option(
    "--as-of", "as_of_text", metavar="DATE", help="As it was known on that day."
)


def known_day(as_of_text: str | None, today: dt.date) -> dt.date:
    """The day of `--as-of`; without one, today.

    Raises:
        UsageError: it is no day, or still to come.
    """
    return today if as_of_text is None else read_past_date(as_of_text, today)


_PLACES = {"period_text": "name", "from_text": "first", "to_text": "last"}


def _keep(context: click.Context, option: click.Parameter, value: str | None) -> None:
    asked = context.params.setdefault("asked", Asked())
    if value is not None:
        context.params["asked"] = asked._replace(**{_PLACES[str(option.name)]: value})
