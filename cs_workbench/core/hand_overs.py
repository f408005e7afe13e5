"""A book of business that goes from one person to another: what moves, and what needs a human."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from cs_workbench.core.accounts import Band
from cs_workbench.core.plurals import counted

MovingKind = Literal[
    "account", "next step", "task", "play", "play step", "promise", "complaint", "draft"
]
PROMISE_DAYS: Final = 14  # what we owe within these days, the old and the new owner talk over
DEADLINE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Person:
    """One of us; things name their owner by either."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Moving:
    """One thing that changes its owner.

    Attributes:
        entity, row_id, field: where its owner stands.
        what: the thing in words.
        account_key: None for what is of the whole book.
    """

    kind: MovingKind
    entity: str
    row_id: str
    field: str
    what: str
    account_key: int | None


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An account of the book as it stands when it changes hands.

    Attributes:
        promise_due: the first day on which we owe something; None where we owe nothing.
        open_complaints: how many wait.
    """

    account_key: int
    account_id: str
    name: str
    band: Band
    arr_minor: int | None
    currency: str
    deadline: dt.date | None
    promise_due: dt.date | None
    open_complaints: int


@dataclass(frozen=True, slots=True)
class Introduction:
    """To whom the new owner is introduced, or why there is no letter now.

    Attributes:
        who: the contact's name; empty where nobody is known.
        refusal: why nothing can be written at all; empty where it can.
        free_on: the first day within the contact caps, where that is later than the first day.
    """

    who: str
    channel: str = ""
    refusal: str = ""
    free_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class HandedAccount:
    """One account of a hand-over: what moves with it, and what a person has to look at."""

    entry: BookEntry
    moving: tuple[Moving, ...]
    introduction: Introduction
    human: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOverPlan:
    """All that a hand-over does.

    Attributes:
        until: the last day of a cover; None where it is for good.
        elsewhere: what moves and is of no account of the book.
        stays: what stays under the old name, and how much of it.
    """

    giver: Person
    taker: Person
    begins_on: dt.date
    until: dt.date | None
    accounts: tuple[HandedAccount, ...]
    elsewhere: tuple[Moving, ...]
    stays: tuple[tuple[str, int], ...]

    @property
    def moving(self) -> tuple[Moving, ...]:
        """Everything that changes its owner."""
        return (*(one for each in self.accounts for one in each.moving), *self.elsewhere)


def needing_human(
    entry: BookEntry, introduction: Introduction, on: dt.date, said: str
) -> tuple[str, ...]:
    """Why the two have to talk about an account; `said` is the day of the letter in words."""
    told: list[str] = []
    if entry.band == "red":
        told.append("in red")
    if entry.open_complaints:
        count = entry.open_complaints
        told.append(f"{counted(count, 'open complaint')}")
    if entry.promise_due is not None:
        days = (entry.promise_due - on).days
        if days < 0:
            told.append(f"a promise of ours is {-days} d late")
        elif days <= PROMISE_DAYS:
            told.append(f"a promise of ours is due in {days} d")
    if entry.deadline is not None and 0 <= (entry.deadline - on).days <= DEADLINE_DAYS:
        told.append(f"deadline in {(entry.deadline - on).days} d")
    if introduction.refusal:
        told.append(introduction.refusal)
    elif introduction.free_on is not None:
        told.append(f"introduction not before {said}: the contact cap is reached")
    return tuple(told)
