"""Amounts that may be unknown, as a contract's price: older files asked for a number."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables

_Rewording = tuple[str, str]


def _optional(*columns: str) -> tuple[_Rewording, ...]:
    return tuple((f"{name} INTEGER NOT NULL", f"{name} INTEGER") for name in columns)


# By table, what is written otherwise in its statements. A term is renewed by what begins after it,
# whatever that costs.
_REWORDED: Mapping[str, Sequence[_Rewording]] = {
    "subscription": _optional("arr_minor"),
    "account_summary": _optional("arr_minor"),
    "renewal": (
        *_optional("due_minor", "cancelled_minor"),
        (
            "CHECK ((renewed_minor IS NULL) = (renewed_on IS NULL))",
            "CHECK (renewed_minor IS NULL OR renewed_on IS NOT NULL)",
        ),
        ("AND renewed_minor IS NULL", "AND renewed_on IS NULL"),
    ),
    "renewal_outcome": _optional("due_minor", "renewed_minor"),
    "trial": _optional("arr_minor"),
    "churn_prediction": _optional("arr_minor"),
}


def make_prices_optional(tables: "Tables") -> None:
    """Make these tables anew with the same rows: SQLite alters no constraint of a column."""
    for table, rewordings in _REWORDED.items():
        statements = [
            sql
            for (sql,) in tables.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL "
                "ORDER BY type <> 'table', rowid",
                (table,),
            ).fetchall()
        ]
        tables.execute(f"ALTER TABLE [{table}] RENAME TO [{table}_before]")
        create, *others = (_reworded(sql, rewordings) for sql in statements)
        tables.execute(create)
        tables.execute(f"INSERT INTO [{table}] SELECT * FROM [{table}_before]")
        tables.execute(f"DROP TABLE [{table}_before]")
        for statement in others:
            tables.execute(statement)


def _reworded(sql: str, rewordings: Sequence[_Rewording]) -> str:
    for old, new in rewordings:
        sql = sql.replace(old, new)
    return sql
