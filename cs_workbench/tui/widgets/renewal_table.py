"""The pipeline as a table: renewals under headings that the cursor passes over."""

import datetime as dt
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content

from cs_workbench.core.churn_said import leaving, leaving_span
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import Entry, Marks
from cs_workbench.tui.formats import (
    LATE_STYLE,
    NOTHING,
    band_text,
    day_text,
    joined,
    money_text,
    safe,
    trend_text,
)
from cs_workbench.tui.keys import LIST, bound
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.windowed_table import WindowedTable

SPANNED: Final = "Leaves, 80 %"
LEAVING: Final = (SPANNED, "Dead-", "Risk", "amt", "by")  # in this order, as the window narrows
NEXT_STEP_LEAST: Final = 10
STEP_GAP: Final = 1
BY: Final = {"notice": "n", "procurement": "p", "end": "e"}
BY_NAME: Final = {"notice": "notice", "procurement": "procur.", "end": "end"}
LEVELS: Final = {"purchase order": "PO"}
RISKS: Final = {"champion change": "champion", "low adoption": "adoption", "product gap": "product"}
RISKS_MORE: Final = {"support friction": "support", "merger or reorganisation": "merger"}


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """A line of the table: a renewal with what asks for attention, or a heading alone."""

    key: int
    heading: Content = NOTHING
    entry: Entry | None = None
    marks: Marks | None = None


RenewalColumn = Column[RenewalRow]


class RenewalTable(WindowedTable[RenewalRow]):
    """Renewals by key; headings have keys below zero, and the cursor never stands on one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "renewals.group",
            "g",
            "screen.group",
            "group",
            "Group by the clock, category, week, month or CSM",
            group=LIST,
        )
    ]
    DEFAULT_CSS = "RenewalTable { height: 1fr; }"

    def __init__(self, today: dt.date, glyphs: Glyphs) -> None:
        """An empty table."""
        self._rows: Mapping[int, RenewalRow] = {}
        self._today = today
        self._signs = glyphs
        super().__init__(self._read, self._columns_for, glyphs=glyphs, id="renewals")

    @property
    def entry(self) -> Entry | None:
        """The renewal under the cursor."""
        row = self.cursor_row
        return None if row is None else row.entry

    def show_rows(self, rows: Sequence[RenewalRow], *, tail: Content) -> None:
        """Show these; the cursor stays on its renewal."""
        self._rows = {row.key: row for row in rows}
        self.show_keys(array("q", [row.key for row in rows]), tail=tail)
        if self.cursor_key is not None and self.cursor_key < 0:
            self.move_to(self.cursor + 1)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, past a heading in the direction of the movement."""
        if self.keys:
            step = -1 if index < self.cursor else 1
            place = max(0, min(index, len(self.keys) - 1))
            while 0 <= place < len(self.keys) and self.keys[place] < 0:
                place += step
            if not 0 <= place < len(self.keys):
                return
            super().move_to(place)

    def _read(self, keys: Sequence[int]) -> Sequence[RenewalRow]:
        return [self._rows[key] for key in keys]

    def _row(self, place: int) -> Content:
        row = self._rows[self.keys[place]]
        return row.heading if row.entry is None else super()._row(place)

    def _columns_for(self, width: int) -> tuple[RenewalColumn, ...]:
        entries = (row.entry for row in self._rows.values() if row.entry is not None)
        has_churn = any(one.account.leaves_e4 is not None for one in entries)
        return renewal_columns(width, self._today, self._signs, has_churn=has_churn)


def renewal_columns(
    width: int, today: dt.date, glyphs: Glyphs, *, has_churn: bool = False
) -> tuple[RenewalColumn, ...]:
    """The columns that a width has room for; what is left goes to the next step.

    Args:
        width: cells.
        today: what days are counted from.
        glyphs: signs.
        has_churn: whether a churn model has said something of a renewal's account.
    """
    cells = Cells(today, glyphs)
    columns = (_narrow if width < NARROW else _wide)(cells, has_churn=has_churn)
    left = 0
    short = Column("", "Leaves", 6, cells.leaves, right=True)
    for head in (None, *LEAVING):
        comes = [short] if head == SPANNED else []
        columns = [new for old in columns for new in ([old] if old.head != head else comes)]
        left = width - sum(column.space for column in columns) - 1 - STEP_GAP
        if left >= NEXT_STEP_LEAST:
            break
    return (*columns, Column("", "Next step", max(NEXT_STEP_LEAST, left), cells.step))


def _narrow(cells: "Cells", *, has_churn: bool) -> list[RenewalColumn]:
    leaves = Column("", "Leaves", 6, cells.leaves, right=True)
    return [
        Column("", "", 3, cells.sign, gap=0),
        Column("", "Account", 17 if has_churn else 19, cells.name, gap=0),
        Column("", "due", 6, cells.due, right=True),
        Column("", "Days", 5, cells.days_by, right=True),
        Column("", "Now", 4, cells.now),
        Column("", "Forecast", 9, cells.forecast),
        Column("", "p", 4, cells.share, right=True),
        *([leaves] if has_churn else []),
        Column("", "Commit.", 7, cells.commitment),
    ]


def _wide(cells: "Cells", *, has_churn: bool) -> list[RenewalColumn]:
    churn = (
        Column("", SPANNED, 12, cells.leaves_span, right=True),
        Column("", "Loss", 5, cells.loss, right=True),
    )
    return [
        Column("", "", 3, cells.sign, gap=0),
        Column("", "Account", 23, cells.name, gap=0),
        Column("", "Due", 6, cells.due, right=True),
        Column("", "Dead-", 6, cells.deadline),
        Column("", "Days", 4, cells.days, right=True),
        Column("", "by", 7, cells.by),
        Column("", "Now", 5, cells.now),
        Column("", "28d", 4, cells.trend),
        Column("", "Forecast", 10, cells.forecast),
        Column("", "amt", 6, cells.amount, right=True),
        Column("", "p", 4, cells.share, right=True),
        *(churn if has_churn else ()),
        Column("", "Commit.", 8, cells.commitment),
        Column("", "Risk", 8, cells.risk),
    ]


@dataclass(frozen=True)
class Cells:
    """What a renewal shows in each column."""

    today: dt.date
    glyphs: Glyphs

    def sign(self, row: RenewalRow) -> Content:
        """`!` where we are late with a commitment."""
        late = row.marks is not None and row.marks.overdue
        return joined("  ") if not late else joined(" ", ("!", LATE_STYLE))

    def name(self, row: RenewalRow) -> Content:
        """The account."""
        return NOTHING if row.entry is None else safe(row.entry.account.name, "bold")

    def due(self, row: RenewalRow) -> Content:
        """The ARR that ends."""
        if row.entry is None:
            return NOTHING
        one = row.entry.renewal
        return money_text(one.due_minor, one.currency, and_more=one.is_partly_priced)

    def deadline(self, row: RenewalRow) -> Content:
        """The last day to act."""
        one = row.entry
        return NOTHING if one is None else safe(day_text(one.renewal.deadline, self.today), "dim")

    def days(self, row: RenewalRow) -> Content:
        """Days to the deadline."""
        return NOTHING if row.entry is None else safe(row.entry.days(self.today))

    def by(self, row: RenewalRow) -> Content:
        """Which date makes the deadline."""
        return NOTHING if row.entry is None else safe(_named(row.entry), "dim")

    def days_by(self, row: RenewalRow) -> Content:
        """Days, and by which date, in a letter."""
        if row.entry is None:
            return NOTHING
        letter = BY[row.entry.renewal.deadline_by]
        return joined(str(row.entry.days(self.today)), (f" {letter}", "dim"))

    def now(self, row: RenewalRow) -> Content:
        """The score."""
        if row.entry is None:
            return NOTHING
        return band_text(row.entry.account.band, row.entry.account.points_e4, self.glyphs)

    def trend(self, row: RenewalRow) -> Content:
        """The change of the score over 28 days."""
        return NOTHING if row.entry is None else trend_text(row.entry.account.trend_e4, self.glyphs)

    def forecast(self, row: RenewalRow) -> Content:
        """The category; `≠` where another judgement contradicts it."""
        if row.entry is None or row.marks is None:
            return NOTHING
        now = row.entry.standing
        if not now.is_open:
            return safe(now.state, "dim")
        text = {"churn expected": "churn exp."}.get(now.category or "", now.category or "none")
        loud = now.category == "at risk" or (now.category is None and row.marks.gate)
        gated = "≠" if row.marks.disagrees else ""
        return joined((gated, "bold"), (text, "bold" if loud or gated else ""))

    def amount(self, row: RenewalRow) -> Content:
        """What it is expected at, where somebody said so."""
        if row.entry is None or row.entry.standing.category is None:
            return NOTHING
        now, money = row.entry.standing, row.entry.renewal.currency
        return money_text(now.amount_minor, money, and_more=now.is_part)

    def share(self, row: RenewalRow) -> Content:
        """The probability."""
        if row.entry is None or row.entry.standing.category is None:
            return NOTHING
        return safe(f"{row.entry.standing.probability_e4 // 100}%")

    def commitment(self, row: RenewalRow) -> Content:
        """Its level; loud where it should be there and is not."""
        if row.entry is None or row.marks is None or not row.entry.standing.is_open:
            return NOTHING
        given = row.entry.said.commitment
        if given is not None:
            return safe(LEVELS.get(given.level, given.level), "dim")
        if row.marks.overdue:
            return joined(("none", LATE_STYLE))
        return joined(("none", "bold" if row.marks.section == "late" else "dim"))

    def leaves(self, row: RenewalRow) -> Content:
        """The churn model's probability that the account leaves, where one is in use."""
        span = None if row.entry is None else row.entry.account.leaves_span
        return NOTHING if span is None else safe(leaving(span[0]))

    def leaves_span(self, row: RenewalRow) -> Content:
        """The same with its 80 % interval."""
        span = None if row.entry is None else row.entry.account.leaves_span
        return NOTHING if span is None else safe(leaving_span(*span))

    def loss(self, row: RenewalRow) -> Content:
        """What of the ARR that ends the churn model expects to lose."""
        loss = None if row.entry is None else row.entry.loss_minor
        if row.entry is None or loss is None:
            return NOTHING
        return money_text(loss, row.entry.renewal.currency)

    def risk(self, row: RenewalRow) -> Content:
        """The one risk, in a word."""
        forecast = None if row.entry is None else row.entry.said.forecast
        risk = "" if forecast is None else forecast.risk or ""
        return safe({**RISKS, **RISKS_MORE}.get(risk, risk), "dim")

    def step(self, row: RenewalRow) -> Content:
        """What comes next, and by when."""
        if row.entry is None:
            return NOTHING
        account = row.entry.account
        late = joined(("! ", LATE_STYLE)) if account.promises_late else NOTHING
        if account.next_step is None:
            return joined(late, ("none", "dim"))
        due = account.next_step_due
        when = "" if due is None else f"{day_text(due, self.today)} "
        style = "bold" if due is not None and due <= self.today else "dim"
        return joined(late, (when, style), account.next_step)


def _named(entry: Entry) -> str:
    return BY_NAME[entry.renewal.deadline_by]


def amount_words(minor: int, currency: str) -> str:
    """An amount with its sign: `+34k`, `−124k`."""
    return f"{'−' if minor < 0 else '+'}{short(abs(minor), currency)}" if currency else ""
