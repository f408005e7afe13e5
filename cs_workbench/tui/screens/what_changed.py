"""`x`: why the score of an account moved between two days."""

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from cs_workbench.core.explanations import Explanation
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.store.health import score_history
from cs_workbench.tui.formats import LATE_STYLE, joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.change_lines import change_lines
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.workflows.explaining import explain, newest_day
from cs_workbench.workflows.scorecards import scorecard_at

SPAN: Final = dt.timedelta(28)
GROUP: Final = Binding.Group("What changed")
FOOTER: Final = ("why.dates", "why.before", "why.after", "why.now_before", "why.now_after")


class WhatChanged(Screen[None]):
    """Two days that can be typed, and below them what moved the score between them."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("why.dates", "tab", "app.focus_next", "days", "To the days", group=GROUP),
        bound(
            "why.before",
            "comma",
            "refresh('since', -1)",
            "from-earlier",
            "First day: the refresh before",
            group=GROUP,
        ),
        bound(
            "why.after",
            "full_stop",
            "refresh('since', 1)",
            "from-later",
            "First day: the next refresh",
            group=GROUP,
        ),
        bound(
            "why.now_before",
            "less_than_sign",
            "refresh('now', -1)",
            "to-earlier",
            "Second day: the refresh before",
            group=GROUP,
        ),
        bound(
            "why.now_after",
            "greater_than_sign",
            "refresh('now', 1)",
            "to-later",
            "Second day: the next refresh",
            group=GROUP,
        ),
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = """
    WhatChanged {
        #days { height: 1; }
        #days .label { width: auto; padding: 0 1; }
        #days DateInput { width: 1fr; }
        Pane { height: 1fr; padding: 0 1; }
        Input { background: $panel; }
        Input:focus { background: $primary 25%; }
    }
    """

    class Explained(Message):
        """The thread knows what changed, or why that cannot be said."""

        def __init__(
            self, days: tuple[dt.date, dt.date], found: Explanation | WorkbenchError
        ) -> None:
            self.days = days
            self.found = found
            super().__init__()

    def __init__(self, session: Session, account_key: int) -> None:
        """Today, or the newest score, against four weeks before."""
        super().__init__()
        self._session = session
        self._account_key = account_key
        now = newest_day(session.db, account_key, session.today)
        self._days = (now - SPAN, now)
        self._refreshed = [
            one.as_of
            for one in score_history(session.db, account_key)
            if one.as_of <= session.today
        ]
        self._found: Explanation | WorkbenchError | None = None

    def compose(self) -> ComposeResult:
        """Name, days, what changed, keys."""
        since, now = self._days
        yield Static(joined(("What changed", "bold")), id="name")
        with Horizontal(id="days"):
            yield Static(joined(("from", "dim")), classes="label")
            yield self._field(since, "since")
            yield Static(joined(("to", "dim")), classes="label")
            yield self._field(now, "now")
        yield Pane(self._lines, id="changes")
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Explain the days that stand there."""
        self._explain(self._days)

    @on(DateInput.Changed)
    def _typed(self) -> None:
        """Explain other days as soon as both are days."""
        try:
            since, now = self._typed_days()
        except UsageError:
            return
        if since and now and (since, now) != self._days:
            self._days = (since, now)
            self._explain(self._days)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._typed_days()
        except UsageError as problem:
            self._show(problem)
        else:
            self.query_one(Pane).focus()

    def on_what_changed_explained(self, message: Explained) -> None:
        """Show it, unless other days are asked for by now."""
        if message.days == self._days:
            self._show(message.found)

    def action_refresh(self, name: str, steps: int) -> None:
        """Put the refresh before, or the next one, into a field."""
        day = self._days[("since", "now").index(name)]
        place = (
            bisect_left(self._refreshed, day) - 1
            if steps < 0
            else bisect_right(self._refreshed, day)
        )
        if 0 <= place < len(self._refreshed):
            self.query_one(f"#{name}", DateInput).text = self._refreshed[place].isoformat()

    def action_leave(self) -> None:
        """From a field to what changed, from there back."""
        if isinstance(self.focused, Input):
            self.query_one(Pane).focus()
        else:
            self.dismiss(None)

    def _field(self, day: dt.date, name: str) -> DateInput:
        return DateInput(self._session.today, text=day.isoformat(), looks_back=True, id=name)

    def _typed_days(self) -> tuple[dt.date | None, dt.date | None]:
        fields = [self.query_one(f"#{name}", DateInput) for name in ("since", "now")]
        return fields[0].day(), fields[1].day()

    def _show(self, found: Explanation | WorkbenchError) -> None:
        self._found = found
        if isinstance(found, Explanation):
            named = joined(("What changed", "bold"), " · ", (found.name, "bold"))
            self.query_one("#name", Static).update(named)
        pane = self.query_one(Pane)
        pane.scroll_home(animate=False)
        pane.redraw()

    def _lines(self, width: int, _: int) -> list[Content]:
        if self._found is None:
            return [joined(("reading …", "dim"))]
        if isinstance(self._found, WorkbenchError):
            return joined(("! ", LATE_STYLE), self._found).wrap(max(1, width))
        return change_lines(self._found, width, self._session.glyphs)

    @work(thread=True, group="explain", exclusive=True)
    def _explain(self, days: tuple[dt.date, dt.date]) -> None:
        since, now = days
        found: Explanation | WorkbenchError
        try:
            if since >= now:
                raise UsageError("The first day has to be before the second one.")
            card = scorecard_at(self._session.scorecard_file)
            with open_database(self._session.db.path) as db:
                found = explain(db, self._account_key, card, as_of=now, since=since)
        except WorkbenchError as problem:
            found = problem
        self.post_message(self.Explained(days, found))
