"""The menus of the list: by what to sort, and which view to show."""

from collections.abc import Sequence
from typing import Any, Final

from textual.app import App
from textual.content import Content

from cs_workbench.store.account_views import VIEWS
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.custom_fields import custom_fields
from cs_workbench.store.views import SavedView, delete_view, save_view, saved_view, saved_views
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.messages import tell
from cs_workbench.tui.screens.account_list import AccountList
from cs_workbench.tui.screens.account_titles import SORT_NAMES
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.session import Session

SAVE: Final = "\0save"  # no view can be called so
DELETE: Final = "d"
SORT_KEYS: Final = {
    "band": "b",
    "score": "s",
    "trend": "t",
    "cov": "o",
    "arr": "a",
    "usage": "u",
    "seats": "e",
    "days": "d",
    "end": "x",
    "signals": "l",
    "name": "n",
    "next": "w",
    "id": "i",
    "csm": "c",
    "segment": "g",
    "region": "r",
    "industry": "y",
    "stage": "h",
}
VIEW_NOTES: Final = {
    "needs me": "red, unknown, yellow, promises late, near deadlines",
    "all": "the whole book",
    "mine": "those whose CSM I am",
    "renewing soon": "deadline within 90 d",
    "neglected": "much at risk of churn, long silence, no play",
    "former": "customers no longer",
}


async def choose_sort(app: App[Any], session: Session, shown: AccountList) -> AccountList | None:
    """Ask for a column; None where it stays as it is."""
    chosen = await app.push_screen_wait(sort_menu(session, shown))
    return shown.sorted_by(chosen.value) if chosen else None


async def choose_view(app: App[Any], session: Session, shown: AccountList) -> AccountList | None:
    """Ask for a view, and save or delete one if that is what is wanted.

    Raises:
        UsageError: a view cannot be saved under that name.
    """
    db = session.db
    chosen = await app.push_screen_wait(view_menu(shown, saved_views(db)))
    if chosen is None:
        return None
    if chosen.value == SAVE:
        return await _save(app, session, shown)
    if chosen.value in VIEWS:
        return shown.viewed(chosen.value)
    if chosen.act == DELETE:
        delete_view(db, chosen.value, actor=session.me)
        tell(app, f"deleted view {chosen.value} · z brings it back")
        return None
    return shown.recalled(db, saved_view(db, chosen.value))


async def _save(app: App[Any], session: Session, shown: AccountList) -> AccountList | None:
    name = await app.push_screen_wait(Prompt(safe("Save this list under the name")))
    if name is None:
        return None
    query = shown.query
    view = SavedView(name, shown.filter_text, query.sort, query.descending, query.view)
    save_view(session.db, view, actor=session.me)
    tell(app, f"saved view {name} · z takes it back")
    return shown.recalled(session.db, saved_view(session.db, name))


def sort_menu(session: Session, shown: AccountList) -> Menu:
    """Every column; the current one again turns the order round."""
    current, glyphs = shown.query.sort, session.glyphs
    own = custom_fields(session.db.connection)
    names = {**SORT_NAMES, **{name: one.label for name, one in own.items()}}

    def label(sort: str) -> Content:
        if sort != current or (sort == "band" and not shown.query.descending):
            return safe(names[sort])
        arrow = glyphs.down if shown.query.descending else glyphs.up
        return joined(names[sort], f" {arrow}")

    return Menu(
        safe("Sort by"),
        [Choice(SORT_KEYS.get(sort, ""), label(sort), sort) for sort in (*SORTS, *own)],
        current=current,
        note=joined(("the same again turns the order round", "dim")),
        columns=2,
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
            joined(safe(view.name), "  ", (_contents(view), "dim")),
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


def _contents(view: SavedView) -> str:
    """What a saved view shows: `mine: arr>50k`."""
    return f"{view.base}: {view.filter}" if view.filter else view.base
