"""`csw set` of the next step, and `csw undo`, as `n` and `z` do it on the screens."""

from pathlib import Path

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.next_steps import NextStep, read_next_steps
from tests.cli.run import as_ana as csw
from tests.factories import TODAY, add_account, add_person


@pytest.fixture
def book(db: Database) -> Path:
    with write(db) as connection:
        add_person(connection)
        add_account(connection)
    return db.path


def step(db: Database) -> NextStep:
    (found,) = read_next_steps(db, [1])
    return found.step


def test_a_next_step_is_set_and_taken_back(db: Database, book: Path) -> None:
    before = step(db)
    asked = ("set", "acme", "next-step", "call T. Brandt", "--due", "fri", "--owner", "jon")
    assert "next step: call T. Brandt, jon, Fri 27 Nov 2026" in csw(book, *asked).stdout
    assert (step(db).text, step(db).owner) == ("call T. Brandt", "jon")
    assert csw(book, "undo").stdout.startswith("undid: next step: call T. Brandt")
    assert step(db) == before
    nothing = csw(book, "undo")
    assert (nothing.returncode, "nothing by ana left to undo" in nothing.stderr) == (3, True)


def test_an_empty_next_step_says_that_there_is_none(db: Database, book: Path) -> None:
    assert csw(book, "set", "acme", "next-step", "").returncode == 0
    assert (step(db).text, step(db).said_on) == (None, TODAY)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("next-step", "call", "--due", "31 feb"), "There is no day '31 feb'"),
        (("segment", "smb", "--due", "fri"), "--due and --owner belong to next-step"),
    ],
)
def test_what_does_not_fit_is_refused(book: Path, asked: tuple[str, ...], told: str) -> None:
    done = csw(book, "set", "acme", *asked)
    assert (done.returncode, told in done.stderr) == (2, True)
