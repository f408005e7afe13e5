"""The line in which a filter is typed, with what is wrong with it beside it."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Input, Label

from cs_workbench.tui.formats import NOTHING, joined
from cs_workbench.tui.keys import LIST, bound

SEARCHED: Final = "words of a note, a ticket or a name"
PLACEHOLDER: Final = "words, csm:ana, arr>50k, days<60, band:red, -word"


class FilterBar(Horizontal):
    """On the screen only while a filter is typed.

    Watch `text` for every change: a watcher has its say before the typed letter is drawn, so that
    letter and list show in one picture.
    """

    DEFAULT_CSS = """
    FilterBar { height: 1; }
    FilterBar Label { width: auto; padding: 0 1; }
    FilterBar #filter-trouble { max-width: 60%; text-wrap: nowrap; text-overflow: ellipsis; }
    FilterBar Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("filter.done", "down", "done", "list", "Back to the narrowed list", group=LIST)
    ]

    text: var[str] = var("", init=False)

    class Done(Message):
        """Typing is over; the filter stays as it is."""

        def __init__(self, bar: "FilterBar", text: str) -> None:
            self.bar = bar
            self.text = text
            super().__init__()

    def __init__(self, text: str) -> None:
        """Start with the filter as it is."""
        super().__init__()
        self.set_reactive(FilterBar.text, text)

    def compose(self) -> ComposeResult:
        """A sign, the field, and room for a message."""
        yield Label(joined(("/", "bold")))
        yield self.field()
        yield Label(id="filter-trouble")

    def field(self) -> Input:
        """What is typed into."""
        return Input(self.text, placeholder=PLACEHOLDER, compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Type into it."""
        field = self.query_one(Input).focus()
        self.watch(field, "value", self._take, init=False)

    def show_trouble(self, trouble: Content = NOTHING) -> None:
        """Say what cannot be understood, or nothing."""
        label = self.query_one("#filter-trouble", Label)
        if trouble != label.content:  # the whole screen is laid out anew
            label.update(trouble)

    def peel(self) -> None:
        """Take the text away, and then the line."""
        field = self.query_one(Input)
        if field.value:
            field.value = ""
        else:
            self.action_done()

    def action_done(self) -> None:
        """Stop typing."""
        self.post_message(self.Done(self, self.query_one(Input).value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Stop typing."""
        event.stop()
        self.action_done()

    def _take(self, text: str) -> None:
        self.text = text


class SearchBar(FilterBar):
    """The same line for words that are looked for in a text."""

    DEFAULT_CSS = "SearchBar { height: 1; }"

    def field(self) -> Input:
        """What is typed into."""
        return Input(self.text, placeholder=SEARCHED, compact=True, select_on_focus=False)
