"""The menus of the list: by what to sort, and which view to show."""

from collections.abc import Sequence
from typing import Final

from cs_workbench.store.account_conditions import VIEWS
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.views import SavedView
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.screens.account_list import AccountList
from cs_workbench.tui.screens.account_titles import SORT_NAMES
from cs_workbench.tui.screens.menu import Choice, Menu

SAVE: Final = "\0save"  # no view can be called so
DELETE: Final = "d"
VIEW_NOTES: Final = {
    "needs me": "red, unknown and yellow, late promises, deadlines within 60 d, due today",
    "all": "the whole book",
    "mine": "those whose CSM I am",
    "renewing soon": "deadline within 90 d",
    "former": "customers no longer",
}


def sort_menu(shown: AccountList) -> Menu:
    """Every column; the current one again turns the order round."""
    keys = _first_letters(SORTS)
    return Menu(
        safe("Sort by"),
        [Choice(keys[sort], safe(SORT_NAMES[sort]), sort) for sort in SORTS],
        current=shown.query.sort,
        note=joined(("the same again turns the order round", "dim")),
    )


def view_menu(shown: AccountList, saved: Sequence[SavedView]) -> Menu:
    """The program's own views, the saved ones, and saving."""
    built_in = [
        Choice(str(place), joined(f"{view:<14}", (VIEW_NOTES[view], "dim")), view)
        for place, view in enumerate(VIEWS, 1)
    ]
    kept = [
        Choice(
            str(place) if place < 10 else "",
            joined(safe(view.name), "  ", (view.filter or "all", "dim")),
            view.name,
        )
        for place, view in enumerate(saved, len(VIEWS) + 1)
    ]
    save = Choice("s", joined(("save this list as a view", "bold")), SAVE)
    return Menu(
        safe("View"),
        [*built_in, *kept, save],
        current=shown.view,
        acts=(DELETE,) if kept else (),
        note=joined(("d deletes a saved view", "dim")) if kept else safe(""),
    )


def _first_letters(names: Sequence[str]) -> dict[str, str]:
    """A letter for each name: its first one that is still free; j and k move."""
    taken = set("jkq")
    letters = {}
    for name in names:
        free = (letter for letter in f"{name}abcdefghilmnoprstuvwxyz" if letter not in taken)
        letters[name] = next(free)
        taken.add(letters[name])
    return letters
