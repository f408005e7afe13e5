import hashlib
from pathlib import Path

import pytest

from cs_workbench.errors import ForeignFileError, NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.files import SCHEMA_VERSION
from cs_workbench.store.readonly_sql import answer
from tests.factories import add_account
from tests.store.processes import finish, start


@pytest.fixture
def book(db: Database) -> Path:
    with write(db) as c:
        add_account(c, "kes-1", name="Kestrel")
        add_account(c, "mul-2", name="Müller")
    return db.path


def asked(path: Path, statement: str) -> list[tuple[object, ...]]:
    with answer(path, statement) as found:
        return list(found.rows)


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT account_id FROM account ORDER BY 1", [("kes-1",), ("mul-2",)]),
        (
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r LIMIT 3) SELECT n FROM r",
            None,
        ),
        ("SELECT count(*) FROM account_fts WHERE account_fts MATCH 'muller'", [(1,)]),
        ("SELECT count(*) FROM usage_day", [(0,)]),
        ("PRAGMA user_version", [(SCHEMA_VERSION,)]),
        ("PRAGMA table_info(account)", None),
        ("EXPLAIN QUERY PLAN SELECT * FROM account", None),
        ("SELECT name FROM account; -- a comment", [("Kestrel",), ("Müller",)]),
        ("SELECT CAST(x'ff41' AS TEXT)", [("\ufffdA",)]),
    ],
)
def test_reading_is_answered(
    book: Path, statement: str, rows: list[tuple[object, ...]] | None
) -> None:
    found = asked(book, statement)
    assert found == rows if rows is not None else found


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM account",
        "UPDATE account SET name = 'x'",
        "INSERT INTO setting VALUES ('a', 'b')",
        "CREATE TABLE t (a)",
        "CREATE TEMP TABLE t (a)",
        "DROP TABLE account",
        "ATTACH 'other.db' AS o",
        "ATTACH ':memory:' AS o",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "PRAGMA journal_mode = delete",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 9",
        "PRAGMA writable_schema = ON",
        "PRAGMA wal_checkpoint",
        "BEGIN IMMEDIATE",
        "SELECT load_extension('x')",
        "INSERT INTO account_fts(account_fts) VALUES ('rebuild')",
        "SELECT 1; DELETE FROM account",
        "SELECT 1; SELECT 2",
        "REINDEX",
        "ANALYZE",
    ],
)
def test_all_else_is_refused_and_changes_nothing(
    book: Path, db: Database, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(book.parent)
    before = hashlib.sha256(book.read_bytes()).digest()
    version = db.connection.execute("PRAGMA data_version").fetchone()[0]
    with pytest.raises(UsageError):
        asked(book, statement)
    assert hashlib.sha256(book.read_bytes()).digest() == before
    assert db.connection.execute("PRAGMA data_version").fetchone()[0] == version
    assert all(path.name.startswith("portfolio.db") for path in book.parent.iterdir())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SELECT colour", "no such column: colour"),
        ("SELEC", "syntax error"),
        ("", "no question"),
        ("-- nothing", "no question"),
        ("SELECT ?", "parameters"),
        ("SELECT abs(-9223372036854775808)", "integer overflow"),
    ],
)
def test_what_is_wrong_is_told(book: Path, statement: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        asked(book, statement)


def test_rows_come_one_by_one(book: Path) -> None:
    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    with answer(book, endless) as found:
        assert (found.columns, next(found.rows), next(found.rows)) == (("n",), (1,), (2,))


def test_only_a_portfolio_is_opened(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        asked(tmp_path / "none.db", "SELECT 1")
    assert not (tmp_path / "none.db").exists()
    other = tmp_path / "other.db"
    other.write_bytes(b"x" * 200)
    with pytest.raises(ForeignFileError):
        asked(other, "SELECT 1")


ENDLESS = """
import os, signal, threading
from cs_workbench.store.readonly_sql import answer
signal.signal(signal.SIGINT, signal.default_int_handler)
counting = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"
try:
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with answer(path, counting) as found:
        print(list(found.rows))
except KeyboardInterrupt:
    print("ended")
"""


def test_a_query_that_never_ends_is_ended_by_ctrl_c(book: Path) -> None:
    process = start(ENDLESS, book)
    try:
        assert finish(process) == "ended\n"
    finally:
        process.kill()
