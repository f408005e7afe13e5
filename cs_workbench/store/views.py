"""Views that people saved: a filter and an order under a name; shared by all who use the file.

The column `sort` also holds the built-in view that was narrowed: `arr in mine`; without one it is
all accounts, as in files of before.
"""

from dataclasses import dataclass

from cs_workbench.core.ids import new_id
from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.account_views import VIEWS
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.changes import Change, apply_changes, record_change_set
from cs_workbench.store.custom_fields import custom_fields, read_filter
from cs_workbench.store.database import Database, write

_IN = " in "


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter as it was typed, one of `accounts.SORTS`, and the built-in view beneath."""

    name: str
    filter: str
    sort: str = "band"
    descending: bool = False
    base: str = "all"


def saved_views(db: Database) -> list[SavedView]:
    """All saved views by name."""
    rows = db.connection.execute("SELECT name, filter, sort, descending FROM saved_view").fetchall()
    views = [_view(*row) for row in rows]
    return sorted(views, key=lambda view: fold(view.name))


def saved_view(db: Database, name: str) -> SavedView:
    """The view of that name, whatever its case and accents.

    Raises:
        NotFoundError: there is none; the message lists those there are.
    """
    views = saved_views(db)
    for view in views:
        if fold(view.name) == fold(name):
            return view
    known = ", ".join([*VIEWS, *(view.name for view in views)])
    raise NotFoundError(f"There is no view {name!r}. Views: {known}.")


def save_view(db: Database, view: SavedView, *, actor: str) -> None:
    """Keep the view; one of the same name is replaced.

    Raises:
        UsageError: the name is empty or a built-in view's; the filter, sort or base is wrong.
    """
    name = view.name.strip()
    if not name or fold(name) in VIEWS:
        raise UsageError(f"A view cannot be saved as {name!r}: choose a name of your own.")
    known = (*SORTS, *custom_fields(db.connection))
    if view.sort not in known:
        raise UsageError(f"Accounts cannot be sorted by {view.sort!r}, but by: {', '.join(known)}.")
    if view.base not in VIEWS:
        raise UsageError(f"There is no view {view.base!r} to save a part of: {', '.join(VIEWS)}.")
    read_filter(db, view.filter)
    fields: dict[str, str | int] = {
        "name": name,
        "filter": view.filter,
        "sort": view.sort + (f"{_IN}{view.base}" if view.base != "all" else ""),
        "descending": int(view.descending),
    }
    with write(db) as connection:
        rows = connection.execute("SELECT view_id, name FROM saved_view").fetchall()
        same = [row["view_id"] for row in rows if fold(row["name"]) == fold(name)]
        if same:
            changes = [Change("saved_view", same[0], key, new=new) for key, new in fields.items()]
        else:
            view_id = new_id()
            row = {"view_id": view_id, **fields, "actor": actor}
            changes = [Change("saved_view", view_id, new=row)]
        apply_changes(connection, actor=actor, summary=f"saved view {name}", changes=changes)


def delete_view(db: Database, name: str, *, actor: str) -> None:
    """Forget the view; `z` brings it back.

    Raises:
        NotFoundError: there is no such view.
    """
    with write(db) as connection:
        known = saved_view(db, name).name
        row = dict(
            connection.execute("SELECT * FROM saved_view WHERE name = ?", (known,)).fetchone()
        )
        connection.execute("DELETE FROM saved_view WHERE name = ?", (known,))
        record_change_set(
            connection,
            actor=actor,
            cause="person",
            summary=f"deleted view {known}",
            changes=[Change("saved_view", row["view_id"], old=row)],
        )


def _view(name: str, text: str, stored: str, descending: int) -> SavedView:
    sort, _, base = stored.partition(_IN)
    return SavedView(name, text, sort, bool(descending), base or "all")
