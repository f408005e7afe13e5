"""GRR and NRR of a period that is not over: what is certain, and what renewals may still bring.

Both have all opening ARR as denominator, whatever is due; per account, never on totals.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cs_workbench.core.forecast_policy import FULL
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.projections import Range, spread_of
from cs_workbench.core.renewals import Subscription, known_arr

Contracts = Sequence[Subscription]
BothEnds = tuple[int, Contracts, Contracts]  # of the account with that key


class Outlook(NamedTuple):
    """One account over a period, in the smallest unit of one currency.

    Attributes:
        opening_minor: its ARR at the start; accounts without any are in neither rate.
        sure_minor: its ARR at the end by what is decided.
        chances: (amount, probability in 1/10,000) of the renewals that are not, by their end.
    """

    opening_minor: int
    sure_minor: int
    chances: Sequence[tuple[int, int]] = ()


class Retention(NamedTuple):
    """Low, mid and high of both rates in 1/10,000; None where there was no ARR to retain.

    Attributes:
        accounts: with the opening ARR that both rates are of.
        left_out: accounts that are in neither, because it is not known what they paid or will.
    """

    opening_minor: int
    accounts: int
    grr: Range | None
    nrr: Range | None
    left_out: int = 0


def outlooks(
    contracts: Iterable[BothEnds], entries: Iterable[Entry], closing: dt.date
) -> Iterator[Outlook | None]:
    """Each account that opens with ARR, and its renewals that end before the last day.

    None where what it pays at an end, or what it would renew at, is not known. A renewal of which
    nothing due has a price is in the ARR of neither end.

    Args:
        contracts: by account, those in force at the start and at the end, in one currency.
        entries: renewals.
        closing: the end.
    """
    due: dict[int, list[Entry]] = defaultdict(list)
    for one in entries:
        if one.renewal.end_date < closing and one.renewal.due_minor is not None:
            due[one.account.account_key].append(one)
    for key, start, end in contracts:
        opening = known_arr(start)
        if opening is None or (opening and not _are_same_things(start, end)):
            yield None
        elif opening:
            yield _outlook(opening, end, due.get(key, ()))


def _are_same_things(start: Contracts, end: Contracts) -> bool:
    """Whether no product without a price has come, and none got one, so that ARR compares."""
    before = {one.product for one in start if one.is_unpriced}
    after = {one.product for one in end if one.is_unpriced}
    return after <= before and not before & {one.product for one in end if not one.is_unpriced}


def _outlook(opening: int, end: Contracts, due: Iterable[Entry]) -> Outlook | None:
    sure, chances = known_arr(end), list[tuple[int, int]]()
    if sure is None:
        return None
    for one in due:
        now, renewal = one.standing, one.renewal
        if renewal.renewed_on is not None:
            continue  # what follows is in the ARR of the end
        if now.amount_minor is None:
            return None
        if renewal.is_partly_priced and now.amount_minor and not now.is_part:
            return None  # what is said of all of it is not to be held against a part
        if not now.is_open:
            sure += now.amount_minor
            continue
        chances.append((now.amount_minor, now.probability_e4))
        if renewal.is_rolling and renewal.due_minor is not None:
            sure -= renewal.due_minor
    return Outlook(opening, max(0, sure), chances)


def project_retention(outlooks: Iterable[Outlook | None]) -> Retention:
    """Both rates; what one account renews beyond its opening ARR counts in NRR alone.

    None is an account of which not every amount is known: it is left out, and counted.
    """
    every = list(outlooks)
    mine = [one for one in every if one is not None and one.opening_minor > 0]
    opening = sum(one.opening_minor for one in mine)
    kept = sum(min(one.opening_minor, one.sure_minor) for one in mine)
    sure = sum(one.sure_minor for one in mine)
    capped = [step for one in mine for step in _capped(one)]
    steps = [step for one in mine for step in one.chances]
    grr, nrr = _of(opening, kept, capped), _of(opening, sure, steps)
    return Retention(opening, len(mine), grr, nrr, left_out=every.count(None))


def _capped(one: Outlook) -> list[tuple[int, int]]:
    """The chances of an account, each as far as it fills up its opening ARR."""
    steps, total = [], one.sure_minor
    for amount, rate in one.chances:
        before, total = min(one.opening_minor, total), total + amount
        steps.append((min(one.opening_minor, total) - before, rate))
    return steps


def _of(opening: int, sure: int, chances: Sequence[tuple[int, int]]) -> Range | None:
    if not opening:
        return None
    spread = spread_of(chances)
    sums = (sure + spread.low, sure + spread.mid, sure + spread.high)
    return Range(*(round(one * FULL / opening) for one in sums))
