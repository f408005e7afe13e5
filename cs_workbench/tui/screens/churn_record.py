"""The record of the churn model: would it have known? From the palette, and a key."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from cs_workbench.store.churn_models import list_models
from cs_workbench.store.database import open_database, snapshot
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.backtest_lines import backtest_lines
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.work_line import Work, WorkLine

GROUP: Final = Binding.Group("Churn model")
FOOTER: Final = ("record.run",)
NOTHING_YET: Final = (
    "No churn model is stored. b goes through the history and says how good one would have been; "
    "`csw churn train` keeps one."
)


class ChurnRecord(Screen[None]):
    """The backtest that judges the model in use, or the newest; another one can be run."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("record.run", "b", "run_backtest", "backtest", "Backtest as of today", group=GROUP),
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = "ChurnRecord { Pane { height: 1fr; padding: 0 1; } }"

    class Judged(Message):
        """The thread has a backtest."""

        def __init__(self, document: Mapping[str, Any]) -> None:
            self.document = document
            super().__init__()

    def __init__(self, session: Session) -> None:
        """Show the record that is stored."""
        super().__init__()
        self._session = session
        self._document: Mapping[str, Any] | None = None
        self._about = ""
        self._read()

    def compose(self) -> ComposeResult:
        """Whose record, its lines, keys."""
        yield Static(joined(("Churn", "bold"), (self._about, "dim")), id="name")
        yield Pane(self._lines, id="record")
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def action_run_backtest(self) -> None:
        """Go through the history in a thread; esc stops it."""
        if not self.query(WorkLine):
            line = WorkLine(joined("backtest"), self._backtest, self._session.glyphs, at_once=True)
            self.mount(line, before=self.query_one(HintLine))

    def action_leave(self) -> None:
        """Stop what runs, or go back."""
        running = self.query(WorkLine)
        if running:
            running.first().cancel()
        else:
            self.dismiss(None)

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        """The line goes; what it has to say is told."""
        message.stop()
        self.query(WorkLine).remove()
        if message.error is not None:
            tell(self.app, str(message.error), is_problem=True)

    def on_churn_record_judged(self, message: Judged) -> None:
        """Show the new backtest in place of the stored one."""
        self._document = message.document
        self.query_one("#name", Static).update(
            joined(("Churn", "bold"), (" · backtest of now, not kept", "dim"))
        )
        pane = self.query_one(Pane)
        pane.scroll_home(animate=False)
        pane.redraw()

    def _read(self) -> None:
        with snapshot(self._session.db) as connection:
            models = list_models(connection)
        if not models:
            return
        shown = next((one for one in models if one.is_on), models[0])
        state = "in use" if shown.is_on else "not in use"
        self._about = f" · model {shown.digest[:12]}, {state}, trained as of {shown.as_of}"
        self._document = json.loads(shown.record)

    def _backtest(self, work: Work) -> str:
        from cs_workbench.churn.selection import Task
        from cs_workbench.workflows.churn import read_past, run_backtest
        from cs_workbench.workflows.churn_reports import backtest_document, plain_json
        from cs_workbench.workflows.scorecards import scorecard_at

        card, today = scorecard_at(self._session.scorecard_file), self._session.today
        with open_database(self._session.db.path) as db:
            past = read_past(db, as_of=today, card=card)
        report = run_backtest(past, Task(), as_of=today, progress=work.progress)
        self.post_message(self.Judged(json.loads(plain_json(backtest_document(report)))))
        return report.verdict.sentence

    def _lines(self, width: int, _: int) -> list[Content]:
        if self._document is None:
            return joined((NOTHING_YET, "dim")).wrap(max(1, width))
        if "readiness" not in self._document:
            return joined(str(self._document.get("verdict", ""))).wrap(max(1, width))
        return backtest_lines(self._document, width, self._session.glyphs)
