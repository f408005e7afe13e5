"""Tickets and answers of a range of accounts: as they were read, as columns, as plain facts."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cs_workbench.core.facts import Answer, Ticket
from cs_workbench.core.kernels.chunk import LATER, AnswerColumns, TicketColumns
from cs_workbench.core.kernels.columns import NEVER, Bools, Ints
from cs_workbench.store.facts import YEAR, answer_of, rated_ticket

_URGENT = {"urgent": 2, "high": 1}
_BEGINS, _ENDS = -2, -1  # columns of a history's tickets; of its answers the last one begins


class Rows:
    """Rows of a range of accounts in the order of the accounts; the second column is the key."""

    def __init__(self, rows: Iterable[tuple[Any, ...]], places: Mapping[int, int]) -> None:
        self.rows = [row for row in rows if row[1] in places]
        found = (places[row[1]] for row in self.rows)
        self.account: Ints = np.fromiter(found, np.int64, len(self.rows))

    def column(self, index: int) -> list[Any]:
        """One value of each row."""
        return [row[index] for row in self.rows]


@dataclass(frozen=True, eq=False)
class Voices:
    """Everything that was read; a day is to be chosen."""

    tickets: Rows
    answers: Rows

    def today(self, day: dt.date, size: int) -> "DayVoices":
        """Those of a day, when only its own rows were read; of so many accounts."""
        every = np.arange(size)
        kept = np.arange(len(self.tickets.rows)), np.arange(len(self.answers.rows))
        return DayVoices(self, day, kept, every, size)

    def on(self, day: dt.date, begun: Bools) -> "DayVoices":
        """Those of a day, of the accounts that had begun."""
        today, floor = day.toordinal(), (day - YEAR).toordinal()
        begins, ends = self._span
        tickets = begun[self.tickets.account] & (begins <= today)
        tickets &= (begins >= floor) | (ends > today)
        answered = self._answered
        answers = begun[self.answers.account] & (floor <= answered) & (answered <= today)
        kept = np.flatnonzero(tickets), np.flatnonzero(answers)
        return DayVoices(self, day, kept, np.cumsum(begun) - 1, int(begun.sum()))

    @cached_property
    def _span(self) -> tuple[Ints, Ints]:
        column = self.tickets.column
        return ordinals(column(_BEGINS), NEVER), ordinals(column(_ENDS), LATER)

    @cached_property
    def _answered(self) -> Ints:
        return ordinals(self.answers.column(-1), NEVER)

    @cached_property
    def ticket_columns(self) -> TicketColumns:
        """All tickets."""
        column = self.tickets.column
        opened, responded, closed = (ordinals(column(index), LATER) for index in (2, 3, 4))
        return TicketColumns(
            self.tickets.account,
            opened,
            responded,
            closed,
            urgent=np.array([_URGENT.get(one, 0) for one in column(5)], np.int64),
            reopened=np.array(column(6), np.int64),
            complaint=np.array(column(7), np.int64),
        )

    @cached_property
    def ratings(self) -> Ints:
        """Of each ticket; 0 where there is none."""
        return np.array([one or 0 for one in self.tickets.column(8)], np.int64)

    @cached_property
    def answers_by_kind(self) -> dict[str, tuple[Bools, Ints, Ints]]:
        """By kind which answers are of it; of all answers the days and the scores."""
        column = self.answers.column
        kinds, days = column(3), ordinals(column(2), NEVER)
        scores = np.array(column(4), np.int64)
        return {
            kind: (np.array([one == kind for one in kinds], np.bool_), days, scores)
            for kind in sorted(set(kinds))
        }


@dataclass(frozen=True, eq=False)
class DayVoices:
    """Tickets and answers as they stand on a day.

    Attributes:
        kept: the rows of tickets and of answers that count on the day.
        places: the accounts' rows of the day, by their place in what was read; `size` of them.
    """

    voices: Voices
    day: dt.date
    kept: tuple[Ints, Ints]
    places: Ints
    size: int

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where the kept tickets and answers of each account begin."""
        rows = self.voices.tickets, self.voices.answers
        tickets, answers = (
            np.searchsorted(self.places[one.account[kept]], np.arange(self.size + 1)).tolist()
            for one, kept in zip(rows, self.kept, strict=True)
        )
        return tickets, answers

    def tickets_of(self, at: int) -> tuple[Ticket, ...]:
        """Those of one account."""
        return tuple(ticket for ticket, _ in self._rated(at))

    def answers_of(self, at: int) -> tuple[Answer, ...]:
        """Those of one account; ratings of its closed tickets come first."""
        bounds, rows = self._bounds[1], self.voices.answers.rows
        given = [answer_of(rows[one]) for one in self.kept[1][bounds[at] : bounds[at + 1]]]
        return (*(answer for _, answer in self._rated(at) if answer is not None), *given)

    def _rated(self, at: int) -> list[tuple[Ticket, Answer | None]]:
        bounds, rows = self._bounds[0], self.voices.tickets.rows
        kept = self.kept[0][bounds[at] : bounds[at + 1]]
        return [rated_ticket(rows[one], self.day) for one in kept]

    def ticket_columns(self) -> TicketColumns:
        """The tickets of the day."""
        every, kept = self.voices.ticket_columns, self.kept[0]
        return TicketColumns(
            self.places[every.account[kept]],
            every.opened[kept],
            every.responded[kept],
            every.closed[kept],
            every.urgent[kept],
            every.reopened[kept],
            every.complaint[kept],
        )

    def answer_columns(self) -> dict[str, AnswerColumns]:
        """The answers of the day by kind; ratings of closed tickets are answers."""
        kept, found = self.kept[1], {}
        account = self.places[self.voices.answers.account[kept]]
        for kind, (mine, days, scores) in self.voices.answers_by_kind.items():
            of_kind = mine[kept]
            found[kind] = AnswerColumns(
                account[of_kind], days[kept][of_kind], scores[kept][of_kind]
            )
        closed = self.voices.ticket_columns.closed
        rated = self.kept[0]
        rated = rated[(closed[rated] <= self.day.toordinal()) & (self.voices.ratings[rated] > 0)]
        if len(rated):
            account = self.places[self.voices.tickets.account[rated]]
            one = AnswerColumns(account, closed[rated], self.voices.ratings[rated])
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


def ordinals(texts: Sequence[str | None], absent: int) -> Ints:
    """The days of dates or instants."""
    days = _Days({None: absent})
    cut = [None if text is None else text[:10] for text in texts]
    return np.fromiter(map(days.__getitem__, cut), np.int64, len(cut))
