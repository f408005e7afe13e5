"""The figures of the whole book, of which the list shows a part."""

from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.money import added
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import BandTotal, band_totals
from cs_workbench.store.database import Database
from cs_workbench.store.refreshes import LastRefresh, last_refresh


@dataclass(frozen=True)
class Book:
    """Accounts and ARR by band, and the refresh that they are from."""

    totals: Sequence[BandTotal] = ()
    refreshed: LastRefresh | None = None

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return sum(total.accounts for total in self.totals)

    @property
    def arr(self) -> dict[str, int | None]:
        """ARR in minor units by currency, None where none is known."""
        sums: dict[str, int | None] = {}
        for total in self.totals:
            for currency, minor in total.arr_by_currency.items():
                sums[currency] = added(sums.get(currency), minor)
        return sums

    @property
    def unpriced(self) -> int:
        """Of how many accounts the ARR is not known."""
        return sum(total.unpriced for total in self.totals)


def read_book(db: Database, whole: AccountQuery) -> Book:
    """Read the figures of all accounts of a query."""
    return Book(band_totals(db, whole), last_refresh(db))
