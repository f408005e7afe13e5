"""Facts on many days of the past, read once: what filling a history needs.

Days on which the same was known (the same imports, the same later changes to take back) differ
only by their dates. Their rows are read together and told apart here, by the conditions that the
statements of `store/facts.py` put to a single day.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from cs_workbench.core.facts import AccountFacts, Answer, Portfolio, Ticket
from cs_workbench.core.renewals import Subscription
from cs_workbench.store.facts import (
    ACCOUNT,
    AT_ONCE,
    SUBSCRIPTION,
    TICKET,
    YEAR,
    Events,
    Happened,
    date_of,
    facts_between,
    facts_of,
    subscription_of,
    ticket_of,
)
from cs_workbench.store.known import IS_TWO_WAY, RANGE, Known, plain_rows
from cs_workbench.store.relation_facts import with_relations
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Usage
from cs_workbench.store.usage_history import UsageHistory, read_usage_history, usage_of

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

# Of several at one instant the one that a single day's statement meets first comes last.
_FORECASTS = f"""SELECT t.account_key, t.made_at, t.category FROM forecast t
    WHERE {RANGE.format(key="forecast_id")} AND t.made_at <= :until
    ORDER BY t.account_key, t.made_at, t.rowid DESC"""

_ACCOUNTS = f"""SELECT {ACCOUNT}, t.started_on AS begins, {AT_ONCE} AS at_once FROM account t
    WHERE {RANGE.format(key="account_key")} ORDER BY t.account_key"""


class _Contract(NamedTuple):
    """A subscription, and without its end as long as that was not known."""

    begins: dt.date
    ends_known_on: dt.date
    running: Subscription
    ended: Subscription


class _Request(NamedTuple):
    """A ticket, and its rating from the day on which it was closed."""

    begins: dt.date
    ends: dt.date | None
    unrated: Ticket
    rated: Ticket
    answer: Answer | None


class _Account(NamedTuple):
    """An account's row, and since when it counts."""

    begins: dt.date
    row: tuple[Any, ...]


def facts_on_days(
    connection: Connection, days: Sequence[Day], keys: tuple[int, int]
) -> Iterator[list[AccountFacts]]:
    """What `facts_between` gives, day by day, for days in ascending order."""
    for _, same in groupby(days, _knowledge):
        alike = list(same)
        if len(alike) == 1:
            known, portfolio, usage = alike[0]
            yield facts_between(connection, known, portfolio, usage, keys)
            continue
        past = _Past(connection, alike, keys)
        for day in alike:
            known, portfolio, _ = day
            facts = past.facts_on(*day)
            yield with_relations(connection, known, portfolio.kinds, keys, facts)


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
        self.events.given.update(floor=_text(first.as_of - YEAR), first_until=first.until)
        self.subscriptions = self._subscriptions()
        self.tickets = self._tickets()
        self.answers = self._answers()
        self.contacts = self._contacts()
        self.forecasts = self._forecasts()
        self.champions = self.events.champions()
        self.accounts = self._accounts()
        self.usage: UsageHistory = read_usage_history(
            connection, [usage for _, _, usage in days if not usage.corrections], keys
        )

    def facts_on(self, known: Known, portfolio: Portfolio, usage: Usage) -> list[AccountFacts]:
        """The facts of one of the days."""
        day = known.as_of
        series = (
            usage_of(self.connection, known, usage, self.keys)
            if usage.corrections
            else self.usage.on(usage)
        )
        facts = []
        for key, account in self.accounts.items():
            if account.begins > day:
                continue
            tickets, answers = self._tickets_and_answers(key, day)
            happened = Happened(
                [
                    one.ended if one.ends_known_on <= day else one.running
                    for one in self.subscriptions.get(key, ())
                    if one.begins <= day
                ],
                tuple(tickets),
                tuple(answers),
                _last(self.contacts.get(key), day),
                self._is_committed(key, day),
                self.champions.get(key, ()),
                series.get(key, {}),
            )
            facts.append(facts_of(account.row, happened, portfolio))
        return facts

    def _tickets_and_answers(self, key: int, day: dt.date) -> tuple[list[Ticket], list[Answer]]:
        tickets, answers = [], []
        floor = day - YEAR
        for begins, ends, unrated, rated, answer in self.tickets.get(key, ()):
            if begins > day or (begins < floor and ends is not None and ends <= day):
                continue
            if answer is not None and answer.answered_on <= day:
                tickets.append(rated)
                answers.append(answer)
            else:
                tickets.append(unrated)
        answers += [one for on, one in self.answers.get(key, ()) if floor <= on <= day]
        return tickets, answers

    def _is_committed(self, key: int, day: dt.date) -> bool:
        made, categories = self.forecasts.get(key, ((), ()))
        at = bisect_right(made, day)
        return at > 0 and made[at - 1] >= day - YEAR and categories[at - 1] in _COMMITTED

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

    def _tickets(self) -> dict[int, list[_Request]]:
        found: dict[int, list[_Request]] = defaultdict(list)
        for row in self.events.rows("ticket", _TICKETS):
            rated = ticket_of(row)
            end, rating = rated.closed_on, rated.csat
            answer = None if end is None or rating is None else Answer(end, "csat", rating)
            unrated = rated._replace(csat=None)
            found[row[1]].append(_Request(_day(row[-2]), date_of(row[-1]), unrated, rated, answer))
        return found

    def _answers(self) -> dict[int, list[tuple[dt.date, Answer]]]:
        found: dict[int, list[tuple[dt.date, Answer]]] = defaultdict(list)
        for _, key, on, kind, score, begins in self.events.rows("survey_response", _ANSWERS):
            found[key].append((_day(begins), Answer(_day(on), kind, score)))
        return found

    def _contacts(self) -> dict[int, list[dt.date]]:
        found: dict[int, list[dt.date]] = defaultdict(list)
        for key, at in self._plain("touchpoint", _TWO_WAY):
            found[key].append(_day(at))
        return found

    def _forecasts(self) -> dict[int, tuple[list[dt.date], list[str]]]:
        found: dict[int, tuple[list[dt.date], list[str]]] = {}
        for key, at, category in self._plain("forecast", _FORECASTS):
            made, categories = found.setdefault(key, ([], []))
            made.append(_day(at))
            categories.append(category)
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


_COMMITTED = frozenset({"commit", "closed"})


def _last(days: Sequence[dt.date] | None, day: dt.date) -> dt.date | None:
    """The last of the ascending days that is not after the day."""
    at = 0 if days is None else bisect_right(days, day)
    return days[at - 1] if days is not None and at else None


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _text(day: dt.date) -> str:
    return day.isoformat()
