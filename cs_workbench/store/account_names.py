"""Finding the one account that a person means."""

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs_workbench.core.filters import Filter, Term
from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError
from cs_workbench.store.account_conditions import filter_conditions
from cs_workbench.store.condition import Condition
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection, Row

_CANDIDATES = 200
_LIKE = 0.7  # one wrong letter of four; below it a suggestion is noise


def find_account(db: Database, text: str) -> int:
    """The account that a person means: by id, by another system's id, or by name if only one fits.

    Case, accents and width do not count; an account that was merged leads to the one it is in.

    Raises:
        NotFoundError: none or several fit; the message names the nearest.
    """
    connection = db.connection
    row = connection.execute(
        "SELECT account_key FROM account WHERE account_id = :text "
        "UNION SELECT account_key FROM account_alias WHERE alias = :text",
        {"text": text.strip()},
    ).fetchall()
    found = {_surviving(connection, key) for (key,) in row}
    if len(found) == 1:
        return found.pop()
    wanted = fold(text.strip())
    candidates = _holding(connection, wanted)
    exact = [known for known in candidates if wanted in {known.folded, fold(known.account_id)}]
    fitting = exact or candidates
    if len(fitting) == 1:
        return fitting[0].key
    if fitting:
        raise NotFoundError(f"Several accounts fit {text!r}: {_listed(fitting)}. Use the id.")
    near = _nearest(connection, wanted)
    hint = f" Did you mean {_listed(near)}?" if near else ""
    raise NotFoundError(f"There is no account {text!r}.{hint}")


def account_title(db: Database, account_key: int) -> tuple[str, str]:
    """The account's id and name."""
    row = db.connection.execute(
        "SELECT account_id, name FROM account WHERE account_key = ?", (account_key,)
    ).fetchone()
    return str(row[0]), str(row[1])


def account_names(db: Database, start: str, limit: int = 50) -> list[str]:
    """Names that begin so, for completion."""
    low = fold(start)
    rows = db.connection.execute(
        "SELECT name FROM account WHERE merged_into IS NULL AND search_text >= ? "
        "AND search_text < ? ORDER BY search_text LIMIT ?",
        (low, low + "\U0010ffff", limit),
    )
    return [str(name) for (name,) in rows]


def accounts_called(db: Database, words: Sequence[str], limit: int) -> list[tuple[str, str]]:
    """Ids and names of accounts with all of some words in name, id or domain, by name."""
    wanted = Filter(tuple(Term("", "has", (word,)) for word in words))
    conditions = filter_conditions(db.connection, wanted, dt.date.min)
    rows = db.connection.execute(
        "SELECT account_id, name FROM account a WHERE merged_into IS NULL "
        f"AND {' AND '.join(one.sql for one in conditions)} ORDER BY search_text LIMIT ?",
        (*(value for one in conditions for value in one.values), limit),
    )
    return [(str(account_id), str(name)) for account_id, name in rows]


@dataclass(frozen=True)
class _Known:
    key: int
    account_id: str
    name: str
    folded: str


def _surviving(connection: Connection, key: int) -> int:
    row = connection.execute(
        "WITH RECURSIVE line(account_key) AS (SELECT ? UNION SELECT merged_into FROM account "
        "JOIN line USING (account_key) WHERE merged_into IS NOT NULL) "
        "SELECT account_key FROM line JOIN account USING (account_key) WHERE merged_into IS NULL",
        (key,),
    ).fetchone()
    return int(row[0])


def _known(rows: Iterable[Row]) -> list[_Known]:
    return [_Known(key, account_id, name, fold(name)) for key, account_id, name in rows]


def _holding(connection: Connection, wanted: str) -> list[_Known]:
    """Accounts with the folded text in name, id or domain; those that begin with it first."""
    if not wanted:
        return []
    condition = Condition("a", "instr(a.search_text, ?) > 0", (wanted,))
    if len(wanted) >= 3:
        condition = filter_conditions(
            connection, Filter((Term("", "has", (wanted,)),)), dt.date.min
        )[0]
    rows = connection.execute(
        "SELECT account_key, account_id, name FROM account a WHERE merged_into IS NULL "
        f"AND {condition.sql} ORDER BY instr(search_text, ?), search_text LIMIT ?",
        (*condition.values, wanted, _CANDIDATES),
    )
    return _known(rows)


def _nearest(connection: Connection, wanted: str) -> list[_Known]:
    """The accounts that share most with a misspelled name."""
    parts = {wanted[start : start + 3] for start in range(len(wanted) - 2)}
    phrases = " OR ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))
    if not phrases or "\0" in phrases:
        return []
    rows = connection.execute(
        "SELECT account_key, account_id, name FROM account a JOIN (SELECT rowid AS found, rank "
        "FROM account_fts WHERE account_fts MATCH ? ORDER BY rank LIMIT ?) ON found = account_key "
        "WHERE merged_into IS NULL",
        (phrases, _CANDIDATES),
    )
    likeness = {known: _likeness(wanted, known.folded) for known in _known(rows)}
    near = sorted(likeness, key=lambda known: -likeness[known])
    return [known for known in near[:3] if likeness[known] >= _LIKE]


def _likeness(wanted: str, name: str) -> float:
    """How much of it is the name, its beginning or one of its words: people type `kestrl`."""
    parts = {name, name[: len(wanted)], name[: len(wanted) + 1], *name.split()}
    matcher = difflib.SequenceMatcher(b=wanted)
    best = 0.0
    for part in parts:
        matcher.set_seq1(part)
        best = max(best, matcher.ratio())
    return best


def _listed(accounts: Sequence[_Known]) -> str:
    shown = ", ".join(f"{known.name} ({known.account_id})" for known in accounts[:5])
    return shown + (" and more" if len(accounts) > 5 else "")
