"""What there is to do today, from all the tables that know of something."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cs_workbench.core.cadence import ContactDue, interval_words
from cs_workbench.core.today import AHEAD_DAYS, Item, ItemKind
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows

REPLY_DAYS = 30  # an older letter that nobody answered is not answered any more
_ACCOUNT = """a.account_key, a.account_id, a.name, s.arr_minor,
        coalesce(s.currency, a.currency), coalesce(s.band, 'unknown')"""
_JOIN = "LEFT JOIN account_summary s ON s.account_key = a.account_key"
# The accounts that this person covers for somebody who is away.
_COVERED = """SELECT c.value FROM hand_over h JOIN person p ON p.person_id = h.to_person,
        json_each(h.accounts) c
    WHERE h.state = 'begun' AND h.until >= :today AND :me IN (p.person_id, p.name)"""
# Whose it is: its owner, else the account's CSM; by id or by name.
_MINE = f"""(:me IS NULL OR coalesce({{owner}}, a.csm) = :me
        OR coalesce({{owner}}, a.csm) IN (SELECT person_id FROM person WHERE name = :me)
        OR a.account_key IN ({_COVERED}))"""

_TASKS = f"""SELECT t.task_id, t.what, t.due_on, t.owner, 1, '', {_ACCOUNT}
    FROM task t LEFT JOIN account a ON a.account_key = t.account_key {_JOIN}
    WHERE t.state = 'open' AND (t.snoozed_until IS NULL OR t.snoozed_until <= :today)
        AND (t.due_on IS NULL OR t.due_on <= :until) AND {_MINE.format(owner="t.owner")}"""
_PROMISES = f"""SELECT t.promise_id, t.what, t.due_on, t.owner, t.promised_by = 'us', '', {_ACCOUNT}
    FROM promise t JOIN account a ON a.account_key = t.account_key {_JOIN}
    WHERE t.state = 'open' AND t.due_on <= :until AND {_MINE.format(owner="t.owner")}"""
_COMPLAINTS = f"""SELECT t.complaint_id, t.what,
        CASE WHEN t.state = 'received' THEN t.answer_due_on ELSE t.follow_up_on END AS due,
        t.owner, 1, t.severity, {_ACCOUNT}
    FROM complaint t JOIN account a ON a.account_key = t.account_key {_JOIN}
    WHERE t.state <> 'closed' AND due <= :until AND {_MINE.format(owner="t.owner")}"""
_SIGNALS = f"""SELECT t.signal_id, t.kind || ': ' || t.evidence, NULL, NULL, 0, t.severity,
        {_ACCOUNT}
    FROM signal t JOIN account a ON a.account_key = t.account_key {_JOIN}
    WHERE t.resolved_on IS NULL AND (t.snoozed_until IS NULL OR t.snoozed_until <= :today)
        AND NOT coalesce(s.is_former, 0) AND {_MINE.format(owner="NULL")}
    ORDER BY t.account_key, t.rowid"""
_SUGGESTED = f"""SELECT t.play_id, b.title || ': ' || t.evidence, NULL, t.owner, 0, '', {_ACCOUNT}
    FROM play t JOIN account a ON a.account_key = t.account_key {_JOIN}
        JOIN playbook_text b ON b.hash = t.playbook_hash
    WHERE t.state = 'suggested' AND {_MINE.format(owner="t.owner")}
    ORDER BY t.account_key, t.rowid"""
_NEXT_STEPS = f"""SELECT a.account_id, a.next_step, a.next_step_due, a.next_step_owner, 1, '',
        {_ACCOUNT}
    FROM account a {_JOIN} WHERE a.next_step_due <= :until AND a.merged_into IS NULL
        AND {_MINE.format(owner="a.next_step_owner")}"""
# Accounts with which somebody should speak; which of them are due, the cadence says.
_CONTACTS = f"""SELECT a.account_id, '', NULL, NULL, 0, '', {_ACCOUNT}
    FROM account a {_JOIN} WHERE a.account_key IN (SELECT value FROM json_each(:keys))
        AND {_MINE.format(owner="NULL")}"""
# A letter of theirs after which nothing of ours went out.
_REPLIES = f"""SELECT t.touchpoint_id, 'answer: ' || coalesce(t.summary, t.channel),
        date(t.occurred_at, '+1 day'), t.author, 1, '', {_ACCOUNT}
    FROM touchpoint t JOIN account a ON a.account_key = t.account_key {_JOIN}
    WHERE t.direction = 'inbound' AND lower(t.channel) IN ('email', 'chat', 'letter', 'sms')
        AND t.occurred_at BETWEEN :replies_from AND :today || 'T23:59:59Z'
        AND NOT EXISTS (SELECT 1 FROM touchpoint r WHERE r.account_key = t.account_key
            AND r.occurred_at > t.occurred_at)
        AND {_MINE.format(owner="t.author")}"""

_DATED: tuple[tuple[ItemKind, str], ...] = (
    ("task", _TASKS),
    ("promise", _PROMISES),
    ("complaint", _COMPLAINTS),
    ("next step", _NEXT_STEPS),
    ("reply", _REPLIES),
)
_UNDATED: tuple[tuple[ItemKind, str], ...] = (("signal", _SIGNALS), ("play", _SUGGESTED))


def dated_items(db: Database, today: dt.date, me: str | None) -> Iterator[Item]:
    """What we can be late with, due by a week from now, and tasks without a day.

    Steps of plays are not among it.

    Args:
        db: the portfolio.
        today: the day.
        me: only what is this person's, by id or name; None for everybody's.
    """
    return _items(db, today, me, _DATED)


def undated_items(db: Database, today: dt.date, me: str | None) -> Iterator[Item]:
    """Signals and suggested plays; those of one kind and account stand next to one another."""
    return _items(db, today, me, _UNDATED)


def _items(
    db: Database, today: dt.date, me: str | None, queries: Iterable[tuple[ItemKind, str]]
) -> Iterator[Item]:
    given: dict[str, Any] = {
        "today": today.isoformat(),
        "until": (today + dt.timedelta(AHEAD_DAYS)).isoformat(),
        "replies_from": (today - dt.timedelta(REPLY_DAYS)).isoformat(),
        "me": me,
    }
    for kind, statement in queries:
        for row in plain_rows(db.connection, statement, given):
            yield _item(kind, row)


def contact_items(
    db: Database, today: dt.date, me: str | None, due: Mapping[int, ContactDue]
) -> Iterator[Item]:
    """The accounts among these that are this person's, each with the day of its contact."""
    given = {"today": today.isoformat(), "me": me, "keys": json.dumps(list(due))}
    for row in plain_rows(db.connection, _CONTACTS, given):
        one = _item("contact", row)
        found = due[row[6]]
        yield replace(one, due=found.on, what=f"speak with them: {interval_words(found, today)}")


def has_book(db: Database, me: str, today: dt.date) -> bool:
    """Whether accounts are this person's, by id or name, or covered by this person today."""
    row = db.connection.execute(
        "SELECT EXISTS (SELECT 1 FROM account WHERE csm IN (SELECT :me UNION "
        f"SELECT person_id FROM person WHERE name = :me)) OR EXISTS ({_COVERED})",
        {"me": me, "today": today.isoformat()},
    ).fetchone()
    return bool(row[0])


def _item(kind: ItemKind, row: tuple[Any, ...]) -> Item:
    ref, what, due, owner, ours, severity, key, account_id, name, arr, currency, band = row
    return Item(
        kind=kind,
        ref=ref,
        what=what or "",
        account_key=key,
        account_id=account_id,
        name=name,
        due=None if due is None else dt.date.fromisoformat(due),
        owner=owner,
        is_ours=bool(ours),
        arr_minor=arr,
        currency=currency or "",
        band=band,
        severity=severity,
    )
