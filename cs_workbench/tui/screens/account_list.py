"""Which accounts the list shows, and in what order: every change of it is a new value."""

from typing import TYPE_CHECKING, NamedTuple, Self

from cs_workbench.core.filters import EVERYTHING
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.account_views import VIEWS
from cs_workbench.store.database import Database
from cs_workbench.tui.session import Session

if TYPE_CHECKING:
    from cs_workbench.store.views import SavedView

FIRST_VIEW = "needs me"
LARGEST_FIRST = frozenset({"arr", "cov", "usage", "seats", "signals"})


class AccountList(NamedTuple):
    """A view, narrowed by a filter, in an order.

    Attributes:
        view: its name: built in, or saved.
        filter_text: the filter as typed, that of a saved view included.
    """

    query: AccountQuery
    view: str = FIRST_VIEW
    filter_text: str = ""

    @classmethod
    def first(cls, session: Session) -> Self:
        """What the program opens on."""
        return cls(AccountQuery(today=session.today, view=FIRST_VIEW, me=session.me))

    def filtered(self, db: Database, text: str) -> Self:
        """Narrowed by this filter instead.

        Raises:
            UsageError: the filter cannot be understood.
        """
        from cs_workbench.store.custom_fields import read_filter

        query = self.query._replace(filter=read_filter(db, text))
        return self._replace(query=query, filter_text=text.strip())

    def sorted_by(self, column: str) -> Self:
        """By this column; again by the same one turns the order round."""
        if column == self.query.sort:
            turned = not self.query.descending
            return self._replace(query=self.query._replace(descending=turned))
        query = self.query._replace(sort=column, descending=column in LARGEST_FIRST)
        return self._replace(query=query)

    def viewed(self, view: str) -> Self:
        """A built-in view, in its own order and without a filter."""
        query = AccountQuery(today=self.query.today, view=view, me=self.query.me)
        if view == "renewing soon":
            query = query._replace(sort="days")
        return self._replace(query=query, view=view, filter_text="")

    def recalled(self, db: Database, saved: "SavedView") -> Self:
        """A saved view: the view it was made in, its filter and its order."""
        whole = self.viewed(saved.base).filtered(db, saved.filter)
        query = whole.query._replace(sort=saved.sort, descending=saved.descending)
        return whole._replace(query=query, view=saved.name)

    def peeled(self) -> Self | None:
        """Without its outermost layer: the filter, then the view; None when nothing is left."""
        if self.filter_text and self.view in VIEWS:
            return self._replace(query=self.query._replace(filter=EVERYTHING), filter_text="")
        if self.view != FIRST_VIEW:
            return self.viewed(FIRST_VIEW)
        return None

    @property
    def whole(self) -> AccountQuery:
        """The book that the list is a part of: without filter, and all where only some need me."""
        view = "all" if self.query.view == FIRST_VIEW else self.query.view
        return AccountQuery(today=self.query.today, view=view, me=self.query.me)
