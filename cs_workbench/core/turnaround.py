"""How fast and how well customers are answered: turnaround, first contact, drivers, their time.

Unknown is None, never zero; every share says of how many it is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

from cs_workbench.core.memory import SEVERITIES
from cs_workbench.core.service_clocks import WorkingHours, due_at, minutes_between
from cs_workbench.core.service_policy import ServicePolicy, Target

REPEAT_DAYS: Final = 7


class ServiceTicket(NamedTuple):
    """A ticket as service sees it; instants are UTC, `waiting_minutes` was the customer's turn."""

    ticket_id: str
    account_key: int
    subject: str | None
    driver: str | None
    priority: str
    opened_at: dt.datetime
    first_response_at: dt.datetime | None
    closed_at: dt.datetime | None
    reopened: int
    reassigned: int
    asked_again: int
    waiting_minutes: int
    region: str | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in minutes: how many, the one in the middle, and the one that 9 of 10 keep to."""

    n: int
    median: int | None
    p90: int | None


def spread_of(minutes: Sequence[int]) -> Spread:
    """The spread of some times; the 90 % quantile is the nearest rank, never a mean of two."""
    if not minutes:
        return Spread(0, None, None)
    ordered = sorted(minutes)
    return Spread(len(ordered), round(median(ordered)), ordered[-(-9 * len(ordered) // 10) - 1])


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its numerator and denominator; None of nothing."""

    numerator: int
    denominator: int

    @property
    def e4(self) -> int | None:
        """In 1/10,000."""
        return self.numerator * 10_000 // self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How one type of query does against its target.

    Attributes:
        priorities: of its tickets, for which the target holds.
        target: what was promised.
        first_response, resolution: of what was answered, or closed.
        answered: of the tickets answered, or waiting beyond the target, those answered in time.
        met: of the tickets closed, or open beyond the target, those that kept to it.
    """

    kind: str
    priorities: tuple[str, ...]
    target: Target
    first_response: Spread
    resolution: Spread
    answered: Share
    met: Share


@dataclass(frozen=True, slots=True)
class Breach:
    """An open ticket with the instant by which it is due, and how far it is beyond (minutes).

    `beyond` is below zero while there is time left.
    """

    ticket: ServiceTicket
    kind: str
    what: str
    due: dt.datetime
    beyond: int


@dataclass(frozen=True, slots=True)
class Driver:
    """Why customers write: how often, how hard it is, and what there is to answer with.

    Attributes:
        touches_e2: contacts a ticket took, in 1/100: one, and one for each reopening, reassignment
            and question that was asked again.
        weight: frequency × complexity.
        answer: a link or a procedure from the policy; None where there is none yet.
    """

    name: str
    n: int
    resolution: Spread
    touches_e2: int
    is_complex: bool
    weight: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class TimeCost:
    """What we cost one account in time."""

    account_key: int
    tickets: int
    wait_minutes: int
    reopened: int
    passed_on: int
    asked_again: int


def elapsed(ticket: ServiceTicket, until: dt.datetime, policy: ServicePolicy) -> int:
    """Minutes since it was opened on the clock of its target, without the customer's turns."""
    target = policy.target(ticket.driver, ticket.priority)
    hours = policy.hours(ticket.region)
    spent = minutes_between(ticket.opened_at, until, hours, target.clock)
    return max(0, spent - ticket.waiting_minutes) if policy.waiting_stops else spent


def turnarounds(
    tickets: Iterable[ServiceTicket], now: dt.datetime, policy: ServicePolicy
) -> list[Turnaround]:
    """By query type, the most frequent first; answers of machines are not among the responses."""
    groups: dict[tuple[str, Target], list[ServiceTicket]] = defaultdict(list)
    for one in tickets:
        groups[one.driver or "", policy.target(one.driver, one.priority)].append(one)
    found = [_turnaround(*key, group, now, policy) for key, group in groups.items()]
    return sorted(found, key=lambda one: (-one.resolution.n, one.kind, one.target.resolution))


def _turnaround(
    kind: str,
    target: Target,
    group: Sequence[ServiceTicket],
    now: dt.datetime,
    policy: ServicePolicy,
) -> Turnaround:
    def until(end: dt.datetime, one: ServiceTicket) -> int:
        return minutes_between(one.opened_at, end, policy.hours(one.region), target.clock)

    answers = [until(one.first_response_at, one) for one in group if one.first_response_at]
    waiting = [one for one in group if one.first_response_at is None and one.closed_at is None]
    closed = [elapsed(one, one.closed_at, policy) for one in group if one.closed_at is not None]
    unanswered = sum(until(now, one) > target.first_response for one in waiting)
    late = sum(
        elapsed(one, now, policy) > target.resolution for one in group if one.closed_at is None
    )
    in_time = sum(minutes <= target.first_response for minutes in answers)
    kept = sum(minutes <= target.resolution for minutes in closed)
    priorities = {one.priority for one in group}
    return Turnaround(
        kind=kind,
        priorities=tuple(name for name in SEVERITIES if name in priorities),
        target=target,
        first_response=spread_of(answers),
        resolution=spread_of(closed),
        answered=Share(in_time, len(answers) + unanswered),
        met=Share(kept, len(closed) + late),
    )


def breach_board(
    tickets: Iterable[ServiceTicket], now: dt.datetime, policy: ServicePolicy
) -> list[Breach]:
    """Open tickets by how far they are beyond their target, the worst first.

    One without an answer is due by its first response, others by their resolution.
    """
    board: list[Breach] = []
    for one in tickets:
        if one.closed_at is not None:
            continue
        target, hours = policy.target(one.driver, one.priority), policy.hours(one.region)
        waits = one.first_response_at is None
        minutes = target.first_response if waits else target.resolution
        pause = 0 if waits or not policy.waiting_stops else one.waiting_minutes
        due = due_at(one.opened_at, minutes + pause, hours, target.clock)
        beyond = _beyond(due, now, hours, target)
        what = "first response" if waits else "resolution"
        board.append(Breach(one, one.driver or "", what, due, beyond))
    return sorted(board, key=lambda one: (-one.beyond, one.ticket.ticket_id))


def _beyond(due: dt.datetime, now: dt.datetime, hours: WorkingHours, target: Target) -> int:
    if now >= due:
        return minutes_between(due, now, hours, target.clock)
    return -minutes_between(now, due, hours, target.clock)


def first_contact(tickets: Iterable[ServiceTicket], now: dt.datetime) -> Share:
    """FCR: resolved at first contact, of the contacts closed at least seven days ago.

    One that was reopened, or came again from the same account for the same reason within seven
    days after it was closed, was not resolved. Without a known reason no repeat can be seen.
    """
    return _share_of(solved for _, solved in _solved_at_first(tickets, now))


def first_contact_by(
    tickets: Iterable[ServiceTicket], now: dt.datetime, group: Callable[[ServiceTicket], str]
) -> dict[str, Share]:
    """FCR of each group; what comes again is seen in other groups too."""
    groups: dict[str, list[bool | None]] = defaultdict(list)
    for one, solved in _solved_at_first(tickets, now):
        groups[group(one)].append(solved)
    return {name: _share_of(groups[name]) for name in sorted(groups)}


def _share_of(solved: Iterable[bool | None]) -> Share:
    found = [one for one in solved if one is not None]
    return Share(sum(found), len(found))


def _solved_at_first(
    tickets: Iterable[ServiceTicket], now: dt.datetime
) -> Iterator[tuple[ServiceTicket, bool | None]]:
    """Of each ticket whether it was resolved at first contact; None: open, or closed just now."""
    everything = list(tickets)
    opened: dict[tuple[int, str], list[dt.datetime]] = defaultdict(list)
    for one in everything:
        if one.driver is not None:
            opened[one.account_key, one.driver].append(one.opened_at)
    window = dt.timedelta(REPEAT_DAYS)
    for one in everything:
        end = one.closed_at
        if end is None or now - end < window:
            yield one, None
            continue
        later = () if one.driver is None else opened[one.account_key, one.driver]
        repeated = any(end < at <= end + window for at in later)
        yield one, not one.reopened and not repeated


def drivers(tickets: Iterable[ServiceTicket], policy: ServicePolicy) -> list[Driver]:
    """Why customers write, by frequency × complexity: the largest is where work pays first."""
    groups: dict[str, list[ServiceTicket]] = defaultdict(list)
    for one in tickets:
        if one.driver:
            groups[one.driver].append(one)
    found = [_driver(name, group, policy) for name, group in groups.items()]
    return sorted(found, key=lambda one: (-one.weight, one.name))


def drivers_by(
    tickets: Iterable[ServiceTicket], policy: ServicePolicy, group: Callable[[ServiceTicket], str]
) -> dict[str, list[Driver]]:
    """Why each group of customers writes, by frequency × complexity."""
    groups: dict[str, list[ServiceTicket]] = defaultdict(list)
    for one in tickets:
        groups[group(one)].append(one)
    return {name: drivers(groups[name], policy) for name in sorted(groups)}


def _driver(name: str, group: Sequence[ServiceTicket], policy: ServicePolicy) -> Driver:
    closed = [elapsed(one, one.closed_at, policy) for one in group if one.closed_at is not None]
    touches = sum(1 + one.reopened + one.reassigned + one.asked_again for one in group)
    spread = spread_of(closed)
    touches_e2 = touches * 100 // len(group)
    is_complex = touches_e2 > policy.simple_touches_e2 or (
        spread.median is not None and spread.median > policy.simple_minutes
    )
    weight = len(group) * max(1, spread.median or 0) * touches_e2 // 100
    return Driver(
        name,
        len(group),
        spread,
        touches_e2,
        is_complex,
        weight,
        policy.answers.get(name.casefold()),
    )


def time_costs(tickets: Iterable[ServiceTicket], now: dt.datetime) -> list[TimeCost]:
    """What each account waited for a first answer, all hours, and was made to do again."""
    groups: Mapping[int, list[ServiceTicket]] = defaultdict(list)
    for one in tickets:
        groups[one.account_key].append(one)
    found = [
        TimeCost(
            account_key=key,
            tickets=len(group),
            wait_minutes=sum(_waited(one, now) for one in group),
            reopened=sum(one.reopened for one in group),
            passed_on=sum(one.reassigned for one in group),
            asked_again=sum(one.asked_again for one in group),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.wait_minutes, one.account_key))


def _waited(ticket: ServiceTicket, now: dt.datetime) -> int:
    """Minutes until somebody answered; one that was closed without an answer waited until then."""
    until = ticket.first_response_at or ticket.closed_at or now
    return max(0, int((until - ticket.opened_at).total_seconds() // 60))
