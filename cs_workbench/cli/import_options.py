"""Options of the commands that import files."""

import click

from cs_workbench.importers.day_orders import ORDERS

dates_option = click.option(
    "--dates",
    type=click.Choice(ORDERS),
    help="The order of day, month and year where dates are not ISO.",
)
