"""Facts on many days of the past, read once: what filling a history needs.

Days on which the same was known (the same imports, the same later changes to take back) differ
only by their dates. Their rows are read together and told apart here, by the conditions that the
statements of `store/facts.py` put to a single day.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from cs_workbench.core.commitments import COMMITTED, CommitForecast
from cs_workbench.core.facts import Answer, Portfolio, Ticket
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.columns import NEVER, Ints
from cs_workbench.core.kernels.usage import UsageColumns, UsageRow
from cs_workbench.core.renewals import Subscription
from cs_workbench.store.fact_columns import Lazy, columns_between, ordinals_of
from cs_workbench.store.facts import (
    ACCOUNT,
    AT_ONCE,
    SUBSCRIPTION,
    TERM_NAMED,
    TICKET,
    YEAR,
    Events,
    Happened,
    date_of,
    facts_of,
    subscription_of,
)
from cs_workbench.store.known import IS_TWO_WAY, RANGE, Known, plain_rows
from cs_workbench.store.relation_facts import with_relations
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_columns import DaysOfUsage, usage_columns
from cs_workbench.store.usage_facts import Usage
from cs_workbench.store.voices import DayVoices, Rows, Voices

Day = tuple[Known, Portfolio, Usage]

_SUBSCRIPTIONS = f"""SELECT {SUBSCRIPTION}, t.cancelled_on, t.start_date AS begins,
        t.cancelled_on AS ends, {AT_ONCE} AS at_once
    FROM subscription t
    WHERE {RANGE.format(key="subscription_id")} AND (t.start_date <= :as_of OR {AT_ONCE})
    ORDER BY t.account_key, t.start_date, t.subscription_id"""

_TICKETS = f"""SELECT {TICKET}, t.opened_at AS begins, t.closed_at AS ends
    FROM ticket t
    WHERE {RANGE.format(key="ticket_id")} AND t.opened_at <= :until
        AND (t.opened_at >= :floor OR t.closed_at IS NULL OR t.closed_at > :first_until)
    ORDER BY t.account_key, t.opened_at, t.ticket_id"""

_ANSWERS = f"""SELECT t.response_id, t.account_key, t.answered_on, t.kind, t.score,
        t.answered_on AS begins
    FROM survey_response t
    WHERE {RANGE.format(key="response_id")} AND t.answered_on BETWEEN :floor AND :as_of
    ORDER BY t.account_key, t.answered_on, t.response_id"""

_TWO_WAY = f"""SELECT t.account_key, t.occurred_at FROM touchpoint t
    WHERE {RANGE.format(key="touchpoint_id")} AND t.occurred_at <= :until AND {IS_TWO_WAY}
    ORDER BY t.account_key, t.occurred_at"""

_FORECASTS = f"""SELECT t.account_key, t.made_at, t.category, t.closes_on, {TERM_NAMED}
    FROM forecast t
    WHERE {RANGE.format(key="forecast_id")} AND t.made_at <= :until
    ORDER BY t.account_key, t.made_at, t.forecast_id"""

_ACCOUNTS = f"""SELECT {ACCOUNT}, t.started_on AS begins, {AT_ONCE} AS at_once FROM account t
    WHERE {RANGE.format(key="account_key")} ORDER BY t.account_key"""


class _Contract(NamedTuple):
    """A subscription, and without its end as long as that was not known."""

    begins: dt.date
    ends_known_on: dt.date
    running: Subscription
    ended: Subscription


class _Account(NamedTuple):
    """An account's row, and since when it counts."""

    begins: dt.date
    row: tuple[Any, ...]


def columns_on_days(
    connection: Connection, days: Sequence[Day], keys: tuple[int, int]
) -> Iterator[ChunkColumns]:
    """What `columns_between` gives, day by day, for days in ascending order."""
    for _, same in groupby(days, _knowledge):
        alike = list(same)
        if len(alike) == 1:
            yield columns_between(connection, *alike[0], keys)
            continue
        past = _Past(connection, alike, keys)
        for day in alike:
            yield past.columns_on(*day)


def _knowledge(day: Day) -> tuple[object, ...]:
    known = day[0]
    return known.unknown, known.recorded, known.born, known.earlier


class _Past:
    """All that happened to a range of accounts, with the days on which it counts."""

    def __init__(self, connection: Connection, days: Sequence[Day], keys: tuple[int, int]) -> None:
        self.connection = connection
        self.keys = keys
        self.events = Events(connection, days[-1][0], keys)
        first = days[0][0]
        self.events.given.update(floor=(first.as_of - YEAR).isoformat(), first_until=first.until)
        self.accounts = self._accounts()
        self.places = {key: place for place, key in enumerate(self.accounts)}
        self.subscriptions = self._subscriptions()
        self.voices = Voices(
            Rows(self.events.rows("ticket", _TICKETS), self.places),
            Rows(self.events.rows("survey_response", _ANSWERS), self.places),
        )
        self.two_way, self.two_way_on = self._contacts()
        self.forecasts = self._forecasts()
        self.champions = self.events.champions()
        self.commitments = self.events.commitments()
        usages = [usage for _, _, usage in days if not usage.corrections]
        self.usage = DaysOfUsage(connection, usages, list(self.accounts))

    def columns_on(self, known: Known, portfolio: Portfolio, usage: Usage) -> ChunkColumns:
        """The facts of one of the days."""
        day = known.as_of
        begun = np.array([one.begins <= day for one in self.accounts.values()], np.bool_)
        keys = [key for key, one in self.accounts.items() if one.begins <= day]
        places = {key: place for place, key in enumerate(keys)}
        voices = self.voices.on(day, begun)
        usages = (
            usage_columns(self.connection, known, usage, places)
            if usage.corrections
            else self.usage.on(usage, begun)
        )
        two_way = self._last_contact(day, begun)
        last = [None if one == NEVER else dt.date.fromordinal(one) for one in two_way.tolist()]
        facts = [
            facts_of(
                self.accounts[key].row,
                self._happened(key, at, (day, last[at]), voices, usages),
                portfolio,
            )
            for at, key in enumerate(keys)
        ]
        return ChunkColumns(
            portfolio,
            with_relations(self.connection, known, portfolio.kinds, self.keys, facts),
            usages,
            tickets=voices.ticket_columns(),
            answers=voices.answer_columns(),
            two_way=two_way,
            started=ordinals_of(one.started_on for one in facts),
        )

    def _happened(
        self,
        key: int,
        at: int,
        contact: tuple[dt.date, dt.date | None],
        voices: DayVoices,
        usages: Mapping[str, UsageColumns],
    ) -> Happened:
        day, last_two_way_on = contact
        tickets: Lazy[Ticket] = Lazy(voices.tickets_of, at)
        answers: Lazy[Answer] = Lazy(voices.answers_of, at)
        return Happened(
            [
                one.ended if one.ends_known_on <= day else one.running
                for one in self.subscriptions.get(key, ())
                if one.begins <= day
            ],
            tickets,
            answers,
            last_two_way_on,
            self._forecast(key, day),
            self.champions.get(key, ()),
            UsageRow(usages, at),
            self.commitments.get(key, ()),
        )

    def _last_contact(self, day: dt.date, begun: Any) -> Ints:
        """The last two-way contact by then, of the accounts that had begun."""
        found = np.full(len(self.places), NEVER, np.int64)
        by_then = self.two_way_on <= day.toordinal()
        np.maximum.at(found, self.two_way[by_then], self.two_way_on[by_then])
        last: Ints = found[begun]
        return last

    def _forecast(self, key: int, day: dt.date) -> CommitForecast | None:
        """The newest by then, where it commits and is not older than a year."""
        made, said = self.forecasts.get(key, ((), ()))
        at = bisect_right(made, day)
        return said[at - 1] if at and made[at - 1] >= day - YEAR else None

    def _subscriptions(self) -> dict[int, list[_Contract]]:
        found: dict[int, list[_Contract]] = defaultdict(list)
        changed = self.events.known.earlier["subscription"]
        for row in self.events.rows("subscription", _SUBSCRIPTIONS):
            one = subscription_of(row)
            begins, ends, at_once = row[-3:]
            was_changed = "cancelled_on" in changed.get(str(row[0]), ())
            known_on = dt.date.min if at_once or was_changed or ends is None else _day(ends)
            start = dt.date.min if at_once else _day(begins)
            found[row[1]].append(_Contract(start, known_on, one._replace(cancelled_on=None), one))
        return found

    def _contacts(self) -> tuple[Ints, Ints]:
        """Of each two-way contact the place of its account, and its day as an ordinal."""
        rows = [row for row in self._plain("touchpoint", _TWO_WAY) if row[0] in self.places]
        places = np.array([self.places[key] for key, _ in rows], np.int64)
        return places, np.array([_day(at).toordinal() for _, at in rows], np.int64)

    def _forecasts(self) -> dict[int, tuple[list[dt.date], list[CommitForecast | None]]]:
        """By account the days of its forecasts, and each of them that commits."""
        found: dict[int, tuple[list[dt.date], list[CommitForecast | None]]] = {}
        for key, at, category, closes, term_end in self._plain("forecast", _FORECASTS):
            made, said = found.setdefault(key, ([], []))
            one = CommitForecast(_day(at), date_of(closes), date_of(term_end))
            made.append(one.made_on)
            said.append(one if category in COMMITTED else None)
        return found

    def _accounts(self) -> dict[int, _Account]:
        found = {}
        for row in self.events.rows("account", _ACCOUNTS):
            *account, begins, at_once = row
            if account[-1] is None:
                start = dt.date.min if at_once or begins is None else _day(begins)
                found[row[0]] = _Account(start, tuple(account))
        return found

    def _plain(self, entity: str, sql: str) -> Iterator[tuple[Any, ...]]:
        """Rows of which changes are not taken back."""
        given = {**self.events.given, **self.events.known.limits(entity)}
        return plain_rows(self.connection, sql, given)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])
