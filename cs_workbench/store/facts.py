"""Facts of accounts as of a day, read in ranges of accounts so that memory stays small."""

import datetime as dt
import json
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from cs_workbench.core.agreements import as_agreed
from cs_workbench.core.commitments import COMMITTED, CommitForecast, KnownCommitment
from cs_workbench.core.facts import AccountFacts, Answer, Champion, Portfolio, Ticket
from cs_workbench.core.renewals import (
    NextRenewal,
    Subscription,
    arr_at_stake,
    is_former,
    next_renewal,
    seats_on,
    subscriptions_in_force,
)
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.core.usage import UsageSeries
from cs_workbench.store.known import IS_TWO_WAY, KNOWN_THEN, RANGE, Known, plain_rows
from cs_workbench.store.relation_facts import relation_kinds, with_relations
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import Usage, pick_usage
from cs_workbench.store.usage_history import usage_of

# Not assumed: it counts from its entry, whatever its own date says.
AT_ONCE = "(t.import_id IS NULL OR t.import_id IN (SELECT value FROM json_each(:recorded)))"

# What a first load says of the time after the day was not known then.
SUBSCRIPTION = (
    "t.subscription_id, t.account_key, t.product, t.seats, t.arr_minor, t.currency, t.start_date, "
    "t.end_date, t.term_months, t.notice_days, t.auto_renew, t.is_trial, "
    "(SELECT i.source FROM import_run i WHERE i.import_id = t.import_id) AS source, "
    "(SELECT i.hand FROM import_run i WHERE i.import_id = t.import_id) AS hand"
)
CANCELLED_THEN = f"CASE WHEN t.cancelled_on <= :as_of OR {AT_ONCE} THEN t.cancelled_on END"
_SUBSCRIPTIONS = f"""SELECT {SUBSCRIPTION},
        {CANCELLED_THEN} AS cancelled_on
    FROM subscription t
    WHERE {RANGE.format(key="subscription_id")} AND (t.start_date <= :as_of OR {AT_ONCE})
    ORDER BY t.account_key, t.start_date, t.subscription_id"""

TICKET = (
    "t.ticket_id, t.account_key, t.opened_at, t.first_response_at, t.closed_at, t.priority, "
    "t.reopened_count, t.is_complaint, t.csat"
)
TICKET_ROWS = f"""SELECT {TICKET}
    FROM ticket t
    WHERE {RANGE.format(key="ticket_id")} AND t.opened_at <= :until
        AND (t.opened_at >= :floor OR t.closed_at IS NULL OR t.closed_at > :until)
    ORDER BY t.account_key, t.opened_at, t.ticket_id"""

ANSWER_ROWS = f"""SELECT t.response_id, t.account_key, t.answered_on, t.kind, t.score
    FROM survey_response t
    WHERE {RANGE.format(key="response_id")} AND t.answered_on BETWEEN :floor AND :as_of
    ORDER BY t.account_key, t.answered_on, t.response_id"""

_LAST_TWO_WAY = f"""SELECT t.account_key, max(t.occurred_at) FROM touchpoint t
    WHERE {RANGE.format(key="touchpoint_id")} AND t.occurred_at <= :until AND {IS_TWO_WAY}
    GROUP BY t.account_key"""

# The term that a person named; that of an imported one follows from the contracts.
TERM_NAMED = "CASE WHEN t.import_id IS NULL THEN t.renewal_end END AS renewal_end"
# Of several at one instant the one that was written last counts, as everywhere.
_NEWEST_FORECAST = f"""SELECT t.account_key, t.category, max(t.made_at || t.forecast_id),
        t.closes_on, {TERM_NAMED}
    FROM forecast t
    WHERE {RANGE.format(key="forecast_id")} AND t.made_at <= :until GROUP BY t.account_key"""

# Each commitment with every end date that its renewal was known to have, and the first withdrawal
# that came after it.
_COMMITMENTS = """SELECT c.account_key, c.contact_id, p.left_on, date(c.made_at),
        coalesce(r.end_date, c.renewal_end),
        (SELECT min(date(w.made_at)) FROM commitment w WHERE w.account_key = c.account_key
            AND w.renewal_end = c.renewal_end AND w.level = 'withdrawn'
            AND (w.made_at, w.commitment_id) > (c.made_at, c.commitment_id))
    FROM commitment c LEFT JOIN contact p ON p.contact_id = c.contact_id
        LEFT JOIN renewal r ON r.account_key = c.account_key AND r.filed_as = c.renewal_end
    WHERE c.account_key BETWEEN :first AND :last AND c.level <> 'withdrawn'
        AND c.made_at <= :until
    ORDER BY c.account_key, c.made_at, c.commitment_id, r.renewal_key"""

# Also who had the role at any time: with later changes taken back they may have it on the day.
_CHAMPIONS = f"""SELECT t.contact_id, t.account_key, t.name, t.left_on, t.role FROM contact t
    WHERE {RANGE.format(key="contact_id")} AND (t.role = 'champion'
        OR t.contact_id IN (SELECT value FROM json_each(:role_changed)))
    ORDER BY t.account_key, t.contact_id"""

# A stage carries no date: of a first load it was not known before the import.
ACCOUNT = (
    "t.account_key, t.currency, t.segment, "
    f"CASE WHEN {AT_ONCE} THEN t.lifecycle_stage END AS lifecycle_stage, "
    "t.started_on, t.merged_into"
)
ACCOUNT_ROWS = f"""SELECT {ACCOUNT} FROM account t
    WHERE {RANGE.format(key="account_key")} AND (t.started_on IS NULL OR t.started_on <= :as_of
        OR {AT_ONCE})
    ORDER BY t.account_key"""

# By kind: its table, the column of its day, and what else has to hold.
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "tickets": ("ticket", "opened_at", ""),
    "ticket csat": ("ticket", "opened_at", "csat IS NOT NULL AND closed_at <= :until AND "),
    "nps": ("survey_response", "answered_on", "kind = 'nps' AND "),
    "csat": ("survey_response", "answered_on", "kind = 'csat' AND "),
    "ces": ("survey_response", "answered_on", "kind = 'ces' AND "),
    "touchpoints": ("touchpoint", "occurred_at", ""),
}
_KEYS = {
    "ticket": "ticket_id",
    "survey_response": "response_id",
    "touchpoint": "touchpoint_id",
}
YEAR = dt.timedelta(days=365)
TWO_WAY_JSON = json.dumps(sorted(TWO_WAY))


def account_keys(connection: Connection) -> "array[int]":
    """Every account's key, ascending, small enough for any portfolio."""
    found = plain_rows(connection, "SELECT account_key FROM account ORDER BY account_key", ())
    return array("q", (row[0] for row in found))


def read_portfolio(
    connection: Connection, known: Known, scorecard: Scorecard, *, find_begins: bool = True
) -> tuple[Portfolio, Usage]:
    """What holds for all accounts on the day, and which usage is to be read.

    Without `find_begins` it is only found out which kinds there are; any of their days stands for
    the first, which takes a whole pass over each table.
    """
    usage = pick_usage(connection, known, scorecard)
    begins: dict[str, dt.date] = {}
    for kind, (table, column, condition) in _KINDS.items():
        wanted = f"min({column})" if find_begins else column
        statement = (
            f"SELECT {wanted} FROM {table} t WHERE {condition}{column} <= :until "
            f"AND {KNOWN_THEN.format(key=_KEYS[table])} LIMIT 1"
        )
        (first,) = next(plain_rows(connection, statement, known.limits(table)), (None,))
        if first is not None:
            begins[kind] = dt.date.fromisoformat(first[:10])
    kinds = {"csat" if kind == "ticket csat" else kind for kind in begins}
    if usage.main is not None:
        kinds.add("usage")
    kinds |= relation_kinds(connection, known, {one.measure.kind for one in scorecard.measures})
    portfolio = Portfolio(
        as_of=known.as_of,
        kinds=frozenset(kinds),
        begins=begins,
        main_metric=None if usage.main is None else usage.main.name,
        usage_until=None if usage.main is None else usage.main.last_day,
        seat_metric=None if usage.seats is None else usage.seats.name,
        labels=usage.labels,
        renewals=rules_on(connection, known.as_of),
    )
    return portfolio, usage


def facts_between(
    connection: Connection, known: Known, portfolio: Portfolio, usage: Usage, keys: tuple[int, int]
) -> list[AccountFacts]:
    """The facts of the accounts from the first to the last key; merged ones have none."""
    events = Events(connection, known, keys)
    subscriptions, series = events.subscriptions(), usage_of(connection, known, usage, keys)
    tickets, answers = events.tickets_and_answers()
    contacts, forecasts, champions = events.last_two_way(), events.forecasts(), events.champions()
    commitments = events.commitments()
    facts = []
    for row in events.rows("account", ACCOUNT_ROWS):
        key = row[0]
        if row[-1] is None:
            happened = Happened(
                subscriptions.get(key, ()),
                tuple(tickets.get(key, ())),
                tuple(answers.get(key, ())),
                contacts.get(key),
                forecasts.get(key),
                champions.get(key, ()),
                series.get(key, {}),
                commitments.get(key, ()),
            )
            facts.append(facts_of(row, happened, portfolio))
    return with_relations(connection, known, portfolio.kinds, keys, facts)


class Happened(NamedTuple):
    """What was known of one account; the parts as in `AccountFacts`.

    Attributes:
        forecast: the newest one where it commits; `commitments` are the customer's own.
    """

    subscriptions: Sequence[Subscription]
    tickets: Sequence[Ticket]
    answers: Sequence[Answer]
    last_two_way_on: dt.date | None
    forecast: CommitForecast | None
    champions: Sequence[Champion]
    usage: Mapping[str, UsageSeries]
    commitments: Sequence[KnownCommitment] = ()


def facts_of(account: Sequence[Any], happened: Happened, portfolio: Portfolio) -> AccountFacts:
    """Put together what follows from a row of `ACCOUNT` and what happened by then."""
    key, currency, segment, stage, started = account[:5]
    as_of, rules = portfolio.as_of, portfolio.renewals
    mine = tuple(as_agreed(happened.subscriptions, as_of, grace_days=rules.grace_days))
    running = subscriptions_in_force(mine, as_of)
    renewal = next_renewal(mine, as_of, segment=segment, policy=rules)
    stake = arr_at_stake(running or mine, as_of, rules)
    if len(stake) == 1:  # whatever the account's own currency is: that is what they pay in
        (currency,) = stake
    return AccountFacts(
        account_key=key,
        currency=currency,
        segment=segment,
        lifecycle_stage=stage,
        started_on=date_of(started),
        is_former=not running and is_former(mine, as_of, stage=stage, policy=rules),
        subscriptions=mine,
        seats=seats_on(running, as_of),
        arr_minor=stake.get(currency, 0) if mine else None,
        renewal=renewal,
        is_committed=_is_committed(happened, mine, renewal, as_of),
        tickets=happened.tickets,
        answers=happened.answers,
        last_two_way_on=happened.last_two_way_on,
        usage=happened.usage,
        portfolio=portfolio,
        champions=tuple(happened.champions),
    )


def _is_committed(
    happened: Happened,
    subscriptions: Sequence[Subscription],
    renewal: NextRenewal | None,
    day: dt.date,
) -> bool:
    forecast = happened.forecast
    if forecast is not None and forecast.holds(subscriptions, day):
        return True
    return renewal is not None and any(one.covers(renewal, day) for one in happened.commitments)


class Events:
    """The queries over one range of accounts."""

    def __init__(self, connection: Connection, known: Known, keys: tuple[int, int]) -> None:
        self.connection = connection
        self.known = known
        self.given = {
            "first": keys[0],
            "last": keys[1],
            "floor": (known.as_of - YEAR).isoformat(),
            "two_way": TWO_WAY_JSON,
        }

    def rows(self, entity: str, sql: str) -> Any:
        """Rows as they were then."""
        found = plain_rows(self.connection, sql, {**self.given, **self.known.limits(entity)})
        return self.known.as_then(entity, found)

    def subscriptions(self) -> dict[int, list[Subscription]]:
        """By account, by start."""
        found: dict[int, list[Subscription]] = defaultdict(list)
        for row in self.rows("subscription", _SUBSCRIPTIONS):
            found[row[1]].append(subscription_of(row))
        return found

    def tickets_and_answers(self) -> tuple[dict[int, list[Ticket]], dict[int, list[Answer]]]:
        """By account; a rating on a closed ticket is an answer of the day it was closed."""
        tickets: dict[int, list[Ticket]] = defaultdict(list)
        answers: dict[int, list[Answer]] = defaultdict(list)
        for row in self.rows("ticket", TICKET_ROWS):
            ticket, answer = rated_ticket(row, self.known.as_of)
            tickets[row[1]].append(ticket)
            if answer is not None:
                answers[row[1]].append(answer)
        for row in self.rows("survey_response", ANSWER_ROWS):
            answers[row[1]].append(answer_of(row))
        return tickets, answers

    def champions(self) -> dict[int, list[Champion]]:
        """By account; who left or lost the role after the day still has it."""
        found: dict[int, list[Champion]] = defaultdict(list)
        lost = self.known.roles_lost
        self.given["role_changed"] = json.dumps(sorted(lost))
        for contact_id, key, name, left, role in self.rows("contact", _CHAMPIONS):
            since = None if role == "champion" else lost.get(contact_id)
            if role == "champion" or since is not None:
                found[key].append(Champion(contact_id, name, date_of(left), since))
        return found

    def last_two_way(self) -> dict[int, dt.date]:
        """By account, the last day on which the customer took part in a contact."""
        found = plain_rows(
            self.connection, _LAST_TWO_WAY, {**self.given, **self.known.limits("touchpoint")}
        )
        return {key: _day(at[:10]) for key, at in found}

    def commitments(self) -> dict[int, list[KnownCommitment]]:
        """By account; void from the day on which its signer left, as that was known."""
        found: dict[int, list[KnownCommitment]] = defaultdict(list)
        earlier = self.known.earlier["contact"]
        given = {**self.given, "until": self.known.until}
        for key, contact, left_on, made, end, withdrawn in plain_rows(
            self.connection, _COMMITMENTS, given
        ):
            left = earlier.get(str(contact), {}).get("left_on", left_on)
            over = min(date_of(left) or dt.date.max, date_of(withdrawn) or dt.date.max)
            found[key].append(KnownCommitment(_day(end), _day(made), over))
        return found

    def forecasts(self) -> dict[int, CommitForecast]:
        """By account, the newest forecast where it commits and is not older than a year."""
        found = plain_rows(
            self.connection, _NEWEST_FORECAST, {**self.given, **self.known.limits("forecast")}
        )
        floor = str(self.given["floor"])
        return {
            key: CommitForecast(_day(at[:10]), date_of(closes), date_of(renewal_end))
            for key, category, at, closes, renewal_end in found
            if category in COMMITTED and at >= floor
        }


def subscription_of(row: Sequence[Any]) -> Subscription:
    """Of a row of `SUBSCRIPTION` and the day of cancelling."""
    sub, _, product, seats, arr, currency, start, end, term, notice, auto, trial = row[:12]
    source, hand, gone = row[12:15]
    return Subscription(
        sub,
        product,
        seats,
        arr,
        currency,
        _day(start),
        date_of(end),
        term,
        notice,
        bool(auto),
        bool(trial),
        date_of(gone),
        source,
        hand or 1,
    )


def ticket_of(row: Sequence[Any]) -> Ticket:
    """Of a row of `TICKET`."""
    ticket_id, _, opened, responded, closed, priority, reopened, complaint, csat = row[:9]
    return Ticket(
        _day(opened[:10]),
        date_of(responded),
        date_of(closed),
        priority,
        reopened,
        bool(complaint),
        csat,
        ticket_id,
    )


def rated_ticket(row: Sequence[Any], as_of: dt.date) -> tuple[Ticket, Answer | None]:
    """The ticket, and its rating as an answer once it is closed; before there is none."""
    ticket = ticket_of(row)
    end, rating = ticket.closed_on, ticket.csat
    if rating is None:
        return ticket, None
    if end is None or end > as_of:
        return ticket._replace(csat=None), None
    return ticket, Answer(end, "csat", rating)


def answer_of(row: Sequence[Any]) -> Answer:
    """Of a row of `ANSWER_ROWS`."""
    _, _, day, kind, score = row[:5]
    return Answer(_day(day), kind, score)


def date_of(text: str | None) -> dt.date | None:
    """The day of a date or an instant."""
    return None if text is None else _day(text[:10])


@lru_cache(maxsize=4096)
def _day(text: str) -> dt.date:
    """Read once; a year of a hundred thousand accounts has few days."""
    return dt.date.fromisoformat(text)
