"""How much of a window each part of the Accounts screen takes, as `workbench.tcss` has it."""

from typing import Final, NamedTuple

NARROW: Final = 100  # cells; below it the titles say things shortly
WIDTHS: Final = [(0, "-narrow"), (NARROW, "-wide")]  # cells from which a class holds
HIGH, TALL = 30, 50
HEIGHTS: Final = [(0, "-low"), (HIGH, "-high"), (TALL, "-tall")]
FOOTER: Final = 2  # a rule and the keys


class Place(NamedTuple):
    """Lines of a window: the first one from its top, and how many."""

    top: int
    lines: int


def list_place(width: int, height: int) -> Place:
    """Where the table of accounts stands, its heads included."""
    top = 3 if width < NARROW else 4
    preview = 1
    if width >= NARROW and height >= HIGH:
        preview = 12 if height >= TALL else 9
    return Place(top, max(0, height - top - preview - FOOTER))
