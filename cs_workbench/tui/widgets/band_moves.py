"""How many accounts each band would have, and which of them would change band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.core.accounts import Band
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.formats import NOTHING
from cs_workbench.tui.widgets.trial_lines import bands_line, move_line

MOST_MOVES: Final = 20
BESIDE: Final = 2  # cells: padding and a scrollbar


@dataclass(frozen=True)
class BandMove:
    """An account that would change band: its band and points, as they are and as they would be."""

    account_key: int
    name: str
    before: tuple[Band, int | None]
    after: tuple[Band, int | None]


@dataclass(frozen=True)
class BandCounts:
    """Accounts by band, as they are and as they would be, and those that change, worst first."""

    before: Mapping[Band, int]
    after: Mapping[Band, int]
    moves: Sequence[BandMove]


class BandMoves(Vertical):
    """Counts, in two lines where one is too short, and a list from which an account is opened."""

    DEFAULT_CSS = """
    BandMoves { height: 1fr; }
    BandMoves Static { height: auto; max-height: 2; width: 100%; padding: 0 1; }
    BandMoves #moves {
        height: 1fr; border: none; padding: 0 0 0 1; background: $background;
        scrollbar-size-vertical: 1;
    }
    """

    class Opened(Message):
        """An account was asked for."""

        def __init__(self, account_key: int) -> None:
            self.account_key = account_key
            super().__init__()

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Show nothing yet."""
        super().__init__()
        self._glyphs = glyphs
        self._counts: BandCounts | None = None

    def compose(self) -> ComposeResult:
        """Counts, and the list."""
        yield Static()
        yield OptionList(id="moves", compact=True)

    def show(self, counts: BandCounts | None) -> None:
        """Show these, or nothing while they are reckoned."""
        self._counts = counts
        self.draw()

    def draw(self) -> None:
        """Draw for the room there is."""
        line = (
            NOTHING
            if self._counts is None
            else bands_line(
                self._counts.before,
                self._counts.after,
                (len(self._counts.moves), MOST_MOVES),
                self._glyphs,
            )
        )
        self.query_one(Static).update(line)
        listed = self.query_one(OptionList)
        listed.clear_options()
        width = self.size.width - BESIDE
        listed.add_options(
            [
                Option(move_line(one.name, (one.before, one.after), width, self._glyphs))
                for one in self._shown
            ]
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.post_message(self.Opened(self._shown[event.option_index].account_key))

    @property
    def _shown(self) -> Sequence[BandMove]:
        return self._counts.moves[:MOST_MOVES] if self._counts else ()
