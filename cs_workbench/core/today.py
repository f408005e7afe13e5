"""The queue of one day: what there is to do, by what is at stake."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple, get_args

from cs_workbench.core.accounts import Band
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.money import ranked_by, short

ItemKind = Literal[
    "event",
    "task",
    "step",
    "promise",
    "reply",
    "signal",
    "complaint",
    "next step",
    "play",
    "contact",
    "approval",
]
KINDS: Mapping[ItemKind, str] = {
    "event": "Meetings",
    "task": "Tasks",
    "step": "Steps of plays",
    "promise": "Promises",
    "reply": "Replies owed",
    "signal": "Signals",
    "complaint": "Complaints",
    "next step": "Next steps",
    "play": "Plays suggested",
    "contact": "Contacts due",
    "approval": "Approvals",
}
Grouping = Literal["section", "day", "account", "kind"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
Section = Literal["now", "late", "today", "later"]
SECTIONS: Mapping[Section, str] = {
    "now": "Now",
    "late": "We are late",
    "today": "Today",
    "later": "Can wait",
}
# How much likelier it is that they leave than an account of which nothing is known.
RISKS: Mapping[Band, Decimal] = {
    "red": Decimal("2.0"),
    "yellow": Decimal("1.2"),
    "unknown": Decimal("1.0"),
    "green": Decimal("0.5"),
}
MOST_URGENT = Decimal(3)
WEEK = 7
FOLDED: frozenset[ItemKind] = frozenset({"signal", "play"})
SEVERITIES: Mapping[str, int] = {"high": 0, "medium": 1, "low": 2}
UNSAID = Decimal(1)  # what an ARR counts as where none is known: urgency and risk still rank
AHEAD_DAYS = 7  # what is due later is not in the queue


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the queue.

    Attributes:
        ref: the id of the row behind it; empty for a calendar's event.
        account_key: None for what is of no account.
        due: None where there is no day.
        at: the hour of an event, local.
        is_ours: whether being late with it is our fault.
        severity: of a signal.
    """

    kind: ItemKind
    ref: str
    what: str
    account_key: int | None = None
    account_id: str | None = None
    name: str | None = None
    due: dt.date | None = None
    at: dt.time | None = None
    owner: str | None = None
    is_ours: bool = True
    arr_minor: int | None = None
    currency: str = ""
    band: Band = "unknown"
    severity: str = ""

    def days_late(self, today: dt.date) -> int:
        """How many days it is overdue; below 0 it is still ahead, 0 without a day."""
        return 0 if self.due is None else (today - self.due).days


@dataclass(frozen=True, slots=True)
class Queued:
    """An item in its place.

    Attributes:
        stake: ARR x urgency x risk, in the currency's major units.
        factors: the same in words.
    """

    item: Item
    section: Section
    stake: Decimal
    factors: str


@dataclass(frozen=True)
class FirstOfQueue:
    """The things of a queue that stand first in their sections.

    Attributes:
        queued: in the queue's order.
        counts: how many there are in all, by section.
        is_everybodys: whether they are of the whole portfolio, not of one person's book.
        is_whole: whether all was looked at; what is late is told first.
    """

    queued: tuple[Queued, ...]
    counts: Mapping[Section, int]
    is_everybodys: bool = False
    is_whole: bool = True


def grouped(queued: Sequence[Queued], by: Grouping) -> list[tuple[str, list[Queued]]]:
    """The queue under headings, in its order: by section, day, account, or kind.

    Days go from the earliest to what has none; accounts and kinds stand where their first thing
    would: by what is at stake. Meetings come first, whatever the grouping.
    """
    found: dict[tuple[str, int | None], list[Queued]] = {}
    for one in queued:
        account = one.item.account_key if by == "account" else None  # two may have one name
        found.setdefault((_heading(one, by), account), []).append(one)
    groups = [(title, some) for (title, _), some in found.items()]
    if by == "day":
        groups.sort(key=lambda group: _day(group[1][0]))
    elif by != "section":
        groups.sort(key=lambda group: (group[1][0].section != "now", -_largest(group[1])))
    return groups


def _heading(one: Queued, by: Grouping) -> str:
    if by == "section":
        return SECTIONS[one.section]
    if one.section == "now":
        return SECTIONS["now"]
    if by == "day":
        return with_weekday(one.item.due) if one.item.due else "No day"
    return (one.item.name or "Whole book") if by == "account" else KINDS[one.item.kind]


def _day(one: Queued) -> dt.date:
    if one.section == "now":
        return dt.date.min
    return one.item.due or dt.date.max


def _largest(some: Sequence[Queued]) -> Decimal:
    return max(one.stake for one in some)


def queue(
    items: Iterable[Item], today: dt.date, *, typical: Decimal = UNSAID
) -> tuple[Queued, ...]:
    """The day's queue: events by the hour, all else in each section by what is at stake."""
    return first_of_queue(items, today, typical=typical).queued


def first_of_queue(
    items: Iterable[Item], today: dt.date, most: int = sys.maxsize, *, typical: Decimal = UNSAID
) -> FirstOfQueue:
    """The first things of each section of the queue, at most so many of each.

    Args:
        items: those of one account of a kind in `FOLDED` stand next to one another; never are
            more held than are wanted twice.
        today: the day.
        most: how many of a section are wanted.
        typical: the ARR in major units that one counts as which is not known.
    """
    growing = GrowingQueue(today, most, typical)
    growing.add(items)
    return growing.first()


class GrowingQueue:
    """The first things of a queue that more comes to."""

    def __init__(self, today: dt.date, most: int, typical: Decimal = UNSAID) -> None:
        """Of a day; `most` things of each section are wanted."""
        self._today = today
        self._most = most
        self._typical = typical
        self._kept: dict[Section, list[_Ranked]] = {section: [] for section in SECTIONS}
        self._counts: Counter[Section] = Counter()

    def add(self, items: Iterable[Item]) -> None:
        """Put these in their places; those of one account of a kind in `FOLDED` come together."""
        for item in folded(items):
            section = section_of(item, self._today)
            self._counts[section] += 1
            kept = self._kept[section]
            kept.append(_ranked(item, self._today, self._typical))
            if len(kept) >= 2 * self._most:
                _shorten(kept, self._most)

    def first(self) -> FirstOfQueue:
        """The first things of each section, of all that was added."""
        for some in self._kept.values():
            _shorten(some, self._most)
        queued = tuple(
            Queued(one.item, section, one.stake, _factors(one.item, self._today))
            for section, some in self._kept.items()
            for one in some
        )
        return FirstOfQueue(queued, Counter(self._counts))


class _Ranked(NamedTuple):
    """An item and its place within its section."""

    place: tuple[str, Decimal, dt.date, ItemKind, str]
    item: Item
    stake: Decimal


def _ranked(item: Item, today: dt.date, typical: Decimal) -> _Ranked:
    stake = _amount(item, typical) * urgency(item, today) * RISKS[item.band]
    at = item.at.isoformat() if item.at else ""
    return _Ranked((at, -stake, item.due or dt.date.max, item.kind, item.ref), item, stake)


def _amount(item: Item, typical: Decimal) -> Decimal:
    """The account's ARR in major units; where it is not known, the typical one."""
    if not item.currency:
        return Decimal(0)
    return ranked_by(item.arr_minor, item.currency, typical)


def _shorten(some: list[_Ranked], most: int) -> None:
    some.sort(key=lambda one: one.place)
    del some[most:]


def folded(items: Iterable[Item]) -> Iterator[Item]:
    """Signals and suggestions of one account as one line each: the gravest, and how many more.

    Those of one account stand next to one another.
    """
    for (kind, _), some in groupby(items, key=lambda one: (one.kind, one.account_key)):
        if kind not in FOLDED:
            yield from some
            continue
        found = list(some)
        first = min(found, key=lambda one: SEVERITIES.get(one.severity, len(SEVERITIES)))
        more = len(found) - 1
        yield replace(first, what=f"{first.what} (+{more} more)") if more else first


def section_of(item: Item, today: dt.date) -> Section:
    """Where it belongs: a late thing of ours is not the same as one that is due."""
    if item.kind == "event":
        return "now"
    if item.due is None:
        return "today" if item.kind == "signal" and item.severity == "high" else "later"
    if item.due < today and item.is_ours:
        return "late"
    return "today" if item.due <= today else "later"


def urgency(item: Item, today: dt.date) -> Decimal:
    """1 on its day, falling before it, rising to 3 when it is two weeks late."""
    late = item.days_late(today)
    if late < 0:
        return Decimal(WEEK) / Decimal(WEEK - late)
    return min(MOST_URGENT, 1 + Decimal(late) / WEEK)


def _factors(item: Item, today: dt.date) -> str:
    if not item.currency:
        return ""
    amount = "no ARR" if item.arr_minor == 0 else short(item.arr_minor, item.currency)
    how = f"{urgency(item, today):.1f} ({_when(item, today)})"
    return f"{amount} × {how} × {RISKS[item.band]} ({item.band})"


def _when(item: Item, today: dt.date) -> str:
    if item.due is None:
        return "no day"
    late = item.days_late(today)
    if late == 0:
        return "today"
    return f"{late} d late" if late > 0 else f"in {-late} d"
