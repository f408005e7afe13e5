"""A row found by its id, or by a part of it that no other row's has, as people type it."""

from typing import NamedTuple

from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Row

_SHORTEST = 4


class Kind(NamedTuple):
    """What is looked for.

    Attributes:
        lines: the statement that lists such rows, without its conditions.
        key: the column of the id, with the table's name in the statement.
        noun, plural: `play`, `plays`.
        listed_by: the command that lists them.
    """

    lines: str
    key: str
    noun: str
    plural: str
    listed_by: str


def row_by_part(db: Database, kind: Kind, text: str) -> Row:
    """The row with that id, or with an id that only this text is a part of.

    Raises:
        NotFoundError: there is none, or several.
    """
    wanted = text.strip().lower()
    rows = db.connection.execute(
        f"{kind.lines} WHERE {kind.key} = :text OR (length(:text) >= :shortest "
        f"AND instr({kind.key}, :text) > 0) ORDER BY {kind.key} = :text DESC LIMIT 2",
        {"text": wanted, "shortest": _SHORTEST},
    ).fetchall()
    if not rows:
        raise NotFoundError(f"There is no {kind.noun} {text!r}. {kind.listed_by}.")
    if len(rows) > 1 and rows[0][kind.key.partition(".")[2]] != wanted:
        raise NotFoundError(f"Several {kind.plural} have {text!r} in their id. Give the whole id.")
    row: Row = rows[0]
    return row
