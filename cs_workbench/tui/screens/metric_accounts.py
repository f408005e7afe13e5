"""What is behind a number of the portfolio: its accounts, and how it is counted."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.core.metrics.results import Members
from cs_workbench.core.metrics.words import amount, label_of
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import MOVE, bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.workflows.metrics import names_of

GROUP: Final = Binding.Group("Behind the number")
MOST: Final = 1_000
Row = tuple[int, int | None, int | None]


class MetricAccounts(Screen[None]):
    """The accounts behind a number, those that cost or gave most first; ⏎ opens one."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("behind.open", "o", "open", "account", "The account's page", group=GROUP),
        bound("behind.down", "j", "move(1)", "down", "Next account", group=MOVE),
        bound("behind.up", "k", "move(-1)", "up", "Account before", group=MOVE),
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = """
    MetricAccounts #name { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    MetricAccounts OptionList {
        height: 1fr; border: none; padding: 0; background: $background;
    }
    """

    def __init__(
        self,
        session: Session,
        title: str,
        members: Members,
        *,
        currency: str | None = None,
        unknown: Sequence[int] = (),
    ) -> None:
        """Of a number: its name, its accounts, and the currency where they are amounts.

        Those of whom it is `unknown` what they give stand at the end.
        """
        super().__init__()
        self._session = session
        self._title = title
        self._members = members
        self._names: Mapping[int, tuple[str, str]] = {}
        self._currency = currency
        self._unknown = unknown

    def compose(self) -> ComposeResult:
        """Title, accounts, keys."""
        count = len(self._members.keys) + len(self._unknown)
        shown = f" · {count:,} behind it" + (f", {MOST:,} shown" if count > MOST else "")
        unit = f" · {self._currency}" if self._currency else ""
        yield Static(joined((self._title, "bold"), (shown + unit, "dim")), id="name")
        yield OptionList(compact=True)
        yield HintLine(("behind.open", "behind.down"), rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Stand on the first."""
        accounts = self.query_one(OptionList)
        if not self._members.keys and not self._unknown:
            accounts.add_option(Option(safe("No account is behind it.", "dim"), disabled=True))
            return
        head = f"{'Account':<36} {'Gives':>16} {'Of' if self._members.denominators else '':>16}"
        accounts.add_option(Option(safe(head, "dim"), disabled=True))
        rows = self._rows()[:MOST]
        self._names = names_of(self._session.db, [key for key, _, _ in rows])
        accounts.add_options([self._option(place, row) for place, row in enumerate(rows)])
        accounts.highlighted = 1

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The page of the account under the cursor."""
        from cs_workbench.tui.screens.account import AccountScreen

        accounts = self.query_one(OptionList)
        if accounts.highlighted is None:
            return
        option = accounts.get_option_at_index(accounts.highlighted)
        if option.id is not None:
            key = int(option.id.split(":")[0])
            self.app.push_screen(AccountScreen(self._session, key))

    def action_move(self, steps: int) -> None:
        """To the next account, or the one before."""
        accounts = self.query_one(OptionList)
        (accounts.action_cursor_down if steps > 0 else accounts.action_cursor_up)()

    def action_leave(self) -> None:
        """Back to the number."""
        self.dismiss(None)

    def _rows(self) -> list[Row]:
        """Account, what it gives, and of what: those that cost or give most first."""
        return [*self._known(), *((key, None, None) for key in self._unknown)]

    def _known(self) -> list[Row]:
        members = self._members
        keys, above, below = members.keys, members.numerators, members.denominators
        places = range(len(keys))
        if len(below) != len(keys):
            ordered = sorted(places, key=lambda at: -abs(above[at]))
            return [(keys[at], above[at], None) for at in ordered]
        ordered = sorted(places, key=lambda at: (above[at] - below[at], -below[at]))
        return [(keys[at], above[at], below[at]) for at in ordered]

    def _option(self, place: int, row: Row) -> Option:
        return Option(self._line(*row), id=f"{row[0]}:{place}")

    def _line(self, key: int, above: int | None, whole: int | None) -> Content:
        name = self._names.get(key, (str(key), str(key)))[1]
        figures = [f"{'--' if above is None else self._shown(above):>16}"]
        if whole is not None:
            figures.append(f"{self._shown(whole):>16}")
        label = safe(name).truncate(36, ellipsis=True, pad=True)
        return joined(label, " ", " ".join(figures))

    def _shown(self, value: int) -> str:
        return amount(value, self._currency) if self._currency else f"{value:,}"


class MetricPolicyNote(Screen[None]):
    """What a number is, what is above and below its line, and the policy that was applied."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q,x", "leave", "back", "One layer back", group=GROUP),
    ]
    DEFAULT_CSS = """
    MetricPolicyNote #name { height: 1; }
    MetricPolicyNote Pane { height: 1fr; padding: 0 1; }
    """

    def __init__(self, chosen: str, told: Sequence[str]) -> None:
        """Of a figure or a part of the bridge: its key, and the sentences; empty ones part them."""
        super().__init__()
        self._chosen = chosen
        self._told = told

    def compose(self) -> ComposeResult:
        """Title, sentences, keys."""
        yield Static(joined((label_of(self._chosen), "bold")), id="name")
        yield Pane(self._lines, id="words")
        yield HintLine(())

    def action_leave(self) -> None:
        """Back to the number."""
        self.dismiss(None)

    def _lines(self, width: int, _: int) -> list[Content]:
        return [line for one in self._told for line in safe(one or " ").wrap(max(1, width))]
