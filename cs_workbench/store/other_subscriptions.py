"""Subscriptions that two sources tell of: what a CRM has as a contract, billing has as well.

A contract with a price says it all: what billing tells of the same time is left out, so that no ARR
counts twice. A contract without one takes the price of what is billed while it runs, and stays what
says until when; so the two are one renewal, and no line of billing that ends is a loss.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from cs_workbench.core.records import Value
from cs_workbench.core.renewal_terms import SAME_RENEWAL
from cs_workbench.store.changes import Change
from cs_workbench.store.imports import ImportRun
from cs_workbench.store.incoming_rows import Merged
from cs_workbench.store.sqlite import Connection

CONTRACT_PRICES = (
    # What another source bills for a contract that has no price of its own, row by row.
    """CREATE TABLE contract_price (
        source TEXT NOT NULL,
        record_id TEXT NOT NULL,
        subscription_id TEXT NOT NULL,
        arr_minor INTEGER NOT NULL CHECK (arr_minor >= 0),
        seats INTEGER CHECK (seats >= 0),
        PRIMARY KEY (source, record_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX price_of_contract ON contract_price (subscription_id)",
)
_OTHERS = """SELECT account_key, subscription_id, start_date,
        coalesce(date(cancelled_on, '-1 day'), end_date, '9999-12-31'), currency, is_trial,
        arr_minor IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contract_price p
            WHERE p.subscription_id = s.subscription_id AND p.source = :source)
    FROM subscription s JOIN import_run i USING (import_id)
    WHERE i.source <> :source AND account_key IN (SELECT value FROM json_each(:accounts))"""
_BILLED = """SELECT record_id, subscription_id, arr_minor, seats FROM contract_price
    WHERE source = ? AND record_id IN (SELECT value FROM json_each(?))"""
_PRICED = """SELECT DISTINCT subscription_id FROM contract_price
    WHERE subscription_id IN (SELECT value FROM json_each(?))"""
# A line that ended leaves the price to the others; where there is none, it stays as it was.
_ENDED = """DELETE FROM contract_price WHERE (source, record_id) IN (
        SELECT :source, value FROM json_each(:ended))
    AND subscription_id IN (SELECT subscription_id FROM contract_price
        WHERE (source, record_id) NOT IN (SELECT :source, value FROM json_each(:ended)))"""
_SUMS = """SELECT s.subscription_id, s.arr_minor, sum(p.arr_minor), s.seats,
        coalesce(sum(p.seats), s.seats)
    FROM contract_price p JOIN subscription s USING (subscription_id)
    WHERE subscription_id IN (SELECT value FROM json_each(?)) GROUP BY 1"""


class _Other(NamedTuple):
    """A subscription that another source tells of; `is_priced` by another source, too."""

    subscription_id: str
    start: str
    last: str
    currency: str
    is_trial: int
    is_priced: int

    def runs_on(self, day: str) -> bool:
        return self.start <= day <= self.last


class OtherSubscriptions:
    """What other sources than that of a file tell of some accounts' subscriptions."""

    def __init__(self, run: ImportRun, columns: Sequence[str]) -> None:
        """`columns` of the rows that are asked about; the first is the account's key."""
        names = ("start_date", "end_date", "cancelled_on", "arr_minor", "currency", "seats")
        self._at = {one: columns.index(one) for one in (*names, "is_trial") if one in columns}
        self._run = run
        self._day = run.recorded_at[:10]
        self._others: dict[Value, list[_Other]] = {}
        self._billed: dict[str, tuple[str, Value, Value]] = {}
        self._filled: frozenset[str] = frozenset()
        self._told: list[tuple[Value, ...]] = []
        self._ended: list[str] = []
        self._own: list[str] = []

    def read(
        self, connection: Connection, records: Collection[str], accounts: Collection[int] | None
    ) -> None:
        """Look up what is there; with `accounts` also what others tell of them."""
        ids = json.dumps(list(records))
        self._filled = frozenset(row[0] for row in connection.execute(_PRICED, (ids,)))
        if accounts is None:
            return
        source = self._run.source
        for record, *billed in connection.execute(_BILLED, (source, ids)):
            self._billed[record] = (billed[0], billed[1], billed[2])
        given = {"source": source, "accounts": json.dumps(list(accounts))}
        for key, *row in connection.execute(_OTHERS, given):
            self._others.setdefault(key, []).append(_Other(*row))

    def take(self, record: str, values: tuple[Value, ...], merged: Merged) -> bool:
        """Whether a new row is no subscription of its own, which is then counted."""
        contract = self._contract(values)
        if contract is None:
            if record in self._billed:
                self._ended.append(record)
            elif not self._is_doubled(values):
                return False
            merged.doubled += 1
            return True
        billed = (contract, self._value(values, "arr_minor"), self._value(values, "seats"))
        before = self._billed.get(record)
        merged.priced += 1
        merged.new += before is None
        merged.same += before == billed
        merged.changed += before not in {None, billed}
        if before != billed:
            self._told.append((self._run.source, record, *billed))
        return True

    def kept(
        self, record: str, before: tuple[Value, ...], after: tuple[Value, ...]
    ) -> tuple[Value, ...]:
        """What a contract holds after its own source: the price that billing gave stays.

        From the moment on at which the source has one itself, that is it.
        """
        if record not in self._filled:
            return after
        if self._value(after, "arr_minor") is not None:
            self._own.append(record)
            return after
        kept = list(after)
        for name in ("arr_minor", "currency", "seats"):
            at = self._at.get(name)
            if at is not None and (name == "currency" or after[at] is None):
                kept[at] = before[at]
        return tuple(kept)

    def settle(self, connection: Connection) -> Iterator[Change]:
        """Write the prices that were told; yields the changes of the contracts."""
        if not (self._own or self._told or self._ended):
            return
        connection.execute(
            "DELETE FROM contract_price WHERE subscription_id IN (SELECT value FROM json_each(?))",
            (json.dumps(self._own),),
        )
        connection.executemany(
            "INSERT OR REPLACE INTO contract_price (source, record_id, subscription_id, "
            "arr_minor, seats) VALUES (?, ?, ?, ?, ?)",
            self._told,
        )
        ended = {"source": self._run.source, "ended": json.dumps(self._ended)}
        connection.execute(_ENDED, ended)
        touched = [str(row[2]) for row in self._told]
        touched += [self._billed[one][0] for one in self._ended]
        touched += [self._billed[str(row[1])][0] for row in self._told if row[1] in self._billed]
        for key, arr, billed, seats, used in connection.execute(
            _SUMS, (json.dumps(touched),)
        ).fetchall():
            connection.execute(
                "UPDATE subscription SET arr_minor = ?, seats = ? WHERE subscription_id = ?",
                (billed, used, key),
            )
            for name, old, new in (("arr_minor", arr, billed), ("seats", seats, used)):
                if old != new:
                    yield Change("subscription", key, name, old, new)

    def _contract(self, values: tuple[Value, ...]) -> str | None:
        """The one contract without a price of its own that runs while the row does."""
        if self._value(values, "arr_minor") is None or self._value(values, "is_trial"):
            return None
        if self._has_ended(values):
            return None
        day = min(self._day, self._last(values))
        others = self._others.get(values[0], ())
        running = [one for one in others if one.runs_on(day) and not one.is_trial]
        if len(running) != 1 or running[0].is_priced:
            return None
        same = running[0].currency == self._value(values, "currency")
        return running[0].subscription_id if same else None

    def _is_doubled(self, values: tuple[Value, ...]) -> bool:
        """Whether another in its time says it too: with a price, by going on, or by its end."""
        start, last = str(self._value(values, "start_date")), self._last(values)
        is_priced = self._value(values, "arr_minor") is not None
        ended = self._has_ended(values)
        return any(
            one.start <= last
            and start <= one.last
            and (
                (one.is_priced or (ended and last < one.last))
                if is_priced
                else _is_near(one.last, last)
            )
            for one in self._others.get(values[0], ())
        )

    def _has_ended(self, values: tuple[Value, ...]) -> bool:
        """Cancelled by now, or over for longer than a renewal may be late in coming."""
        cancelled = self._value(values, "cancelled_on")
        if cancelled is not None and str(cancelled) <= self._day:
            return True
        late = dt.date.fromisoformat(self._day) - dt.timedelta(SAME_RENEWAL)
        return self._last(values) < late.isoformat()

    def _last(self, values: tuple[Value, ...]) -> str:
        cancelled = self._value(values, "cancelled_on")
        return str(cancelled or self._value(values, "end_date") or "9999-12-31")

    def _value(self, values: tuple[Value, ...], name: str) -> Value:
        at = self._at.get(name)
        return None if at is None else values[at]


def _is_near(one: str, other: str) -> bool:
    """Whether two ends may be of the same term."""
    days = dt.date.fromisoformat(one) - dt.date.fromisoformat(other)
    return abs(days.days) <= SAME_RENEWAL
