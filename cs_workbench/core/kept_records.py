"""Rows of `core/memory.py` as JSON and tables tell them: under their columns' names."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING

from cs_workbench.core.money import to_major

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = str | int | float | Decimal | dt.date | bool | None
SHORT_ID = 8  # characters from the end of an id that lists show; they tell rows of a book apart


def kept_record(row: "DataclassInstance", contacts: Mapping[str, str]) -> dict[str, Value]:
    """The row under its stable keys.

    The account is told by the caller; `contact` is the name, and money is in major units.
    """
    given = {one.name: getattr(row, one.name) for one in fields(row) if one.name != "account_key"}
    if "contact_id" in given and not hasattr(row, "email"):
        given["contact"] = contacts.get(given["contact_id"] or "")
    currency = given.get("currency")
    for name in [name for name in given if name.endswith("_minor")]:
        minor = given.pop(name)
        given[name.removesuffix("_minor")] = (
            None if minor is None or currency is None else to_major(minor, currency)
        )
    return given


def short_id(row_id: str) -> str:
    """The end of an id, as lists show it and commands take it."""
    return row_id[-SHORT_ID:]
