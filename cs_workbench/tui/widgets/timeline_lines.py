"""The timeline as lines under years; a line is made only when it comes into view."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, overload

from textual.content import Content

from cs_workbench.core.dates import short_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.text import fold
from cs_workbench.core.timeline import KINDS, TimelineEntry
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


class TimelineChoice:
    """Which entries of a timeline are shown: of one kind, or with some words."""

    def __init__(self, entries: Sequence[TimelineEntry] = ()) -> None:
        """All of them."""
        self.words = ""
        self.kind: str | None = None
        self._entries = entries
        self._texts: list[str] | None = None

    def of(self, entries: Sequence[TimelineEntry]) -> None:
        """The same choice among other entries."""
        self._entries, self._texts = entries, None

    def next_kind(self) -> None:
        """One kind that is there after the other, then all."""
        there = {entry.kind for entry in self._entries}
        choices: list[str | None] = [None, *(kind for kind in KINDS if kind in there)]
        place = choices.index(self.kind) if self.kind in choices else 0
        self.kind = choices[(place + 1) % len(choices)]

    @property
    def title(self) -> str:
        """What is chosen, with its keys."""
        return f" · t {self.kind or 'all'} · /{self.words}"

    @property
    def shown(self) -> Sequence[TimelineEntry]:
        """The entries that are chosen, without regard to accents or case."""
        kept = self._entries
        if sought := fold(self.words).split():
            if self._texts is None:
                told = (f"{entry.kind} {entry.text} {entry.who or ''}" for entry in kept)
                self._texts = [fold(text) for text in told]
            pairs = zip(kept, self._texts, strict=True)
            kept = [entry for entry, text in pairs if all(word in text for word in sought)]
        return [one for one in kept if one.kind == self.kind] if self.kind else kept
