"""When accounts bought, and which of them have renewals to look at, from a book's columns."""

from array import array
from typing import NamedTuple

import numpy as np

from cs_workbench.core.metric_kernels.columns import Column, ints, plain
from cs_workbench.core.metrics.book import NEVER, Book

YEARLY = 12  # months from which an open end is due on each anniversary


class Bought(NamedTuple):
    """Days on which accounts bought something paid: in parallel, by account, then by day."""

    account: "array[int]"
    day: "array[int]"

    def only(self, places: Column) -> "Bought":
        """Those of some accounts."""
        wanted = np.isin(ints(self.account), ints(places))
        return Bought(plain(ints(self.account)[wanted]), plain(ints(self.day)[wanted]))

    def counts(self) -> "tuple[array[int], array[int]]":
        """Each buyer, and on how many days it bought."""
        buyers, times = np.unique(ints(self.account), return_counts=True)
        return plain(buyers), plain(times)

    def gaps(self) -> "tuple[array[int], array[int]]":
        """Whose, and how many days: from each purchase of an account to its next."""
        account, day = ints(self.account), ints(self.day)
        same = np.flatnonzero(account[1:] == account[:-1])
        return plain(account[same]), plain(day[same + 1] - day[same])

    def second_days(self) -> dict[int, int]:
        """By account, the day of its second purchase."""
        account, day = ints(self.account), ints(self.day)
        buyers, first, times = np.unique(account, return_index=True, return_counts=True)
        again = times > 1
        return dict(zip(buyers[again].tolist(), day[first[again] + 1].tolist(), strict=True))


def bought(book: Book, until: int) -> Bought:
    """The purchases of a book until a day."""
    account, start = ints(book.account), ints(book.start)
    wanted = (ints(book.counted) != 0) & (start <= until)
    account, start = account[wanted], start[wanted]
    new = np.ones(len(account), bool)
    new[1:] = (account[1:] != account[:-1]) | (start[1:] != start[:-1])
    return Bought(plain(account[new]), plain(start[new]))


def with_renewals(book: Book, start: int, reach: int) -> "array[int]":
    """The accounts with a term that is due in (start, reach], or that goes on year after year."""
    due = ints(book.due)
    is_due = ((due > start) & (due <= reach)) | ((due == NEVER) & (ints(book.term) >= YEARLY))
    is_one = (ints(book.counted) != 0) | (ints(book.unpriced) != 0)
    return plain(np.unique(ints(book.account)[is_due & is_one]))
