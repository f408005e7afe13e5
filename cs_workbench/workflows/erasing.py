"""Erase a contact or an account, and give a customer everything that is held on them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.audit import Act, changes_of, everything_of, read_acts
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.erasure import Erased, backups_of, contacts_called, erase
from cs_workbench.store.kept import contact_names
from cs_workbench.workflows.remembering import account_name, find_contact


@dataclass(frozen=True, slots=True)
class Purge:
    """What was erased, or would be, and the copies that still hold it."""

    who: str
    erased: Erased
    backups: tuple[Path, ...]


def purge(
    db: Database, account: str, contact: str | None, *, also: Sequence[str] = (), dry_run: bool
) -> Purge:
    """Erase an account, or one of its contacts; with `dry_run` only count.

    Args:
        db: the portfolio.
        account: its id or name.
        contact: one of its contacts; None: the whole account.
        also: other spellings of their names that are erased too.
        dry_run: change nothing.

    Raises:
        NotFoundError: there is no such account or contact.
        UsageError: the name is of several, or another spelling is empty.
    """
    if not all(one.strip() for one in also):
        raise UsageError("Another spelling of the name cannot be empty.")
    key = find_account(db, account)
    if contact is None:
        who, contact_id = account_name(db, key), None
    else:
        contact_id = find_contact(db, key, contact)
        who = contact_names(db, key)[contact_id]
    erased = erase(db, account_key=key, contact_id=contact_id, also=also, dry_run=dry_run)
    return Purge(who, erased, tuple(backups_of(db.path)))


def find_holder(db: Database, name: str) -> tuple[str, str | None]:
    """The account that a text means, or the contact of some account that has this name.

    Raises:
        NotFoundError: nobody is called so.
        UsageError: several contacts are called so.
    """
    try:
        find_account(db, name)
    except (NotFoundError, UsageError) as problem:
        rows = contacts_called(db, name)
        if len(rows) > 1:
            raise UsageError(f"Several contacts are called {name!r}: give the e-mail.") from None
        if not rows:
            raise problem from None
        return rows[0]
    return name, None


def everything_held(db: Database, account_key: int, today: dt.date) -> dict[str, Any]:
    """All rows of an account by table, and every act that touched it with its changes."""
    with snapshot(db):
        acts = read_acts(db, account_key=account_key)
        return {
            "schema": "csw.export.account/1",
            "made_on": today,
            "tables": dict(everything_of(db, account_key)),
            "acts": [act_record(db, act) for act in acts],
        }


def act_record(db: Database, act: Act) -> dict[str, object]:
    """Who did what, when and why, with every field that it changed; JSON-ready."""
    return {
        "change_set_id": act.change_set_id,
        "actor": act.actor,
        "at": act.at,
        "cause": act.cause,
        "summary": act.summary,
        "changes": [
            {
                "entity": one.change.entity,
                "entity_id": one.change.entity_id,
                "field": one.change.field,
                "old": one.change.old,
                "new": one.change.new,
                "erased": one.erased,
            }
            for one in changes_of(db, act.change_set_id)
        ],
    }
