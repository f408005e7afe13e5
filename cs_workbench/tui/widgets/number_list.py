"""A list of lines of which those with a name can be chosen, such as figures under their heads."""

from collections.abc import Iterable
from typing import NamedTuple

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Named(NamedTuple):
    """A line, and the name by which what is behind it is asked for; empty: nothing is."""

    name: str
    line: Content


class NumberList(OptionList):
    """Shows lines; the cursor stays in its place when others come, and skips those without name."""

    DEFAULT_CSS = """
    NumberList {
        height: 1fr; border: none; padding: 0; background: $background; scrollbar-gutter: stable;
    }
    """

    @property
    def chosen(self) -> str | None:
        """The name of the line under the cursor."""
        if self.highlighted is None:
            return None
        return self.get_option_at_index(self.highlighted).id

    def show(self, lines: Iterable[Named]) -> None:
        """Put other lines in place of those there are."""
        rows, at = list(lines), self.highlighted
        self.clear_options()
        self.add_options(
            [Option(one.line, id=one.name or None, disabled=not one.name) for one in rows]
        )
        first = next((place for place, one in enumerate(rows) if one.name), None)
        self.highlighted = first if at is None else min(at, len(rows) - 1)

    def move(self, steps: int) -> None:
        """To the next line, or the one before."""
        (self.action_cursor_down if steps > 0 else self.action_cursor_up)()
