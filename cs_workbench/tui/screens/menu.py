"""A short menu over the screen: one key or ⏎ chooses, esc leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
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
    ]

    def __init__(
        self,
        title: Content,
        choices: Sequence[Choice],
        *,
        current: str = "",
        acts: Sequence[str] = (),
        note: Content = NOTHING,
    ) -> None:
        """Offer these; `acts` are keys that end the menu with the line under the cursor."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._current = current
        self._acts = acts
        self._note = note

    def compose(self) -> ComposeResult:
        """A title, the choices, a note."""
        with Vertical(classes="box"):
            yield Label(self._title, classes="title")
            yield OptionList(
                *(
                    Option(joined((f"{choice.key or ' '} ", "bold"), " ", choice.label))
                    for choice in self._choices
                ),
                compact=True,
            )
            if self._note:
                yield Label(self._note, classes="note")

    def on_mount(self) -> None:
        """Stand on what is current."""
        values = [choice.value for choice in self._choices]
        at = values.index(self._current) if self._current in values else 0
        self.query_one(OptionList).highlighted = at

    def on_key(self, event: events.Key) -> None:
        """A choice by its key, or an act on the line under the cursor."""
        at = self.query_one(OptionList).highlighted
        if event.character and event.character in self._acts and at is not None:
            event.stop()
            self.dismiss(Chosen(self._choices[at].value, event.character))
            return
        for choice in self._choices:
            if event.character and choice.key == event.character:
                event.stop()
                self.dismiss(Chosen(choice.value))
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.dismiss(Chosen(self._choices[event.option_index].value))

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Next line."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Line before."""
        self.query_one(OptionList).action_cursor_up()
