"""The modes of the program: the one table that digits, titles, help and palette derive from.

A mode's screen is imported when it is first gone to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from cs_workbench.tui.formats import NOTHING, joined, run_on, safe
from cs_workbench.tui.keys import MODE, PROGRAM, bound
from cs_workbench.tui.sizes import NARROW


@dataclass(frozen=True)
class Mode:
    """One of the things that the program is for.

    Attributes:
        key: the digit that leads there.
        name: the mode's name in code and in bindings, `accounts`.
        title: its name in titles where there is room, and `short` where there is not.
        place: where its screen is: a class that takes a `Session`.
        about: what one sees there, for the help.
    """

    key: str
    name: str
    title: str
    short: str
    place: str
    about: str

    def screen(self, session: object) -> Screen[None]:
        """Import its screen and make it for a `Session`."""
        module, _, kind = self.place.partition(":")
        made = getattr(import_module(module), kind)(session)
        if not isinstance(made, Screen):
            raise TypeError(f"{self.place} is no screen")
        return made


_SCREENS: Final = "cs_workbench.tui.screens"
MODES: Final[tuple[Mode, ...]] = (
    Mode(
        *("1", "accounts", "Accounts", "Acc", f"{_SCREENS}.accounts:AccountsScreen"),
        "Accounts: those that need you, and all others",
    ),
    Mode(
        *("2", "today", "Today", "Today", f"{_SCREENS}.today:TodayScreen"),
        "Today: what there is to do, by what is at stake",
    ),
    Mode(
        *("3", "renewals", "Renewals", "Ren", f"{_SCREENS}.renewals:RenewalsScreen"),
        "Renewals: what is due, what is expected of it, what moved",
    ),
    Mode(
        *("4", "portfolio", "Portfolio", "Port", f"{_SCREENS}.portfolio:PortfolioScreen"),
        "Portfolio: what was kept, against target; cohorts; health over time",
    ),
    Mode(
        *("5", "review", "Review", "Rev", f"{_SCREENS}.review:ReviewScreen"),
        "Review: the meeting, one account a page",
    ),
)
# No modes: they come over the one that is on, and go again.
OVER: Final[tuple[Mode, ...]] = (
    Mode(
        *("W", "search", "Search", "Search", f"{_SCREENS}.search:SearchScreen"),
        "Search what was written",
    ),
    Mode(
        *("V", "voice", "Voice and service", "Voice", f"{_SCREENS}.voice:VoiceScreen"),
        "Voice and service: what customers say, what waits, how fast we answer",
    ),
)


def mode_bindings(modes: Sequence[Mode] = MODES) -> list[Binding]:
    """A binding for each mode's digit; on the app, so that fields and menus take digits first."""
    return [
        bound(
            f"app.{mode.name}",
            mode.key,
            f"go_to({mode.name!r})",
            mode.title.casefold(),
            mode.about,
            group=MODE,
        )
        for mode in modes
    ]


def over_bindings() -> list[Binding]:
    """A binding for each screen that comes over the others."""
    return [
        bound(f"app.{one.name}", one.key, f"over({one.name!r})", one.name, one.about, group=PROGRAM)
        for one in OVER
    ]


def named(
    current: str, width: int, modes: Sequence[Mode] = MODES
) -> list[tuple[Mode | None, Content]]:
    """The left of a title line, piece by piece: each mode's text, and None for what is between."""
    is_narrow = width < NARROW
    pieces: list[tuple[Mode | None, Content]] = [
        (None, NOTHING if is_narrow else safe(" csw ", "dim"))
    ]
    for mode in modes:
        name = mode.short if is_narrow else mode.title
        is_here = mode.name == current
        text = f"[{mode.key} {name}]" if is_here else f" {mode.key} {name} "
        pieces.append((mode, joined((text, "bold" if is_here else "dim"))))
        pieces.append((None, joined(" ")))
    return pieces


def names_line(current: str, width: int) -> Content:
    """All modes, the current one in brackets: `csw [1 Accounts]  3 Renewals `."""
    return run_on(text for _, text in named(current, width))


def mode_at(current: str, width: int, x: int) -> Mode | None:
    """Which mode's name is drawn at a cell of the title line."""
    end = 0
    for mode, text in named(current, width):
        end += text.cell_length
        if x < end:
            return mode
    return None
