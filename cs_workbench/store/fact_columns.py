"""Facts of a range of accounts as columns, and the plain facts behind them, for the refresh.

The statements are those of `store/facts.py`. What few accounts are asked for by name, such as each
ticket of one of them, is made when it is asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, Generic, TypeVar, overload

import numpy as np

from cs_workbench.core.facts import Answer, Portfolio, Ticket
from cs_workbench.core.kernels.chunk import LATER, AnswerColumns, ChunkColumns, TicketColumns
from cs_workbench.core.kernels.columns import NEVER, Ints
from cs_workbench.core.kernels.usage import UsageRow
from cs_workbench.store.facts import (
    ACCOUNT_ROWS,
    ANSWER_ROWS,
    TICKET_ROWS,
    Events,
    Happened,
    answer_of,
    facts_of,
    rated_ticket,
)
from cs_workbench.store.known import Known
from cs_workbench.store.relation_facts import with_relations
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_columns import usage_columns
from cs_workbench.store.usage_facts import Usage

T = TypeVar("T")
_URGENT = {"urgent": 2, "high": 1}


def columns_between(
    connection: Connection, known: Known, portfolio: Portfolio, usage: Usage, keys: tuple[int, int]
) -> ChunkColumns:
    """What `facts_between` gives, with the columns that are measured by."""
    events = Events(connection, known, keys)
    accounts = [row for row in events.rows("account", ACCOUNT_ROWS) if row[-1] is None]
    places = {row[0]: place for place, row in enumerate(accounts)}
    usages, voices = usage_columns(connection, known, usage, places), _Voices(events, places)
    two_way, subscriptions = events.last_two_way(), events.subscriptions()
    committed, champions = events.committed(), events.champions()
    facts = []
    for at, row in enumerate(accounts):
        key = row[0]
        happened = Happened(
            subscriptions.get(key, ()),
            Lazy(voices.tickets_of, at),
            Lazy(voices.answers_of, at),
            two_way.get(key),
            key in committed,
            champions.get(key, ()),
            UsageRow(usages, at),
        )
        facts.append(facts_of(row, happened, portfolio))
    return ChunkColumns(
        portfolio,
        with_relations(connection, known, portfolio.kinds, keys, facts),
        usages,
        tickets=voices.ticket_columns(),
        answers=voices.answer_columns(),
        two_way=_ordinals_of(one.last_two_way_on for one in facts),
        started=_ordinals_of(one.started_on for one in facts),
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

    __hash__ = None  # type: ignore[assignment]


class _Rows:
    """Rows of a range of accounts in the order of the accounts, and where each one's begin."""

    def __init__(self, rows: Iterable[tuple[Any, ...]], places: Mapping[int, int]) -> None:
        self.rows = [row for row in rows if row[1] in places]
        found = (places[row[1]] for row in self.rows)
        self.account: Ints = np.fromiter(found, np.int64, len(self.rows))
        bounds = np.searchsorted(self.account, np.arange(len(places) + 1))
        self._bounds: list[int] = bounds.tolist()

    def of(self, at: int) -> list[tuple[Any, ...]]:
        """The rows of one account."""
        return self.rows[self._bounds[at] : self._bounds[at + 1]]

    def column(self, index: int) -> list[Any]:
        """One value of each row."""
        return [row[index] for row in self.rows]


class _Voices:
    """Tickets and answers of a range of accounts."""

    def __init__(self, events: Events, places: Mapping[int, int]) -> None:
        self._as_of = events.known.as_of
        self._tickets = _Rows(events.rows("ticket", TICKET_ROWS), places)
        self._answers = _Rows(events.rows("survey_response", ANSWER_ROWS), places)

    def tickets_of(self, at: int) -> tuple[Ticket, ...]:
        """Those of one account."""
        return tuple(rated_ticket(row, self._as_of)[0] for row in self._tickets.of(at))

    def answers_of(self, at: int) -> tuple[Answer, ...]:
        """Those of one account; ratings of its closed tickets come first."""
        rated = (rated_ticket(row, self._as_of)[1] for row in self._tickets.of(at))
        given = (answer_of(row) for row in self._answers.of(at))
        return tuple(one for one in (*rated, *given) if one is not None)

    def ticket_columns(self) -> TicketColumns:
        """All tickets."""
        column = self._tickets.column
        opened, responded, closed = (_ordinals(column(index), LATER) for index in (2, 3, 4))
        return TicketColumns(
            self._tickets.account,
            opened,
            responded,
            closed,
            urgent=np.array([_URGENT.get(one, 0) for one in column(5)], np.int64),
            reopened=np.array(column(6), np.int64),
            complaint=np.array(column(7), np.int64),
        )

    def answer_columns(self) -> dict[str, AnswerColumns]:
        """All answers by kind."""
        kinds = self._answers.column(3)
        days, scores = _ordinals(self._answers.column(2), NEVER), self._answers.column(4)
        found = {}
        for kind in set(kinds):
            mine = np.array([one == kind for one in kinds], np.bool_)
            found[kind] = AnswerColumns(
                self._answers.account[mine], days[mine], np.array(scores, np.int64)[mine]
            )
        ratings = self._tickets.column(8)
        closed = _ordinals(self._tickets.column(4), LATER)
        rated = closed <= self._as_of.toordinal()
        rated &= np.array([one is not None for one in ratings], np.bool_)
        if rated.any():
            score = np.array(list(compress(ratings, rated.tolist())), np.int64)
            one = AnswerColumns(self._tickets.account[rated], closed[rated], score)
            found["csat"] = one if "csat" not in found else _both(one, found["csat"])
        return found


def _both(one: AnswerColumns, other: AnswerColumns) -> AnswerColumns:
    return AnswerColumns(
        np.concatenate([one.account, other.account]),
        np.concatenate([one.day, other.day]),
        np.concatenate([one.score, other.score]),
    )


class _Days(dict[str | None, int]):
    """Days as ordinals, read once; a refresh has few of them."""

    def __missing__(self, text: str) -> int:
        day = self[text] = dt.date.fromisoformat(text).toordinal()
        return day


def _ordinals(texts: Sequence[str | None], absent: int) -> Ints:
    """Of dates or instants."""
    days = _Days({None: absent})
    cut = [None if text is None else text[:10] for text in texts]
    return np.fromiter(map(days.__getitem__, cut), np.int64, len(cut))


def _ordinals_of(days: Iterable[dt.date | None]) -> Ints:
    found = [NEVER if day is None else day.toordinal() for day in days]
    return np.array(found, np.int64)
