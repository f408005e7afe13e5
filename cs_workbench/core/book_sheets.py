"""The book as a sheet for a spreadsheet, and how an edited cell of it is told from the others.

Every line ends in a check: a short mark of each of its cells, made of account, heading and text. A
cell whose mark is not among them was edited since, however its column was moved; a spreadsheet's
own ways of writing days and numbers are tried before a cell counts as edited.
"""

import base64
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Final

from cs_workbench.core.account_records import RECORD_KEYS, account_record
from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.csv_texts import unguarded
from cs_workbench.core.custom_fields import CustomField, plain_number

Value = str | int | Decimal | dt.date | bool | None
CHECK: Final = "edit_check"
SHEET_KEYS: Final = tuple(key for key in RECORD_KEYS if key != "custom")
# What may be edited in a sheet, and what `csw set` calls it; next steps are set as a whole.
SETTABLE: Final[Mapping[str, str]] = {
    "name": "name",
    "segment": "segment",
    "region": "region",
    "industry": "industry",
    "csm": "csm",
    "lifecycle_stage": "stage",
}
STEP_KEYS: Final = ("next_step", "next_step_owner", "next_step_due")
_ENOUGH: Final = 12  # of our headings: who has so many was given them by us
_MARK: Final = 4  # characters of a mark: one edit of 16 million would go unseen
_VERSION: Final = "c1"
_DAY: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?: 0?0:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell that a person edited: what stands here, and what they want."""

    account_key: int
    account: str
    heading: str
    before: str
    after: str


def sheet_headings(fields: Mapping[str, CustomField]) -> tuple[str, ...]:
    """The headings of the sheet: those of JSON, the team's own fields, the check."""
    return (*SHEET_KEYS, *map(own_heading, fields.values()), CHECK)


def own_heading(field: CustomField) -> str:
    """How a field of a team's own is headed: by its label, unless a key of ours is called so."""
    return field.field_id if field.label.casefold() in {*SHEET_KEYS, CHECK} else field.label


def sheet_row(
    line: AccountLine, today: dt.date, fields: Mapping[str, CustomField]
) -> tuple[Value, ...]:
    """The account as a line of the sheet; of an override its band and its last day."""
    cells = sheet_cells(line, today, fields)
    told = ((heading, cell_text(value)) for heading, value in cells.items())
    return (*cells.values(), check_of(line.account_id, told))


def sheet_cells(
    line: AccountLine, today: dt.date, fields: Mapping[str, CustomField]
) -> dict[str, Value]:
    """What stands under each heading but the check."""
    found = line.override
    told = None if found is None else f"{found.band} until {found.expires_on.isoformat()}"
    record = account_record(line, today)
    cells: dict[str, Value] = {
        key: told if isinstance(value := record[key], Mapping) else value for key in SHEET_KEYS
    }
    return cells | {own_heading(one): line.custom.get(name) for name, one in fields.items()}


def cell_text(value: object) -> str:
    """A value as it is written into a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def is_sheet(headings: Iterable[str]) -> bool:
    """Whether a file is the book that we wrote, to be read back."""
    there = {heading.casefold() for heading in headings}
    if "account_id" not in there:
        return False
    return CHECK in there or len(there.intersection(SHEET_KEYS)) >= _ENOUGH


def check_of(account_id: str, cells: Iterable[tuple[str, str]]) -> str:
    """The check of a line."""
    return _VERSION + "".join(_mark(account_id, heading, text) for heading, text in cells)


def was_written(account_id: str, heading: str, text: str, check: str) -> bool:
    """Whether a cell stands as it was written, give or take a spreadsheet's own ways."""
    marks = check.removeprefix(_VERSION)
    known = {marks[at : at + _MARK] for at in range(0, len(marks), _MARK)}
    return any(_mark(account_id, heading, one) in known for one in _ways(text))


def one_day(text: str) -> str:
    """A day as its spreadsheet writes it, in ISO; as it is where day and month are not clear."""
    days = set(_days(text))
    return days.pop() if len(days) == 1 else text


def _mark(account_id: str, heading: str, text: str) -> str:
    digest = blake2b("\0".join((account_id, heading, text)).encode(), digest_size=3).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _ways(text: str) -> Iterator[str]:
    """What may have been written where this is read."""
    bare = unguarded(text.replace("\r\n", "\n"))
    yield from (text, bare, bare.casefold())
    yield from _days(bare)
    for number in (bare, bare.replace(",", ""), bare.replace(".", "").replace(",", ".")):
        try:
            value = Decimal(number)
        except InvalidOperation:
            continue
        if value.is_finite() and abs(value.adjusted()) < 30:
            yield from (plain_number(value), f"{value:.1f}", f"{value:.2f}", f"{value:.4f}")


def _days(text: str) -> Iterator[str]:
    found = _DAY.fullmatch(text)
    if found is None:
        return
    first, second, year = map(int, found.groups())
    year += 2000 if year < 100 else 0
    for month, day in ((second, first), (first, second)):
        try:
            yield dt.date(year, month, day).isoformat()
        except ValueError:
            continue
