"""The program on the terminal: one open portfolio, its modes, and what holds on every screen."""

import datetime as dt
import gc
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.events import Event
from textual.filter import LineFilter
from textual.screen import Screen

from cs_workbench.config import Config
from cs_workbench.store.database import Database
from cs_workbench.tui.keys import LETTERED, PROGRAM, bound, commands
from cs_workbench.tui.line_filters import Colourless, Harmless, Lettered
from cs_workbench.tui.messages import OpenPortfolio, tell, telling
from cs_workbench.tui.modes import MODES, OVER, mode_bindings, over_bindings
from cs_workbench.tui.no_accounts import welcome
from cs_workbench.tui.orderly_app import OrderlyApp
from cs_workbench.tui.session import Session, open_accounts, session_on
from cs_workbench.tui.sizes import HEIGHTS, WIDTHS
from cs_workbench.tui.theme import band_variables, use_theme

if TYPE_CHECKING:
    from textual.command import Provider

FIRST: Final = "first"  # the mode that the program begins in: the accounts, or the welcome
ACCOUNTS: Final = MODES[0].name
GARBAGE: Final = (5_000, 5, 5)  # when to look for it: about once a picture, not eight times


def _commands() -> "type[Provider]":
    from cs_workbench.tui.palette import Commands

    return Commands


class WorkbenchApp(OrderlyApp):
    """The screens of `csw`."""

    TITLE = "csw"
    CSS_PATH = Path(__file__).with_name("workbench.tcss")
    COMMANDS = App.COMMANDS | {_commands}
    DEFAULT_MODE = FIRST
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "app.commands",
            "colon,ctrl+p",
            "command_palette",
            "more",
            "All commands by name",
            group=PROGRAM,
        ),
        bound("app.help", "question_mark,f1", "help", "help", "All keys", group=PROGRAM),
        bound("app.leave", "q", "leave", "quit", "Leave the program", group=PROGRAM),
        *mode_bindings(),
        *over_bindings(),
    ]

    def __init__(self, database_path: Path, *, today: dt.date | None, config: Config) -> None:
        """Open the portfolio at a path.

        Args:
            database_path: the file; where there is none, the screens offer to make one.
            today: the day to take for today; None for the sample's own, or the clock's.
            config: the user's settings.

        Raises:
            WorkbenchError: it cannot be opened, or the user's keys are wrong; nothing was drawn.
        """
        database = open_accounts(database_path)
        super().__init__()
        self._today = today
        self._config = config
        self._until_the_end = ExitStack()
        self._session: Session | None = None
        self._places: dict[str, str] = {}  # where each mode is, once there is a portfolio
        self.begin = ""  # the mode to open in, in place of the accounts
        self._harmless = Harmless()
        self._colourless = Colourless(enabled=self.no_color)
        use_theme(self, config.theme)
        self.set_class(config.ascii, LETTERED)
        if config.keys:
            from cs_workbench.tui.keymap import checked_keymap

            self.set_keymap(checked_keymap(config.keys, type(self)))
        self.first = lambda: welcome(database_path, today, config)
        if database:
            self._keep(database, FIRST)

    def on_open_portfolio(self, message: OpenPortfolio) -> None:
        """From the welcome: there is something to show now."""
        with telling(self):
            self._show(message.path, self._config.me)

    def on_open_sample(self) -> None:
        """From the welcome: somebody wants to look around."""
        from cs_workbench.workflows.demo import sample_copy, sample_person

        with telling(self):
            copy = self._until_the_end.enter_context(sample_copy())
            self._show(copy, sample_person(copy) or self._config.me)

    def on_ready(self) -> None:
        """Collect garbage from now on, but not among what was made for good."""
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        gc.enable()
        if self.begin in self._places:
            self.action_go_to(self.begin)

    def on_unmount(self) -> None:
        """Let go of the file."""
        self._until_the_end.close()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The bands' colours in themes that are not ours."""
        return band_variables(dark=self.current_theme.dark)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line passes through last."""
        letters = (Lettered(),) if self._config.ascii else ()
        if self._colourless.enabled:
            return (self._harmless, self._colourless, *letters)
        return (*super().get_line_filters(), self._harmless, *letters)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, the one that has no key here."""
        del screen  # it is there on all of them
        yield SystemCommand("Theme", "Choose the colours", self.action_change_theme)

    def action_help(self) -> None:
        """Explain the keys of this screen."""
        from cs_workbench.tui.screens.help import HelpScreen

        given = commands(self.screen.active_bindings, lettered=self._config.ascii)
        self.push_screen(HelpScreen(given))

    def action_leave(self) -> None:
        """Back, and out of the program from its first screen."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit()

    def action_over(self, name: str) -> None:
        """Show a screen that comes over all others."""
        if self._session is not None:
            self.push_screen(next(one for one in OVER if one.name == name).screen(self._session))

    def action_go_to(self, name: str) -> None:
        """Switch to a mode; it is as it was left."""
        self.switch_mode(self._places[name])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no mode to go to, and nothing to search, before there is a portfolio."""
        del parameters  # all modes come with it
        return action not in {"go_to", "over"} or self._session is not None

    async def _broker_event(
        self, event_name: str, event: Event, default_namespace: DOMNode
    ) -> bool:
        """Text never acts: only Textual's scrollbars may bind actions to what they draw."""
        from textual.scrollbar import ScrollBar

        if not isinstance(default_namespace, ScrollBar):
            return False
        return await super()._broker_event(event_name, event, default_namespace)

    def _keep(self, database: Database, first: str) -> None:
        """Show this portfolio until the end; `first` is where its accounts are."""
        self._until_the_end.callback(database.connection.close)
        self._session = session = session_on(database, self._config, self._today)
        for one in MODES:
            self._places[one.name] = place = first if one.name == ACCOUNTS else one.name
            if place == FIRST:
                self.first = partial(one.screen, session)
            else:
                self.add_mode(place, partial(one.screen, session))

    def _show(self, path: Path, me: str) -> None:
        """Leave the welcome for good; a second answer to it comes too late."""
        if self.current_mode == ACCOUNTS:
            return
        if (database := open_accounts(path)) is None:
            tell(self, f"There are still no accounts in {path}.", is_problem=True)
            return
        self._config = self._config._replace(me=me)
        self._keep(database, ACCOUNTS)
        self.switch_mode(ACCOUNTS)
        self.remove_mode(FIRST)
