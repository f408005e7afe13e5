"""Bindings as a person reads them: in the footer, in the help, in the palette.

A binding is declared once with `bound`, on the widget or screen that answers it; footer, help,
palette and the user's own keymap derive from it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.dom import DOMNode

from cs_workbench.tui.formats import joined, safe

MOVE: Final = Binding.Group("Move")
ROWS: Final = Binding.Group("On the account, or on all marked ones")
LIST: Final = Binding.Group("The list")
PROGRAM: Final = Binding.Group("Everywhere")

SIGNS: Final = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "plus": "+",
    "comma": ",",
    "full_stop": ".",
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


def sign(key: str) -> str:
    """A key as it is written: `question_mark` is `?`."""
    return SIGNS.get(key, key)


def commands(active: Mapping[str, ActiveBinding]) -> list[Command]:
    """What can be asked for now, several keys of one binding together."""
    found: dict[str, Command] = {}
    for key, (node, binding, enabled, _) in active.items():
        name = binding.id or ""
        if not name or not binding.tooltip or binding.system:
            continue
        keys = (*(found[name].keys if name in found else ()), sign(key))
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


def hints(
    given: Iterable[Command], first: Iterable[str], last: Iterable[str], width: int
) -> Content:
    """The footer: what is in `last` always stands at its end, of `first` whatever still fits.

    Names are given in full, or by their first word where that lets more of them in.
    """
    by_id = {command.id: command for command in given if command.enabled}
    front = [by_id[name] for name in first if name in by_id]
    back = [by_id[name] for name in last if name in by_id]
    for short in (False, True):
        if _width(front, short=short) + _width(back, short=short) <= width:
            break
    while front and _width(front, short=short) + _width(back, short=short) > width:
        front.pop()
    return joined(*_drawn((*front, *back), short=short))


def _width(given: Iterable[Command], *, short: bool) -> int:
    return sum(part.cell_length for part in _drawn(given, short=short))


def _drawn(given: Iterable[Command], *, short: bool) -> Iterator[Content]:
    for command in given:
        name = command.name.split()[0] if short else command.name
        yield joined(" ", (command.keys[0], "bold"), (f" {name} ", "dim")) if name else safe("")
