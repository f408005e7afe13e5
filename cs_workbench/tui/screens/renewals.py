"""Mode 3: the pipeline by the clock, what is expected of it, and what moved."""

import datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final, get_args

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from cs_workbench.core.dates import read_past_date
from cs_workbench.core.filters import is_unfinished
from cs_workbench.core.pipeline_entries import Grouping
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.custom_fields import read_filter
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import LIST, PROGRAM, ROWS, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.renewal_list_screen import RenewalListScreen
from cs_workbench.tui.screens.renewal_titles import Seen
from cs_workbench.tui.widgets.filter_bar import FilterBar
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import Lines
from cs_workbench.tui.widgets.renewal_table import RenewalTable
from cs_workbench.tui.widgets.titles import Titles
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows.forecasting import Speaker

WINDOWS: Final = (30, 60, 90, 120, 180, 365)
GROUPINGS: Final = get_args(Grouping)
HISTORY_AFTER: Final = 0.08
FOOTER: Final = (
    *("renewals.forecast", "renewals.commit", "renewals.notice", "renewals.next_step"),
    *("table.open", "renewals.moved", "renewals.as_of", "renewals.group", "renewals.window"),
    *("renewals.filter", "renewals.review", "renewals.undo", "renewals.export"),
)


class RenewalsScreen(RenewalListScreen):
    """The renewals due, in sections, with totals that follow the filter."""

    AUTO_FOCUS = "RenewalTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("renewals.forecast", "f", "forecast", "forecast", "What you expect", group=ROWS),
        bound(
            "renewals.commit",
            "c",
            "commit",
            "commitment",
            "Record what the customer agreed to",
            group=ROWS,
        ),
        bound("renewals.notice", "N", "notice", "notice came", "Notice was received", group=ROWS),
        bound("renewals.log", "l", "log", "log", "Log a contact, and what came of it", group=ROWS),
        bound("renewals.next_step", "n", "next_step", "next step", "Set the next step", group=ROWS),
        bound(
            "renewals.group",
            "g",
            "group",
            "group",
            "By clock, category, week, month, CSM",
            group=LIST,
        ),
        bound("renewals.window", "w", "window", "window", "How far ahead", group=LIST),
        bound("renewals.filter", "slash", "filter", "filter", "Narrow list and totals", group=LIST),
        bound("renewals.moved", "m", "moved", "moved", "Everything that moved", group=LIST),
        bound("renewals.since", "M", "since", "since", "What moved since another day", group=LIST),
        bound("renewals.as_of", "a", "as_of", "as of", "As known on a past day", group=LIST),
        bound(
            "renewals.export",
            "X",
            "export",
            "export",
            "Write what is shown as CSV or XLSX",
            group=LIST,
        ),
        bound("renewals.undo", "z", "undo", "undo", "Take back your last change", group=PROGRAM),
        bound("renewals.review", "R", "review", "review", "Begin the review", group=PROGRAM),
        bound("renewals.peel", "escape", "peel", "peel", "Filter, past day", group=LIST),
    ]
    DEFAULT_CSS = """
    RenewalsScreen #history { height: auto; max-height: 8; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """Titles, list, history of the renewal under the cursor, keys."""
        glyphs = self._session.glyphs
        yield Titles("renewals", self._titles)
        yield RenewalTable(self._session.today, glyphs)
        yield Lines(self._history, id="history")
        yield HintLine(FOOTER, rule=glyphs.rule)

    def on_windowed_table_opened(self) -> None:
        """Open the account's page."""
        from cs_workbench.tui.screens.account import AccountScreen

        if entry := self.table.entry:
            self.table.hold()
            screen = AccountScreen(self._session, entry.account.account_key)
            self.app.push_screen(screen, lambda _: self.load())

    def action_forecast(self) -> None:
        """Record a forecast."""
        self._open_form("forecast")

    def action_commit(self) -> None:
        """Record a commitment."""
        self._open_form("commitment")

    def action_notice(self) -> None:
        """Record that notice was received."""
        self._open_form("notice")

    def action_next_step(self) -> None:
        """Set the account's next step."""
        from cs_workbench.tui.screens.next_step import NextStepForm

        if entry := self.table.entry:
            form = NextStepForm(self._session, [entry.account.account_key])
            self.app.push_screen(form, self._done)

    @work
    async def action_log(self) -> None:
        """Log a contact with the account."""
        from cs_workbench.tui.screens.remembering import log_contact

        if entry := self.table.entry:
            with telling(self.app):
                self._done(await log_contact(self.app, self._session, [entry.account.account_key]))

    def action_group(self) -> None:
        """The next way of grouping."""
        place = GROUPINGS.index(self._wanted.grouping)
        self.ask(replace(self._wanted, grouping=GROUPINGS[(place + 1) % len(GROUPINGS)]))

    def action_window(self) -> None:
        """The next longer window, and the shortest after the longest."""
        longer = [days for days in WINDOWS if days > self._wanted.window.days]
        window = replace(self._wanted.window, days=(longer or WINDOWS)[0])
        self.ask(replace(self._wanted, window=window))

    @work
    async def action_as_of(self) -> None:
        """Ask for a past day; nothing typed is today."""
        from cs_workbench.tui.screens.prompt import Prompt

        text = await self.app.push_screen_wait(Prompt(joined("As known on (-28, 12 oct)?")))
        with telling(self.app):
            today = self._session.today
            day = read_past_date(text, today) if text else today
            self._look_from(day)

    @work
    async def action_export(self) -> None:
        """Ask for a file, and write what is shown to it."""
        from cs_workbench.tui.screens.prompt import Prompt

        if (seen := self._seen) is None:
            return
        question = joined("Write the list to (.csv, .xlsx)?")
        name = f"renewals-{seen.pipeline.window.day.isoformat()}.csv"
        text = await self.app.push_screen_wait(Prompt(question, answer=name))
        if text:
            self.run_worker(partial(self._export, seen, text), thread=True, group="writes")

    def _export(self, seen: Seen, text: str) -> None:
        from cs_workbench.workflows.renewal_exports import export_renewals

        try:
            path = Path(text).expanduser()
            told = export_renewals(seen.pipeline, seen.grouping, path, narrowed=seen.filter_text)
            self.post_message(Written(told))
        except (WorkbenchError, RuntimeError) as problem:  # a home that nobody has
            self.post_message(Written(error=UsageError(str(problem))))

    @work
    async def action_since(self) -> None:
        """Ask for the day that movements are told from."""
        from cs_workbench.tui.screens.prompt import Prompt

        text = await self.app.push_screen_wait(Prompt(joined("Moved since (-28, 12 oct)?")))
        if text:
            with telling(self.app):
                since = read_past_date(text, self._session.today)
                self.ask(replace(self._wanted, since=since))

    def action_moved(self) -> None:
        """Everything that moved since the earlier day."""
        from cs_workbench.tui.screens.renewal_moves import moves_screen

        if self._seen is not None and self._seen.moved is not None:
            self.app.push_screen(moves_screen(self._seen.moved))

    def action_review(self) -> None:
        """Begin a review of this window, or go to the one that goes on."""
        from cs_workbench.store.reviews import open_review
        from cs_workbench.workflows.renewal_policy import policy_at
        from cs_workbench.workflows.reviews import Opening, start_review

        session, window = self._session, self._wanted.window
        with telling(self.app):
            if open_review(session.db) is None:
                policy = policy_at(session.renewal_policy_file)
                opening = Opening(days=window.days, narrowed=self._filter_text)
                speaker = Speaker(session.me, session.today)
                start_review(session.db, speaker, opening, policy)
            self.run_worker(self.app.run_action("app.go_to('review')"))

    def action_undo(self) -> None:
        """Take back the last change, and say which."""
        self.run_worker(self._undo, thread=True, group="writes")

    def action_filter(self) -> None:
        """Narrow the list."""
        if not self.query(FilterBar):
            bar = FilterBar(self._filter_text)
            self.watch(bar, "text", partial(self._typed, bar), init=False)
            self.mount(bar, before="#renewals")

    def action_peel(self) -> None:
        """Take back the filter line, the filter, the past day."""
        if bars := self.query(FilterBar):
            bars.first().peel()
        elif self._filter_text:
            self._filter("")
        elif self._wanted.window.day != self._session.today:
            self._look_from(self._session.today)

    def on_filter_bar_done(self, message: FilterBar.Done) -> None:
        """Back to the list, which stays narrowed."""
        message.bar.remove()
        self.table.focus()

    def on_written(self, message: Written) -> None:
        """A write is through: say it, show it."""
        message.stop()
        tell(self.app, message.error or message.summary, is_problem=message.error is not None)
        self.table.hold()
        self.load()

    def _typed(self, bar: FilterBar, text: str) -> None:
        trouble = NOTHING
        if is_unfinished(text):
            trouble = joined(("not finished yet", "dim"))
        else:
            try:
                self._filter(text)
            except UsageError as problem:
                trouble = safe(problem, "bold $late")
        bar.show_trouble(trouble)

    def _filter(self, text: str) -> None:
        window = replace(self._wanted.window, narrowed=read_filter(self._session.db, text))
        self._filter_text = text.strip()
        self.ask(replace(self._wanted, window=window))

    def _look_from(self, day: dt.date) -> None:
        self.ask(replace(self._wanted, window=replace(self._wanted.window, day=day)))

    def _open_form(self, form: str) -> None:
        from cs_workbench.tui.screens import renewal_sheets as sheets
        from cs_workbench.tui.screens.fields_form import FieldsForm

        entry, session = self.table.entry, self._session
        if entry is None or self._seen is None:
            return
        if not entry.standing.is_open:
            tell(self.app, f"{entry.account.name}: this renewal is {entry.standing.state}.")
            return
        speaker = Speaker(session.me, session.today)
        self.table.hold()
        sheet = sheets.SHEETS[form](session, entry, self._seen.pipeline.policy, speaker)
        self.app.push_screen(FieldsForm(session, sheet), self._done)

    def _done(self, summary: str | None) -> None:
        if summary:
            tell(self.app, summary)
            self.table.hold()
            self.load()

    def _undo(self) -> None:
        self.post_message(undone(self._session))
