"""A contract that a CRM has without a price, and what another source bills in its time.

They are one agreement: the contract says until when it runs and how it is renewed, the billed
lines say what it costs. So a line is decided on together with the contract in whose time it runs:
there it has the contract's end, notice and term, and after the contract it stands for itself
again. This follows from the rows as they are known, whatever came first.

Where several such contracts run at once nobody can tell which of them a line pays for. Then each
stays what it is, and `contradiction` says so.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from cs_workbench.core.renewal_terms import SAME_RENEWAL
from cs_workbench.core.renewals import Subscription, add_months, last_day

_DAY = dt.timedelta(days=1)
_NEARLY = dt.timedelta(days=SAME_RENEWAL)
_YEAR = 12


class _Line(NamedTuple):
    """What is billed, and the last day to which it goes on as far as one can say."""

    row: Subscription
    until: dt.date


def with_billed_terms(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Sequence[Subscription]:
    """The subscriptions with billed lines cut at the ends of the contracts that they pay for.

    On every day the same lines are in force as before, with two exceptions: one that ends within
    45 days after its contract ends with it, and one that renews itself goes on while its end is
    not over for longer than the days of grace, so that a file may be some days old. A line that
    outlasts a contract goes on by itself only when that is over on `day`; before, nothing of it
    is renewed.

    Args:
        subscriptions: all of one account, as they were known.
        day: from which they are looked at.
        grace_days: a contract that follows within so many days takes the line over at once.
    """

    def priced(contract: Subscription, lines: Sequence[_Line]) -> Iterator[Subscription]:
        yield _priced(contract, lines, day)

    return _agreed(subscriptions, (day, grace_days), priced)


def with_billed_days(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Sequence[Subscription]:
    """`with_billed_terms` with a contract on those days alone on which nothing of it is billed.

    So each day has either prices or a contract without one, and no renewal is there twice.
    """
    return _agreed(subscriptions, (day, grace_days), _not_billed)


def turning_days(subscriptions: Iterable[Subscription], *, grace_days: int) -> list[dt.date]:
    """The days from which the same rows may have other terms, as something ended before them."""
    every = list(subscriptions)
    if all(one.arr_minor is not None for one in every):
        return []
    waits = _DAY, dt.timedelta(grace_days + 1)
    ends = [end for one in every if (end := last_day(one)) is not None]
    return [end + wait for end in ends for wait in waits]


def contradiction(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Literal["several", "ended"] | None:
    """What does not fit between contracts without a price and billing; None: nothing.

    `several` contracts run at once, so that it is not known which one a line pays for; or all that
    was billed has `ended` well before a contract that is not over on the day.
    """
    contracts = _without_price(subscriptions, day)
    lasts: dict[str, dt.date] = {}
    for one in subscriptions if contracts else ():
        line = _line(one, day, grace_days)
        beside = _beside(line, contracts)
        if _are_several(line, beside):
            return "several"
        for contract in beside:
            name, last = contract.subscription_id, min(line.until, _end(contract))
            lasts[name] = max(last, lasts.get(name, last))
    ends = {one.subscription_id: _end(one) for one in contracts}
    has_ended = any(day <= ends[name] and ends[name] - lasts[name] > _NEARLY for name in lasts)
    return "ended" if has_ended else None


def _agreed(
    subscriptions: Sequence[Subscription],
    look: tuple[dt.date, int],
    priced: Callable[[Subscription, Sequence[_Line]], Iterable[Subscription]],
) -> Sequence[Subscription]:
    contracts = _without_price(subscriptions, look[0])
    if not contracts:
        return subscriptions
    lines = [_line(one, *look) for one in subscriptions]
    paid_for = [_paid_for(line, contracts) for line in lines]
    priced_by = _priced_by(lines, paid_for)
    found: list[Subscription] = []
    for line, mine in zip(lines, paid_for, strict=True):
        if mine:
            found.extend(_parts(line, mine, *look))
        elif beside := priced_by.get(line.row.subscription_id):
            found.extend(priced(line.row, beside))
        else:
            found.append(line.row)
    return found


def _line(row: Subscription, day: dt.date, grace_days: int) -> _Line:
    end = last_day(row)
    if end is None:
        return _Line(row, dt.date.max)
    goes_on = row.auto_renew and row.cancelled_on is None and (day - end).days <= grace_days
    return _Line(row, dt.date.max if goes_on else end)


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
    last = last_day(contract) or dt.date.max
    if contract.end_date is not None:
        if last >= contract.start_date:
            yield contract
        return
    months = contract.term_months or 0
    begin, number = contract.start_date, 0
    while months >= _YEAR and begin <= min(max(day, contract.start_date), last):
        number += 1
        following = add_months(contract.start_date, months * number)
        yield contract._replace(start_date=begin, end_date=following - _DAY)
        begin = following


def _paid_for(line: _Line, contracts: Sequence[Subscription]) -> list[Subscription]:
    """The contracts that a line pays for, one after the other."""
    beside = _beside(line, contracts)
    return [] if _are_several(line, beside) else beside


def _beside(line: _Line, contracts: Sequence[Subscription]) -> list[Subscription]:
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
        and row.start_date <= _end(one)
    ]
    return [one for one in found if not one.is_second_hand] or found


def _are_several(line: _Line, contracts: Sequence[Subscription]) -> bool:
    """Whether two of them, by their start, run together with the line for more than some weeks."""
    latest = dt.date.min
    for one in contracts:
        begin = max(one.start_date, line.row.start_date)
        if (min(latest, _end(one), line.until) - begin).days >= SAME_RENEWAL:
            return True
        latest = max(latest, _end(one))
    return False


def _priced_by(
    lines: Sequence[_Line], paid_for: Sequence[Sequence[Subscription]]
) -> dict[str, list[_Line]]:
    """By contract the lines that are billed under it, the first to begin first."""
    found: dict[str, list[_Line]] = {}
    for line, contracts in zip(lines, paid_for, strict=True):
        for name in {contract.subscription_id for contract in contracts}:
            found.setdefault(name, []).append(line)
    for mine in found.values():
        mine.sort(key=lambda one: (one.row.start_date, one.row.subscription_id))
    return found


def _priced(contract: Subscription, lines: Sequence[_Line], day: dt.date) -> Subscription:
    """A contract with the currency of its lines; while it runs it is billed as long as one does."""
    runs = contract.start_date <= day <= _end(contract)
    is_billed = not runs or any(one.row.start_date <= day <= one.until for one in lines)
    return contract._replace(currency=lines[0].row.currency, is_billed=is_billed)


def _not_billed(contract: Subscription, lines: Sequence[_Line]) -> Iterator[Subscription]:
    """The contract before, between and after its lines; only what comes last is decided at its end.

    The lines are in the order of their begin.
    """
    begin, end = contract.start_date, _end(contract)
    for line in lines:
        billed_from = min(line.row.start_date, end)
        if begin < billed_from:
            yield contract._replace(
                start_date=begin, end_date=None, term_months=None, cancelled_on=billed_from
            )
        if line.until >= end:
            return
        begin = max(begin, line.until + _DAY)
    yield contract._replace(start_date=begin)


def _parts(
    line: _Line, contracts: Sequence[Subscription], day: dt.date, grace_days: int
) -> Iterator[Subscription]:
    """The line under each of its contracts, and by itself between and after them."""
    row, begin = line.row, line.row.start_date
    for place, contract in enumerate(contracts):
        end = _end(contract)
        outlasts = line.until - end > _NEARLY
        yield _under(row, contract, begin, None if outlasts else _gone(line, end))
        if not outlasts:
            return
        begin = end + _DAY
        later = contracts[place + 1 : place + 2]
        if later and (later[0].start_date - begin).days <= grace_days:
            continue
        if later:
            yield _between(row, begin, later[0].start_date - _DAY)
            begin = later[0].start_date
        elif day > end:
            yield row._replace(start_date=begin)


def _under(
    row: Subscription, contract: Subscription, begin: dt.date, gone: dt.date | None
) -> Subscription:
    days = [one for one in (gone, contract.cancelled_on) if one is not None]
    return row._replace(
        start_date=begin,
        end_date=contract.end_date,
        term_months=contract.term_months,
        notice_days=contract.notice_days,
        auto_renew=contract.auto_renew,
        cancelled_on=min(days, default=None),
    )


def _between(row: Subscription, begin: dt.date, end: dt.date) -> Subscription:
    return row._replace(start_date=begin, end_date=end, auto_renew=False, cancelled_on=None)


def _gone(line: _Line, end: dt.date) -> dt.date | None:
    """The first day without the line, where it is cancelled or ends before its contract."""
    if line.row.cancelled_on is not None:
        return line.row.cancelled_on
    return line.until + _DAY if line.until < end else None


def _end(contract: Subscription) -> dt.date:
    return last_day(contract) or dt.date.max
