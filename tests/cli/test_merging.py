import datetime as dt
from pathlib import Path

from cs_workbench.store.database import Database, write
from tests.cli.run import csw, within
from tests.factories import add_account, add_survey, add_ticket, add_usage


def fill(db: Database) -> Path:
    with write(db) as connection:
        add_ticket(connection, add_account(connection, "from"))
        add_account(connection, "into")
    return db.path


def test_merging_says_what_moved(db: Database) -> None:
    path = fill(db)
    done = csw("--db", path, "accounts", "merge", "from", "into")
    assert (done.returncode, done.stdout) == (0, "from is part of into now: 1 ticket.\n")
    assert "until the next `csw refresh`" in done.stderr
    again = within("--db", path, "accounts", "merge", "from", "into")
    assert again.returncode == 12
    assert "merged into another account already" in again.stderr


def test_what_moved_is_said_in_words(db: Database) -> None:
    with write(db) as connection:
        one, other = add_account(connection, "one"), add_account(connection, "other")
        add_survey(connection, one)
        add_survey(connection, one)
        for key in (one, other):
            add_usage(connection, key, dt.date(2026, 11, 1), [3])
    done = within("--db", db.path, "accounts", "merge", "one", "other")
    assert done.stdout.splitlines() == [
        "one is part of other now: 2 survey responses.",
        "Both had usage on 1 day; it was combined.",
    ]


def test_rekeying_says_that_the_old_id_still_works(db: Database) -> None:
    path = fill(db)
    done = csw("--db", path, "accounts", "rekey", "from", "acme")
    assert (done.returncode, done.stdout.startswith("from is acme now")) == (0, True)
    assert within("--db", path, "accounts", "rekey", "none", "x").returncode == 3
