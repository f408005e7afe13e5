"""Headings that are days in an order of their own, `11/30/2026`: a table with a column for each."""

from dataclasses import replace

from cs_workbench.importers.day_orders import orders_of, read_by_order
from cs_workbench.importers.tables import TableFile

LEAST = 2  # such headings; one alone may be anything


def with_iso_days(table: TableFile) -> TableFile:
    """The table with its days as ISO has them, where all have the one same order."""
    days = [name for name in table.headings if orders_of([name])]
    orders = orders_of(days)
    if len(days) < LEAST or len(orders) != 1:
        return table
    iso = {day: _iso(day, orders[0]) for day in days}
    if len(set(iso.values())) < len(iso):
        return table
    return replace(table, headings=tuple(iso.get(name, name) for name in table.headings))


def _iso(day: str, order: str) -> str:
    read = read_by_order(day, order)
    return day if read is None else read.date().isoformat()
