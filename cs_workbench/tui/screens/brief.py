"""`b`: one page to read before a call."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.briefs import brief_head, brief_sections
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.screens.reading import Reading
from cs_workbench.tui.session import Session


def brief_lines(page: AccountPage, width: int) -> list[Content]:
    """The brief, wrapped to a width."""
    room = max(1, width)
    lines = joined((brief_head(page), "bold")).wrap(room)
    for section in brief_sections(page):
        lines += [NOTHING, *joined((section.title, "dim")).wrap(room)]
        for line in section.lines:
            lines += safe(line).wrap(room)
    return lines


class Brief(Reading):
    """The account on a page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q,b", "leave", "back", "One layer back", group=PROGRAM),
    ]

    def __init__(self, session: Session, page: AccountPage) -> None:
        """Of this account."""
        super().__init__(session, lambda width: brief_lines(page, width))
