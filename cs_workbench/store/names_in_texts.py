"""Names of those who are erased, in the texts of a portfolio: replaced, or listed to be looked at.

Only a whole name is replaced without asking. Who was written of by a part of it (`L. Voss`, `Lena`)
is found afterwards, because a part may be of somebody else, or a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import east_asian_width

from cs_workbench.store.audit import HELD, THROUGH
from cs_workbench.store.sqlite import Connection, sqlite3

ERASED: Final = "[erased]"
LEAST_NAME: Final = 4  # letters; a shorter name would be found in other words
LEAST_PART: Final = 3
AROUND: Final = 30  # signs told on either side of a part

# How far a name is replaced: in all texts, in those of its account, in these and in nobody's.
Reach = Literal["everywhere", "account", "account or nobody's"]

_OF_ACCOUNT = "account_key = :account_key"
_HELD_BY_LOG = f"""seq IN (SELECT c.seq FROM ({HELD}) held
    CROSS JOIN change c ON c.entity = held.entity AND c.entity_id = held.id)"""
_CONDITIONS: Final[Mapping[str, str]] = {
    **THROUGH,
    "change_set": f"change_set_id IN (SELECT change_set_id FROM change WHERE {_HELD_BY_LOG})",
}
# What people write that is of no one account.
_NOBODYS: Final = frozenset({"review", "draft", "kpi_response", "theme_name"})
# Whose name it is: another's is never touched, however alike.
_BEARERS: Final = (
    *(("contact", "name"), ("contact", "email"), ("account", "name"), ("account", "domain")),
    *(("person", "name"), ("person", "email")),
)
# The log's values are blanked; the index forgets every row that changes.
_KEPT_APART: Final = frozenset({"change", "search_entry", "search_queue"})
_IDS: Final = re.compile("_ids?$")
_NO_NAMES: Final = frozenset(
    (
        *("and", "the", "von", "van", "der", "den", "del", "dos", "des", "bin", "ibn", "mrs"),
        *("gmbh", "ltd", "inc", "llc", "plc", "corp", "company", "group", "limited", "holding"),
    )
)


@dataclass(frozen=True, slots=True)
class Trace:
    """A text in which a part of an erased name still stands.

    Attributes:
        row_id: the key of its row.
        text: the part with what is around it.
        times: in this text.
    """

    table: str
    row_id: str
    part: str
    text: str
    times: int


def tells(name: str) -> bool:
    """Whether a name is of one person or account; a sign of East Asia counts as two letters."""
    return sum(2 if _is_wide(sign) else 1 for sign in name) >= LEAST_NAME


def borne_by_others(connection: Connection, names: Iterable[str]) -> frozenset[str]:
    """Of the names of somebody who is erased already, those that somebody else has too."""
    others = " UNION ".join(f"SELECT {column} FROM {table}" for table, column in _BEARERS)
    return frozenset(
        name
        for name in names
        if connection.execute(f"SELECT ? IN ({others})", (name,)).fetchone()[0]
    )


def replace_name(
    connection: Connection, name: str, reach: Reach, account_key: int
) -> dict[str, int]:
    """Replace a name in texts, and blank the log's values that hold it; counts by table."""
    connection.create_function("csw_without", 2, _without, deterministic=True)
    values: dict[str, int] = {}
    for table, column in _texts(connection):
        condition = _condition(connection, table, reach)
        if condition is not None:
            count = _replace(connection, column, (table, condition), (name, account_key))
            values[table] = values.get(table, 0) + count
    held = "true" if reach == "everywhere" else _HELD_BY_LOG
    logged = "coalesce(old, '') || coalesce(new, '')"
    values["change"] = connection.execute(
        f"UPDATE change SET old = NULL, new = NULL WHERE instr({logged}, :name) "
        f"AND csw_without({logged}, :name) IS NOT {logged} AND {held}",
        {"name": name, "account_key": account_key},
    ).rowcount
    return values


def traces(connection: Connection, names: Sequence[str], account_key: int) -> Iterator[Trace]:
    """Texts of the account, and those of nobody's, that hold a name or a part of one."""
    parts = [(part, _pattern(part, re.IGNORECASE)) for part in name_parts(names)]
    for table, column in _texts(connection):
        condition = _condition(connection, table, "account or nobody's")
        if condition is None or _IDS.search(column):
            continue
        rows = connection.execute(
            f"SELECT CAST({_key(connection, table)} AS TEXT), {column} FROM {table} "
            f"WHERE {column} IS NOT NULL AND ({condition})",
            {"account_key": account_key},
        )
        for row_id, text in rows:
            for part, pattern in parts:
                if found := list(pattern.finditer(text)):
                    yield Trace(table, row_id, part, _around(text, found[0]), len(found))


def name_parts(names: Iterable[str]) -> tuple[str, ...]:
    """The words of names that may stand for them; of one without spaces its first two signs."""
    parts: dict[str, None] = {}
    for name in names:
        for word in re.findall(r"[^\W\d_]+", name.partition("@")[0]):
            wide = all(_is_wide(sign) for sign in word)
            if wide and len(word) >= LEAST_PART:
                parts[word[:2]] = None
            elif len(word) >= LEAST_PART and word.casefold() not in _NO_NAMES:
                parts[word] = None
    return tuple(parts)


def _texts(connection: Connection) -> list[tuple[str, str]]:
    """Every text of every table of ours, but keys, names of others, the log and the index."""
    return [
        (table, row[1])
        for table in tables(connection)
        if table not in _KEPT_APART
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[2] == "TEXT" and not row[5] and (table, row[1]) not in _BEARERS
    ]


def tables(connection: Connection) -> list[str]:
    """The names of our tables, but those of the search index."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts%' "
        "ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return [str(row[0]) for row in rows]


def _condition(connection: Connection, table: str, reach: Reach) -> str | None:
    """Which of a table's rows are reached; None: none of them."""
    if reach == "everywhere":
        return "true"
    if table in _CONDITIONS:
        return _CONDITIONS[table]
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    if "account_key" in columns:
        return _OF_ACCOUNT
    return "true" if reach == "account or nobody's" and table in _NOBODYS else None


def _replace(
    connection: Connection, column: str, rows: tuple[str, str], name: tuple[str, int]
) -> int:
    (table, condition), (text, account_key) = rows, name
    try:
        return connection.execute(
            f"UPDATE {table} SET {column} = csw_without({column}, :name) "
            f"WHERE instr({column}, :name) AND csw_without({column}, :name) IS NOT {column} "
            f"AND ({condition})",
            {"name": text, "account_key": account_key},
        ).rowcount
    except sqlite3.IntegrityError:  # a choice or an id that happens to be spelled so
        return 0


def _without(text: str | None, name: str) -> str | None:
    return text and _pattern(name).sub(ERASED, text)


def _pattern(name: str, flags: int = 0) -> re.Pattern[str]:
    """A single word is found as a word (Anna not in Annabelle), what is longer anywhere."""
    bare = re.escape(name)
    is_word = " " not in name and not any(_is_wide(sign) for sign in name)
    return re.compile(rf"(?<!\w){bare}(?!\w)" if is_word else bare, flags)


def _around(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - AROUND), found.end() + AROUND
    told = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{told}{'…' if end < len(text) else ''}"


def _key(connection: Connection, table: str) -> str:
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    return keys[0] if keys else "rowid"


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in {"W", "F"}
