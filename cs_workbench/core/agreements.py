"""What several sources tell of one account's contracts, put together as what was agreed.

A CRM has the contract, billing charges for it, a list repeats it:

- In the time of a contract without a price, what another source bills is its price. The contract
  says until when it runs and how it is renewed; a billed line has these terms in its time.
- In the time of a contract with a price, what is said second-hand counts nothing.

Before and after, a line stands for itself. All this follows from the rows as they are known on a
day, so that it is the same whichever came first. Where several contracts without a price run at
once nobody can tell which of them a line pays for: each stays what it is (`contradiction`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from cs_workbench.core.agreement_rows import (
    DAY,
    NEARLY,
    AccountRows,
    Dated,
    Look,
    Span,
    account_rows,
    are_several,
    contracts_beside,
    end_of,
)
from cs_workbench.core.renewals import Subscription, last_day


def as_agreed(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Sequence[Subscription]:
    """What was agreed: rows of one source as they are, billed lines cut at the ends of contracts.

    A line that outlasts its contract goes on by itself only when that is over on `day`; before,
    nothing of it is renewed. One that renews itself goes on while its end is not over for longer
    than the days of grace, so that a file may be some days old.

    Args:
        subscriptions: all of one account, as they were known.
        day: from which they are looked at.
        grace_days: a contract that follows within so many days takes the line over at once.
    """
    if _are_of_one_source(subscriptions):
        return subscriptions
    each = _agreed(subscriptions, Look(day, grace_days), _priced)
    return [part for parts in each for part in parts]


def as_agreed_by_day(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Sequence[Subscription]:
    """`as_agreed` with a contract on those days alone on which nothing of it is billed.

    So each day has either prices or a contract without one, and no renewal is there twice.
    """
    if _are_of_one_source(subscriptions):
        return subscriptions
    found: list[Subscription] = []
    for parts in _agreed(subscriptions, Look(day, grace_days), _not_billed):
        for part in parts:
            if found and _is_tail(part, found[-1]):
                found[-1] = _with_tail(found[-1], part)
            else:
                found.append(part)
    return found


def turning_days(subscriptions: Sequence[Subscription], *, grace_days: int) -> list[dt.date]:
    """The days from which the same rows may say something else, as something ended before them.

    Those are the first days without a contract, after which its lines stand for themselves, those
    from which what renews itself is believed to have ended, and those on which billing begins.
    """
    if _are_of_one_source(subscriptions):
        return []
    has_unpriced = any(one.arr_minor is None for one in subscriptions)
    found = [one.start_date for one in subscriptions if has_unpriced and one.arr_minor is not None]
    for one in subscriptions:
        end = last_day(one)
        if end is not None:
            if one.arr_minor is None or one.hand == 1:
                found.append(end + DAY)
            if one.auto_renew and one.cancelled_on is None:
                found.append(end + dt.timedelta(grace_days + 1))
    return found


def contradiction(
    subscriptions: Sequence[Subscription], day: dt.date, *, grace_days: int
) -> Literal["several", "ended"] | None:
    """What does not fit between contracts without a price and billing; None: nothing.

    `several` contracts run at once, so that it is not known which one a line pays for; or all that
    was billed has `ended` well before a contract that is not over on the day.
    """
    rows = account_rows(subscriptions, Look(day, grace_days))
    lasts: dict[str, dt.date] = {}
    for line in rows.lines:
        if line.hidden:
            continue
        together = contracts_beside(line, rows.contracts)
        if are_several(line, together):
            return "several"
        for contract in together:
            name, last = contract.subscription_id, min(line.until, end_of(contract))
            lasts[name] = max(last, lasts.get(name, last))
    ends = {one.subscription_id: end_of(one) for one in rows.contracts}
    has_ended = any(day <= ends[name] and ends[name] - lasts[name] > NEARLY for name in lasts)
    return "ended" if has_ended else None


def _agreed(
    subscriptions: Sequence[Subscription],
    look: Look,
    priced: Callable[[Subscription, Sequence[Dated], Look], Iterable[Subscription]],
) -> Iterator[Iterable[Subscription]]:
    """What counts of each row; `priced` says it of a contract whose lines are billed apart."""
    rows = account_rows(subscriptions, look)
    for place, line in enumerate(rows.lines):
        if mine := rows.priced_by.get(line.row.subscription_id):
            yield priced(line.row, mine, look)
        else:
            yield _counted(rows, place, look)


def _are_of_one_source(subscriptions: Sequence[Subscription]) -> bool:
    if len(subscriptions) < 2:
        return True
    source = subscriptions[0].source
    return all(one.source == source for one in subscriptions)


def _priced(contract: Subscription, lines: Sequence[Dated], look: Look) -> Iterator[Subscription]:
    """A contract with the currency of what is billed last; while it runs, whether one does.

    Its own seats count only where billing states none.
    """
    runs = contract.start_date <= look.day <= end_of(contract)
    states_seats = any(one.row.seats is not None for one in lines)
    yield contract._replace(
        currency=_decisive(contract, lines)[0].row.currency,
        seats=None if states_seats else contract.seats,
        is_billed=not runs or any(one.counts_on(look.day) for one in lines),
    )


def _decisive(contract: Subscription, lines: Sequence[Dated]) -> list[Dated]:
    """The lines that are decided on at a contract's end: which no other outlasts by some weeks."""
    begin, end = contract.start_date, end_of(contract)
    mine = [one for one in lines if one.row.start_date <= end and one.until >= begin]
    last = min(max(one.until for one in mine), end)
    return [one for one in mine if last - one.until <= NEARLY]


def _not_billed(
    contract: Subscription, lines: Sequence[Dated], _look: Look
) -> Iterator[Subscription]:
    """The contract before, between and after its lines; only what comes last is decided at its end.

    The lines are in the order of their begin.
    """
    begin, end = contract.start_date, end_of(contract)
    for line in lines:
        billed_from = min(line.row.start_date, end)
        if begin < billed_from:
            yield _ended(contract, begin, billed_from)
        if line.until >= end:
            return
        begin = max(begin, line.until + DAY)
    yield contract._replace(start_date=begin)


def _counted(rows: AccountRows, place: int, look: Look) -> Iterator[Subscription]:
    """What of a row counts."""
    line, contracts = rows.lines[place], rows.paid_for[place]
    parts: Iterable[Subscription] = (line.row,)
    if contracts:
        parts = _parts(line, contracts, rows.priced_by, look)
    if not line.hidden:
        yield from parts
    elif line.row.arr_minor is not None:
        for part in parts:
            yield from _beside_others(part, line.hidden, look)


def _beside_others(
    part: Subscription, hidden: Sequence[Span], look: Look
) -> Iterator[Subscription]:
    """A part before, between and after the times in which another source goes before it."""
    begin, end = part.start_date, end_of(part)
    for first, last in hidden:
        if end < first:
            break
        if last < begin:
            continue
        if begin < first:
            yield _ended(part, begin, first)
        if end <= last:
            return
        begin = last + DAY
    if begin == part.start_date or (begin <= look.day and begin <= end):
        yield part._replace(start_date=begin)


def _parts(
    line: Dated,
    contracts: Sequence[Subscription],
    priced_by: Mapping[str, Sequence[Dated]],
    look: Look,
) -> Iterator[Subscription]:
    """A line under each of its contracts, and by itself between and after them."""
    row, begin = line.row, line.row.start_date
    for place, contract in enumerate(contracts):
        end = end_of(contract)
        later = next(iter(contracts[place + 1 :]), None)
        is_followed = later and (later.start_date - end).days <= look.grace_days + 1
        outlasts = line.until > end if is_followed else line.until - end > NEARLY
        decisive = _decisive(contract, priced_by[contract.subscription_id])
        if any(one is line for one in decisive):
            is_leaving = not outlasts or (later is None and row.cancelled_on is not None)
            yield _under_contract(line, contract, begin, is_leaving=is_leaving)
        else:
            yield _ended(row, begin, line.until + DAY)
        begin = end + DAY
        if line.until <= end:
            return
        if later and is_followed:
            continue
        if look.day > end and begin <= end_of(row):
            yield _after_contract(row, begin, later if outlasts else None, outlasts=outlasts)
        if later is None or not outlasts:
            return
        begin = later.start_date


def _under_contract(
    line: Dated, contract: Subscription, begin: dt.date, *, is_leaving: bool
) -> Subscription:
    """A line with the terms of a contract."""
    days = [contract.cancelled_on, line.row.cancelled_on if is_leaving else None]
    if is_leaving and line.row.cancelled_on is None and line.until < end_of(contract):
        days.append(line.until + DAY)
    return line.row._replace(
        start_date=begin,
        end_date=contract.end_date,
        term_months=contract.term_months,
        notice_days=contract.notice_days,
        auto_renew=contract.auto_renew,
        cancelled_on=min((day for day in days if day is not None), default=None),
    )


def _ended(row: Subscription, begin: dt.date, gone: dt.date) -> Subscription:
    """A row that goes from one day to before another, on which nobody decides."""
    return row._replace(
        start_date=begin, end_date=None, term_months=None, cancelled_on=gone, no_decision=True
    )


def _after_contract(
    row: Subscription, begin: dt.date, later: Subscription | None, *, outlasts: bool
) -> Subscription:
    """A line after its contract; one that was cancelled, or ends soon, renews nothing."""
    if later is None:
        is_over = not outlasts or row.cancelled_on is not None
        return row._replace(start_date=begin, no_decision=is_over)
    end = later.start_date - DAY
    return row._replace(start_date=begin, end_date=end, auto_renew=False, cancelled_on=None)


def _is_tail(part: Subscription, before: Subscription) -> bool:
    """Whether it is what is paid up beyond the contract of the part before it."""
    is_same = part.subscription_id == before.subscription_id
    return is_same and part.no_decision and before.end_date == part.start_date - DAY


def _with_tail(part: Subscription, tail: Subscription) -> Subscription:
    """A line under its contract with the weeks by which it outlasts that."""
    return part._replace(end_date=last_day(tail), cancelled_on=tail.cancelled_on)
