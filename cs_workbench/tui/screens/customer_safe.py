"""`ctrl+k`: the page of an account as the customer may see it, for a shared screen."""

from typing import ClassVar

from textual.binding import BindingType

from cs_workbench.core.account_page import AccountPage
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.screens.reading import Reading
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.customer_lines import customer_lines


class CustomerSafe(Reading):
    """Our own page is one layer back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q,ctrl+k", "leave", "back", "One layer back", group=PROGRAM),
    ]

    def __init__(self, session: Session, page: AccountPage) -> None:
        """Of this account."""
        super().__init__(session, lambda width: customer_lines(page, width))
