"""One question with one line of text as its answer."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from cs_workbench.tui.keys import PROGRAM, bound


class Prompt(ModalScreen[str | None]):
    """Gives the trimmed text, or None where esc was pressed or nothing typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("prompt.leave", "escape", "leave", "back", "Leave without an answer", group=PROGRAM)
    ]

    def __init__(self, question: Content, *, answer: str = "") -> None:
        """Ask; `answer` stands there already."""
        super().__init__()
        self._question = question
        self._answer = answer

    def compose(self) -> ComposeResult:
        """The question and a field."""
        with Vertical(classes="box"):
            yield Label(self._question, classes="title")
            yield Input(self._answer, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        """No answer."""
        self.dismiss(None)
