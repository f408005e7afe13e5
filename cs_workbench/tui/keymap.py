"""The user's own keys: `[keys]` in the settings, a binding's id and the keys that ask for it.

It is read whole before anything is drawn: an unknown id, what is no key, or a key that would mean
two things at once is an error, never a surprise later.
"""

import difflib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, Final

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character
from textual.screen import ModalScreen, Screen

from cs_workbench.errors import InputError
from cs_workbench.tui import screens, widgets
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.what_changed import WhatChanged
from cs_workbench.tui.widgets.account_panes import AccountPanes
from cs_workbench.tui.widgets.filter_bar import FilterBar
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.windowed_table import WindowedTable

# Whose keys hold together with a screen's own.
_ON: Final[Mapping[type[Screen[Any]], tuple[type[DOMNode], ...]]] = {
    AccountsScreen: (WindowedTable, FilterBar),
    AccountScreen: (AccountPanes, Pane, FilterBar),
    WhatChanged: (Pane,),
}
_NAMED: Final = frozenset(key.value for key in Keys)
_HELD: Final = re.compile(r"(ctrl|shift|alt|super)\+(.+)")


def checked_keymap(given: Mapping[str, str], app: type[App[Any]]) -> dict[str, str]:
    """The keymap as Textual takes it.

    Raises:
        InputError: an id is unknown, a key is none, or means two things in one place.
    """
    known = {binding.id: binding for one in (app, *_nodes()) for binding in _bindings(one)}
    for name, keys in given.items():
        if name not in known:
            near = difflib.get_close_matches(name, [one for one in known if one], n=1)
            hint = f"Did you mean {near[0]}?" if near else "The guide lists all of them."
            raise InputError(f"[keys] {name}: there is no such key to set. {hint}")
        for key in _split(keys):
            _check_key(name, key)
    for place in _places(app):
        _check_place(place, given)
    return dict(given)


def all_bindings(app: type[App[Any]]) -> list[Binding]:
    """Every binding that can be set, once each, those of the app first."""
    found = {binding.id: binding for one in (app, *_nodes()) for binding in _bindings(one)}
    return list(found.values())


def _nodes() -> Iterator[type[DOMNode]]:
    """All screens and widgets of ours that have keys, by module and name."""
    for package in (screens, widgets):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = import_module(found.name)
            made = (vars(module)[name] for name in sorted(vars(module)))
            for one in made:
                is_own = isinstance(one, type) and one.__module__ == module.__name__
                if is_own and issubclass(one, DOMNode) and "BINDINGS" in vars(one):
                    yield one


def _bindings(node: type[DOMNode]) -> list[Binding]:
    made = vars(node).get("BINDINGS", ())
    return [one for one in made if isinstance(one, Binding) and one.id and one.tooltip]


def _places(app: type[App[Any]]) -> Iterator[list[Binding]]:
    """The bindings that hold at once; a menu or form over a screen has its own alone."""
    for one in _nodes():
        if not issubclass(one, Screen):
            continue
        together: Iterable[type[DOMNode]] = (one, *_ON.get(one, ()))
        if not issubclass(one, ModalScreen):
            together = (*together, app)
        yield [binding for node in together for binding in _bindings(node)]


def _check_place(place: list[Binding], given: Mapping[str, str]) -> None:
    taken: dict[str, Binding] = {}
    for binding in sorted(place, key=lambda one: (one.id or "") not in given):
        name = binding.id or ""
        for key in _split(given.get(name, binding.key)):
            other = taken.setdefault(key, binding)
            was_so = key in _split(other.key) and key in _split(binding.key)
            if other.id != name and not was_so:
                raise InputError(f"[keys] {key!r} would mean both {other.id} and {name}.")


def _split(keys: str) -> list[str]:
    """The keys in Textual's names: `?` is `question_mark`."""
    parts = [part.strip() for part in keys.split(",")]
    return [_character_to_key(part) if len(part) == 1 else part for part in parts]


def _check_key(name: str, key: str) -> None:
    bare = key
    while held := _HELD.fullmatch(bare):
        bare = held[2]
    if len(bare) > 1 and bare not in _NAMED and key_to_character(bare) is None:
        raise InputError(f"[keys] {name}: {key!r} is no key. Write x, ctrl+x, f5 or pagedown.")
