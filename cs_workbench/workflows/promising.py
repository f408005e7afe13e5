"""Promises of both sides: make one, keep it, break it, agree on another."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core import promises
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import Promise
from cs_workbench.core.memory_words import cut, tell_promise
from cs_workbench.store.database import Database
from cs_workbench.store.kept import account_names, amendments, new_row, read_kept, read_one
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import account_name, apply_act, remember, revise
from cs_workbench.workflows.touching import Promised


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise with its account, and how it stands."""

    account_id: str
    name: str
    promise: Promise
    outcome: promises.Outcome


def make_promise(
    db: Database,
    act: Act,
    promised: Promised,
    *,
    contact_id: str | None = None,
    owner: str | None = None,
    origin: str | None = None,
) -> str:
    """Write a promise down; returns it in words.

    Raises:
        UsageError: nothing is said of what is promised.
    """
    row = Promise(
        promise_id=new_id(),
        account_key=act.account_key,
        contact_id=contact_id,
        promised_by="us" if promised.by_us else "customer",
        what=promised.what,
        owner=owner or (act.actor if promised.by_us else None),
        made_on=act.today,
        due_on=promised.due,
        origin=origin,
    )
    return remember(db, act, row)


def keep_promise(
    db: Database, act: Act, promise_id: str, *, on: dt.date | None, evidence: str | None
) -> str:
    """Say that a promise was kept, and when; returns that in words.

    Raises:
        NotFoundError: there is no such promise.
        ConflictError: it is not open.
    """
    before = read_one(db, Promise, promise_id)
    after = promises.kept(before, on or act.today, evidence)
    told = f"{promises.outcome_of(after, act.today)}: {cut(before.what)}"
    return revise(db, act, before, after, told)


def break_promise(db: Database, act: Act, promise_id: str, *, evidence: str | None) -> str:
    """Say that a promise will not be kept; returns that in words.

    Raises:
        NotFoundError: there is no such promise.
        ConflictError: it is not open.
    """
    before = read_one(db, Promise, promise_id)
    after = promises.broken(before, evidence)
    return revise(db, act, before, after, f"broken: {cut(before.what)}")


def renegotiate(
    db: Database, act: Act, promise_id: str, *, due_on: dt.date, what: str | None
) -> str:
    """Put another promise in the place of one, as both sides agreed; returns that in words.

    Raises:
        NotFoundError: there is no such promise.
        ConflictError: it is not open.
    """
    before = read_one(db, Promise, promise_id)
    after, follower = promises.renegotiated(
        before, promise_id=new_id(), made_on=act.today, due_on=due_on, what=what
    )
    name = account_name(db, act.account_key)
    summary = f"renegotiated: {tell_promise(follower)} · {name}"
    changes = [*amendments(before, after, act.today), new_row(follower, act.today)]
    apply_act(db, act, summary, changes)
    return summary


def list_promises(
    db: Database,
    *,
    today: dt.date,
    account_key: int | None = None,
    outcomes: Sequence[str] = (),
) -> list[PromiseLine]:
    """Promises with their outcomes: late ones of ours first, then by the day they are due."""
    found = read_kept(db, Promise, account_key)
    names = account_names(db, sorted({one.account_key for one in found}))
    lines = [
        PromiseLine(*names[one.account_key], one, promises.outcome_of(one, today)) for one in found
    ]
    kept = [one for one in lines if not outcomes or one.outcome in outcomes]
    return sorted(kept, key=_order)


def _order(line: PromiseLine) -> tuple[int, bool, dt.date, str]:
    place = promises.OUTCOMES.index(line.outcome)
    due = line.promise.due_on or dt.date.max
    return place, line.promise.promised_by != "us", due, line.promise.promise_id
