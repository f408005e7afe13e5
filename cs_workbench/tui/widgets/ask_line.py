"""A line that asks for one short answer, on the screen only while it does."""

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from cs_workbench.tui.formats import NOTHING, joined

SHORT: Final = 20
WIDE, LONG = 40, 200  # cells on the screen, and letters that can be typed


class AskLine(Horizontal):
    """What is asked, a field, and what is wrong with the answer."""

    DEFAULT_CSS = """
    AskLine { height: 1; display: none; }
    AskLine.-open { display: block; }
    AskLine Static { width: auto; padding: 0 1; }
    AskLine #trouble { width: 1fr; }
    AskLine Input { background: $panel; }
    AskLine Input:focus { background: $primary 25%; }
    """

    class Answered(Message):
        """An answer was given; whoever asked closes the line, or says what is wrong."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def compose(self) -> ComposeResult:
        """The question, the field, trouble."""
        yield Static(id="question")
        yield Input(compact=True, max_length=SHORT)
        yield Static(id="trouble")

    @property
    def is_open(self) -> bool:
        """Whether it asks."""
        return self.has_class("-open")

    def ask(self, question: Content, answer: str, *, is_long: bool = False) -> None:
        """Ask; `answer` stands there already."""
        self.query_one("#question", Static).update(question)
        self.say(NOTHING)
        field = self.query_one(Input)
        field.max_length = LONG if is_long else SHORT
        field.styles.width = WIDE if is_long else SHORT
        field.value = answer
        self.add_class("-open")
        field.focus()

    def say(self, trouble: object) -> None:
        """What is wrong with the answer."""
        self.query_one("#trouble", Static).update(joined(trouble))

    def close(self) -> None:
        """Ask no more."""
        self.remove_class("-open")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.value))
