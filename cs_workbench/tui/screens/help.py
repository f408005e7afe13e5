"""All keys of the screen below, by group, from the bindings themselves."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label

from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import LIST, MODE, MOVE, PROGRAM, ROWS, Command, bound

ORDER: Final = tuple(group.description for group in (ROWS, LIST, MOVE, MODE, PROGRAM))
KEYS: Final = 18
HELP: Final = 48  # cells; the box fits into 80 columns


class HelpScreen(ModalScreen[None]):
    """Every key that does something where the help was asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "help.leave", "escape,q,question_mark", "leave", "back", "Leave the help", group=PROGRAM
        ),
        bound("help.down", "j", "scroll(1)", "down", "Down", group=MOVE),
        bound("help.up", "k", "scroll(-1)", "up", "Up", group=MOVE),
    ]

    def __init__(self, given: Sequence[Command]) -> None:
        """Explain these commands."""
        super().__init__()
        self._given = given

    def compose(self) -> ComposeResult:
        """One text."""
        with Vertical(classes="box wide"):
            yield Label(joined(("Keys", "bold")), classes="title")
            with VerticalScroll():
                yield Label(help_text(self._given))

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def help_text(given: Sequence[Command]) -> Content:
    """The commands in their groups, each with all its keys."""

    def place(command: Command) -> int:
        return ORDER.index(command.group) if command.group in ORDER else -1

    lines: list[Content] = []
    ordered = sorted(given, key=lambda command: (place(command), command.group))
    for group, members in groupby(ordered, key=lambda command: command.group):
        lines += [joined(), joined((group, "bold underline"))]
        for command in members:
            keys = " ".join(command.keys)
            first, *more = wrap(command.help, HELP)
            lines.append(joined((f"  {keys:<{KEYS}}", "bold"), first))
            lines += [joined(" " * (KEYS + 2), line) for line in more]
    return Content("\n").join(lines[1:])
