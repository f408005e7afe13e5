"""`4`: the portfolio: figures with target and trend, the ARR bridge, cohorts, health over time."""

import datetime as dt
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList

from cs_workbench.config import file_in_use
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.metrics.periods import after, before
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import LETTERED, MOVE, bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.newest_reading import NewestReading, ReadingFailed
from cs_workbench.tui.screens.menu import Choice, Chosen, Menu
from cs_workbench.tui.screens.portfolio_numbers import (
    WHOLE,
    about,
    behind,
    beside,
    figures_of,
    told_of,
)
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.number_list import NumberList
from cs_workbench.tui.widgets.portfolio_lines import HEALTH
from cs_workbench.tui.widgets.titles import Titles
from cs_workbench.workflows.portfolio import (
    PERIODS,
    Part,
    PortfolioView,
    ScoredDay,
    Wanted,
    portfolio_by_parts,
    scored_day,
)

GROUP: Final = Binding.Group("The figures")
FOOTER: Final = (
    *("portfolio.open", "portfolio.policy", "portfolio.period", "portfolio.part"),
    *("portfolio.side", "portfolio.earlier", "portfolio.later"),
)
PERIOD_WORDS: Final = {
    "12m": "twelve months to the newest full one",
    "quarter": "newest full quarter",
    "month": "newest full month",
    "half": "newest full half-year",
    "year": "newest full year",
    "fiscal": "newest full fiscal year",
}


class PortfolioScreen(Screen[None]):
    """Figures and bridge on the left, cohorts and health on the right, or one after the other."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "portfolio.open", "o", "open", "accounts", "The accounts behind the number", group=GROUP
        ),
        bound("portfolio.policy", "x", "policy", "policy", "How it is counted", group=GROUP),
        bound("portfolio.period", "w", "period", "period", "Another stretch of time", group=GROUP),
        bound("portfolio.part", "v", "part", "part", "A segment, CSM or region", group=GROUP),
        bound("portfolio.earlier", "comma", "step(-1)", "earlier", "The one before", group=GROUP),
        bound("portfolio.later", "full_stop", "step(1)", "later", "The one after", group=GROUP),
        bound("portfolio.side", "tab", "side", "cohorts", "Figures, cohorts, health", group=GROUP),
        bound("portfolio.plays", "p", "plays", "playbooks", "What playbooks change", group=GROUP),
        bound("portfolio.down", "j", "move(1)", "down", "Next figure", group=MOVE),
        bound("portfolio.up", "k", "move(-1)", "up", "Figure before", group=MOVE),
    ]
    DEFAULT_CSS = """
    PortfolioScreen {
        #titles { height: 2; }
        #figures { width: 5fr; min-width: 78; }
        #side { width: 3fr; padding: 0 0 0 1; }
        Horizontal { height: 1fr; }
    }
    PortfolioScreen.-narrow #figures { min-width: 0; }
    PortfolioScreen.-narrow #side { display: none; }
    PortfolioScreen.-narrow.-beside #figures { display: none; }
    PortfolioScreen.-narrow.-beside #side { display: block; padding: 0; }
    """

    class Read(Message):
        """The thread knows the figures, or some of them."""

        def __init__(self, found: PortfolioView) -> None:
            self.found = found
            super().__init__()

    class Scored(Message):
        """The thread knows who was scored on a day, and how."""

        def __init__(self, found: ScoredDay) -> None:
            self.found = found
            super().__init__()

    _figures = query_one("#figures", NumberList)
    _side = query_one("#side", NumberList)

    def __init__(self, session: Session) -> None:
        """The last twelve months of the whole book."""
        super().__init__()
        self._session = session
        self._reading = NewestReading(self, session.db.path)
        self._view: PortfolioView | None = None
        self._wanted = Wanted(
            session.today,
            session.me,
            file_in_use("metrics.toml", "CSW_METRICS", session.metrics),
            file_in_use("targets.toml", "CSW_TARGETS", session.targets),
            session.scorecard_file,
        )

    def compose(self) -> ComposeResult:
        """Titles, figures, what stands beside them, keys."""
        yield Titles("portfolio", self._titles)
        with Horizontal():
            yield NumberList(id="figures", compact=True)
            yield NumberList(id="side", compact=True)
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read."""
        self._read()

    def on_resize(self) -> None:
        """Draw for the new room."""
        self._fill()

    def on_portfolio_screen_read(self, message: Read) -> None:
        """Show it, unless something else is asked for by now."""
        if message.found.wanted == self._wanted:
            self._view = message.found
            self._fill()
            self.query_one("#titles").refresh()

    def on_reading_failed(self, message: ReadingFailed) -> None:
        """Tell why the figures cannot be told."""
        tell(self.app, message.error, is_problem=True)

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reading.stop()

    def on_portfolio_screen_scored(self, message: Scored) -> None:
        """List them."""
        from cs_workbench.tui.screens.metric_accounts import MetricAccounts

        found = message.found
        self.app.push_screen(
            MetricAccounts(
                self._session,
                HEALTH + found.day.isoformat(),
                found.known,
                unknown=found.unknown,
            )
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The accounts behind the number under the cursor."""
        from cs_workbench.tui.screens.metric_accounts import MetricAccounts

        chosen = self._numbers.chosen
        if self._view is None or chosen is None:
            return
        if chosen.startswith(HEALTH):
            self._read_scored(dt.date.fromisoformat(chosen.removeprefix(HEALTH)))
            return
        title, members, is_money = behind(self._view, chosen)
        currency = self._view.sheet.currency if is_money else None
        self.app.push_screen(MetricAccounts(self._session, title, members, currency=currency))

    def action_policy(self) -> None:
        """What the number is, and how it is counted."""
        from cs_workbench.tui.screens.metric_accounts import MetricPolicyNote

        chosen = self._numbers.chosen
        if self._view is not None and chosen is not None:
            self.app.push_screen(MetricPolicyNote(chosen, told_of(self._view, chosen)))

    def action_period(self) -> None:
        """Choose another stretch of time."""
        choices = [
            Choice(str(number), safe(PERIOD_WORDS[kind]), kind)
            for number, kind in enumerate(PERIODS, start=1)
        ]
        menu = Menu(safe("Period"), choices, current=self._wanted.kind)
        self.app.push_screen(menu, self._choose_period)

    def action_part(self) -> None:
        """Choose a part of the book."""
        parts = () if self._view is None else self._view.parts
        choices = [Choice("", safe(WHOLE), "")]
        choices += [
            Choice("", joined((f"{one.by} ", "dim"), one.name), str(at))
            for at, one in enumerate(parts)
        ]
        current = self._wanted.part
        place = str(parts.index(current)) if current in parts else ""
        columns = 1 if len(choices) <= 16 else 2
        menu = Menu(safe("Part of the book"), choices, current=place, columns=columns)
        self.app.push_screen(menu, self._choose_part)

    def action_step(self, steps: int) -> None:
        """The period before, or the one after."""
        if self._view is None:
            return
        start = self._view.policy.fiscal_year_starts
        period = self._view.period
        if steps < 0:
            wanted = before(period, start)
        else:
            wanted = after(period, start)
            if wanted.start >= self._session.today:
                tell(self.app, "That period has not begun yet.")
                return
        self._ask(replace(self._wanted, period=wanted))

    def action_side(self) -> None:
        """From the figures to the cohorts and back."""
        to_side = self.focused is not self._side
        self.set_class(to_side, "-beside")
        (self._side if to_side else self._figures).focus()

    def action_plays(self) -> None:
        """What playbooks change."""
        from cs_workbench.tui.screens.effects import EffectsScreen

        self.app.push_screen(EffectsScreen(self._session))

    def action_move(self, steps: int) -> None:
        """To the next figure, or the one before."""
        self._numbers.move(steps)

    def _choose_period(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self._ask(replace(self._wanted, kind=chosen.value, period=None))

    def _choose_part(self, chosen: Chosen | None) -> None:
        if chosen is None or self._view is None:
            return
        part: Part | None = self._view.parts[int(chosen.value)] if chosen.value else None
        self._ask(replace(self._wanted, part=part))

    def _ask(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.query_one("#titles").refresh()
        self._read()

    def _read(self) -> None:
        self._reading.ask(partial(self._parts_of, wanted=self._wanted))

    @property
    def _numbers(self) -> NumberList:
        """The figures, or what stands beside them, wherever the cursor is."""
        return self._side if self.focused is self._side else self._figures

    def _fill(self) -> None:
        view = self._view
        if view is None:
            return
        glyphs, lettered = self._session.glyphs, self.app.has_class(LETTERED)
        self._figures.show(figures_of(view, self._room(self._figures), glyphs))
        self._side.show(beside(view, self._room(self._side), glyphs, lettered=lettered))

    def _room(self, numbers: NumberList) -> int:
        """Cells of a line beside the scrollbar; those of the screen where it is not shown."""
        return numbers.scrollable_content_region.width or self.size.width

    def _titles(self, width: int) -> Content:
        left = names_line("portfolio", width)
        first = spread(left, joined(with_weekday(self._session.today), " "), width)
        if self._view is None:
            return first + Content("\n") + safe(" reading …", "dim")
        return first + Content("\n") + about(self._view, width)

    def _parts_of(self, db: Database, wanted: Wanted) -> Generator[Message, None, None]:
        yield from (self.Read(one) for one in portfolio_by_parts(db, wanted))

    @work(thread=True, group="scored", exclusive=True)
    def _read_scored(self, day: dt.date) -> None:
        try:
            with open_database(self._session.db.path) as db:
                found = scored_day(db, day)
        except WorkbenchError as problem:
            self.app.call_from_thread(tell, self.app, problem, is_problem=True)
            return
        self.post_message(self.Scored(found))
