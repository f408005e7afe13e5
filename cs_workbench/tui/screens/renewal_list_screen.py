"""What of the Renewals screen reads and draws, whatever is done to it."""

import datetime as dt
from dataclasses import replace
from functools import partial

from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from cs_workbench.core.churn_said import ChurnSaid
from cs_workbench.core.pipeline_entries import Entry, marks_of
from cs_workbench.store.churn_ledger import said_of
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.tui.formats import NOTHING, joined
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.newest_reading import NewestReading, ReadingFailed
from cs_workbench.tui.screens.renewal_reader import (
    Compared,
    PipelineRead,
    Wanted,
    all_parts,
    first_rows,
)
from cs_workbench.tui.screens.renewal_titles import Seen, title_lines
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.renewal_history import history_lines, model_line, one_line
from cs_workbench.tui.widgets.renewal_table import RenewalTable
from cs_workbench.workflows.collecting import give_back
from cs_workbench.workflows.pipeline import Window
from cs_workbench.workflows.renewal_policy import policy_at

HISTORY_AFTER = 0.08  # seconds; a held key does not wait for it
HISTORY = 7  # lines of it
LONG = 2_000  # renewals that are read anew rather than kept
HIGH = 34  # lines of the window from which the history has more than one


class RenewalListScreen(Screen[None]):
    """One window of renewals at a time, read in a thread; the screen never waits for it."""

    def __init__(self, session: Session) -> None:
        """Begin with the deadlines of the next 120 days."""
        super().__init__()
        self._session = session
        self._reading = NewestReading(self, session.db.path)
        self._wanted = Wanted(Window(session.today))
        self._seen: Seen | None = None
        self._filter_text = ""
        self._timer: Timer | None = None

    @property
    def table(self) -> RenewalTable:
        """The list."""
        return self.query_one(RenewalTable)

    def on_mount(self) -> None:
        """Begin to read, and let go of a long list when another mode is gone to."""
        self.app.mode_change_signal.subscribe(self, self._let_go)
        self._begin()

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reading.stop()

    def on_screen_resume(self) -> None:
        """What was done in another mode shows."""
        if self._seen is None:
            self._begin()
        elif self._seen.moved is not None:
            self.load()

    def _begin(self) -> None:
        """Show the next ones at once; a thread reads all."""
        with telling(self.app):
            policy = policy_at(self._session.renewal_policy_file)
            rule = self._session.glyphs.rule
            self.on_pipeline_read(first_rows(self._session.db, self._wanted, rule, policy))
        self.load()

    def _let_go(self, _: str) -> None:
        """Hold nothing of a long list while another mode is on; the cursor's key is kept."""
        is_long = self._seen is not None and len(self._seen.pipeline.entries) > LONG
        if is_long and self not in self.app.screen_stack:
            self._seen = None
            self.table.show_rows((), tail=NOTHING)
            give_back()

    def load(self) -> None:
        """Read the list, and what moved, in a thread."""
        self._reading.ask(partial(all_parts, self._session, self._wanted))

    def ask(self, wanted: Wanted) -> None:
        """Show something else."""
        self._wanted = wanted
        self.load()

    def on_pipeline_read(self, message: PipelineRead) -> None:
        """Show the list and its totals."""
        if message.wanted != self._wanted:
            return
        before = self._seen
        self._seen = Seen(
            message.pipeline,
            message.totals,
            message.wanted.grouping,
            self._filter_text,
            before.moved if before else None,
            before.outlook if before else None,
            is_whole=before is not None,  # what comes first is the next ones alone
        )
        is_empty = self._seen.is_whole and not message.rows
        empty = joined("  ", ("No renewal's deadline is in this window.", "bold"))
        self.table.show_rows(message.rows, tail=empty if is_empty else NOTHING)
        self._redraw()

    def on_compared(self, message: Compared) -> None:
        """Show what moved."""
        if message.wanted == self._wanted and self._seen is not None:
            self._seen = replace(self._seen, moved=message.moved, outlook=message.outlook)
            self._redraw()

    def on_reading_failed(self, message: ReadingFailed) -> None:
        """Tell why."""
        tell(self.app, message.error, is_problem=True)

    def on_windowed_table_highlighted(self) -> None:
        """Show its history, unless the cursor moves on at once."""
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(HISTORY_AFTER, self.query_one("#history").refresh)

    def _redraw(self) -> None:
        self.query_one("#titles").refresh(layout=True)
        self.query_one("#history").refresh(layout=True)

    def _titles(self, width: int) -> Content:
        return title_lines(self._session, self._seen, width)

    def _history(self, width: int) -> Content:
        entry, session = self.table.entry, self._session
        if entry is None or self._seen is None:
            return NOTHING
        day = self._seen.pipeline.window.day
        forecasts = forecast_history(session.db, entry.account.account_key, entry.filed_as, day)
        said = self._said(entry, day)
        if self.app.size.height < HIGH:
            return one_line(forecasts, entry.account.name, day, said).truncate(width, ellipsis=True)
        given = commitment_history(session.db, entry.account.account_key, entry.filed_as, day)
        marks = marks_of(entry, day, self._seen.pipeline.policy)
        rule = session.glyphs.rule
        name = joined(
            (rule * 2, "dim"), (f" {entry.account.name} · history of the forecast ", "bold")
        )
        head = joined(name, (rule * max(0, width - name.cell_length), "dim"))
        model = [] if said is None else [model_line(said, day)]
        history = history_lines(entry, marks, (forecasts, given), day, HISTORY - len(model))
        lines = [head, *model, *history]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _said(self, entry: Entry, day: dt.date) -> ChurnSaid | None:
        """What the churn model says of the account, if it had said it by the day."""
        if entry.account.leaves_e4 is None:
            return None
        said = said_of(self._session.db.connection, entry.account.account_key)
        return said if said and said.as_of <= day else None
