"""Hand-overs as they are kept, and what a person's book consists of."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cs_workbench.core.hand_overs import BookEntry, Moving, MovingKind, Person
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Row

BEGUN = "state"  # in place of the owner's field: a play that the hand-over itself began


class _Owned(NamedTuple):
    """Where a kind of thing names its owner, what it is in words, and when it still counts."""

    kind: MovingKind
    entity: str
    field: str
    what: str
    counts: str
    account: str = "t.account_key"


_OWNED = (
    _Owned("account", "account", "csm", "t.name", "t.merged_into IS NULL"),
    _Owned(
        "next step",
        "account",
        "next_step_owner",
        "t.next_step",
        "t.next_step IS NOT NULL AND t.merged_into IS NULL",
    ),
    _Owned("task", "task", "owner", "t.what", "t.state = 'open'"),
    _Owned(
        "play",
        "play",
        "owner",
        "(SELECT b.title FROM playbook_text b WHERE b.hash = t.playbook_hash)",
        "t.ended_on IS NULL",
    ),
    _Owned(
        "play step",
        "play_step",
        "owner",
        "t.step_id",
        "t.state = 'snoozed' AND EXISTS "
        "(SELECT 1 FROM play p WHERE p.play_id = t.play_id AND p.ended_on IS NULL)",
        "(SELECT p.account_key FROM play p WHERE p.play_id = t.play_id)",
    ),
    _Owned("promise", "promise", "owner", "t.what", "t.promised_by = 'us' AND t.state = 'open'"),
    _Owned("complaint", "complaint", "owner", "t.what", "t.state <> 'closed'"),
    _Owned("draft", "message", "author", "t.subject", "t.state IN ('draft', 'approved')"),
)
_STAYING: Mapping[str, str] = {
    "contacts logged": "touchpoint t WHERE t.author",
    "forecasts": "forecast t WHERE t.author",
    "commitments": "commitment t WHERE t.author",
    "promises kept or broken": "promise t WHERE t.state <> 'open' AND t.owner",
    "tasks done": "task t WHERE t.state <> 'open' AND t.owner",
    "plays that ended": "play t WHERE t.ended_on IS NOT NULL AND t.owner",
}
_WITHIN = "(:everything OR {account} IN (SELECT value FROM json_each(:keys)))"
_BOOK = """SELECT a.account_key, a.account_id, a.name, coalesce(s.band, 'unknown') AS band,
        s.arr_minor, coalesce(s.currency, a.currency) AS currency,
        s.deadline,
        (SELECT min(c.due_on) FROM promise c WHERE c.account_key = a.account_key
            AND c.promised_by = 'us' AND c.state = 'open') AS promise_due,
        (SELECT count(*) FROM complaint c WHERE c.account_key = a.account_key
            AND c.state <> 'closed') AS open_complaints
    FROM account a LEFT JOIN account_summary s ON s.account_key = a.account_key
    WHERE a.account_key IN (SELECT value FROM json_each(?))
    ORDER BY s.arr_minor DESC, a.account_key"""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over as it is kept; persons by id, `moved` as (entity, row id, field)."""

    hand_over_id: str
    from_person: str
    to_person: str
    begins_on: dt.date
    until: dt.date | None
    accounts: tuple[int, ...]
    moved: tuple[tuple[str, str, str], ...]
    state: str
    author: str
    made_on: dt.date


def accounts_of(db: Database, person: Person) -> list[int]:
    """The keys of the accounts whose CSM the person is."""
    rows = db.connection.execute(
        "SELECT account_key FROM account WHERE csm IN (?, ?) AND merged_into IS NULL "
        "ORDER BY account_key",
        (person.person_id, person.name),
    )
    return [int(key) for (key,) in rows]


def csms_of(db: Database, keys: Sequence[int]) -> list[str]:
    """Whose the accounts are, each person once; accounts of nobody are left out."""
    rows = db.connection.execute(
        "SELECT DISTINCT csm FROM account WHERE csm IS NOT NULL "
        "AND account_key IN (SELECT value FROM json_each(?)) ORDER BY csm",
        (json.dumps(list(keys)),),
    )
    return [str(csm) for (csm,) in rows]


def book_entries(db: Database, keys: Sequence[int]) -> list[BookEntry]:
    """Accounts as they stand, the largest ARR first."""
    return [_entry(row) for row in db.connection.execute(_BOOK, (json.dumps(list(keys)),))]


def owned_things(
    db: Database, person: Person, keys: Sequence[int], *, everything: bool
) -> Iterator[Moving]:
    """What is the person's and still open: on these accounts, or with `everything` anywhere."""
    given = _given(person, keys, everything=everything)
    for one in _OWNED:
        entity = ENTITIES[one.entity]
        within = _WITHIN.format(account=one.account)
        rows = db.connection.execute(
            f"SELECT t.{entity.key}, {one.what}, {one.account} FROM {entity.table} t "
            f"WHERE t.{one.field} IN (:id, :name) AND {one.counts} AND {within} "
            f"ORDER BY t.{entity.key}",
            given,
        )
        for row_id, what, account_key in rows:
            yield Moving(one.kind, one.entity, str(row_id), one.field, what or "", account_key)


def staying_things(
    db: Database, person: Person, keys: Sequence[int], *, everything: bool
) -> tuple[tuple[str, int], ...]:
    """What stays under the person's name, and how much of it; only what there is."""
    given = _given(person, keys, everything=everything)
    within = _WITHIN.format(account="t.account_key")
    found = []
    for what, rows in _STAYING.items():
        statement = f"SELECT count(*) FROM {rows} IN (:id, :name) AND {within}"
        (count,) = db.connection.execute(statement, given).fetchone()
        found.append((what, int(count)))
    return tuple((what, count) for what, count in found if count)


def owners_now(db: Database, moved: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Who has the things now, by (entity, row id); those that are over are left out."""
    found: dict[tuple[str, str], str] = {}
    for one in _OWNED:
        fields = {one.field, BEGUN}
        ids = [
            row_id for entity, row_id, field in moved if entity == one.entity and field in fields
        ]
        entity = ENTITIES[one.entity]
        rows = db.connection.execute(
            f"SELECT t.{entity.key}, t.{one.field} FROM {entity.table} t WHERE {one.counts} "
            f"AND t.{entity.key} IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        found |= {(one.entity, str(row_id)): str(owner) for row_id, owner in rows}
    return found


def waiting_hand_overs(db: Database, today: dt.date) -> list[HandOver]:
    """Planned ones whose day has come, and covers whose last day is over."""
    rows = db.connection.execute(
        "SELECT * FROM hand_over WHERE (state = 'planned' AND begins_on <= ?1) "
        "OR (state = 'begun' AND until < ?1) ORDER BY begins_on, hand_over_id",
        (today.isoformat(),),
    )
    return [_hand_over(row) for row in rows]


def new_hand_over(one: HandOver) -> Change:
    """The change that inserts a hand-over."""
    row = {
        "from_person": one.from_person,
        "to_person": one.to_person,
        "begins_on": one.begins_on.isoformat(),
        "until": None if one.until is None else one.until.isoformat(),
        "accounts": json.dumps(one.accounts),
        "moved": moved_text(one.moved),
        "state": one.state,
        "author": one.author,
        "made_on": one.made_on.isoformat(),
    }
    return Change("hand_over", one.hand_over_id, new=row, effective_on=one.made_on.isoformat())


def moved_text(moved: Sequence[tuple[str, str, str]]) -> str:
    """What moved, as its column holds it."""
    return json.dumps([list(one) for one in moved])


def _given(person: Person, keys: Sequence[int], *, everything: bool) -> dict[str, object]:
    return {
        "id": person.person_id,
        "name": person.name,
        "keys": json.dumps(list(keys)),
        "everything": everything,
    }


def _entry(row: Row) -> BookEntry:
    return BookEntry(
        account_key=row["account_key"],
        account_id=row["account_id"],
        name=row["name"],
        band=row["band"],
        arr_minor=row["arr_minor"],
        currency=row["currency"],
        deadline=_day(row["deadline"]),
        promise_due=_day(row["promise_due"]),
        open_complaints=row["open_complaints"],
    )


def _hand_over(row: Row) -> HandOver:
    return HandOver(
        hand_over_id=row["hand_over_id"],
        from_person=row["from_person"],
        to_person=row["to_person"],
        begins_on=dt.date.fromisoformat(row["begins_on"]),
        until=_day(row["until"]),
        accounts=tuple(json.loads(row["accounts"])),
        moved=tuple((entity, row_id, field) for entity, row_id, field in json.loads(row["moved"])),
        state=row["state"],
        author=row["author"],
        made_on=dt.date.fromisoformat(row["made_on"]),
    )


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
