"""What a next step for several accounts would change, before it does."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cs_workbench.core.dates import with_weekday
from cs_workbench.store.next_steps import AccountStep, NextStep
from cs_workbench.tui.formats import due_text, joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import between
from cs_workbench.tui.widgets.pane import Pane

NAME: Final = 26
MOST: Final = 14
GROUP: Final = Binding.Group("This preview")


def step_line(account: AccountStep, today: dt.date) -> Content:
    """A next step as it is: text, due, owner."""
    step = account.step
    if step.text is None:
        return joined(("none" if step.said_on is None else "none (said so)", "dim"))
    return between(
        (safe(step.text), due_text(step.due, today), joined((step.owner, "dim"))),
        joined((" · ", "dim")),
    )


class NextStepPreview(ModalScreen[NextStep]):
    """Every account with the step that it would lose; gives the step back if it is to be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("preview.agree", "enter,ctrl+s", "agree", "set on all", "Set it on all", group=GROUP),
        bound("preview.leave", "escape", "leave", "back", "Change nothing", group=GROUP),
    ]
    DEFAULT_CSS = """
    NextStepPreview { align: center middle; }
    NextStepPreview .form {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    NextStepPreview Pane { border: none; margin: 1 0; }
    """

    def __init__(self, accounts: Sequence[AccountStep], step: NextStep, today: dt.date) -> None:
        """The accounts as they are, and the step that all of them would get."""
        super().__init__()
        self._accounts = accounts
        self._step = step
        self._today = today

    def compose(self) -> ComposeResult:
        """What all get, and what each has now."""
        with Vertical(classes="form") as form:
            form.border_title = joined(f"{len(self._accounts)} accounts get this next step")
            yield Static(self._after())
            yield Pane(self._lines, id="before")
            yield HintLine(("preview.agree", "preview.leave"))

    def on_mount(self) -> None:
        """As tall as the list, within reason."""
        pane = self.query_one(Pane)
        pane.styles.height = min(MOST, len(self._accounts) + 1)
        pane.focus()

    def action_agree(self) -> None:
        """Go on."""
        self.dismiss(self._step)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def _after(self) -> Content:
        step = self._step
        if step.text is None:
            return joined(("none", "bold"), ", said today")
        due = with_weekday(step.due) if step.due else "no date"
        return between((joined((step.text, "bold")), safe(due), safe(step.owner)), safe(" · "))

    def _lines(self, width: int, _: int) -> list[Content]:
        changed = sum(1 for one in self._accounts if one.step.text is not None)
        head = f"{changed} of them have one now, which goes:" if changed else "None has one now."
        return [
            joined((head, "dim")),
            *(
                fitted(
                    joined(fitted(safe(one.name), NAME), "  ", step_line(one, self._today)),
                    width,
                )
                for one in self._accounts
            ),
        ]
