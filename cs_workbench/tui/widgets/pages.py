"""Rows of a long list, read a page at a time and kept only as long as they are near."""

from array import array
from collections.abc import Callable, Sequence
from typing import Generic

from cs_workbench.tui.widgets.columns import Row

PAGE = 32
KEPT = 32


class Pages(Generic[Row]):
    """The keys of all rows, and the rows of the pages last looked at."""

    def __init__(self, fetch: Callable[[Sequence[int]], Sequence[Row]]) -> None:
        """Read rows with `fetch`, which gives one row a key, in their order."""
        self.keys: array[int] = array("q")
        self._fetch = fetch
        self._pages: dict[int, Sequence[Row]] = {}

    def replace(self, keys: "array[int]") -> None:
        """Take new keys and forget the rows."""
        self.keys = keys
        self._pages.clear()

    def extend(self, keys: "array[int]") -> None:
        """Take the same keys and more behind them; the rows stay, but of a page that was cut."""
        self._pages.pop(len(self.keys) // PAGE, None)
        self.keys = keys

    def place(self, key: int | None, otherwise: int) -> int:
        """Where a key is, or the place nearest to another one."""
        if key is not None and key in self.keys:
            return self.keys.index(key)
        return max(0, min(otherwise, len(self.keys) - 1))

    def row(self, place: int) -> Row:
        """The row at a place of the list."""
        number, rest = divmod(place, PAGE)
        page = self._pages.pop(number, None)
        if page is None:
            page = self._fetch(self.keys[number * PAGE : (number + 1) * PAGE])
            while len(self._pages) >= KEPT:
                del self._pages[next(iter(self._pages))]
        self._pages[number] = page  # last, so that the page longest unused is the first to go
        return page[rest]
