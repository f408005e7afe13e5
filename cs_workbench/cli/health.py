"""`csw health`: what is done with health scores beside computing them."""

import click

from cs_workbench.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "summary": Entry(
        "cs_workbench.cli.health_summary:summary_command", "Health by group, in time."
    ),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def health() -> None:
    """Health scores: how they are spread over the book and over time."""
