"""`a`: the open signals of an account: one is dealt with, or left alone until a day."""

from collections.abc import Callable
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.core.account_page import AccountPage, PageSignal
from cs_workbench.core.dates import near_date
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.keys import MOVE, bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.open_lines import severity_text
from cs_workbench.tui.written import Written
from cs_workbench.workflows.signals import resolve_signal, snooze_signal

GROUP: Final = Binding.Group("This signal")
WIDTH: Final = 78
BESIDE: Final = 8  # cells: frame, padding, scrollbar, and what stands before a line
KEYS: Final = ("signals.done", "signals.snooze", "signals.leave")


class SignalsForm(ModalScreen[str | None]):
    """Gives what was done, in words, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("signals.done", "d", "done", "dealt with", "It is dealt with: say how", group=GROUP),
        bound(
            "signals.snooze",
            "s",
            "snooze",
            "silent until a day",
            "Leave it alone until a day",
            group=GROUP,
        ),
        bound("signals.down", "j", "move(1)", "down", "Next signal", group=MOVE),
        bound("signals.up", "k", "move(-1)", "up", "Signal before", group=MOVE),
        bound("signals.leave", "escape,q", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = """
    SignalsForm { align: center middle; }
    SignalsForm .form {
        width: 78; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    SignalsForm OptionList {
        height: auto; max-height: 14; border: none; padding: 0; background: $surface;
    }
    SignalsForm .field { height: 1; display: none; margin: 1 0 0 0; }
    SignalsForm .field.-asked { display: block; }
    SignalsForm .label { width: 14; }
    SignalsForm .field > Input { width: 1fr; }
    SignalsForm Input { background: $panel; }
    SignalsForm Input:focus { background: $primary 25%; }
    SignalsForm #said { height: auto; }
    """

    def __init__(self, session: Session, page: AccountPage) -> None:
        """The signals of this page."""
        super().__init__()
        self._session = session
        self._page = page

    def compose(self) -> ComposeResult:
        """The signals, a field for either act, what went wrong, the keys."""
        with Vertical(classes="form") as form:
            form.border_title = joined(("Signals", "bold"), " · ", self._page.line.name)
            yield OptionList(*(Option(self._told(one)) for one in self._page.signals), compact=True)
            with Horizontal(classes="field", id="reason"):
                yield Static("Dealt with:", classes="label")
                yield Input(compact=True, max_length=500, placeholder="what was done, in one line")
            with Horizontal(classes="field", id="until"):
                yield Static("Silent until:", classes="label")
                yield DateInput(self._session.today)
            yield Static(NOTHING, id="said")
            yield HintLine(KEYS, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Stand on the first."""
        signals = self.query_one(OptionList)
        signals.highlighted = 0
        signals.focus()

    def action_done(self) -> None:
        """Ask what was done."""
        self._ask("reason")

    def action_snooze(self) -> None:
        """Ask until when."""
        self._ask("until")

    def action_move(self, steps: int) -> None:
        """To the next signal, or to the one before."""
        signals = self.query_one(OptionList)
        (signals.action_cursor_down if steps > 0 else signals.action_cursor_up)()

    def action_leave(self) -> None:
        """From a field to the signals, from there back."""
        asked = self.query(".field.-asked")
        if not asked:
            self.dismiss(None)
            return
        asked.remove_class("-asked")
        self._say(NOTHING)
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.action_done()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        signal_id, me, today = self._chosen.signal_id, self._session.me, self._session.today
        if event.input.parent is self.query_one("#reason"):
            reason = event.value
            self._write(
                lambda db: resolve_signal(db, signal_id, reason=reason, actor=me, today=today)
            )
            return
        try:
            day = self.query_one(DateInput).day()
        except UsageError as problem:
            self._say(joined(("! ", LATE_STYLE), problem))
            return
        if day is None:
            self._say(joined(("! ", LATE_STYLE), "Until which day? +7, fri, 12 dec."))
        else:
            self._write(lambda db: snooze_signal(db, signal_id, until=day, actor=me, today=today))

    def on_written(self, event: Written) -> None:
        """It is done, or could not be."""
        event.stop()
        if event.error is not None:
            self._say(joined(("! ", LATE_STYLE), event.error))
        else:
            self.dismiss(f"{event.summary} · z takes it back")

    @property
    def _chosen(self) -> PageSignal:
        return self._page.signals[self.query_one(OptionList).highlighted or 0]

    def _ask(self, name: str) -> None:
        self.query(".field").remove_class("-asked")
        field = self.query_one(f"#{name}")
        field.add_class("-asked")
        field.query_one(Input).focus()

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)

    def _told(self, one: PageSignal) -> Content:
        today = self._page.today
        state = [severity_text(one), f"since {near_date(one.opened_on, today)}"]
        if not one.speaks(today) and one.snoozed_until is not None:
            state.append(f"silent until {near_date(one.snoozed_until, today)}")
        head = joined((one.kind, "bold"), (f" · {' · '.join(state)}", "dim"))
        ends = joined(("ends when ", "dim"), (one.resolves_when, "dim"))
        room = max(1, min(WIDTH, self.app.size.width) - BESIDE)
        lines = [*safe(one.evidence).wrap(room), *ends.wrap(room)]
        return Content("\n").join([head, *(joined("  ", line) for line in lines)])

    @work(thread=True, group="writes")
    def _write(self, act: Callable[[Database], str]) -> None:
        try:
            with open_database(self._session.db.path) as db:
                done = act(db)
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
        else:
            self.post_message(Written(done))
