"""Values of workbooks, JSON and Parquet as the texts that delimited files have."""

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cs_workbench.errors import InputError
from cs_workbench.importers.encodings import CHUNK


def cell_text(value: object) -> str:
    """The value as text: dates ISO, whole numbers without a point, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, list | dict):
        return _nested(value)
    return str(value).strip()


def _number(value: float | Decimal) -> str:
    if math.isnan(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _nested(value: list[Any] | dict[str, Any]) -> str:
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return ";".join(map(cell_text, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def flattened(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    """Fields of a nested record, as `properties.plan` and its value."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def unique_headings(path: Path, names: list[str]) -> tuple[str, ...]:
    """The names, of equal ones (whatever their case) the later ones numbered.

    Raises:
        InputError: there is none.
    """
    if not any(names):
        raise InputError(f"{path}: there are no headings.")
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        unique.append(name if count == 1 else f"{name} ({count})")
    return tuple(unique)
