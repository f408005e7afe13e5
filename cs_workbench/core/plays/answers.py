"""Answers to what a step asks: read as they are typed, kept as text that sorts and compares."""

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from cs_workbench.core.dates import read_date
from cs_workbench.core.playbooks.model import Field
from cs_workbench.errors import UsageError

LONGEST = 4_000
RATINGS = ("1", "2", "3", "4", "5")
_YES = {"yes": "yes", "y": "yes", "no": "no", "n": "no"}
_UNITS = {"k": 1_000, "m": 1_000_000}


def check_answers(
    fields: Sequence[Field], given: Mapping[str, str], today: dt.date
) -> dict[str, str]:
    """The answers in the form in which they are kept; an empty one takes an answer back.

    Raises:
        UsageError: an answer to nothing that is asked, or one that does not fit its field.
    """
    asked = {field.field_id: field for field in fields}
    told = {}
    for name, text in given.items():
        if name not in asked:
            near = difflib.get_close_matches(name, asked, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It asks for: {', '.join(asked)}."
            raise UsageError(f"This step does not ask for {name!r}. {hint}")
        told[name] = read_answer(asked[name], text, today)
    return told


def fact_text(value: str | float | dt.date) -> str:
    """A fact as an answer: numbers without needless digits, dates ISO."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def missing_fields(fields: Sequence[Field], answers: Mapping[str, str]) -> list[str]:
    """The labels of the fields that have to be filled and are not."""
    return [
        one.label for one in fields if one.is_required and not answers.get(one.field_id, "").strip()
    ]


def read_answer(field: Field, text: str, today: dt.date) -> str:
    """One answer in the form in which it is kept: dates ISO, numbers with a point, yes or no.

    Raises:
        UsageError: it does not fit the field.
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        raise UsageError(f"{field.label}: at most {LONGEST:,} characters.")
    if not typed:
        return ""
    match field.type:
        case "choice":
            return _one_of(field, typed, field.choices)
        case "rating":
            return _one_of(field, typed, RATINGS)
        case "yes/no":
            return _yes_or_no(field, typed)
        case "number" | "money":
            return _number(field, typed)
        case "date":
            return read_date(typed, today).isoformat()
        case _:
            return typed


def _one_of(field: Field, typed: str, choices: Sequence[str]) -> str:
    by_word = {choice.casefold(): choice for choice in choices}
    starts = [choice for word, choice in by_word.items() if word.startswith(typed.casefold())]
    found = by_word.get(typed.casefold()) or (starts[0] if len(starts) == 1 else None)
    if found is None:
        raise UsageError(f"{field.label}: choose one of {', '.join(choices)}.")
    return found


def _yes_or_no(field: Field, typed: str) -> str:
    if typed.casefold() not in _YES:
        raise UsageError(f"{field.label}: yes or no.")
    return _YES[typed.casefold()]


def _number(field: Field, typed: str) -> str:
    unit = _UNITS.get(typed[-1].casefold(), 1)
    digits = typed[:-1] if unit > 1 else typed
    try:
        number = Decimal(digits.replace(",", "").strip()) * unit
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise UsageError(f"{field.label}: {typed!r} is no number. Write 12, 4.5 or 50k.")
    return f"{number.normalize():f}"
