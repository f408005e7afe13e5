"""GRR and NRR of a period that is not over: what is certain, and what renewals may still bring.

Both have all opening ARR as denominator, whatever is due; per account, never on totals.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cs_workbench.core.forecast_policy import FULL
from cs_workbench.core.projections import Range, spread_of


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
