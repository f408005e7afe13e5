"""A table with headings between its rows, on which the cursor does not rest."""

from array import array
from collections.abc import Set

from cs_workbench.tui.widgets.columns import Row
from cs_workbench.tui.widgets.windowed_table import WindowedTable


class HeadedTable(WindowedTable[Row]):
    """Rows under headings; the cursor steps over these, and they come into sight with it."""

    _headings: Set[int] = frozenset()

    def show_under(self, keys: "array[int]", headings: Set[int]) -> None:
        """Show these rows, of which the ones with the keys `headings` are headings."""
        self._headings = headings
        self.show_keys(keys)
        self.move_to(self.cursor)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row by its place, or on the next that way that is no heading."""
        way = -1 if index < self.cursor else 1
        super().move_to(self._row_from(max(0, min(index, len(self.keys) - 1)), way))

    def _row_from(self, place: int, way: int) -> int:
        for step in (way, -way):
            at = place
            while 0 <= at < len(self.keys):
                if self.keys[at] not in self._headings:
                    return at
                at += step
        return place

    def _follow(self, place: int) -> None:
        """Scroll just far enough to see the row, and its heading where it is the first below it."""
        has_heading = 0 < place < len(self.keys) and self.keys[place - 1] in self._headings
        if has_heading and place - 1 < self.scroll_offset.y:
            super()._follow(place - 1)
        super()._follow(place)
