"""`csw usage`: what customers do with the product, who changed, and how far is too far."""

import click

from cs_workbench.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "show": Entry("cs_workbench.cli.usage_show:show_command", "One account's usage, week by week."),
    "movers": Entry("cs_workbench.cli.usage_movers:movers_command", "Who changed most."),
    "calibrate": Entry(
        "cs_workbench.cli.usage_calibrate:calibrate_command", "Fit the alarms to your history."
    ),
    "metrics": Entry("cs_workbench.cli.usage_declare:metrics_command", "What is measured."),
    "declare": Entry("cs_workbench.cli.usage_declare:declare_command", "Say what a metric is."),
    "pull": Entry("cs_workbench.cli.usage_pull:pull_command", "Count events where they are."),
}


@click.group(cls=LazyGroup, entries=COMMANDS)
def usage() -> None:
    """Usage: what customers do with the product, who changed, and how far is too far."""
