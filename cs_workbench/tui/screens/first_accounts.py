"""What a list begins with: read at once, and shown before all of it is known."""

from array import array
from collections.abc import Mapping
from typing import Final, NamedTuple

from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys, holds_account, leading_keys
from cs_workbench.store.constant_columns import SAMPLE
from cs_workbench.store.database import Database

FIRST_ACCOUNTS: Final = 200  # more than the tallest terminal shows


class Answer(NamedTuple):
    """The accounts of a query in its order; the first of them only, unless `is_whole`.

    Attributes:
        kept: the account whose place was asked for: among `keys`, or not in the list at all.
    """

    query: AccountQuery
    keys: "array[int]"
    is_whole: bool
    kept: int | None = None

    def __repr__(self) -> str:  # Textual writes down what its workers are given
        return f"Answer({self.query!r}, {len(self.keys)} accounts)"

    @property
    def is_short(self) -> bool:
        """Whether these are all, and so few that they are looked at in a moment."""
        return self.is_whole and len(self.keys) <= SAMPLE

    def certain(
        self, found: Mapping[str, str | None], known: Mapping[str, str | None]
    ) -> dict[str, str | None]:
        """The columns to fold of those `found` to be constant among its first accounts.

        The start of a long list can only say that a column does differ: what was `known` before
        stays, if it agrees.
        """
        return {
            name: one for name, one in found.items() if self.is_short or known.get(name, 0) == one
        }


def first_accounts(db: Database, query: AccountQuery, kept: int | None = None) -> Answer:
    """What a screen has room for, at once; all where that takes no longer, or `kept` is deep in."""
    keys = leading_keys(db, query, FIRST_ACCOUNTS)
    is_whole = len(keys) != FIRST_ACCOUNTS
    if not is_whole and kept is not None and kept not in keys and holds_account(db, query, kept):
        keys, is_whole = account_keys(db, query), True
    return Answer(query, keys, is_whole, kept)
