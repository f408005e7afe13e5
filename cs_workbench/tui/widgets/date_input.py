"""A field for a date: `+7`, `fri`, `eom`, `12 dec`, with the day it means beside it."""

import datetime as dt

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from cs_workbench.core.dates import read_date, read_past_date, with_weekday
from cs_workbench.errors import UsageError
from cs_workbench.tui.formats import NOTHING, joined


class DateInput(Horizontal):
    """What is typed, and which day that is, with its weekday, while it is typed."""

    DEFAULT_CSS = """
    DateInput { height: 1; }
    DateInput Input { width: 16; }
    DateInput Static { width: 1fr; padding: 0 1; }
    """

    class Changed(Message):
        """Something was typed."""

    def __init__(
        self,
        today: dt.date,
        *,
        text: str = "",
        looks_back: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Ask for a day, as seen from `today`; `text` stands there already.

        With `looks_back` only days up to today are meant: `fri` is the last one.
        """
        super().__init__(id=id)
        self._today = today
        self._text = text
        self._looks_back = looks_back

    def compose(self) -> ComposeResult:
        """The field and its day."""
        examples = "-28  fri  12 oct" if self._looks_back else "+7  fri  12 dec"
        yield Input(self._text, compact=True, placeholder=examples)
        yield Static(self.resolved())

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value if self.is_mounted else self._text

    @text.setter
    def text(self, text: str) -> None:
        self.query_one(Input).value = text

    def day(self) -> dt.date | None:
        """The day that is meant; None for an empty field.

        Raises:
            UsageError: what is typed is no day.
        """
        typed = self.text.strip()
        read = read_past_date if self._looks_back else read_date
        return read(typed, self._today) if typed else None

    def resolved(self) -> Content:
        """The day in full, or that it is none yet."""
        try:
            day = self.day()
        except UsageError:
            return joined(("no past day yet" if self._looks_back else "not a date yet", "dim"))
        if day is None:
            return joined(("no date", "dim"))
        is_late = day < self._today and not self._looks_back
        past = joined(("  in the past", "bold")) if is_late else NOTHING
        return joined((with_weekday(day), "bold"), past)

    @on(Input.Changed)
    def _show(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(Static).update(self.resolved())
        self.post_message(self.Changed())
