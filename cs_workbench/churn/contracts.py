"""Who was a customer when, who left, and how the renewal clock stood on a day.

An end date that was written when a customer left must not be read as if it had been agreed years
before. An end is *planned* where it fits the term of its row, or where the contracts in force today
mostly have one; any other end is known only once it is over.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cs_workbench.churn.history import FAR, Flags, Floats, History, Ints, Subscriptions

GRACE_DAYS = 30  # a gap of so many days is a late renewal
LIFE_DAYS = 45  # who is active so long after an end or an event did not leave then
NOTICE_REACH = 400  # a departure may be recorded so long before the entitlement ends
EVENT_SLACK = 60  # and so long after it
FIT_DAYS = 5
SHORTEST_CLOCK = 3  # months; shorter terms roll
SHORTEST_OPEN = 12  # months; an open end with a shorter term rolls
MOSTLY = 0.5
DOUBTFUL = 0.2  # of the churn events; with more contradicted, fresh ones have no answer yet
OPEN, SURE, FRESH = 0, 1, 2  # how certain a departure is; fresh: by an event that is still new

_EPOCH = 719_163  # ordinal of 1970-01-01


@dataclass(frozen=True)
class Spells:
    """Times as a customer: from `begin` until the day before `left`; FAR for those who are there.

    Attributes:
        is_certain: False where the end is so recent that a late renewal may still come.
        contradicted: churn events of accounts that went on as before, which do not count.
        continued: rows of subscriptions that ended on paper while the customer went on.
    """

    account: Ints
    begin: Ints
    left: Ints
    is_certain: Flags
    contradicted: int
    continued: Flags


@dataclass(frozen=True)
class Contracts:
    """The subscriptions with what was plan and what was outcome told apart."""

    subscriptions: Subscriptions
    is_planned: Flags
    fits_term: Ints
    spells: Spells

    @property
    def overwritten(self) -> int:
        """How many ends were written when the customer left."""
        own = self.subscriptions
        return int(np.sum((own.end < FAR) & ~self.is_planned & (own.known_until == FAR)))


class Clock(NamedTuple):
    """By account, on one day.

    Attributes:
        end: the last day of what is contracted; FAR where it rolls on.
        notice: the last day to give notice; FAR where the term ends by itself or rolls.
        has_term: whether there is such an end.
        arr: ARR in force, in major units; NaN where no price is known.
        seats: contracted; NaN where none are stated.
    """

    end: Ints
    notice: Ints
    has_term: Flags
    arr: Floats
    seats: Floats


def read_contracts(history: History) -> Contracts:
    """Tell plans from outcomes, and derive who was a customer when."""
    own = history.subscriptions
    spells = _spells(history)
    fits = _terms_fitted(own)
    now = (own.known_until == FAR) & ~own.is_trial & (own.start <= history.data_end)
    last = np.minimum(own.end, own.cancelled - 1)
    running = now & (last >= history.data_end)
    ends_ahead = running & (own.end < FAR)
    plans_ends = running.any() and ends_ahead.sum() >= MOSTLY * running.sum()
    # An end that fits a term stated by the row itself was agreed; rolling months are not.
    fitted = (fits > 0) & ((own.term_months >= SHORTEST_CLOCK) | (fits == 1))
    is_planned = (own.end < FAR) & (fitted | plans_ends)
    return Contracts(own, is_planned & ~spells.continued, fits, spells)


def clock_on(contracts: Contracts, day: int, size: int) -> Clock:
    """What was known on the day of each account's contracts."""
    own = contracts.subscriptions
    there = (
        (own.known_from <= day)
        & (day < own.known_until)
        & ~own.is_trial
        & ((own.start <= day) | own.at_once)
        & (np.minimum(own.end, own.cancelled - 1) >= day)
    ) | ((own.start <= day) & contracts.spells.continued & (own.known_from <= day))
    rows = np.flatnonzero(there)
    account, ends, has_term = own.account[rows], *_ends_on(contracts, rows, day)
    end = np.full(size, -1, np.int64)
    np.maximum.at(end, account[has_term], ends[has_term])
    found = end >= 0
    end[~found] = FAR
    notice = np.full(size, FAR, np.int64)
    decides = has_term & own.auto_renew[rows] & (own.notice_days[rows] > 0)
    at = account[decides]
    is_last = ends[decides] == end[at]
    notice[at[is_last]] = (ends[decides] - own.notice_days[rows][decides])[is_last]
    in_force = own.start[rows] <= day
    arr, seats = (
        _added_up(values[rows][in_force], account[in_force], size)
        for values in (own.arr, own.seats)
    )
    return Clock(end, notice, found, arr, seats)


def _added_up(values: Floats, account: Ints, size: int) -> Floats:
    """By account, the sum of what is stated; NaN where nothing is."""
    stated = ~np.isnan(values)
    total = np.bincount(account[stated], values[stated], size).astype(np.float64)
    total[np.bincount(account[stated], minlength=size) == 0] = np.nan
    return total


def add_months(day: Ints, months: Ints) -> Ints:
    """The same day of a later month, or its last one."""
    dates = (day - _EPOCH).astype("datetime64[D]")
    begin = dates.astype("datetime64[M]")
    place = (dates - begin.astype("datetime64[D]")).astype(np.int64)
    month = begin + months.astype("timedelta64[M]")
    after = month + np.timedelta64(1, "M")
    length = (after.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64)
    first = month.astype("datetime64[D]").astype(np.int64) + _EPOCH
    found: Ints = first + np.minimum(place, length - 1)
    return found


def _months_between(first: Ints, last: Ints) -> Ints:
    begin = (first - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    end = (last - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    passed: Ints = end - begin
    return passed


def _terms_fitted(own: Subscriptions) -> Ints:
    """How many whole terms from the start to the end; 0 where they do not fit."""
    months = np.where(np.isnan(own.term_months), 0, own.term_months).astype(np.int64)
    stated = (own.end < FAR) & (months > 0)
    after = np.where(stated, own.end + 1, own.start)
    term = np.maximum(months, 1)
    near = np.maximum(1, np.round((after - own.start) / 30.4375 / term)).astype(np.int64)
    gap = np.abs(add_months(own.start, near * term) - after)
    return np.where(stated & (gap <= FIT_DAYS), near, 0)


def _ends_on(contracts: Contracts, rows: Ints, day: int) -> tuple[Ints, Flags]:
    """The end of the term that runs on the day, and whether there is one."""
    own = contracts.subscriptions
    start, end = own.start[rows], own.end[rows]
    months = np.where(np.isnan(own.term_months[rows]), 0, own.term_months[rows]).astype(np.int64)
    planned = contracts.is_planned[rows]
    length = np.where(end < FAR, end - start, 0)
    is_short = np.where(months > 0, months < SHORTEST_CLOCK, length < 80)
    extended = planned & (contracts.fits_term[rows] > 1)
    grid = (~planned & (months >= SHORTEST_OPEN)) | (extended & ~is_short)
    anniversary = _anniversary(start, np.maximum(months, 1), np.maximum(start, day))
    ends = np.where(grid, np.where(planned, np.minimum(anniversary, end), anniversary), end)
    return ends, grid | (planned & ~is_short)


def term_begun(start: Ints, months: Ints, day: Ints) -> Ints:
    """The first day of the term that runs on the day, for terms that follow one another."""
    return add_months(start, _terms_over(start, months, day) * months)


def _anniversary(start: Ints, months: Ints, day: Ints) -> Ints:
    """The last day of that term."""
    found: Ints = add_months(start, (_terms_over(start, months, day) + 1) * months) - 1
    return found


def _terms_over(start: Ints, months: Ints, day: Ints) -> Ints:
    """How many terms are over on a day that is not before the start."""
    terms = _months_between(start, day) // months
    found: Ints = terms - (add_months(start, terms * months) > day)
    return found


class _Interval(NamedTuple):
    """Entitlement without a gap; `row` is the subscription that ends last."""

    begin: int
    last: int
    row: int
    is_cancelled: bool


def _spells(history: History) -> Spells:
    """Entitlement and churn events put together; the earlier of two that tell the same counts."""
    own, cut = history.subscriptions, history.data_end
    intervals = _intervals(own, cut)
    life, first_life = _life(history)
    events: dict[int, list[int]] = defaultdict(list)
    for account, day, back in zip(*history.departures, strict=True):
        if day <= cut and not back:
            events[int(account)].append(int(day))
    found: list[tuple[int, int, int, int]] = []
    continued = np.zeros(len(own.account), np.bool_)
    contradicted = 0
    for account in range(history.size):
        mine = intervals.get(account)
        if mine is None:
            begin = int(min(history.started[account], first_life[account]))
            mine = [_Interval(begin, FAR, -1, is_cancelled=False)] if begin <= cut else []
        days = sorted(events.get(account, ()))
        spells, rows, lost = _spells_of(mine, days, int(life[account]), cut)
        found += [(account, *one) for one in spells]
        continued[rows] = True
        contradicted += lost
    columns = np.array(found, np.int64).reshape(-1, 4)
    account_of, begin_of, left_of, certain = columns.T
    # Where many events are contradicted by what came after, the newest cannot be believed yet.
    believed = contradicted <= DOUBTFUL * sum(map(len, events.values()))
    is_certain = (certain == SURE) | ((certain == FRESH) & believed)
    return Spells(account_of, begin_of, left_of, is_certain, contradicted, continued)


def _spells_of(
    intervals: list[_Interval], events: list[int], life: int, cut: int
) -> tuple[list[tuple[int, int, int]], list[int], int]:
    """Begin, day of leaving and certainty of each spell; rows that went on; events contradicted."""
    spells, rows, contradicted = [], [], 0
    for place, (begin, last, row, is_cancelled) in enumerate(intervals):
        then = intervals[place + 1].begin if place + 1 < len(intervals) else FAR
        left = last + 1 if last < cut else FAR
        goes_on = then == FAR and life > left + LIFE_DAYS
        is_over = left == FAR or is_cancelled or left + GRACE_DAYS <= cut or then < FAR
        certain = SURE if is_over else OPEN
        mine = [day for day in events if begin <= day < min(then, left + NOTICE_REACH)]
        for day in mine:
            tells = left < FAR and left - NOTICE_REACH <= day <= left + EVENT_SLACK
            if tells or (left == FAR and life <= day + LIFE_DAYS):
                is_fresh = not tells and day + LIFE_DAYS > cut
                left, certain, goes_on = min(left, day), FRESH if is_fresh else SURE, False
                break
            contradicted += left == FAR
        if goes_on and not is_cancelled and left < FAR:
            left, certain = FAR, SURE
            rows.append(row)
        spells.append((begin, left, certain))
    return spells, [row for row in rows if row >= 0], contradicted


def _intervals(own: Subscriptions, cut: int) -> dict[int, list[_Interval]]:
    """By account the times of entitlement, gaps within the days of grace closed."""
    counts = (own.known_until == FAR) & ~own.is_trial & (own.start <= cut)
    rows = np.flatnonzero(counts)
    rows = rows[np.lexsort((own.start[rows], own.account[rows]))]
    last = np.minimum(own.end, own.cancelled - 1)
    found: dict[int, list[_Interval]] = defaultdict(list)
    for row in rows.tolist():
        begin, end = int(own.start[row]), int(last[row])
        if end < begin:
            continue
        cancelled = bool(own.cancelled[row] <= end + 1)
        mine = found[int(own.account[row])]
        if mine and begin <= mine[-1].last + 1 + GRACE_DAYS:
            before = mine[-1]
            if end > before.last:
                mine[-1] = _Interval(before.begin, end, row, cancelled)
        else:
            mine.append(_Interval(begin, end, row, cancelled))
    return found


def _life(history: History) -> tuple[Ints, Ints]:
    """The last and the first day on which the customer itself did something; 0, FAR for never."""
    last = np.zeros(history.size, np.int64)
    first = np.full(history.size, FAR, np.int64)
    opened = history.tickets.opened <= history.data_end
    for account, day in ((history.tickets.account[opened], history.tickets.opened[opened]),):
        np.maximum.at(last, account, day)
        np.minimum.at(first, account, day)
    for metric in history.metrics:
        weeks = metric.first_monday + 7 * np.arange(metric.active.shape[1])
        used = metric.active[:, weeks <= history.data_end] > 0
        if not metric.higher_is_better or not used.shape[1]:
            continue
        any_use = used.any(axis=1)
        newest = weeks[used.shape[1] - 1 - np.argmax(used[:, ::-1], axis=1)] + 6
        last = np.where(any_use, np.maximum(last, np.minimum(newest, history.data_end)), last)
        first = np.where(any_use, np.minimum(first, weeks[np.argmax(used, axis=1)]), first)
    return last, first
