"""Write down what people remember of an account, as one act that can be taken back."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from cs_workbench.core.memory import CHOICES
from cs_workbench.core.memory_words import tell
from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import (
    K,
    account_names,
    amendments,
    contact_names,
    entity_of,
    new_row,
)
from cs_workbench.workflows.judgements import Act

LONGEST = 500
LONGEST_NOTE = 20_000
_LONG = frozenset({"note", "text"})


def remember(db: Database, act: Act, *rows: Any, also: Sequence[Change] = ()) -> str:
    """Insert rows about one account; returns what was done, in words.

    Args:
        db: the portfolio.
        act: who, when, which account.
        rows: checked here against what their tables take.
        also: other changes of the same act.

    Raises:
        UsageError: a text is missing or too long, or a value is none of the known ones.
        NotFoundError: the account is gone; nothing was changed.
    """
    sound = [checked(one) for one in rows]
    summary = f"{'; '.join(tell(one) for one in sound)} · {account_name(db, act.account_key)}"
    apply_act(db, act, summary, [*(new_row(one, act.today) for one in sound), *also])
    return summary


def revise(db: Database, act: Act, before: K, after: K, told: str) -> str:
    """Change fields of a row; returns what was done, in words.

    Raises:
        UsageError: a text is missing or too long, or a value is none of the known ones.
    """
    summary = f"{told} · {account_name(db, act.account_key)}"
    changes = amendments(before, checked(after), act.today)
    return summary if apply_act(db, act, summary, changes) else f"{summary} (as it was)"


def apply_act(db: Database, act: Act, summary: str, changes: Iterable[Change]) -> bool:
    """Apply changes as one act of a person; whether anything changed."""
    with write(db) as connection:
        made = apply_changes(connection, actor=act.actor, summary=summary, changes=changes)
    return made is not None


def account_name(db: Database, account_key: int) -> str:
    """What the account is called.

    Raises:
        NotFoundError: it is gone.
    """
    found = account_names(db, [account_key])
    if not found:
        raise NotFoundError("This account is gone; nothing was changed. Refresh the list.")
    return found[account_key][1]


def find_contact(db: Database, account_key: int, typed: str) -> str:
    """The id of the contact that is meant by an id, a name or a part of one.

    Raises:
        NotFoundError: the account has no such contact.
        UsageError: it has several.
    """
    names = contact_names(db, account_key)
    if typed in names:
        return typed
    wanted = fold(typed.strip())
    found = [key for key, name in names.items() if wanted and wanted in fold(name)]
    exact = [key for key in found if fold(names[key]) == wanted]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if found:
        raise UsageError(
            f"Several contacts match {typed!r}: {_listed(names[key] for key in found)}."
        )
    there = f" There are: {_listed(names.values())}." if names else ""
    raise NotFoundError(f"There is no contact {typed!r}.{there} `csw contact add` adds one.")


def one_line(text: str, what: str) -> str:
    """A text as one line.

    Raises:
        UsageError: it is empty or too long.
    """
    line = " ".join(text.split())
    if not line or len(line) > LONGEST:
        raise UsageError(f"{what} is one line of at most {LONGEST} characters.")
    return line


def instant_on(day: dt.date, clock: dt.datetime) -> str:
    """A moment of that day as the store writes it: the time of the clock, counted in UTC."""
    return f"{day.isoformat()}T{clock.astimezone(dt.UTC):%H:%M:%S}Z"


def checked(row: K) -> K:
    """The row with its texts as lines, as its table takes it.

    Raises:
        UsageError: a text is missing or too long, or a value is none of the known ones.
    """
    entity = entity_of(type(row))
    changed: dict[str, Any] = {}
    for one in fields(row):
        value = getattr(row, one.name)
        known = CHOICES.get(f"{entity}.{one.name}")
        if known is not None and value is not None and value not in known:
            raise UsageError(f"{one.name} is one of {', '.join(known)}; not {value!r}.")
        if isinstance(value, str) and known is None and one.name not in _LONG:
            changed[one.name] = one_line(value, one.name.replace("_", " ").capitalize())
        if isinstance(value, str) and one.name in _LONG:
            _check_long(value)
        if isinstance(value, float) and not math.isfinite(value):
            raise UsageError(f"{one.name.replace('_', ' ').capitalize()} is a number, not {value}.")
    return replace(row, **changed)


def _check_long(text: str) -> None:
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise UsageError(f"A note has from 1 to {LONGEST_NOTE:,} characters.")


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    return ", ".join(found[:5]) + (" and more" if len(found) > 5 else "")
