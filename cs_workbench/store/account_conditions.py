"""Filters as conditions of SQL: identifiers from fixed maps, values bound."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.filters import FIELDS, Filter, Term
from cs_workbench.core.money import DIGITS
from cs_workbench.core.text import fold
from cs_workbench.store.account_views import day_from, one_of
from cs_workbench.store.condition import Condition
from cs_workbench.store.custom_fields import custom_condition
from cs_workbench.store.signal_counts import kind_of_signal, number_of_signals
from cs_workbench.store.sqlite import Connection

_THOUSANDTHS = "s.arr_minor * CASE {} ELSE 10 END".format(
    " ".join(
        f"WHEN s.currency IN ({', '.join(repr(c) for c, d in DIGITS.items() if d == digits)}) "
        f"THEN {10 ** (3 - digits)}"
        for digits in sorted(set(DIGITS.values()))
    )
)
_NUMBERS = {  # expression and what one of the typed unit is in it
    "score": ("s.points_e4", 10_000),
    "trend": ("s.trend_e4", 10_000),
    "cov": ("s.coverage_e4", 100),
    "arr": (f"({_THOUSANDTHS})", 1_000),
    "seats": ("(CASE WHEN s.seats > 0 THEN s.seats_used * 100.0 / s.seats END)", 1),
}
_DATES: dict[str, tuple[Literal["a", "s"], str]] = {
    "days": ("s", "+s.deadline"),  # by its index, rows would be read all over the table
    "next": ("a", "a.next_step_due"),
}
_CHOICES = {
    "segment": "a.segment",
    "region": "a.region",
    "industry": "a.industry",
    "stage": "a.lifecycle_stage",
}
_PHRASE = """'"' || replace(?, '"', '""') || '"'"""
_TEXTS = {"name": "a.name", "id": "a.account_id", "next": "a.next_step"}
_MISSING: dict[str, str] = {**_TEXTS, **_CHOICES, "csm": "a.csm", "days": "s.deadline"}


def filter_conditions(connection: Connection, wanted: Filter, today: dt.date) -> list[Condition]:
    """One condition for each term of the filter."""
    connection.create_function("csw_fold", 1, _fold_value, deterministic=True)
    return [_negated(_term(connection, term, today), term) for term in wanted.terms]


def _term(connection: Connection, term: Term, today: dt.date) -> Condition:
    if not term.field:
        return _word(term.values[0])
    if term.field == "band":
        ranks = [BANDS.index(band) for band in BANDS if band in term.values]
        return one_of("s.band_rank", ranks)
    if term.field not in FIELDS:
        return custom_condition(term)
    if term.field in {"signal", "signals"}:
        return _signals(connection, term, today)
    if term.operator == "none":
        return _missing(term.field)
    if term.operator == "has":
        return _text(connection, term)
    if term.field in _DATES:
        on, column = _DATES[term.field]
        return Condition(on, f"{column} {term.operator} ?", (day_from(today, int(term.number)),))
    expression, unit = _NUMBERS[term.field]
    return Condition("s", f"{expression} {term.operator} ?", (_bound(term.number * unit),))


def _signals(connection: Connection, term: Term, today: dt.date) -> Condition:
    if term.operator == "none":
        return number_of_signals("=", 0, today)
    if term.operator == "has":
        return kind_of_signal(connection, term, today)
    return number_of_signals(term.operator, term.number, today)


def _negated(condition: Condition, term: Term) -> Condition:
    if not term.is_negated:
        return condition
    sql = f"({condition.sql}) IS NOT TRUE"
    return Condition(condition.on, sql, condition.values, without=condition.sql)


def _word(word: str) -> Condition:
    """The trigram index knows nothing shorter than three characters."""
    has_it = "instr(a.search_text, ?) > 0"
    word = word.replace("\0", "")
    if len(word) < 3:
        return Condition("a", has_it, (word,))
    found = f"SELECT rowid AS account_key FROM account_fts WHERE account_fts MATCH {_PHRASE}"
    return Condition("either", f"a.account_key IN ({found})", (word,), found, has_it)


def _missing(field: str) -> Condition:
    if field in _NUMBERS:
        return Condition("s", f"{_NUMBERS[field][0]} IS NULL")
    column = _MISSING[field]
    return Condition("s" if column.startswith("s.") else "a", f"{column} IS NULL")


def _text(connection: Connection, term: Term) -> Condition:
    if term.field == "csm":
        rows = connection.execute("SELECT person_id, name FROM person")
        return one_of("a.csm", [row[0] for row in rows if _has(term, f"{row[1]}\n{row[0]}")])
    if term.field in _CHOICES:
        column = _CHOICES[term.field]
        rows = connection.execute(f"SELECT DISTINCT {column} FROM account a")
        return one_of(column, [row[0] for row in rows if row[0] and _has(term, row[0])])
    column = _TEXTS[term.field]
    if term.field == "next":
        either = " OR ".join([f"instr(csw_fold({column}), ?) > 0"] * len(term.values))
        return Condition("a", f"{column} IS NOT NULL AND ({either})", term.values)
    # The index narrows to a few accounts what folding in Python would take long for.
    words = [(_word(value), value) for value in term.values]
    either = " OR ".join(f"({word.sql} AND instr(csw_fold({column}), ?) > 0)" for word, _ in words)
    values = tuple(bound for word, value in words for bound in (*word.values, value))
    return Condition("a", f"({either})", values)


def _has(term: Term, text: str) -> bool:
    folded = fold(text)
    return any(value in folded for value in term.values)


def _bound(number: Decimal | int) -> int | float:
    if number != int(number):
        return float(number)
    return max(min(int(number), 2**63 - 1), -(2**63))


def _fold_value(text: object) -> str:
    return fold(str(text))
