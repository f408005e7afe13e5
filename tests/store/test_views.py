import pytest

from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.undo import undo
from cs_workbench.store.views import SavedView, delete_view, save_view, saved_view, saved_views

MINE = SavedView("Meine Größten", "arr>100k", "arr", descending=True)


def test_a_view_is_found_again_whatever_its_case(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    assert saved_view(db, "meine grossten".replace("ss", "ß")) == MINE
    assert saved_views(db) == [MINE]


def test_saving_under_a_name_replaces_and_can_be_undone(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    other = SavedView("MEINE GRÖSSTEN", "arr>1M")
    save_view(db, other, actor="ana")
    assert saved_views(db) == [other]
    undo(db, "ana")
    assert saved_views(db) == [MINE]


def test_a_deleted_view_comes_back_with_an_undo(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    delete_view(db, MINE.name, actor="ana")
    assert saved_views(db) == []
    undo(db, "ana")
    assert saved_views(db) == [MINE]


def test_a_view_saved_again_since_keeps_the_deleted_one_away(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    delete_view(db, MINE.name, actor="ana")
    save_view(db, SavedView(MINE.name, "band:red"), actor="bo")
    with pytest.raises(ConflictError, match="another row has its place"):
        undo(db, "ana")


@pytest.mark.parametrize(
    "view",
    [
        SavedView("", "x"),
        SavedView("Needs Me", "x"),
        SavedView("mine too", "arr>"),
        SavedView("mine too", "x", "colour"),
        SavedView("mine too", "x", "arr", base="yours"),
    ],
)
def test_a_view_that_could_not_be_used_is_refused(db: Database, view: SavedView) -> None:
    with pytest.raises(UsageError):
        save_view(db, view, actor="ana")
    assert saved_views(db) == []


def test_a_view_keeps_the_one_that_it_is_a_part_of(db: Database) -> None:
    soon = SavedView("Soon", "arr>100k", "days", descending=True, base="renewing soon")
    save_view(db, soon, actor="ana")
    assert saved_view(db, "soon") == soon


def test_a_view_saved_before_there_were_bases_is_one_of_all_accounts(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    (stored,) = db.connection.execute("SELECT sort FROM saved_view").fetchone()
    assert stored == "arr"
    assert saved_view(db, MINE.name).base == "all"


def test_a_missing_view_is_told_with_those_there_are(db: Database) -> None:
    save_view(db, MINE, actor="ana")
    with pytest.raises(NotFoundError, match=r"needs me, .*Meine Größten"):
        saved_view(db, "yours")
    with pytest.raises(NotFoundError):
        delete_view(db, "yours", actor="ana")
