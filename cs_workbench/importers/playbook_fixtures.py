"""Fixtures: TOML files that describe an invented account on which a playbook is tried."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from cs_workbench.core.playbooks.conditions import Value
from cs_workbench.core.playbooks.model import ANCHORS, Anchor
from cs_workbench.core.playbooks.names import kind_of
from cs_workbench.core.plays.rehearsal import Fixture
from cs_workbench.errors import InputError

KEYS = ("name", "today", "region", "facts", "dates", "answers")
GIVEN = ("deadline", "contract start", "end date", "signal date")  # `today` has a line of its own


def read_fixture(path: Path) -> Fixture:
    """The account of a file.

    Raises:
        InputError: the file cannot be read, is not TOML, names what nothing is called, or gives a
            value of another kind.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None
    unknown = sorted(given.keys() - set(KEYS))
    if unknown:
        raise InputError(f"{path}: {unknown[0]!r} is unknown. Known: {', '.join(KEYS)}.")
    today = _day(path, "today", given.get("today"))
    dates = {
        _anchor(path, name): _day(path, name, one) for name, one in _table(path, given, "dates")
    }
    return Fixture(
        name=str(given.get("name", path.stem)),
        today=today,
        known={name: _fact(path, name, one) for name, one in _table(path, given, "facts")},
        anchors={**dict.fromkeys(ANCHORS), "today": today, **dates},
        answers={name: _answer(one) for name, one in _table(path, given, "answers")},
        region=None if given.get("region") is None else str(given["region"]),
    )


def _table(path: Path, given: Mapping[str, object], name: str) -> list[tuple[str, object]]:
    table = given.get(name, {})
    if not isinstance(table, dict):
        raise InputError(f"{path}: [{name}] is a table.")
    return list(table.items())


def _fact(path: Path, name: str, value: object) -> Value:
    kind = kind_of(name)
    if kind is None:
        raise InputError(
            f"{path}: no fact or measure is called {name!r}; `csw playbook fields` lists them."
        )
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number != (kind == "number") or not isinstance(value, int | float | str):
        raise InputError(f"{path}: {name} is a {kind}, not {value!r}.")
    return value


def _anchor(path: Path, name: str) -> Anchor:
    if name not in GIVEN:
        raise InputError(f"{path}: [dates] has no {name!r}. It has: {', '.join(GIVEN)}.")
    return cast("Anchor", name)


def _day(path: Path, name: str, value: object) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise InputError(f"{path}: {name} is a date, as 2026-11-23.")
    return value


def _answer(value: object) -> str:
    """As a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
