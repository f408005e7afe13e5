"""What is erased is gone to the byte, figures stay, and the rest of the log remains."""

import json
import shutil
from pathlib import Path

import pytest

from cs_workbench.store.database import open_database, write
from cs_workbench.workflows.contacts import add_contact
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import find_contact
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import (
    TODAY,
    add_account,
    add_promise,
    add_signal,
    add_summary,
    add_survey,
    add_touchpoint,
    portfolio,
)

EVIL = "\x1b]52;c;aGk=\x07"
NAME, MAIL = "Lena Vosskuhl", "lena.vosskuhl@kestrel.example"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("privacy")) as db:
        with write(db) as connection:
            for name in ("acme", "other"):
                key = add_account(connection, name, domain=f"{name}.example")
                add_summary(connection, key)
        act = Act(1, "ana", TODAY)
        add_contact(db, act, name=NAME, email=MAIL, role="champion")
        lena = find_contact(db, 1, "Lena")
        with write(db) as connection:
            add_touchpoint(connection, 1, contact_id=lena, summary="met in her garden", sentiment=2)
            add_touchpoint(connection, 1, summary=f"{NAME} will be back", channel="call")
            add_survey(connection, 1, contact_id=lena, comment="I am ill", score=3)
            add_promise(connection, 1, what="refund")
            add_signal(connection, 1, "champion gone", evidence=f"champion {NAME} left")
    return db.path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def held(path: Path) -> bytes:
    beside = path.parent.glob(f"{path.name}*")
    return b"".join(one.read_bytes() for one in beside if "backup" not in one.name)


def test_a_dry_run_counts_and_changes_nothing(book: Path) -> None:
    before = csw(book, "sql", "SELECT * FROM touchpoint, contact", "--json").stdout
    shown = csw(book, "purge", NAME, "--dry-run").stdout
    assert f"{NAME}: " in shown
    assert "would be erased" in shown
    assert csw(book, "sql", "SELECT * FROM touchpoint, contact", "--json").stdout == before
    refused = csw(book, "purge", NAME)
    assert (refused.returncode, "--dry-run" in refused.stderr) == (2, True)


def test_an_erased_contact_is_gone_from_every_byte_and_figures_stay(book: Path) -> None:
    backup = book.with_name(f"{book.name}.schema-1.backup")
    backup.write_bytes(b"x")
    result = csw(book, "purge", MAIL, "--yes")
    assert result.returncode == 0, result.stderr
    assert f"{backup} still holds them" in result.stderr
    bytes_left = held(book)
    for text in (NAME, MAIL, "her garden", "I am ill"):
        assert text.encode() not in bytes_left, text
    with open_database(book) as db:
        one = db.connection.execute
        assert tuple(one("SELECT count(*), max(sentiment) FROM touchpoint").fetchone()) == (2, 2)
        assert one("SELECT score, comment FROM survey_response").fetchone()[:] == (3, None)
        assert one("SELECT role FROM contact").fetchone()[0] == "champion"
        assert one("SELECT summary FROM touchpoint WHERE contact_id IS NULL").fetchone()[0] == (
            "[erased] will be back"
        )
        assert one("SELECT what FROM promise").fetchone()[0] == "refund"
        assert one("SELECT count(*) FROM change WHERE new IS NULL AND old IS NULL").fetchone()[0]
    assert csw(book, "purge", NAME, "--dry-run").returncode == 3


def test_an_erased_account_keeps_its_counts_alone(book: Path) -> None:
    assert csw(book, "purge", "acme", "--yes").returncode == 0
    assert b"acme.example" not in held(book)
    listed = json.loads(csw(book, "accounts", "--json").stdout)["accounts"]
    assert {one["name"] for one in listed} == {"erased account 1", "Other"}
    with open_database(book) as db:
        what, due = db.connection.execute("SELECT what, due_on FROM promise").fetchone()
    assert (what, due) == ("[erased]", "2026-11-20")


def test_a_customer_gets_everything_that_is_held(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "acme.json"
    assert csw(book, "export", "account", "acme", "--out", str(out)).returncode == 0
    assert out.stat().st_mode & 0o077 == 0
    document = json.loads(out.read_text())
    assert document["schema"] == "csw.export.account/1"
    assert {"account", "contact", "touchpoint", "survey_response"} <= set(document["tables"])
    assert [act["actor"] for act in document["acts"]] == ["ana"]
    printed = json.loads(csw(book, "export", "account", "acme").stdout)
    assert printed["tables"] == document["tables"]


def test_the_log_is_an_audit_trail(book: Path) -> None:
    csw(book, "set", "other", "segment", EVIL + "smb")
    shown = csw(book, "audit")
    assert "\x1b" not in shown.stdout
    assert "Segment" in shown.stdout
    given = json.loads(csw(book, "audit", "--account", "acme", "--json").stdout)
    (act,) = given["acts"]
    assert (act["actor"], act["changes"][0]["entity"]) == ("ana", "contact")
    assert json.loads(csw(book, "audit", "--actor", "jon", "--json").stdout)["acts"] == []
    started = run.csw("--db", book, "audit", "--since", "today")
    assert started.returncode == 0, started.stderr
