"""The first screen of somebody who has no portfolio yet: sample data, or an import of their own."""

import datetime as dt
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from cs_workbench.config import Config
from cs_workbench.core.glyphs import ASCII, UNICODE
from cs_workbench.tui.bringing import loading_line, look_at_unknown
from cs_workbench.tui.formats import joined, safe, safe_lines
from cs_workbench.tui.keys import MOVE, PROGRAM, bound
from cs_workbench.tui.messages import OpenPortfolio, OpenSample, tell
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.work_line import WorkLine

SAMPLE, IMPORT = "sample", "import"


class WelcomeScreen(Screen[None]):
    """Two ways to something to see, and how to do the same from the shell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("welcome.peel", "escape", "peel", "back", "Stop the import", group=PROGRAM),
        bound("welcome.down", "j", "down", "down", "Next line", group=MOVE),
        bound("welcome.up", "k", "up", "up", "Line before", group=MOVE),
    ]

    def __init__(self, path: Path, today: dt.date, config: Config) -> None:
        """Offer to fill the portfolio at `path`."""
        super().__init__()
        self._path = path
        self._today = today
        self._config = config

    def compose(self) -> ComposeResult:
        """The offer, the choices, a field for a path, the shell's way."""
        with Vertical(classes="box wide", id="welcome"):
            yield Label(safe("Welcome to csw"), classes="title")
            yield Label(_there_is_nothing(self._path))
            yield OptionList(
                Option(
                    joined(("Look around with sample data", "bold"), "  in a copy, to try out"),
                    id=SAMPLE,
                ),
                Option(
                    joined(("Load your own files", "bold"), "  exports, one or a folder"),
                    id=IMPORT,
                ),
                compact=True,
            )
            yield Label(_shell(self._path), classes="note")
        yield HintLine(())

    def on_mount(self) -> None:
        """Stand on the first choice."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the sample, or ask for a path."""
        event.stop()
        if event.option_id == SAMPLE:
            self.post_message(OpenSample())
            return
        # Not there from the start: Textual's field crashes where the program ends while it mounts.
        if not self.query(Input):
            field = Input(placeholder="path of a folder or a file, then Enter", compact=True)
            self.query_one("#welcome").mount(field, after=self.query_one(OptionList))
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Import what is there, and score it."""
        event.stop()
        source = Path(event.value.strip()).expanduser()
        if not event.value.strip() or not source.exists():
            tell(self.app, f"There is nothing at {source}.", is_problem=True)
            return
        self._begin(source)

    @work
    async def _begin(self, source: Path) -> None:
        """Look at what nobody knows, then load."""
        from cs_workbench.importers.records import Assumptions
        from cs_workbench.workflows.loading import LoadWishes

        config = self._config
        assumed = Assumptions(config.currency, today=self._today)
        if self.query(WorkLine):
            return
        if not await look_at_unknown(self.app, source, self._path, assumed):
            return
        files = config.scorecard, config.renewals
        wishes = LoadWishes(self._path, config.me, self._today, assumed, *files)
        line = loading_line(source, wishes, ASCII if config.ascii else UNICODE)
        await self.query_one("#welcome").mount(line)

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        """Show the accounts, or what went wrong."""
        message.line.remove()
        if message.error:
            tell(self.app, message.error, is_problem=True)
        elif not message.summary:
            tell(self.app, "Stopped; what was loaded so far is kept.")
        else:
            tell(self.app, message.summary)
            self.post_message(OpenPortfolio(self._path))

    def action_peel(self) -> None:
        """Stop the import, or leave the field."""
        for line in self.query(WorkLine):
            line.cancel()
            return
        self.query(Input).remove()
        self.query_one(OptionList).focus()

    def action_down(self) -> None:
        """Next line."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Line before."""
        self.query_one(OptionList).action_cursor_up()


def _there_is_nothing(path: Path) -> Content:
    return Content("\n").join(
        [joined("There are no accounts yet in"), joined((path, "bold")), joined("What first?")]
    )


def _shell(path: Path) -> Content:
    return safe_lines(
        f"The same from the shell:\n  csw demo\n  csw --db {path} init FOLDER",
        "dim",
    )
