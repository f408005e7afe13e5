"""Facts of a range of accounts as columns, and the plain facts behind them, for the refresh.

The statements are those of `store/facts.py`. What few accounts are asked for by name, such as each
ticket of one of them, is made when it is asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

import numpy as np

from cs_workbench.core.facts import Portfolio
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.columns import NEVER, Ints
from cs_workbench.core.kernels.usage import UsageRow
from cs_workbench.store.facts import (
    ACCOUNT_ROWS,
    ANSWER_ROWS,
    TICKET_ROWS,
    Events,
    Happened,
    facts_of,
)
from cs_workbench.store.known import Known
from cs_workbench.store.relation_facts import with_relations
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_columns import usage_columns
from cs_workbench.store.usage_facts import Usage
from cs_workbench.store.voices import Rows, Voices

T = TypeVar("T")


def columns_between(
    connection: Connection, known: Known, portfolio: Portfolio, usage: Usage, keys: tuple[int, int]
) -> ChunkColumns:
    """What `facts_between` gives, with the columns that are measured by."""
    events = Events(connection, known, keys)
    accounts = [row for row in events.rows("account", ACCOUNT_ROWS) if row[-1] is None]
    places = {row[0]: place for place, row in enumerate(accounts)}
    usages = usage_columns(connection, known, usage, places)
    voices = Voices(
        Rows(events.rows("ticket", TICKET_ROWS), places),
        Rows(events.rows("survey_response", ANSWER_ROWS), places),
    ).today(known.as_of, len(places))
    two_way, subscriptions = events.last_two_way(), events.subscriptions()
    forecasts, champions = events.forecasts(), events.champions()
    commitments = events.commitments()
    facts = []
    for at, row in enumerate(accounts):
        key = row[0]
        happened = Happened(
            subscriptions.get(key, ()),
            Lazy(voices.tickets_of, at),
            Lazy(voices.answers_of, at),
            two_way.get(key),
            forecasts.get(key),
            champions.get(key, ()),
            UsageRow(usages, at),
            commitments.get(key, ()),
        )
        facts.append(facts_of(row, happened, portfolio))
    return ChunkColumns(
        portfolio,
        with_relations(connection, known, portfolio.kinds, keys, facts),
        usages,
        tickets=voices.ticket_columns(),
        answers=voices.answer_columns(),
        two_way=ordinals_of(one.last_two_way_on for one in facts),
        started=ordinals_of(one.started_on for one in facts),
    )


class Lazy(Sequence[T], Generic[T]):
    """Rows that are made when they are asked for; few accounts of a refresh are."""

    __slots__ = ("_at", "_made", "_make")

    def __init__(self, make: Callable[[int], tuple[T, ...]], at: int) -> None:
        self._make = make
        self._at = at
        self._made: tuple[T, ...] | None = None

    @property
    def rows(self) -> tuple[T, ...]:
        """All of them."""
        if self._made is None:
            self._made = self._make(self._at)
        return self._made

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.rows[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        return self.rows == (other.rows if isinstance(other, Lazy) else other)

    __hash__ = None  # type: ignore[assignment]  # Python's way to say so


def ordinals_of(days: Iterable[dt.date | None]) -> Ints:
    """Days as a column."""
    found = [NEVER if day is None else day.toordinal() for day in days]
    return np.array(found, np.int64)
