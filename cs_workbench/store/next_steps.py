"""The next step of an account: what, who, by when."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database

CHUNK = 500  # below SQLite's oldest limit on parameters


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a person wants to happen next on an account.

    Attributes:
        text: None where there is none.
        said_on: the day on which somebody said that there is explicitly none.
    """

    text: str | None = None
    owner: str | None = None
    due: dt.date | None = None
    said_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AccountStep:
    """An account's name beside its next step."""

    account_key: int
    name: str
    step: NextStep


def read_next_steps(db: Database, account_keys: Sequence[int]) -> list[AccountStep]:
    """The next steps of these accounts, in their order; unknown keys are left out."""
    found: dict[int, AccountStep] = {}
    keys = iter(account_keys)
    while chunk := list(islice(keys, CHUNK)):
        rows = db.connection.execute(
            "SELECT account_key, name, next_step, next_step_owner, next_step_due, "
            "next_step_said_on FROM account "
            f"WHERE account_key IN ({', '.join('?' * len(chunk))})",
            chunk,
        )
        for key, name, text, owner, due, said_on in rows:
            found[key] = AccountStep(key, name, NextStep(text, owner, _day(due), _day(said_on)))
    return [found[key] for key in account_keys if key in found]


def next_step_changes(
    account_keys: Sequence[int], step: NextStep, *, today: dt.date
) -> Iterator[Change]:
    """The changes that give each of these accounts this next step, as of today."""
    fields = {
        "next_step": step.text,
        "next_step_owner": step.owner,
        "next_step_due": step.due.isoformat() if step.due else None,
        "next_step_said_on": step.said_on.isoformat() if step.said_on else None,
    }
    for key in account_keys:
        for field, value in fields.items():
            yield Change("account", str(key), field, new=value, effective_on=today.isoformat())


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
