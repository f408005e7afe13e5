"""A file whose headings nobody knows: a guess, rows as they would be read, and corrections."""

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cs_workbench.errors import WorkbenchError
from cs_workbench.importers.records import Assumptions
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import between
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.workflows.guided import Guessed, corrected, preview
from cs_workbench.workflows.previews import Preview

GROUP: Final = Binding.Group("This file")
NAME, HEADING, CELL = 16, 26, 16


class _Answer(Input):
    """The line to answer in; it keeps the focus while the rest is scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("guess.on", "pagedown", "screen.page(1)", "on", "A screen on", group=GROUP),
        bound("guess.back", "pageup", "screen.page(-1)", "back", "A screen back", group=GROUP),
    ]


class GuessedFile(ModalScreen[Guessed | None]):
    """Gives the guess that a person confirmed; None where the file is to be left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("guess.leave", "escape", "leave", "leave out", "Leave the file out", group=GROUP),
    ]
    DEFAULT_CSS = """
    GuessedFile { align: center middle; }
    GuessedFile .form {
        width: 110; max-width: 100%; height: 100%; max-height: 34;
        background: $surface; border: round $primary; padding: 0 1;
    }
    GuessedFile Pane { border: none; height: 1fr; }
    """

    def __init__(self, found: Guessed, assumed: Assumptions) -> None:
        """A guess, and what is taken where the file does not say."""
        super().__init__()
        self._found = found
        self._assumed = assumed
        self._previews: list[Preview] = []
        self._problem = ""
        self._try()

    def compose(self) -> ComposeResult:
        """The fields, the rows, what is wrong, and a line to answer in."""
        with Vertical(classes="form") as form:
            form.border_title = joined(self._found.table.name)
            yield Pane(self._lines, id="guess")
            yield Static(safe(self._problem, "bold"), id="problem")
            ways = f"Enter takes it · {self._found.answers}"
            yield _Answer(placeholder=ways, compact=True)
            yield HintLine(("guess.on", "guess.back", "guess.leave"))

    def on_mount(self) -> None:
        """Stand in the line."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the guess, or correct it."""
        event.stop()
        said, event.input.value = event.value.strip(), ""
        if not said and not self._problem:
            self.dismiss(self._found)
            return
        problem = self._corrected(said) if said else self._problem
        self.query_one("#problem", Static).update(safe(problem, "bold"))

    def _corrected(self, said: str) -> str:
        """Correct the guess; what is wrong with it now, or with what was said, if anything."""
        try:
            self._found = corrected(self._found, said)
        except WorkbenchError as refused:
            return str(refused)
        self._try()
        self.query_one(Pane).redraw()
        return self._problem

    def action_leave(self) -> None:
        """Leave the file out."""
        self.dismiss(None)

    def action_page(self, pages: int) -> None:
        """Scroll what is shown."""
        self.query_one(Pane).action_page(pages)

    def _try(self) -> None:
        """Read the first rows as the guess has them."""
        self._problem = ""
        try:
            self._previews = preview(self._found, self._assumed)
        except WorkbenchError as problem:
            self._previews, self._problem = [], str(problem)

    def _lines(self, _width: int, _height: int) -> list[Content]:
        return list(self._told())

    def _told(self) -> Iterator[Content]:
        found = self._found
        yield joined("How it is to be read is not clear. It looks like ", (found.kind, "bold"), ".")
        yield joined("")
        for name, heading, example in found.told:
            yield joined(
                fitted(joined((name, "bold")), NAME),
                " from " if heading else "      ",
                fitted(safe(heading), HEADING),
                (f"  {example}", "dim"),
            )
        yield joined((found.rest, "dim"))
        how = found.writing
        yield joined((how, "dim"))
        for one in self._previews:
            yield joined("")
            yield joined("As ", (one.kind, "bold"), ":")
            yield from _rows(one)


def _rows(one: Preview) -> Iterator[Content]:
    """The columns, each as wide as it has to be, within reason; and what is to be said of them."""
    heads = [joined((name, "dim")) for name in one.headings]
    cells = [list(map(safe, row)) for row in one.rows]
    widths = [
        min(CELL, max(cell.cell_length for cell in column))
        for column in zip(heads, *cells, strict=True)
    ]
    for line in (heads, *cells):
        parts = (fitted(cell, width) for cell, width in zip(line, widths, strict=True))
        yield between(parts, safe("  "))
    for note in one.notes:
        yield joined((note, "dim"))
    for problem in one.problems:
        yield joined((f"would be refused, {problem}", "bold"))
