"""What there is to know about the account under the cursor, without opening it."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.formats import (
    BAND_STYLES,
    LATE_STYLE,
    NOTHING,
    band_text,
    day_text,
    due_text,
    joined,
    safe,
    trend_text,
)
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.judged_lines import override_text
from cs_workbench.tui.widgets.lines import between, fitting
from cs_workbench.tui.widgets.related_lines import LABEL, related_lines, signal_line

if TYPE_CHECKING:
    from cs_workbench.core.account_preview import AccountPreview

DEADLINES: Final = {
    "notice": "is the last day to give notice",
    "procurement": "is when procurement has to begin",
    "end": "is the last day of the contract",
}
GAP: Final = safe("   ")


class Preview(Widget):
    """Several lines in a frame, or a single one where there is little room."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Preview { height: 1; text-wrap: nowrap; }"

    def __init__(self, today: dt.date, glyphs: Glyphs = UNICODE, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Show nothing yet."""
        super().__init__(id=id)
        self._today = today
        self._glyphs = glyphs
        self._row: AccountLine | None = None
        self._more: AccountPreview | None = None

    def show(self, row: AccountLine | None, more: "AccountPreview | None" = None) -> None:
        """Show this account, and what more is known of it."""
        self._row, self._more = row, more
        if row is None:
            self.border_title = None
        else:
            self.border_title = joined((row.name, "bold"), (" · i hides this", "dim"))
        self.refresh()

    def render(self) -> Content:
        """Draw."""
        if self._row is None:
            return NOTHING
        width, height = self.size.width, self.size.height
        if height == 1:
            return self._short(self._row, width)
        lines = list(self._lines(self._row, width))[:height]
        return Content("\n").join(fitted(line, width) for line in lines)

    def _short(self, row: AccountLine, width: int) -> Content:
        """The name's first word, then the causes, largest first."""
        name = joined(" ", (row.name.split(" ")[0], "bold"), "  ")
        causes = list(map(_cause, row.causes)) or [joined(("nothing moved", "dim"))]
        room = width - name.cell_length
        kept = fitting(causes, room, gap=safe("  ")) or [fitted(causes[0], max(1, room))]
        return joined(name, between(kept, safe("  ")))

    def _lines(self, row: AccountLine, width: int) -> Iterator[Content]:
        yield from self._health(row, width)
        if self._more and (signals := signal_line(self._more, width)):
            yield signals
        yield self._labelled("Deadline", self._deadline(row))
        if self._more:
            yield from related_lines(self._more, self._today)
        yield self._labelled("Next", self._next(row))
        yield self._labelled("Contact", self._contact(row))
        facts = (row.account_id, row.segment, row.region, row.industry, row.lifecycle_stage)
        owner = joined(("CSM ", "dim"), row.csm) if row.csm else NOTHING
        yield self._labelled("Account", between((*map(safe, facts), owner), joined((" · ", "dim"))))

    def _health(self, row: AccountLine, width: int) -> Iterator[Content]:
        """Two lines: the score and the first causes, then the other causes."""
        score = band_text(row.band, row.points_e4, self._glyphs)
        coverage = f"coverage {row.coverage_e4 // 100} %"
        if row.points_e4 is not None and row.low_e4 < row.high_e4:
            coverage = f"{row.low_e4 // 10_000}–{row.high_e4 // 10_000} possible, {coverage}"
        trend = joined(trend_text(row.trend_e4, self._glyphs), (" in 28 d", "dim"))
        said = NOTHING
        if row.override is not None:
            said = joined((" · ", "dim"), override_text(row.override, self._today, self._glyphs))
        head = between(
            (
                joined(score, (f" {row.band}", BAND_STYLES[row.band]), said),
                trend if row.trend_e4 is not None else NOTHING,
                joined((coverage, "dim")),
            ),
            GAP,
        )
        yield head
        causes = list(map(_cause, row.causes))
        first = fitting(causes, width, gap=GAP) or causes[:1]
        yield between(first, GAP)

    def _deadline(self, row: AccountLine) -> Content:
        if row.deadline is None:
            return joined(("none", "dim"))
        days = (row.deadline - self._today).days
        left = joined((f"{-days} d ago", LATE_STYLE)) if days < 0 else safe(f"in {days} d")
        ends = f", contract ends {day_text(row.end_date, self._today)}" if row.end_date else ""
        said = DEADLINES[row.deadline_by or "end"]
        return joined(
            (day_text(row.deadline, self._today), "bold"), " ", left, (f" {said}{ends}", "dim")
        )

    def _next(self, row: AccountLine) -> Content:
        late = NOTHING
        if row.promises_late:
            promises = "promise" if row.promises_late == 1 else "promises"
            late = joined((f"! {row.promises_late} {promises} of ours late", LATE_STYLE))
        if not row.next_step:
            said = row.next_step_said_on
            none = f"none, said on {day_text(said, self._today)}" if said else "none"
            return between((joined((none, "dim")), late), GAP)
        when = due_text(row.next_step_due, self._today)
        step = between((safe(row.next_step), safe(row.next_step_owner), when), safe(" · "))
        return between((step, late), GAP)

    def _contact(self, row: AccountLine) -> Content:
        if row.last_two_way_on is None:
            return joined(("no two-way contact known", "dim"))
        days = (self._today - row.last_two_way_on).days
        day = day_text(row.last_two_way_on, self._today)
        return joined(f"spoke {days} d ago", (f", {day}, both ways", "dim"))

    def _labelled(self, label: str, text: Content) -> Content:
        return joined((label.ljust(LABEL), "dim"), text)


def _cause(text: str) -> Content:
    """`−11: champion left`, its points bold; files of before have no colon there."""
    points, _, words = text.partition(" ")
    number = points.removesuffix(":")
    if number[:1] not in {"+", "−"} or not number[1:].isdecimal():
        return safe(text)  # why there is no band
    return joined((f"{number}:", "bold"), " ", words)
