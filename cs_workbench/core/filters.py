"""What a person types to narrow the list: words, `field:value`, `arr>50k`, `-word`, quotes."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.text import fold
from cs_workbench.errors import UsageError

if TYPE_CHECKING:  # the first rows are listed without a filter, and without it
    from decimal import Decimal

    from cs_workbench.core.custom_fields import CustomType

Operator = Literal["has", "none", "<", "<=", "=", ">=", ">"]

TEXT_FIELDS = ("name", "id", "csm", "segment", "region", "industry", "stage", "signal", "next")
# score and trend in points, cov and seats in percent, arr in major units, days to the deadline
# and to the next step's day, signals that are open and not snoozed.
NUMBER_FIELDS = ("score", "cov", "arr", "days", "trend", "seats", "signals", "next")
FIELDS = ("band", *NUMBER_FIELDS, *TEXT_FIELDS[:-1])
NO_VALUE = "none"

_TERM = r'-?(?:"[^"]*"|[^\s"])+'
_NO_OWN: Mapping[str, "CustomType"] = MappingProxyType({})
_COMPARISON = r"(?s)(?P<field>[^\W\d]\w*)(?P<operator><=|>=|[<>=:])(?P<value>.*)"
_NUMBER = r"(?i)(?P<digits>[+-]?\d+(?:\.\d+)?)(?P<unit>[km%]?)"
_SIGNS: dict[str, Operator] = {":": "=", "=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_UNITS = {"": 1, "%": 1, "k": 1_000, "m": 1_000_000}


class Term(NamedTuple):
    """One condition.

    Attributes:
        field: one of FIELDS, a field of a team's own, or empty for a word looked for in name, id
            and domain.
        operator: `has` for text (and for the bands in `values`), `none` for a missing value,
            or a comparison with `number`, or with the ISO date in `values`.
        values: folded texts of which one has to match.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()
    number: "Decimal | int" = 0
    is_negated: bool = False


class Filter(NamedTuple):
    """Conditions that all have to hold; none lets every account through."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)


EVERYTHING = Filter()


def parse_filter(text: str, own: Mapping[str, "CustomType"] = _NO_OWN) -> Filter:
    """Read a filter; `own` are the types of a team's own fields by name.

    Raises:
        UsageError: a term cannot be understood; the message names it.
    """
    if text.count('"') % 2:
        raise UsageError(f"{text!r}: a quote is opened and not closed.")
    return Filter(tuple(_read(match.group(), own) for match in re.finditer(_TERM, text)))


def is_unfinished(text: str) -> bool:
    """Whether somebody is in the middle of a term: `arr`, `arr>`, `band:re`, `"a`."""
    if text.count('"') % 2:
        return True
    last = text.rsplit(" ", maxsplit=1)[-1].removeprefix("-")
    if not last:
        return text.endswith("-")
    parts = re.fullmatch(_COMPARISON, last)
    if parts is None:
        return last.lower() in FIELDS
    field, value = parts["field"].lower(), parts["value"].casefold()
    if field == "band":
        named = value.split(",")[-1]
        return any(band.startswith(named) and band != named for band in BANDS)
    is_number = field in NUMBER_FIELDS and field not in TEXT_FIELDS
    return not value or (is_number and (value in "+-" or value[-1] in ".," or value in "non"))


def _read(source: str, own: Mapping[str, "CustomType"]) -> Term:
    is_negated = source.startswith("-") and len(source) > 1
    body = source[1:] if is_negated else source
    parts = None if body.startswith('"') else re.fullmatch(_COMPARISON, body)
    if parts:
        return _compare(source, parts, own, is_negated=is_negated)
    if not body.startswith('"') and re.search("[<>=:]", body):
        raise UsageError(f"{source!r} cannot be understood. Put quotes around text with signs.")
    return Term("", "has", (fold(body.replace('"', "")),), is_negated=is_negated)


def _compare(
    source: str, parts: re.Match[str], own: Mapping[str, "CustomType"], *, is_negated: bool
) -> Term:
    field, operator = parts["field"].lower(), parts["operator"]
    value = parts["value"].replace('"', "").strip()
    if field not in FIELDS and field not in own:
        from difflib import get_close_matches

        known = (*FIELDS, *own)
        near = get_close_matches(field, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Fields: {', '.join(known)}."
        raise UsageError(f"{source!r}: there is no field {field!r}. {hint}")
    if not value:
        raise UsageError(f"{source!r}: a value is missing after {field}{operator}")
    if field in own:
        return _own_term(source, parts, own[field], is_negated=is_negated)
    if field == "band":
        return Term(field, "has", _bands(source, value), is_negated=is_negated)
    if value.casefold() == NO_VALUE:
        return Term(field, "none", is_negated=is_negated)
    number = _number(value)
    if field in NUMBER_FIELDS and number is not None:
        if field in {"days", "next"} and number != int(number):
            raise UsageError(f"{source!r}: days are whole numbers.")
        return Term(field, _SIGNS[operator], number=number, is_negated=is_negated)
    if operator not in ":=":
        raise UsageError(f"{source!r}: {field} is compared with a number, or holds text after ':'.")
    if field not in TEXT_FIELDS:
        raise UsageError(f"{source!r}: {value!r} is not a number, such as 50, 50k or 1.5M.")
    values = tuple(fold(part) for part in value.split(",") if part)
    return Term(field, "has", values, is_negated=is_negated)


def _own_term(source: str, parts: re.Match[str], kind: "CustomType", *, is_negated: bool) -> Term:
    """A term about a field of a team's own."""
    field, operator = parts["field"].lower(), parts["operator"]
    value = parts["value"].replace('"', "").strip()
    if value.casefold() == NO_VALUE:
        return Term(field, "none", is_negated=is_negated)
    if kind == "number":
        number = _number(value)
        if number is None:
            raise UsageError(f"{source!r}: {value!r} is not a number, such as 50, 50k or 1.5M.")
        return Term(field, _SIGNS[operator], number=number, is_negated=is_negated)
    if kind == "date" and operator not in ":=":
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise UsageError(f"{source!r}: {field} is compared with a day such as 2026-12-31.")
        return Term(field, _SIGNS[operator], (value,), is_negated=is_negated)
    if operator not in ":=":
        raise UsageError(f"{source!r}: {field} holds text: write {field}:WORD.")
    values = tuple(fold(part) for part in value.split(",") if part)
    return Term(field, "has", values, is_negated=is_negated)


def _bands(source: str, value: str) -> tuple[str, ...]:
    wanted = value.casefold().split(",")
    for band in wanted:
        if band not in BANDS:
            raise UsageError(f"{source!r}: {band!r} is no band. Bands: {', '.join(BANDS)}.")
    return tuple(wanted)


def _number(value: str) -> "Decimal | None":
    from decimal import Decimal

    match = re.fullmatch(_NUMBER, value)
    return Decimal(match["digits"]) * _UNITS[match["unit"].lower()] if match else None
