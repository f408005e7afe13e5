"""`m`: everything through which the weighted sum changed, adding up to the difference."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_moves import Move, Position, shown_parts
from cs_workbench.core.measure_words import plural
from cs_workbench.core.money import short, to_major
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import MOVE, PROGRAM, bound
from cs_workbench.tui.screens.renewal_titles import Moved
from cs_workbench.tui.widgets.columns import fitted

LEAST: Final = 70  # cells of a line
KIND: Final = 12
AMOUNT: Final = 14
MOST: Final = 500  # moves told one by one


class MovesScreen(ModalScreen[None]):
    """A text that scrolls: what moved, or what was said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("moves.leave", "escape,q,m,h", "leave", "back", "Leave the list", group=PROGRAM),
        bound("moves.down", "j,down", "scroll(1)", "down", "Down", group=MOVE),
        bound("moves.up", "k,up", "scroll(-1)", "up", "Up", group=MOVE),
    ]

    def __init__(self, title: Content, text: Content) -> None:
        """Show it."""
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """A title and the text."""
        with Vertical(classes="box wide"):
            yield Label(self._title, classes="title")
            with VerticalScroll():
                yield Label(self._text)

    def action_leave(self) -> None:
        """Back to the list of renewals."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def moves_screen(moved: Moved) -> MovesScreen:
    """Everything that moved between the two days."""
    since = with_weekday(moved.since)
    text = Content("\n").join(moves_lines(moved, LEAST))
    return MovesScreen(joined((f"What moved since {since}", "bold")), text)


def moves_lines(moved: Moved, width: int) -> list[Content]:
    """A line for each movement: whose, what, from what to what, by how much; and the sum of all.

    Only the largest are told where there are very many.
    """
    money = moved.currency or "USD"
    shares = shown_parts([one.delta_e4 for one in moved.moves])
    room = max(width, LEAST) - KIND - AMOUNT
    name = max(20, room * 2 // 5)
    lines = [
        joined(
            fitted(safe(moved.names.get(one.account_key, ""), "bold"), name - 1),
            (f" {one.kind:<{KIND}}", "dim"),
            fitted(safe(_change(one, money)), room - name),
            f"{to_major(share, money):>+{AMOUNT},.2f}",
        )
        for one, share in zip(moved.moves[:MOST], shares[:MOST], strict=True)
    ]
    if not lines:
        return [joined(("Nothing moved.", "dim"))]
    if len(moved.moves) > MOST:
        rest = f"{to_major(sum(shares[MOST:]), money):>+{AMOUNT},.2f}"
        told = plural(len(moved.moves) - MOST, "smaller move")
        lines.append(joined((f"{told:<{room + KIND}}{rest}", "dim")))
    amount = f"{to_major(sum(shares), money):>+{AMOUNT},.2f}"
    return [*lines, joined((f"{'in all':<{room + KIND}}{amount}", "bold"))]


def _change(one: Move, money: str) -> str:
    if one.before is None or one.after is None:
        return _told(one.after or one.before, money)
    old, new = _told(one.before, money), _told(one.after, money)
    if old == new:
        return f"to {one.after.deadline.isoformat()}"
    return f"{old} → {new}"


def _told(one: Position | None, money: str) -> str:
    if one is None:
        return ""
    now = one.standing
    if not now.is_open:
        return now.state
    return f"{now.category or 'none'} {short(now.amount_minor, money, and_more=now.is_part)}"
