"""A person's edit stays through imports until the source's value changes; then both are shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.database import Database
from cs_workbench.workflows.editing import disagreements, set_field, settle
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import undo_last
from tests.factories import TODAY

Load = Callable[..., None]


@pytest.fixture
def load(db: Database, tmp_path: Path) -> Load:
    """Import accounts.csv with one account of this segment, or contacts.csv with this role."""

    def run(segment: str, role: str = "user") -> None:
        (tmp_path / "accounts.csv").write_text(f"account_id,name,segment\nacme,Acme,{segment}\n")
        (tmp_path / "contacts.csv").write_text(
            f"contact_id,account_id,name,role\nlena,acme,Lena,{role}\n"
        )
        import_paths(
            db, [tmp_path / "accounts.csv", tmp_path / "contacts.csv"], actor="nightly job"
        )

    return run


def segment_of(db: Database) -> str:
    return str(db.connection.execute("SELECT segment FROM account").fetchone()[0])


def test_an_edit_outlives_imports_until_the_source_changes(db: Database, load: Load) -> None:
    load("smb")
    act = Act(1, "ana", TODAY)
    set_field(db, act, "segment", "enterprise")
    load("smb")
    load("smb")
    assert (segment_of(db), disagreements(db)) == ("enterprise", [])
    load("mid-market")
    assert segment_of(db) == "enterprise"
    (one,) = disagreements(db)
    assert (one.account, one.conflict.mine, one.conflict.theirs) == (
        *("Acme", "enterprise", "mid-market"),
    )
    load("mid-market")  # nothing new was said
    assert len(disagreements(db)) == 1
    assert disagreements(db, 1) == disagreements(db)
    settle(db, act, one.conflict.field_conflict_id[-8:], "theirs")
    assert (segment_of(db), disagreements(db)) == ("mid-market", [])
    undo_last(db, "ana", TODAY)
    assert (segment_of(db), len(disagreements(db))) == ("enterprise", 1)


def test_what_a_person_decided_for_is_not_asked_again(db: Database, load: Load) -> None:
    load("smb")
    act = Act(1, "ana", TODAY)
    set_field(db, act, "segment", "enterprise")
    load("mid-market")
    (one,) = disagreements(db)
    settle(db, act, one.conflict.field_conflict_id, "mine")
    load("mid-market")
    assert (segment_of(db), disagreements(db)) == ("enterprise", [])
    load("enterprise")  # the source came round
    load("public")  # and moves on: nobody's edit stands against it any more
    assert segment_of(db) in {"enterprise", "public"}


def test_an_edit_that_was_taken_back_protects_nothing(db: Database, load: Load) -> None:
    load("smb")
    set_field(db, Act(1, "ana", TODAY), "segment", "enterprise")
    undo_last(db, "ana", TODAY)
    load("mid-market")
    assert (segment_of(db), disagreements(db)) == ("mid-market", [])


def test_rows_below_an_account_are_protected_too(db: Database, load: Load) -> None:
    from cs_workbench.workflows.contacts import set_contact

    load("smb")
    set_contact(db, Act(1, "ana", TODAY), "lena", "role", "champion")
    load("smb")
    (role,) = db.connection.execute("SELECT role FROM contact").fetchone()
    assert role == "champion"
    load("smb", "sponsor")
    (one,) = disagreements(db, 1)
    assert (one.conflict.entity, one.conflict.field) == ("contact", "role")
    (role,) = db.connection.execute("SELECT role FROM contact").fetchone()
    assert role == "champion"


def test_a_decision_names_one_and_takes_a_side(db: Database) -> None:
    act = Act(1, "ana", TODAY)
    with pytest.raises(NotFoundError, match="no one open conflict"):
        settle(db, act, "x", "mine")
    with pytest.raises(UsageError, match="Take mine"):
        settle(db, act, "x", "ours")
