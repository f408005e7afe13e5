"""Anybody's SELECT over the portfolio, in a connection that can change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.errors import UsageError
from cs_workbench.store.files import check_header, check_schema, check_there, translated
from cs_workbench.store.sqlite import Connection, sqlite3

Value = str | int | float | bytes | None

# What a statement may do; everything else (ATTACH, writing, extensions, most PRAGMAs) is refused.
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_RECURSIVE,
}
_PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"}
_PRAGMAS |= {"foreign_key_list", "user_version", "application_id", "schema_version", "data_version"}
_FUNCTIONS_REFUSED = {"load_extension", "fts3_tokenizer", "writefile", "edit"}
STEPS_BETWEEN = 100_000  # of SQLite's machine: some milliseconds, and no cost to be seen


@dataclass(frozen=True)
class Answer:
    """Names of the columns, and the rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Value, ...]]


@contextmanager
def answer(path: Path, statement: str) -> Iterator[Answer]:
    """Run one SELECT; its rows are read while the context is open.

    Raises:
        NotFoundError: there is no portfolio.
        UsageError: the statement is wrong, more than one, or would do more than read.
        ForeignFileError, NewerSchemaError, CorruptFileError, BusyError: as named.
        KeyboardInterrupt: ctrl+c, also in the middle of a query that takes long.
    """
    check_there(path)
    check_schema(path, check_header(path))
    with translated(path):
        connection = _connect(path)
        try:
            cursor = _execute(connection, statement)
            yield Answer(tuple(column[0] for column in cursor.description), _told(cursor))
        finally:
            connection.close()


def _connect(path: Path) -> Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.set_authorizer(_authorize)
    connection.set_progress_handler(_go_on, STEPS_BETWEEN)
    # Text that is not UTF-8 is still data to look at.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def _go_on() -> int:
    """Nothing; but only where Python runs does it see ctrl+c, and SQLite then ends the query."""
    return 0


def _authorize(
    action: int, first: str | None, second: str | None, _schema: str | None, _trigger: str | None
) -> int:
    is_allowed = action in _ALLOWED
    if action == sqlite3.SQLITE_FUNCTION:
        is_allowed = (second or "").lower() not in _FUNCTIONS_REFUSED
    if action == sqlite3.SQLITE_PRAGMA:
        is_allowed = (first or "").lower() in _PRAGMAS and not (
            second and (first or "").lower() in {"user_version", "application_id", "schema_version"}
        )
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _execute(connection: Connection, statement: str) -> "sqlite3.Cursor":
    try:
        cursor = connection.execute(statement)
    except sqlite3.Warning as problem:
        raise UsageError(f"One statement at a time: {problem}") from None
    except (sqlite3.ProgrammingError, ValueError) as problem:
        raise UsageError(f"This is not one statement without parameters: {problem}") from None
    except sqlite3.DatabaseError as problem:
        raise _refusal(problem) from None
    if cursor.description is None:
        raise UsageError("There is no question in this: `csw sql` runs one SELECT.")
    return cursor


def _told(cursor: "sqlite3.Cursor") -> Iterator[tuple[Value, ...]]:
    try:
        # Not from the cursor itself, which would then be closed after its connection.
        yield from iter(cursor.fetchone, None)
    except sqlite3.OperationalError as problem:
        raise _refusal(problem) from None


def _refusal(problem: "sqlite3.DatabaseError") -> BaseException:
    text = str(problem)
    if text == "interrupted":
        return KeyboardInterrupt()
    if any(word in text for word in ("authoriz", "prohibited", "readonly")):
        return UsageError(f"`csw sql` only reads: {text}.")
    code = getattr(problem, "sqlite_errorcode", 1) & 0xFF
    return UsageError(f"SQL: {text}.") if code in {1, 18, 20, 25} else problem
