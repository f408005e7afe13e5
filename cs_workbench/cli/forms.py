"""`--json` and `--csv` of commands that print for programs too."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def form_options(command: Command) -> Command:
    """Give a command the parameter `form`: `json`, `csv` or, for people, None."""
    for name, says in (
        ("csv", "CSV on stdout, safe for spreadsheets."),
        ("json", "One JSON document on stdout."),
    ):
        command = click.option(
            f"--{name}", is_flag=True, expose_value=False, callback=_choose, help=says
        )(command)
    return command


def _choose(context: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it
    chosen = context.params.setdefault("form", None)
    if value and chosen:
        raise click.UsageError("--json and --csv exclude each other: choose one.", context)
    if value:
        context.params["form"] = option.name
