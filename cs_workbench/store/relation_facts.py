"""People, promises, invoices and ratings as of a day; read only where a scorecard asks."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any

from cs_workbench.core.facts import AccountFacts, Contact, Invoice
from cs_workbench.core.judgements import Rating
from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.store.known import (
    IS_OWED,
    IS_TWO_WAY,
    KNOWN_THEN,
    RANGE,
    Known,
    plain_rows,
)
from cs_workbench.store.ratings import any_rating, ratings_between
from cs_workbench.store.sqlite import Connection

# A role carries no date: of a first load it was not known before the import.
_CONTACTS = f"""SELECT t.contact_id, t.account_key, t.name,
        CASE WHEN t.import_id IS NULL OR t.import_id IN (SELECT value FROM json_each(:recorded))
            THEN t.role END AS role, t.left_on
    FROM contact t WHERE {RANGE.format(key="contact_id")}
    ORDER BY t.account_key, t.contact_id"""
_LAST_WITH = f"""SELECT t.contact_id, max(t.occurred_at) FROM touchpoint t
    WHERE {RANGE.format(key="touchpoint_id")} AND t.contact_id IS NOT NULL
        AND t.occurred_at <= :until AND {IS_TWO_WAY}
    GROUP BY t.contact_id"""
_PROMISES = f"""SELECT t.promise_id, t.account_key, t.due_on, t.kept_on, t.state FROM promise t
    WHERE {RANGE.format(key="promise_id")} AND t.promised_by = 'us' AND t.made_on <= :as_of
    ORDER BY t.account_key, t.due_on, t.promise_id"""
_INVOICES = f"""SELECT t.invoice_id, t.account_key, t.due_on, t.paid_on FROM invoice t
    WHERE {RANGE.format(key="invoice_id")} AND t.issued_on <= :as_of AND t.due_on IS NOT NULL
        AND {IS_OWED} AND (t.due_on >= :floor OR t.paid_on IS NULL OR t.paid_on > :as_of)
    ORDER BY t.account_key, t.due_on, t.invoice_id"""
_ANY = {
    "contacts": ("contact", f"SELECT 1 FROM contact t WHERE {KNOWN_THEN.format(key='contact_id')}"),
    "promises": (
        "promise",
        "SELECT 1 FROM promise t WHERE t.made_on <= :as_of AND "
        + KNOWN_THEN.format(key="promise_id"),
    ),
    "invoices": (
        "invoice",
        "SELECT 1 FROM invoice t WHERE t.issued_on <= :as_of AND "
        + KNOWN_THEN.format(key="invoice_id"),
    ),
}
TWO_YEARS = dt.timedelta(days=730)


@dataclass
class Relations:
    """By account, what was known; empty for kinds that nobody asked for."""

    contacts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    promises: dict[int, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    invoices: dict[int, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    ratings: dict[int, tuple[Rating, ...]] = field(default_factory=dict)


def relation_kinds(connection: Connection, known: Known, wanted: Set[str | None]) -> set[str]:
    """Which of the kinds that are asked for have anything at all by then."""
    found = {
        kind
        for kind, (table, statement) in _ANY.items()
        if kind in wanted
        and plain_rows(connection, f"{statement} LIMIT 1", known.limits(table)).fetchone()
    }
    if "ratings" in wanted and any_rating(connection, known.as_of):
        found.add("ratings")
    return found


def with_relations(
    connection: Connection,
    known: Known,
    kinds: Set[str],
    keys: tuple[int, int],
    facts: list[AccountFacts],
) -> list[AccountFacts]:
    """The facts of a range of accounts with what was asked for; the same where nothing was."""
    if kinds.isdisjoint({*_ANY, "ratings"}):
        return facts
    found = relations_between(connection, known, kinds, keys)
    return [
        replace(
            one,
            contacts=tuple(found.contacts.get(one.account_key, ())),
            promises_due=tuple(found.promises.get(one.account_key, ())),
            invoices=tuple(found.invoices.get(one.account_key, ())),
            ratings=found.ratings.get(one.account_key, ()),
        )
        for one in facts
    ]


def relations_between(
    connection: Connection, known: Known, kinds: Set[str], keys: tuple[int, int]
) -> Relations:
    """What is asked for of the accounts from the first to the last key."""
    found = Relations()
    if "contacts" in kinds:
        given = {**_given(known, "touchpoint", keys), "two_way": json.dumps(sorted(TWO_WAY))}
        last = dict(plain_rows(connection, _LAST_WITH, given))
        for contact_id, key, name, role, left in _rows(connection, known, "contact", keys):
            spoke = _date(last.get(contact_id))
            found.contacts[key].append(Contact(name, role, _date(left), spoke))
    if "promises" in kinds:
        for _, key, due, kept, state in _rows(connection, known, "promise", keys):
            kept_on, due_on = _date(kept), _date(due)
            waits = state == "open" if kept_on is None else kept_on > known.as_of
            if waits and due_on is not None:
                found.promises[key].append(due_on)
    if "invoices" in kinds:
        for _, key, due, paid in _rows(connection, known, "invoice", keys):
            found.invoices[key].append(Invoice(dt.date.fromisoformat(due), _date(paid)))
    if "ratings" in kinds:
        found.ratings = ratings_between(connection, known.as_of, keys)
    return found


_STATEMENTS = {"contact": _CONTACTS, "promise": _PROMISES, "invoice": _INVOICES}


def _rows(connection: Connection, known: Known, entity: str, keys: tuple[int, int]) -> Any:
    found = plain_rows(connection, _STATEMENTS[entity], _given(known, entity, keys))
    return known.as_then(entity, found)


def _given(known: Known, entity: str, keys: tuple[int, int]) -> dict[str, Any]:
    floor = (known.as_of - TWO_YEARS).isoformat()
    return {"first": keys[0], "last": keys[1], "floor": floor, **known.limits(entity)}


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text[:10])
