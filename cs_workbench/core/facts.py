"""Everything that was known of one account on one day, as the measures read it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cs_workbench.core.judgements import Rating
from cs_workbench.core.renewals import DEFAULT_POLICY, NextRenewal, RenewalPolicy, Subscription
from cs_workbench.core.usage import UsageSeries


class Ticket(NamedTuple):
    """A support request; a named tuple, as all of this module's rows, for speed of building."""

    opened_on: dt.date
    responded_on: dt.date | None
    closed_on: dt.date | None
    priority: str
    reopened_count: int
    is_complaint: bool
    csat: int | None
    ticket_id: str = ""

    def is_open(self, day: dt.date) -> bool:
        """Whether it waits on that day."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)


class Answer(NamedTuple):
    """What a person answered to a survey."""

    answered_on: dt.date
    kind: str
    score: int


class Touch(NamedTuple):
    """One contact, and whether the customer took part in it."""

    on: dt.date
    two_way: bool


class Champion(NamedTuple):
    """Who has or had the role of champion, since when no longer there, or in another role."""

    contact_id: str
    name: str
    left_on: dt.date | None
    lost_role_on: dt.date | None = None

    def gone_on(self, day: dt.date) -> dt.date | None:
        """The day since which the role is empty on that day; None if it is filled."""
        ends = [one for one in (self.left_on, self.lost_role_on) if one is not None and one <= day]
        return min(ends, default=None)


class Contact(NamedTuple):
    """A person on the customer's side; `last_on` is the last two-way contact with them."""

    name: str
    role: str | None
    left_on: dt.date | None
    last_on: dt.date | None

    def is_there(self, day: dt.date) -> bool:
        """Whether the person had not left by that day."""
        return self.left_on is None or self.left_on > day


class Invoice(NamedTuple):
    """What the customer owes, and when it was paid."""

    due_on: dt.date
    paid_on: dt.date | None

    def is_paid(self, day: dt.date) -> bool:
        """Whether it was paid by that day."""
        return self.paid_on is not None and self.paid_on <= day


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What holds for all accounts on the day.

    Attributes:
        as_of: the day.
        kinds: what was imported at all by then: `tickets`, `nps`, `csat`, `ces`,
            `touchpoints`, `usage`; where the scorecard asks for them also `contacts`, `promises`,
            `invoices`, `ratings`.
            A kind that never came makes its measures missing; without it nothing is zero.
        begins: the first day on which a kind has anything.
        main_metric: the usage metric that measures read unless they name another.
        usage_until: the last day for which the main metric is known.
        seat_metric: the metric that is compared with seats.
        labels: of the metrics, as people call them.
        renewals: when a renewal is decided, by the policy of the day.
    """

    as_of: dt.date
    kinds: frozenset[str]
    begins: Mapping[str, dt.date]
    main_metric: str | None
    usage_until: dt.date | None
    seat_metric: str | None
    labels: Mapping[str, str]
    renewals: RenewalPolicy = DEFAULT_POLICY


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account on one day.

    Attributes:
        subscriptions: all that had begun or were agreed by then, by start.
        seats: contracted on the day; `arr_minor` the ARR on it in the account's currency, None
            where no price is known.
        renewal: the next decision, and `is_committed` whether the customer has agreed to it.
        tickets: opened in the last 365 days, or open.
        answers: surveys of the last 365 days, oldest first; answers on tickets among them.
        touches: of the last 365 days, and the last two-way one whenever it was.
        usage: half a year of the metrics that the scorecard reads.
        champions: contacts with that role, also those who left or lost it.
        contacts, promises_due, invoices: where the scorecard asks for them; of promises the days
            of ours that are open, of invoices those of two years and the unpaid.
        ratings: where the scorecard asks for any, the newest of each thing that is rated.
    """

    account_key: int
    currency: str
    segment: str | None
    lifecycle_stage: str | None
    started_on: dt.date | None
    is_former: bool
    subscriptions: tuple[Subscription, ...]
    seats: int | None
    arr_minor: int | None
    renewal: NextRenewal | None
    is_committed: bool
    tickets: Sequence[Ticket]
    answers: Sequence[Answer]
    last_two_way_on: dt.date | None
    usage: Mapping[str, UsageSeries]
    portfolio: Portfolio
    champions: tuple[Champion, ...] = ()
    contacts: tuple[Contact, ...] = ()
    promises_due: tuple[dt.date, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    ratings: tuple[Rating, ...] = ()
