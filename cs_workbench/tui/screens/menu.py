"""A short menu over the screen: one key, a click or ⏎ chooses, esc leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from cs_workbench.tui.formats import NOTHING, joined
from cs_workbench.tui.keys import MOVE, PROGRAM, bound


@dataclass(frozen=True)
class Choice:
    """One line of a menu.

    Attributes:
        key: the key that chooses it, empty for none.
        value: what choosing it means.
    """

    key: str
    label: Content
    value: str


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and with which of the menu's acts: `enter`, or one of the extra keys."""

    value: str
    act: str = "enter"


class Menu(ModalScreen[Chosen | None]):
    """Choices, one of which may be current; further keys act on the line under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("menu.leave", "escape,q", "leave", "back", "Leave the menu", group=PROGRAM),
        bound("menu.down", "j", "down", "down", "Next line", group=MOVE),
        bound("menu.up", "k", "up", "up", "Line before", group=MOVE),
        bound("menu.beside", "left,right", "beside", "beside", "Other column", group=MOVE),
    ]

    def __init__(
        self,
        title: Content,
        choices: Sequence[Choice],
        *,
        current: str = "",
        acts: Sequence[str] = (),
        note: Content = NOTHING,
        columns: int = 1,
    ) -> None:
        """Offer these, in so many columns; `acts` are keys that end the menu with the line there.

        The choice that is `current` is where the cursor begins, and says so.
        """
        super().__init__()
        self._title = title
        self._choices = choices
        self._current = current
        self._acts = acts
        self._note = note
        self._rows = -(-len(choices) // columns)

    def compose(self) -> ComposeResult:
        """A title, the choices, a note."""
        with Vertical(classes="box"):
            yield Label(self._title, classes="title")
            with Horizontal():
                for first in range(0, len(self._choices), self._rows):
                    part = self._choices[first : first + self._rows]
                    yield OptionList(*(self._option(one) for one in part), compact=True)
            if self._note:
                yield Label(self._note, classes="note")

    def on_mount(self) -> None:
        """Stand on what is current."""
        values = [choice.value for choice in self._choices]
        at = values.index(self._current) if self._current in values else 0
        self._stand(at // self._rows, at % self._rows)

    def on_key(self, event: events.Key) -> None:
        """A choice by its key, or an act on the line under the cursor."""
        if event.character and event.character in self._acts and (under := self._under()):
            event.stop()
            self.dismiss(Chosen(under.value, event.character))
            return
        for choice in self._choices:
            if event.character and choice.key == event.character:
                event.stop()
                self.dismiss(Chosen(choice.value))
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        place = self._columns.index(event.option_list) * self._rows + event.option_index
        self.dismiss(Chosen(self._choices[place].value))

    def on_descendant_focus(self) -> None:
        """Only the column with the cursor shows one."""
        for column in self._columns:
            if column is not self.focused:
                column.highlighted = None

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Next line."""
        self._columns[self._column].action_cursor_down()

    def action_up(self) -> None:
        """Line before."""
        self._columns[self._column].action_cursor_up()

    def action_beside(self) -> None:
        """The same line of the next column."""
        at = self._columns[self._column].highlighted or 0
        self._stand((self._column + 1) % len(self._columns), at)

    @property
    def _columns(self) -> list[OptionList]:
        return list(self.query(OptionList))

    @property
    def _column(self) -> int:
        """The column with the cursor."""
        columns = self._columns
        return next((place for place, one in enumerate(columns) if one is self.focused), 0)

    def _stand(self, column: int, line: int) -> None:
        wanted = self._columns[column]
        wanted.focus()
        wanted.highlighted = min(line, wanted.option_count - 1)

    def _under(self) -> Choice | None:
        line = self._columns[self._column].highlighted
        return None if line is None else self._choices[self._column * self._rows + line]

    def _option(self, choice: Choice) -> Option:
        now = joined(("  now", "bold")) if choice.value == self._current else NOTHING
        return Option(joined((f"{choice.key or ' '} ", "bold"), " ", choice.label, now))
