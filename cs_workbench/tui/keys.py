"""Bindings as a person reads them: in the footer, in the help, in the palette.

A binding is declared once with `bound`, on the widget or screen that answers it; footer, help,
palette and the user's own keymap derive from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.dom import DOMNode

from cs_workbench.tui.formats import joined

MOVE: Final = Binding.Group("Move")
ROWS: Final = Binding.Group("On the account, or on all marked ones")
LIST: Final = Binding.Group("The list")
PROGRAM: Final = Binding.Group("Everywhere")
MODE: Final = Binding.Group("Go to")

LETTERED: Final = "-ascii"  # the app's class where letters stand for signs
SIGNS: Final = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "plus": "+",
    "equals_sign": "=",
    "dollar_sign": "$",
    "comma": ",",
    "right": "→",
    "left": "←",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "pagedown": "page down",
    "pageup": "page up",
    "upper_g": "G",
}


@dataclass(frozen=True)
class Command:
    """One thing that can be asked for, and the keys that ask for it.

    Attributes:
        node: the widget, screen or app whose action it is.
    """

    id: str
    keys: tuple[str, ...]
    name: str
    help: str
    group: str
    action: str
    node: DOMNode
    enabled: bool


def bound(
    name: str, keys: str, action: str, label: str, tooltip: str, *, group: Binding.Group
) -> Binding:
    """A binding.

    Args:
        name: its id, by which a keymap and the footers call it.
        keys: one key, or several with commas.
        action: what Textual calls.
        label: one or two words for the footer; the first alone where there is little room.
        tooltip: a sentence for the help and the palette.
        group: under which heading the help lists it.
    """
    return Binding(keys, action, label, show=False, id=name, tooltip=tooltip, group=group)


def sign(key: str, *, lettered: bool = False) -> str:
    """A key as it is written: `question_mark` is `?`; `lettered` without signs of our own."""
    written = SIGNS.get(key, key)
    return written if written.isascii() or not lettered else key


def commands(active: Mapping[str, ActiveBinding], *, lettered: bool = False) -> list[Command]:
    """What can be asked for now, several keys of one binding together."""
    found: dict[str, Command] = {}
    for key, (node, binding, enabled, _) in active.items():
        name = binding.id or ""
        if not name or not binding.tooltip or binding.system:
            continue
        written = sign(key, lettered=lettered)
        keys = (*(found[name].keys if name in found else ()), written)
        group = binding.group.description if binding.group else PROGRAM.description
        found[name] = Command(
            id=name,
            keys=keys,
            name=binding.description,
            help=binding.tooltip,
            group=group,
            action=binding.action,
            node=node,
            enabled=enabled,
        )
    return list(found.values())


async def run(app: App[Any], command: Command) -> None:
    """Do what its key would do."""
    await app.run_action(command.action, default_namespace=command.node)


def hints(
    given: Iterable[Command], first: Iterable[str], last: Iterable[str], width: int
) -> list[tuple[Command, Content]]:
    """The footer: what is in `last` always stands at its end, of `first` whatever still fits.

    Names are given in full, or by their first word where that lets more of them in.
    """
    by_id = {command.id: command for command in given if command.enabled and command.name}
    front = [by_id[name] for name in first if name in by_id]
    back = [by_id[name] for name in last if name in by_id]
    for short in (False, True):
        ends = [(command, _drawn(command, short=short)) for command in back]
        drawn = [(command, _drawn(command, short=short)) for command in front]
        widths = [text.cell_length for _, text in drawn]
        room = width - sum(text.cell_length for _, text in ends)
        if sum(widths) <= room:
            break
    while drawn and sum(widths) > room:
        drawn.pop()
        widths.pop()
    return [*drawn, *ends]


def _drawn(command: Command, *, short: bool) -> Content:
    name = command.name.split()[0] if short else command.name
    return joined(" ", (command.keys[0], "bold"), (f" {name} ", "dim"))
