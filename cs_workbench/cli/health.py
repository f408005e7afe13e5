"""`csw health`: how scores are spread, and what people say beside them."""

import click

from cs_workbench.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "summary": Entry(
        "cs_workbench.cli.health_summary:summary_command", "Health by group, in time."
    ),
    "backtest": Entry(
        "cs_workbench.cli.health_backtest:backtest_command", "Do red accounts leave?"
    ),
    "override": Entry("cs_workbench.cli.overrides:override_command", "Say which band you give."),
    "overrides": Entry("cs_workbench.cli.overrides:overrides_command", "List such calls."),
    "rate": Entry("cs_workbench.cli.ratings:rate_command", "Rate an account from 1 to 5."),
    "ratings": Entry("cs_workbench.cli.ratings:ratings_command", "List ratings."),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def health() -> None:
    """Health scores: how they are spread, and what people say beside them, never mixed in."""
