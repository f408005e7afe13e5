"""What a person is told, and what screens ask of the app."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App
from textual.message import Message

from cs_workbench.errors import WorkbenchError
from cs_workbench.tui.formats import safe_lines


class OpenPortfolio(Message):
    """Show this portfolio from now on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__()


class OpenSample(Message):
    """Show a copy of the sample portfolio, which goes when the program ends."""


def tell(app: App[Any], text: object, *, is_problem: bool = False) -> None:
    """A notice; its text is safe and never markup."""
    app.notify(
        safe_lines(text).plain,
        severity="error" if is_problem else "information",
        timeout=8 if is_problem else 4,
        markup=False,
    )


@contextmanager
def telling(app: App[Any]) -> Iterator[None]:
    """Tell a person what they can act on; anything else is a bug and crashes loudly."""
    try:
        yield
    except WorkbenchError as problem:
        tell(app, problem, is_problem=True)
