"""Views that people saved: a filter and an order under a name; shared by all who use the file."""

from dataclasses import dataclass

from cs_workbench.core.filters import parse_filter
from cs_workbench.core.ids import new_id
from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.account_conditions import VIEWS
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.changes import Change, apply_changes, record_change_set
from cs_workbench.store.database import Database, write


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter as it was typed, and one of `accounts.SORTS`."""

    name: str
    filter: str
    sort: str = "band"
    descending: bool = False


def saved_views(db: Database) -> list[SavedView]:
    """All saved views by name."""
    rows = db.connection.execute("SELECT name, filter, sort, descending FROM saved_view").fetchall()
    views = [SavedView(name, text, sort, bool(down)) for name, text, sort, down in rows]
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
        UsageError: the name is empty or a built-in view's, or the filter or the sort is wrong.
    """
    name = view.name.strip()
    if not name or fold(name) in VIEWS:
        raise UsageError(f"A view cannot be saved as {name!r}: choose a name of your own.")
    if view.sort not in SORTS:
        raise UsageError(f"Accounts cannot be sorted by {view.sort!r}, but by: {', '.join(SORTS)}.")
    parse_filter(view.filter)
    fields: dict[str, str | int] = {
        "name": name,
        "filter": view.filter,
        "sort": view.sort,
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
