"""`w`: another weight, or another value of the account, tried on all accounts before it is kept."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.config import own_scorecard
from cs_workbench.core.health import Contribution
from cs_workbench.core.map_texts import map_text, read_map
from cs_workbench.core.scorecards import ScoredMeasure
from cs_workbench.core.value_texts import read_value, read_weight
from cs_workbench.core.what_if import (
    Ground,
    Supposed,
    Trial,
    suppose,
)
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.store.freshness import last_as_of
from cs_workbench.tui.formats import LATE_STYLE, joined, safe
from cs_workbench.tui.keys import MOVE, bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.screens.menu import Choice, Chosen, Menu
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.ask_line import AskLine
from cs_workbench.tui.widgets.band_moves import BandCounts, BandMove, BandMoves
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.trial_lines import (
    trial_head,
    trial_lines,
    trial_sum,
    trial_title,
)
from cs_workbench.tui.widgets.work_line import Work, WorkLine
from cs_workbench.workflows.explaining import read_ground
from cs_workbench.workflows.scorecards import save_scorecard, scorecard_at
from cs_workbench.workflows.simulating import Simulation, simulate

SCROLLBAR: Final = 2
RECKONED: Final = "all accounts are scored"
GROUP: Final = Binding.Group("What if")
FOOTER: Final = (
    "what_if.weight",
    "what_if.value",
    "what_if.map",
    "what_if.forget",
    "what_if.save",
    "what_if.part",
)
NOT_SAVED: Final = "Nothing is saved. A value is this account's; weights and maps hold for all."


class GroundRead(Message):
    """What the what-if starts from is there, or why it cannot be."""

    def __init__(self, found: Ground | WorkbenchError) -> None:
        self.found = found
        super().__init__()


class TrialReckoned(Message):
    """What a trial would do to all accounts is there."""

    def __init__(self, trial: Trial, found: Simulation) -> None:
        self.trial = trial
        self.found = found
        super().__init__()


class WhatIf(Screen[None]):
    """The measures of one account, its score, and below them the bands of all accounts."""

    AUTO_FOCUS = "#measures"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("what_if.weight", "w", "ask('weight')", "weight", "Try another weight", group=GROUP),
        bound("what_if.value", "v", "ask('value')", "value", "Try another value", group=GROUP),
        bound("what_if.map", "m", "ask('map')", "map", "Try other points for values", group=GROUP),
        bound("what_if.forget", "d", "forget", "forget", "This measure as it is", group=GROUP),
        bound("what_if.save", "ctrl+s", "save", "save", "Keep it as your scorecard", group=GROUP),
        bound("what_if.part", "tab", "app.focus_next", "part", "The other list", group=GROUP),
        bound("what_if.down", "j", "move(1)", "down", "Next line", group=MOVE),
        bound("what_if.up", "k", "move(-1)", "up", "Line before", group=MOVE),
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = """
    WhatIf {
        #name, #note, #head, #sum { height: 1; width: 100%; text-wrap: nowrap; }
        #note, #head, #sum { padding: 0 1; }
        #measures {
            height: auto; max-height: 60%;
            border: none; padding: 0 0 0 1; background: $background;
            scrollbar-size-vertical: 1;
        }
    }
    """

    def __init__(self, session: Session, account_key: int) -> None:
        """Start with everything as it is."""
        super().__init__()
        self._session = session
        self._account_key = account_key
        self._trial = Trial()
        self._ground: Ground | None = None
        self._supposed: Supposed | None = None
        self._field = "weight"
        self._file = session.scorecard_file

    def compose(self) -> ComposeResult:
        """The account, its measures, a field, all accounts, keys."""
        yield Static(joined(("What if", "bold"), ("  reading …", "dim")), id="name")
        yield Static(joined((NOT_SAVED, "dim")), id="note")
        yield Static(id="head")
        yield OptionList(id="measures", compact=True)
        yield Static(id="sum")
        yield AskLine()
        yield BandMoves(self._session.glyphs)
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read what the account is scored from."""
        self._read()

    def on_resize(self, _: events.Resize) -> None:
        """Draw for the new room."""
        self.call_after_refresh(self._draw)
        self.call_after_refresh(self.query_one(BandMoves).draw)

    def on_ground_read(self, message: GroundRead) -> None:
        """Show it; leave where there is nothing to try."""
        if isinstance(message.found, WorkbenchError):
            tell(self.app, message.found, is_problem=True)
            self.dismiss(None)
            return
        self._ground = message.found
        self._try(self._trial)

    def on_trial_reckoned(self, message: TrialReckoned) -> None:
        """Show it, unless something else is tried by now."""
        if message.trial == self._trial:
            self.query_one(BandMoves).show(_counts(message.found))

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        """Say why there is no answer, if there is none."""
        message.line.remove()
        if message.error is not None:
            tell(self.app, message.error, is_problem=True)
        elif message.summary != RECKONED:
            tell(self.app, "Stopped before all accounts were scored.")

    @on(OptionList.OptionSelected, "#measures")
    def _chosen_measure(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_ask("weight")

    def on_band_moves_opened(self, message: BandMoves.Opened) -> None:
        """Look at an account that would change band."""
        from cs_workbench.tui.screens.account import AccountScreen

        self.app.push_screen(AccountScreen(self._session, message.account_key))

    def action_move(self, steps: int) -> None:
        """To the next line, or to the one before."""
        if isinstance(self.focused, OptionList):
            listed = self.focused
            (listed.action_cursor_down if steps > 0 else listed.action_cursor_up)()

    def action_ask(self, field: str) -> None:
        """Ask for another weight, value or map of the measure under the cursor."""
        place = self._place
        if place is None or self._supposed is None:
            return
        line = self._supposed.lines_after[place]
        try:
            answer = _asked(field, line, self._mapped(place))
        except WorkbenchError as problem:
            tell(self.app, problem, is_problem=True)
            return
        self._field = field
        question = joined((f"{field} of ", "dim"), (line.label, "bold"))
        self.query_one(AskLine).ask(question, answer, is_long=field == "map")

    def action_forget(self) -> None:
        """Leave the measure under the cursor as it is."""
        place = self._place
        if place is not None and self._ground is not None:
            self._try(self._trial.without(self._ground.own.measures[place].measure_id))

    def on_ask_line_answered(self, message: AskLine.Answered) -> None:
        """Try it, or say what is wrong with it."""
        place = self._place
        if place is None or self._ground is None:
            return
        line = self._ground.own.measures[place]
        try:
            self._try(_tried(self._trial, self._field, line, message.text))
        except WorkbenchError as problem:
            self.query_one(AskLine).say(joined(("! ", LATE_STYLE), problem))
        else:
            self._close_field()

    def action_save(self) -> None:
        """Ask whether to keep weights and maps as the person's own scorecard."""
        if not self._trial.changes_card:
            tell(self.app, "No weight or map was changed: a scorecard keeps these, not values.")
            return
        self.app.push_screen(_save_menu(self._file or own_scorecard()), self._decided)

    def action_leave(self) -> None:
        """Peel one layer: the field, the work under way, what was tried, then the screen."""
        if self.query_one(AskLine).is_open:
            self._close_field()
        elif work := self.query(WorkLine):
            work.first().cancel()
        elif self._trial.changes_card:
            self.action_save()
        else:
            self.dismiss(None)

    @property
    def _place(self) -> int | None:
        return self.query_one("#measures", OptionList).highlighted

    def _mapped(self, place: int) -> ScoredMeasure | None:
        """A measure with the map that is tried, if one is."""
        if self._ground is None:
            return None
        line = self._ground.own.measures[place]
        return replace(line, worth=self._trial.maps.get(line.measure_id, line.worth))

    def _try(self, trial: Trial) -> None:
        """Score the account at once, and all accounts in a thread.

        Raises:
            WorkbenchError: the scorecard does not allow it.
        """
        if self._ground is None:
            return
        self._supposed = suppose(self._ground, trial)
        self._trial = trial
        self._draw()
        self.query_one(BandMoves).show(None)
        for running in self.query(WorkLine):
            running.cancel()
            running.remove()
        job = partial(self._reckon, self._ground, trial, self._supposed)
        self.mount(
            WorkLine(safe("scoring all accounts"), job, self._session.glyphs), after="AskLine"
        )

    def _reckon(self, ground: Ground, trial: Trial, supposed: Supposed, work: Work) -> str:
        with open_database(self._session.db.path) as db:
            found = simulate(
                db,
                as_of=ground.day,
                current=ground.card,
                candidate=supposed.candidate,
                values={ground.account_key: trial.values},
                progress=work.progress,
            )
        self.post_message(TrialReckoned(trial, found))
        return RECKONED

    def _decided(self, chosen: Chosen | None) -> None:
        if chosen is not None and chosen.value == "save":
            self._save()
        elif chosen is not None:
            self.dismiss(None)

    def _save(self) -> None:
        if self._ground is None or self._supposed is None:
            return
        target = self._file or own_scorecard()
        before = None if self._file is None else self._ground.card.text
        try:
            kept = save_scorecard(self._supposed.candidate.text, target, in_place_of=before)
        except WorkbenchError as problem:
            tell(self.app, problem, is_problem=True)
            return
        earlier = f" The one before is kept as {kept.name}." if kept else ""
        tell(self.app, f"Saved as {target}. The next refresh (r) uses it.{earlier}")
        self.dismiss(None)

    def _close_field(self) -> None:
        self.query_one(AskLine).close()
        self.query_one("#measures").focus()

    def _draw(self) -> None:
        ground, supposed = self._ground, self._supposed
        if ground is None or supposed is None:
            return
        width, glyphs = self.size.width - SCROLLBAR, self._session.glyphs
        for name, line in (
            ("name", trial_title(ground, supposed, self.size.width, glyphs)),
            ("head", trial_head(width)),
            ("sum", trial_sum(supposed, width, glyphs)),
        ):
            self.query_one(f"#{name}", Static).update(joined(line))
        _fill(
            self.query_one("#measures", OptionList),
            trial_lines(supposed, width, glyphs),
        )

    @work(thread=True, group="ground")
    def _read(self) -> None:
        session = self._session
        found: Ground | WorkbenchError
        try:
            card = scorecard_at(self._file)
            with open_database(session.db.path) as db:
                day = last_as_of(db) or session.today
                found = read_ground(db, self._account_key, card, min(day, session.today))
        except WorkbenchError as problem:
            found = problem
        self.post_message(GroundRead(found))


def _save_menu(place: Path) -> Menu:
    choices = [
        Choice("s", joined("save as my scorecard: ", (place, "dim")), "save"),
        Choice("d", safe("discard what was tried, and leave"), "discard"),
    ]
    return Menu(safe("Keep this? The next refresh would use it."), choices)


def _asked(field: str, line: Contribution, mapped: ScoredMeasure | None) -> str:
    """What stands in the field at first.

    Raises:
        UsageError: the measure has no map.
    """
    if field == "weight":
        return str(line.weight)
    if field == "value":
        return _typed_value(line.value_text)
    return "" if mapped is None else map_text(mapped)


def _tried(trial: Trial, field: str, line: ScoredMeasure, text: str) -> Trial:
    """What is tried, with what was typed into the field.

    Raises:
        UsageError: it is no weight, value or map.
    """
    if field == "weight":
        return trial.weighing(line.measure_id, read_weight(text))
    if field == "map":
        return trial.mapping(line.measure_id, read_map(line, text))
    return trial.valuing(line.measure_id, read_value(line, text))


def _typed_value(shown: str) -> str:
    """What stands in the field at first: nothing where nothing is known."""
    return "" if shown in {"none", "does not apply"} else shown


def _counts(found: Simulation) -> BandCounts:
    moves = [
        BandMove(
            one.account_key,
            one.name,
            (one.before, one.before_e4),
            (one.after, one.after_e4),
        )
        for one in found.moves
    ]
    return BandCounts(found.before, found.after, moves)


def _fill(listed: OptionList, lines: list[Content]) -> None:
    """Show these lines; the cursor stays where it is."""
    place = listed.highlighted
    if listed.option_count == len(lines):
        for index, line in enumerate(lines):
            listed.replace_option_prompt_at_index(index, joined(line))
        return
    listed.clear_options()
    listed.add_options([Option(joined(line)) for line in lines])
    listed.highlighted = min(place or 0, len(lines) - 1) if lines else None
