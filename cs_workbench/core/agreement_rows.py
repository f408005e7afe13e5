"""Which rows of an account belong together: contracts and what is billed in their time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cs_workbench.core.renewal_terms import SAME_RENEWAL
from cs_workbench.core.renewals import Subscription, add_months, last_day

DAY = dt.timedelta(days=1)
NEARLY = dt.timedelta(days=SAME_RENEWAL)
_YEAR = 12
Span = tuple[dt.date, dt.date]


class Line(NamedTuple):
    """A row, and the last day to which it goes on as far as one can say."""

    row: Subscription
    until: dt.date


class Look(NamedTuple):
    """From which day, and for how many days something late still counts."""

    day: dt.date
    grace_days: int


class Told(NamedTuple):
    """All rows of an account: of each the contracts that it pays for, of each contract its lines.

    Attributes:
        hidden: of each row the times in which another source goes before it, ascending.
        priced_by: by the contract's id, the first to begin first.
    """

    lines: Sequence[Line]
    paid_for: Sequence[Sequence[Subscription]]
    hidden: Sequence[Sequence[Span]]
    priced_by: Mapping[str, Sequence[Line]]


def told_of(subscriptions: Sequence[Subscription], look: Look) -> Told:
    """Find what belongs together among all rows of an account."""
    lines = [line_of(one, look) for one in subscriptions]
    hidden = [_hidden(line, lines, look) for line in lines]
    rows = [line.row for line, spans in zip(lines, hidden, strict=True) if not spans]
    contracts = without_price(rows, look.day)
    paid_for = [
        _paid_for(line, contracts, spans) for line, spans in zip(lines, hidden, strict=True)
    ]
    priced_by: dict[str, list[Line]] = {}
    for line, mine in zip(lines, paid_for, strict=True):
        for name in {contract.subscription_id for contract in mine}:
            priced_by.setdefault(name, []).append(line)
    for every in priced_by.values():
        every.sort(key=lambda one: (one.row.start_date, one.row.subscription_id))
    return Told(lines, paid_for, hidden, priced_by)


def line_of(row: Subscription, look: Look) -> Line:
    """A row with its last day; one that renews itself has none until the days of grace are over."""
    end = last_day(row)
    if end is None:
        return Line(row, dt.date.max)
    goes_on = row.auto_renew and row.cancelled_on is None
    goes_on = goes_on and (look.day - end).days <= look.grace_days
    return Line(row, dt.date.max if goes_on else end)


def _hidden(line: Line, lines: Sequence[Line], look: Look) -> list[Span]:
    """When another source goes before a row that is told second-hand.

    Contracts that follow one another within the days of grace are one time; what begins some weeks
    before it begins with it, and what outlasts it by some weeks ends with it.
    """
    row = line.row
    if not row.is_second_hand or row.is_trial:
        return []
    found: list[Span] = []
    for other in lines:
        if not _goes_before(other.row, row):
            continue
        first, last = other.row.start_date, last_day(other.row) or dt.date.max
        if first <= line.until and row.start_date <= last and _say_the_same(row, line, last):
            found.append((first, last))
    merged: list[Span] = []
    for first, last in sorted(found):
        if merged and (first - merged[-1][1]).days <= look.grace_days + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return [
        (
            dt.date.min if first - row.start_date <= NEARLY else first,
            dt.date.max if line.until - last <= NEARLY else last,
        )
        for first, last in merged
    ]


def _goes_before(other: Subscription, row: Subscription) -> bool:
    """Whether another source's word on the same counts instead of that of a row second-hand."""
    if other.source == row.source or other.is_trial:
        return False
    if row.arr_minor is not None and other.arr_minor is None:
        return False  # it has no price to count instead
    return not other.is_second_hand or (
        (row.arr_minor is None) == (other.arr_minor is None)
        and (other.import_id or 0) < (row.import_id or 0)
    )


def _say_the_same(row: Subscription, line: Line, last: dt.date) -> bool:
    """Of a row without a price: whether its end may be of the same term as another one."""
    if row.arr_minor is not None:
        return True
    own = last_day(row) or line.until
    return abs(own - last) <= NEARLY


def without_price(subscriptions: Sequence[Subscription], day: dt.date) -> list[Subscription]:
    """The contracts without a price that have an end or terms of a year, by their start."""
    contracts = [
        term
        for one in subscriptions
        if one.arr_minor is None and not one.is_trial
        for term in _terms(one, day)
    ]
    return sorted(contracts, key=lambda one: (one.start_date, one.subscription_id))


def _terms(contract: Subscription, day: dt.date) -> Iterator[Subscription]:
    """The contract; of one without an end each of its terms up to the one that runs."""
    last = end_of(contract)
    if contract.end_date is not None:
        if last >= contract.start_date:
            yield contract
        return
    months = contract.term_months or 0
    begin, number = contract.start_date, 0
    while months >= _YEAR and begin <= min(max(day, contract.start_date), last):
        number += 1
        following = add_months(contract.start_date, months * number)
        yield contract._replace(start_date=begin, end_date=following - DAY)
        begin = following


def _paid_for(
    line: Line, contracts: Sequence[Subscription], hidden: Sequence[Span]
) -> list[Subscription]:
    """The contracts that a line pays for, one after the other."""
    together = beside(line, contracts)
    if are_several(line, together):
        return []
    found: list[Subscription] = []
    for one in together:
        is_inside = found and end_of(one) <= end_of(found[-1])
        if not is_inside and not any(_is_within(one, span) for span in hidden):
            found.append(one)
    return found


def _is_within(contract: Subscription, span: Span) -> bool:
    """Whether all of a contract but some weeks lies in a time."""
    first, last = span
    return first - contract.start_date <= NEARLY and end_of(contract) - last <= NEARLY


def beside(line: Line, contracts: Sequence[Subscription]) -> list[Subscription]:
    """The contracts of another source in whose time a line with a price runs.

    What a CRM has with a price is no billing of what a list says second-hand, and beside a CRM's
    contract that list says nothing.
    """
    row = line.row
    if row.arr_minor is None or row.is_trial:
        return []
    found = [
        one
        for one in contracts
        if one.source != row.source
        and one.is_second_hand <= row.is_second_hand
        and one.start_date <= line.until
        and row.start_date <= end_of(one)
    ]
    return [one for one in found if not one.is_second_hand] or found


def are_several(line: Line, contracts: Sequence[Subscription]) -> bool:
    """Whether two of them, by their start, run together with the line for more than some weeks."""
    latest = dt.date.min
    for one in contracts:
        begin = max(one.start_date, line.row.start_date)
        if (min(latest, end_of(one), line.until) - begin).days >= SAME_RENEWAL:
            return True
        latest = max(latest, end_of(one))
    return False


def end_of(contract: Subscription) -> dt.date:
    """The last day of a contract; the calendar's last of one without an end."""
    return last_day(contract) or dt.date.max
