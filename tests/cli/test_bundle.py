"""Two portfolios of the same accounts exchange what people wrote."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.store.database import Database, open_database, write
from cs_workbench.workflows.next_steps import undo_last
from tests.cli import run
from tests.factories import TODAY, add_account, add_summary, portfolio

EVIL = "visit \x1b]52;c;aGk=\x07 [@click=app.quit]them[/]"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Ana's file and Jon's, whose keys of the accounts differ."""
    paths = []
    for name, accounts in (("ana", ("acme", "calm")), ("jon", ("calm", "acme"))):
        folder = tmp_path / name
        folder.mkdir()
        with portfolio(folder) as db, write(db) as connection:
            for account in accounts:
                add_summary(connection, add_account(connection, account))
        paths.append(db.path)
    return paths[0], paths[1]


def csw(path: Path, me: str, *args: str) -> subprocess.CompletedProcess[str]:
    result = run.within("--db", path, "--today", TODAY.isoformat(), *args, CSW_ME=me)
    assert result.returncode == 0, result.stderr
    return result


def bundled(path: Path, me: str) -> Path:
    out = path.parent / f"{me}.bundle"
    csw(path, me, "bundle", "export", "--since", "2020-01-01", "--out", str(out))
    return out


def rows_of(db: Database) -> list[list[tuple[object, ...]]]:
    """Every row of the tables that a bundle can touch."""
    tables = ("account", "touchpoint", "promise", "change_set", "change")
    return [
        [tuple(row) for row in db.connection.execute(f"SELECT * FROM {table}")] for table in tables
    ]


def imported(path: Path, bundle: Path, *more: str) -> dict[str, Any]:
    given = csw(path, "jon", "bundle", "import", str(bundle), "--json", *more).stdout
    return dict(json.loads(given))


def test_importing_twice_changes_nothing(two: tuple[Path, Path]) -> None:
    ana, jon = two
    csw(ana, "ana", "log", "acme", EVIL, "--next", "call", "--we-promise", "refund by fri")
    csw(ana, "ana", "set", "calm", "fit", "good")
    bundle = bundled(ana, "ana")
    assert imported(jon, bundle, "--dry-run")["merged"] == 2
    first = imported(jon, bundle)
    assert (first["merged"], first["known"], first["conflicts"]) == (2, 0, [])
    with open_database(jon) as db:
        row = db.connection.execute(
            "SELECT a.account_id, p.what, a.next_step FROM promise p JOIN account a USING "
            "(account_key)"
        ).fetchone()
        assert tuple(row) == ("acme", "refund", "call")
        held = rows_of(db)
    again = imported(jon, bundle)
    assert (again["merged"], again["known"]) == (0, 2)
    with open_database(jon) as db:
        assert rows_of(db) == held


def test_a_field_changed_on_both_sides_is_told_with_both_and_keeps_what_is_here(
    two: tuple[Path, Path],
) -> None:
    ana, jon = two
    csw(ana, "ana", "set", "acme", "segment", EVIL)
    csw(jon, "jon", "set", "acme", "segment", "smb")
    report = imported(jon, bundled(ana, "ana"))
    (conflict,) = report["conflicts"]
    assert (conflict["mine"], conflict["by_me"]) == ("smb", "jon")
    assert (conflict["theirs"], conflict["by_them"]) == (EVIL, "ana")
    with open_database(jon) as db:
        (segment,) = db.connection.execute(
            "SELECT segment FROM account WHERE account_id = 'acme'"
        ).fetchone()
    assert segment == "smb"


def differences(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(csw(path, "jon", "differences", "--json").stdout)["conflicts"])


def test_a_conflict_with_a_colleague_is_decided_later_and_the_decision_travels(
    two: tuple[Path, Path],
) -> None:
    ana, jon = two
    for value in ("old", "large"):  # the later of hers is what she says
        csw(ana, "ana", "set", "acme", "segment", value)
    csw(jon, "jon", "set", "acme", "segment", "smb")
    bundle = bundled(ana, "ana")
    imported(jon, bundle, "--dry-run")
    assert differences(jon) == []
    for _ in range(2):
        imported(jon, bundle)
    (kept,) = differences(jon)
    assert (kept["account"], kept["field"]) == ("Acme", "segment")
    assert (kept["mine"], kept["mine_by"]) == ("smb", "jon")
    assert (kept["theirs"], kept["theirs_by"]) == ("large", "ana")
    csw(jon, "jon", "differences", "--take", kept["conflict_id"], "theirs")
    assert differences(jon) == []
    back = imported(ana, bundled(jon, "jon"))
    assert back["refused"] == []
    with open_database(jon) as db:
        segment = "SELECT segment FROM account WHERE account_id = 'acme'"
        assert db.connection.execute(segment).fetchone()[0] == "large"
        undo_last(db, "jon", TODAY)
        assert db.connection.execute(segment).fetchone()[0] == "smb"
    assert len(differences(jon)) == 1


def test_an_undo_comes_too_and_what_has_no_account_here_does_not(two: tuple[Path, Path]) -> None:
    ana, jon = two
    csw(ana, "ana", "promise", "add", "acme", "refund")
    with open_database(ana) as db:
        undo_last(db, "ana", TODAY)
        with write(db) as connection:
            add_summary(connection, add_account(connection, "new"))
    csw(ana, "ana", "note", "new", "only here")
    report = imported(jon, bundled(ana, "ana"))
    assert report["merged"] == 2
    (refused,) = report["refused"]
    assert refused["why"] == "account 'new' is not here"
    with open_database(jon) as db:
        assert db.connection.execute("SELECT count(*) FROM promise").fetchone()[0] == 0


def test_what_is_no_bundle_is_refused(two: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "x.bundle"
    for text, told in (
        ("no", "Have it exported and sent again"),
        ("{}", "Have it exported and sent again"),
        ('{"schema": "csw.bundle/9", "acts": []}', "not a bundle that this csw reads"),
    ):
        path.write_text(text)
        result = run.within("--db", two[0], "bundle", "import", path)
        assert (result.returncode, told in result.stderr) == (4, True), text
    shutil.rmtree(two[1].parent)
    started = run.csw("--db", two[0], "bundle", "export", "--since", "2020-01-01")
    assert json.loads(started.stdout)["schema"] == "csw.bundle/1"
