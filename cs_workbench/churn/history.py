"""An account book's facts as arrays, each fact with the day from which it was known.

Days are proleptic ordinals (`datetime.date.toordinal`), `FAR` stands for *not yet*; accounts are
numbered from 0 in the order of `History.account_keys`. An unknown number is NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FAR = 4_000_000  # later than any day that can be written
NPS, CSAT, CES = 0, 1, 2


class Subscriptions(NamedTuple):
    """What was contracted; a row whose fields changed has one line for each version.

    `known_from` and `known_until` bound the days on which a version was what one knew; `at_once`:
    all of its dates were known then, also those to come. `end` and `cancelled` as in the store.
    """

    account: Ints
    start: Ints
    end: Ints
    cancelled: Ints
    term_months: Floats
    notice_days: Ints
    auto_renew: Flags
    seats: Floats
    arr: Floats
    is_trial: Flags
    known_from: Ints
    known_until: Ints
    at_once: Flags


class Tickets(NamedTuple):
    """Support requests; `answered` and `closed` are FAR where that has not happened."""

    account: Ints
    known_from: Ints
    opened: Ints
    answered: Ints
    closed: Ints
    is_urgent: Flags
    is_complaint: Flags
    csat: Floats


class Answers(NamedTuple):
    """Answers to surveys; `kind` is NPS, CSAT or CES."""

    account: Ints
    known_from: Ints
    day: Ints
    kind: Ints
    score: Floats


class Touches(NamedTuple):
    """Contacts with the customer; `contact` numbers the person, -1 where nobody is named."""

    account: Ints
    known_from: Ints
    day: Ints
    is_two_way: Flags
    contact: Ints


class Contacts(NamedTuple):
    """People at the customer; `left` is FAR while they are there."""

    account: Ints
    known_from: Ints
    left: Ints
    is_champion: Flags


class Promises(NamedTuple):
    """What we promised; `kept` is FAR while it is open."""

    account: Ints
    known_from: Ints
    made: Ints
    due: Ints
    kept: Ints


class Invoices(NamedTuple):
    """What is owed; `paid` is FAR while it is open."""

    account: Ints
    known_from: Ints
    issued: Ints
    due: Ints
    paid: Ints


class Departures(NamedTuple):
    """Recorded churn events."""

    account: Ints
    day: Ints
    is_reactivation: Flags


class Corrections(NamedTuple):
    """Days of usage that changed later: what the change added to a week's numbers."""

    recorded: Ints
    account: Ints
    week: Ints
    total: Floats
    days: Floats
    active: Floats


class Reach(NamedTuple):
    """How far a metric was known: `last_day` from the day `known_from` on (0: as days passed)."""

    known_from: int
    last_day: int


@dataclass(frozen=True)
class Metric:
    """A usage metric by account and week, as it stands today.

    Attributes:
        name, label: as the portfolio has them.
        first_monday: the day on which the first column's week begins.
        total: accounts x weeks, the sum of the week's known days.
        days: how many days of the week are known.
        active: on how many of them there was any use.
        reach: how far the metric was known, and since when.
        corrections: what later changes added, to be taken back for earlier days.
        higher_is_better: False for counts of errors and the like.
        off_from: the day from which it seems to be measured in another unit, and nobody has said
            why; FAR where it is as it was.
    """

    name: str
    label: str
    first_monday: int
    total: NDArray[np.float32]
    days: NDArray[np.float32]
    active: NDArray[np.float32]
    reach: tuple[Reach, ...]
    corrections: Corrections | None = None
    higher_is_better: bool = True
    off_from: int = FAR


@dataclass(frozen=True)
class History:
    """Everything that the features and the labels are made from.

    Attributes:
        account_keys: of the store, ascending; accounts are numbered by their place here.
        known_from: the day from which each account was known at all; 0 for a first load.
        started: first day as a customer as the account says; FAR where it does not.
        segment: number of each account's segment in `segments`; -1 where there is none.
        kinds: which kinds of fact the portfolio has at all.
        metrics: of usage, the one that measures read first.
        seat_metric: name of the metric that is compared with seats.
        data_end: the last day on which anything is recorded, not after the day looked at.
    """

    account_keys: Ints
    known_from: Ints
    started: Ints
    segment: Ints
    segments: tuple[str, ...]
    subscriptions: Subscriptions
    tickets: Tickets
    answers: Answers
    touches: Touches
    contacts: Contacts
    promises: Promises
    invoices: Invoices
    departures: Departures
    metrics: tuple[Metric, ...]
    data_end: int
    kinds: frozenset[str] = frozenset()
    seat_metric: str | None = None
    categories: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.account_keys)
