"""Fields of accounts that are a team's own: columns of their files that nobody else has."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from cs_workbench.core.dates import read_date
from cs_workbench.core.text import fold
from cs_workbench.errors import UsageError

if TYPE_CHECKING:
    from decimal import Decimal

CustomType = Literal["text", "number", "date", "yes or no"]
TYPES: Final[tuple[CustomType, ...]] = get_args(CustomType)
MOST: Final = 60  # in one portfolio; a file with hundreds of columns is no list of accounts
LONGEST_VALUE: Final = 500
LONGEST_LABEL: Final = 60
# What filters, orders and edits mean by these words already.
_TAKEN: Final = frozenset(
    {
        *("band", "score", "cov", "arr", "days", "trend", "seats", "signals", "next", "name", "id"),
        *("csm", "segment", "region", "industry", "stage", "signal", "usage", "end", "domain"),
        *("started", "value_driver", "fit", "channel", "advisory_board", "advocacy"),
    }
)
_NUMBER: Final = r"[+-]?(0|[1-9]\d*|(?=\.))(\.\d+)?"


class CustomField(NamedTuple):
    """One of them.

    Attributes:
        field_id: its name in filters, orders and commands.
        label: as its column is headed.
        type: what its values are; they are kept as text in one way: `1234.5`, `2026-12-31`, `yes`.
    """

    field_id: str
    label: str
    type: CustomType


def field_id_of(label: str) -> str:
    """The name of a field in filters: `Board seat?` is `board_seat`; a word of ours gets a `_`."""
    word = re.sub(r"\W+", "_", fold(label)).strip("_")[:LONGEST_LABEL] or "field"
    if word[0].isdigit():
        word = f"field_{word}"
    return f"{word}_" if word in _TAKEN else word


def value_id_of(account_id: str, field_id: str) -> str:
    """The id of an account's value of a field: the same in every colleague's file."""
    from hashlib import blake2b

    return blake2b(f"{account_id}\0{field_id}".encode(), digest_size=12).hexdigest()


def fitting_type(types: Collection[CustomType]) -> CustomType:
    """The type of values that are of these types: that one, or text where they are several."""
    return next(iter(types)) if len(types) == 1 else "text"


def plain_value(text: str) -> tuple[CustomType, str]:
    """What a text is at most, in ISO and plain digits, and how it is kept; text if nothing else.

    Digits after a leading zero are the name of something, not a number.
    """
    if text.casefold() in {"yes", "no", "true", "false"}:
        return "yes or no", "yes" if text.casefold() in {"yes", "true"} else "no"
    if re.fullmatch(_NUMBER, text):
        from decimal import Decimal

        return "number", plain_number(Decimal(text))
    try:
        return "date", dt.date.fromisoformat(text if len(text) == 10 else "").isoformat()
    except ValueError:
        return "text", text


def plain_number(number: "Decimal") -> str:
    """A number as it is kept: all digits, without zeros behind."""
    text = f"{number + 0:f}"  # minus nothing is nothing
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_value(field: CustomField, text: str, today: dt.date) -> str | None:
    """A value as a person types it, as it is kept; an empty one is none.

    Raises:
        UsageError: the field does not take it.
    """
    line = " ".join(text.split())
    if not line:
        return None
    if len(line) > LONGEST_VALUE:
        raise UsageError(f"{field.label} takes at most {LONGEST_VALUE} characters.")
    if field.type == "text":
        return line
    if field.type == "date":
        return read_date(line, today).isoformat()
    found, value = plain_value({"y": "yes", "n": "no"}.get(line.casefold(), line))
    if found != field.type:
        wanted = {"number": "a number such as 1234.5", "yes or no": "yes or no"}[field.type]
        raise UsageError(f"{field.label} takes {wanted}; not {line!r}.")
    return value


def custom_named(fields: Mapping[str, CustomField], name: str) -> CustomField | None:
    """The field that a person means by its name in filters or by its label."""
    wanted = name.strip().casefold()
    for one in fields.values():
        if wanted in {one.field_id, one.label.casefold()}:
            return one
    return None
