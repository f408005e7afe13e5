"""How usage changed around days, and by itself where nobody was touched, over many accounts.

A usage table is accounts x days, not a number where there is no data.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SIDE = 14  # days on each side of a contact
LEAST = 7  # of them with data
BASE = 42  # days back, to the beginning of what a drop is against
FELL = 0.75


class Contact(NamedTuple):
    """An account and the day (ordinal) on which we were in touch with it."""

    account: int
    day: int


class Moved(NamedTuple):
    """What usage did around a contact: the change a day, and whether it had dropped before."""

    account: int
    day: int
    change: float
    fell: bool


@dataclass(frozen=True)
class Usage:
    """Usage of some accounts by day.

    Attributes:
        keys: of the accounts, in the order of the rows.
        first: the ordinal of the first column.
    """

    keys: Sequence[int]
    first: int
    values: Floats

    @cached_property
    def _sums(self) -> tuple[Floats, Floats]:
        """Up to each day: the sum of what there is, and on how many days there is any."""
        there = ~np.isnan(self.values)
        filled = np.where(there, self.values, 0.0)
        tables = []
        for table in (filled, there.astype(np.float64)):
            sums = np.zeros((table.shape[0], table.shape[1] + 1))
            np.cumsum(table, axis=1, out=sums[:, 1:])
            tables.append(sums)
        return tables[0], tables[1]

    def window(self, rows: Ints, begin: Ints, end: Ints) -> tuple[Floats, Floats]:
        """Of each row the sum of the days from one to before another, and how many have data."""
        width = self.values.shape[1]
        low, high = (np.clip(days - self.first, 0, width) for days in (begin, end))
        sums, counts = (table[rows, high] - table[rows, low] for table in self._sums)
        return sums, counts

    def moves(self, rows: Ints, days: Ints) -> tuple[Floats, Bools]:
        """The change around each day, not a number without data; and whether it had dropped."""
        before, days_before = self.window(rows, days - SIDE, days)
        after, days_after = self.window(rows, days, days + SIDE)
        base, days_base = self.window(rows, days - BASE, days - SIDE)
        known = (days_before >= LEAST) & (days_after >= LEAST)
        changes = np.full(len(rows), np.nan)
        changes[known] = after[known] / days_after[known] - before[known] / days_before[known]
        # Multiplied out, so that a drop of just a quarter is none, whatever the rounding.
        fell = before * days_base < FELL * base * days_before
        return changes, fell

    def around(self, contacts: Iterable[Contact]) -> list[Moved]:
        """What usage did around those contacts of its accounts that have data on both sides."""
        places = {key: place for place, key in enumerate(self.keys)}
        mine = [one for one in contacts if one.account in places]
        rows = np.array([places[one.account] for one in mine], np.int64)
        changes, fell = self.moves(rows, np.array([one.day for one in mine], np.int64))
        return [
            Moved(*one, float(change), bool(dropped))
            for one, change, dropped in zip(mine, changes, fell, strict=True)
            if not np.isnan(change)
        ]

    def means(self) -> dict[int, float]:
        """Of each account with data, the mean of its days."""
        sums, counts = (table[:, -1] for table in self._sums)
        there = np.flatnonzero(counts)
        return {self.keys[at]: float(sums[at] / counts[at]) for at in there.tolist()}

    def latest(self) -> dict[int, float]:
        """Of each account with data, the newest value."""
        columns = np.arange(self.values.shape[1])
        last = np.where(np.isnan(self.values), -1, columns).max(axis=1, initial=-1)
        rows = np.flatnonzero(last >= 0)
        return {self.keys[at]: float(self.values[at, last[at]]) for at in rows.tolist()}

    def peaks(self) -> dict[int, float]:
        """Of each account with data, the highest value."""
        rows = np.flatnonzero(~np.isnan(self.values).all(axis=1))
        return {self.keys[at]: float(np.nanmax(self.values[at])) for at in rows.tolist()}


@dataclass(frozen=True)
class Drift:
    """What usage does by itself: of peers that nobody touched within 14 days.

    Attributes:
        peers: their usage.
        contacts: all there were.
        segments: by account.
    """

    peers: Usage
    contacts: Sequence[Contact]
    segments: Mapping[int, str | None]
    _told: dict[int, dict[tuple[str | None, bool], float]] = field(default_factory=dict)

    def of(self, day: int, segment: str | None, *, fell: bool) -> float | None:
        """The median change around a day, of a segment's peers that had dropped too, or had not.

        None where there are none.
        """
        if day not in self._told:
            self._told[day] = self._on(day)
        return self._told[day].get((segment, fell))

    @cached_property
    def _touches(self) -> tuple[Ints, Ints]:
        """Rows and days of all contacts with peers."""
        places = {key: place for place, key in enumerate(self.peers.keys)}
        mine = [(places[one.account], one.day) for one in self.contacts if one.account in places]
        found = np.array(mine, np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def _on(self, day: int) -> dict[tuple[str | None, bool], float]:
        size = len(self.peers.keys)
        rows, days = self._touches
        calm = np.ones(size, bool)
        calm[rows[np.abs(days - day) < SIDE]] = False
        changes, fell = self.peers.moves(np.arange(size), np.full(size, day))
        calm &= ~np.isnan(changes)
        groups: dict[tuple[str | None, bool], list[int]] = defaultdict(list)
        for row in np.flatnonzero(calm).tolist():
            groups[self.segments.get(self.peers.keys[row]), bool(fell[row])].append(row)
        return {like: float(np.median(changes[mine])) for like, mine in groups.items()}
