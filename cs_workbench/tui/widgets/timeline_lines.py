"""The timeline as lines under years; a line is made only when it comes into view."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, overload

from textual.content import Content

from cs_workbench.core.dates import short_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.timeline import TimelineEntry
from cs_workbench.tui.formats import LATE_STYLE, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread

WHO_FROM: Final = 60  # cells from which the author has room
Row = TimelineEntry | int


class TimelineLines(Sequence[Content]):
    """Entries, newest first, with a ruling where a year before this one begins."""

    def __init__(
        self,
        entries: Sequence[TimelineEntry],
        *,
        today: dt.date,
        width: int,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        """Draw nothing yet."""
        self._rows = list(_with_years(entries, today.year))
        self._width = width
        self._glyphs = glyphs

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Content: ...
    @overload
    def __getitem__(self, place: slice) -> list[Content]: ...
    def __getitem__(self, place: int | slice) -> Content | list[Content]:
        if isinstance(place, slice):
            return [self._line(row) for row in self._rows[place]]
        return self._line(self._rows[place])

    def _line(self, row: Row) -> Content:
        if isinstance(row, int):
            rule = self._glyphs.rule
            return joined((f"{rule * 2} {row} ".ljust(self._width, rule), "dim"))
        late = row.kind == "promise" and row.loud
        mark = joined(("! ", LATE_STYLE)) if late else safe("  ")
        day = joined((f"{short_date(row.on):>6} ", "dim"))
        text = joined(day, mark, (row.text, "bold" if row.loud else ""))
        if row.who and self._width >= WHO_FROM:
            return spread(text, joined((f"  {row.who}", "dim")), self._width)
        return fitted(text, self._width)


def _with_years(entries: Sequence[TimelineEntry], year: int) -> Iterator[Row]:
    for entry in entries:
        if entry.on.year != year:
            year = entry.on.year
            yield year
        yield entry
