"""Which rows of an account belong together: contracts and what is billed in their time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cs_workbench.core.renewal_terms import SAME_RENEWAL
from cs_workbench.core.renewals import Subscription, add_months, last_day

DAY = dt.timedelta(days=1)
NEARLY = dt.timedelta(days=SAME_RENEWAL)
_YEAR = 12
_LISTED = 3  # the hand of a list of contracts
Span = tuple[dt.date, dt.date]


class Dated(NamedTuple):
    """A row, and the last day to which it goes on as far as one can say.

    Attributes:
        hidden: the times in which another source goes before it, ascending.
    """

    row: Subscription
    until: dt.date
    hidden: Sequence[Span] = ()

    def counts_on(self, day: dt.date) -> bool:
        """Whether it runs on a day, and no other source goes before it."""
        runs = self.row.start_date <= day <= self.until
        return runs and not any(first <= day <= last for first, last in self.hidden)


class Look(NamedTuple):
    """From which day, and for how many days something late still counts."""

    day: dt.date
    grace_days: int


class AccountRows(NamedTuple):
    """All rows of an account: of each the contracts that it pays for, of each contract its lines.

    Attributes:
        contracts: those without a price that count, by their start.
        priced_by: by the contract's id, the first to begin first.
    """

    lines: Sequence[Dated]
    contracts: Sequence[Subscription]
    paid_for: Sequence[Sequence[Subscription]]
    priced_by: Mapping[str, Sequence[Dated]]


def account_rows(subscriptions: Sequence[Subscription], look: Look) -> AccountRows:
    """Find what belongs together among all rows of an account."""
    every = _as_contracts([_dated(one, look) for one in subscriptions])
    lines = [one._replace(hidden=_hidden(one, every, look)) for one in every]
    contracts = _without_price([one.row for one in lines if not one.hidden], look.day)
    paid_for = [_paid_for(line, contracts) for line in lines]
    priced_by: dict[str, list[Dated]] = {}
    for line, mine in zip(lines, paid_for, strict=True):
        for name in {contract.subscription_id for contract in mine}:
            priced_by.setdefault(name, []).append(line)
    for beside in priced_by.values():
        beside.sort(key=lambda one: (one.row.start_date, one.row.subscription_id))
    return AccountRows(lines, contracts, paid_for, priced_by)


def _dated(row: Subscription, look: Look) -> Dated:
    """A row with its last day; one that renews itself has none until the days of grace are over."""
    end = last_day(row)
    if end is None:
        return Dated(row, dt.date.max)
    goes_on = row.auto_renew and row.cancelled_on is None
    goes_on = goes_on and (look.day - end).days <= look.grace_days
    return Dated(row, dt.date.max if goes_on else end)


def _as_contracts(lines: Sequence[Dated]) -> list[Dated]:
    """The rows, and what is listed as a contract without a price where only billing has it too.

    The list says until when, billing how much, as a CRM and billing do.
    """

    def is_beside(line: Dated, hand: int) -> bool:
        return any(
            other.row.hand == hand
            and not other.row.is_trial
            and (hand == 1 or other.row.arr_minor is not None)
            and other.row.start_date <= line.until
            and line.row.start_date <= other.until
            for other in lines
        )

    return [
        line._replace(row=line.row._replace(arr_minor=None))
        if line.row.hand == _LISTED and is_beside(line, 2) and not is_beside(line, 1)
        else line
        for line in lines
    ]


def _hidden(line: Dated, lines: Sequence[Dated], look: Look) -> list[Span]:
    """When another source goes before a row that is told second-hand.

    Contracts that follow one another within the days of grace are one time; what outlasts
    them by some weeks only ends with them.
    """
    row = line.row
    if row.hand == 1 or row.is_trial:
        return []
    found: list[Span] = []
    for other in lines:
        if not _goes_before(other.row, row):
            continue
        first, last = other.row.start_date, end_of(other.row)
        if first <= line.until and row.start_date <= last and _say_the_same(line, last):
            found.append((first, last))
    merged: list[Span] = []
    for first, last in sorted(found):
        if merged and (first - merged[-1][1]).days <= look.grace_days + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    is_listed = row.hand == _LISTED  # when it began is reckoned back from its end
    return [
        (
            dt.date.min if is_listed and first - row.start_date <= NEARLY else first,
            dt.date.max if line.until - last <= NEARLY else last,
        )
        for first, last in merged
    ]


def _goes_before(other: Subscription, row: Subscription) -> bool:
    """Whether another source's word on the same counts instead of that of a row."""
    if other.source == row.source or other.is_trial:
        return False
    if row.arr_minor is not None and other.arr_minor is None:
        return False  # it has no price to count instead
    if other.hand != row.hand:
        return other.hand < row.hand
    are_alike = (row.arr_minor is None) == (other.arr_minor is None)
    return row.hand == _LISTED and are_alike and (other.source or "") < (row.source or "")


def _say_the_same(line: Dated, last: dt.date) -> bool:
    """Of a row without a price: whether its end may be of the same term as another one."""
    return line.row.arr_minor is not None or abs(end_of(line.row) - last) <= NEARLY


def _without_price(subscriptions: Sequence[Subscription], day: dt.date) -> list[Subscription]:
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


def _paid_for(line: Dated, contracts: Sequence[Subscription]) -> list[Subscription]:
    """The contracts that a line pays for, one after the other."""
    together = contracts_beside(line, contracts)
    if are_several(line, together):
        return []
    found: list[Subscription] = []
    for one in together:
        is_inside = found and end_of(one) <= end_of(found[-1])
        if not is_inside and not any(_is_within(one, span) for span in line.hidden):
            found.append(one)
    return found


def _is_within(contract: Subscription, span: Span) -> bool:
    """Whether all of a contract but some weeks lies in a time."""
    first, last = span
    return first - contract.start_date <= NEARLY and end_of(contract) - last <= NEARLY


def contracts_beside(line: Dated, contracts: Sequence[Subscription]) -> list[Subscription]:
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
        and (one.hand == 1 or row.hand > 1)
        and one.start_date <= line.until
        and row.start_date <= end_of(one)
    ]
    return [one for one in found if one.hand == 1] or found


def are_several(line: Dated, contracts: Sequence[Subscription]) -> bool:
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
