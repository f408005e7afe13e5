"""What a seat costs since an account's last renewal, against what it cost before."""

import numpy as np

from cs_workbench.churn.contracts import (
    GRACE_DAYS,
    SHORTEST_CLOCK,
    Contracts,
    term_begun,
)
from cs_workbench.churn.history import FAR, Flags, Floats, Ints, Subscriptions

MOST = 2.0  # log ratio; further changes are taken as so large


def price_changes(contracts: Contracts, day: int, size: int) -> Floats:
    """By account the log ratio of the price a seat since the last renewal to that before.

    A renewal is a line that follows another within the days of grace, or the next term of a line
    that was prolonged. NaN before the first one, and where a price or the seats are not known.
    """
    own = contracts.subscriptions
    known = (own.known_from <= day) & (day < own.known_until) & ~own.is_trial & (own.start <= day)
    last = np.minimum(own.end, own.cancelled - 1)
    runs = known & ((last >= day) | contracts.spells.continued)
    over = known & ~runs
    begun = _begun(contracts, day)
    prolonged = begun > own.start
    renewals = runs & (prolonged | _follows(own, begun, np.where(over, last, -1)))
    renewed = np.zeros(size, np.int64)
    np.maximum.at(renewed, own.account[renewals], begun[renewals])
    at = renewed[own.account]
    since = runs & (begun == at)
    ended = over & (last < at) & (last >= at - 1 - GRACE_DAYS)
    # A line of a first load may have been overwritten: its price of then is known from a version.
    kept = (own.known_from > 0) | (own.known_until <= day)
    month_before = at - 1 - GRACE_DAYS
    stood = (own.known_from <= month_before) & (month_before < own.known_until)
    before = ended | (prolonged & (begun == at) & kept & stood & ~own.is_trial)
    now, then = _price(own, since, size), _price(own, before, size)
    is_known = (renewed > 0) & (now > 0) & (then > 0)
    ratio = np.where(is_known, now, 1) / np.where(is_known, then, 1)
    return np.where(is_known, np.clip(np.log(ratio), -MOST, MOST), np.nan)


def _begun(contracts: Contracts, day: int) -> Ints:
    """The first day of the term that runs on the day, of lines that were prolonged; the start."""
    own = contracts.subscriptions
    months = np.where(np.isnan(own.term_months), 0, own.term_months).astype(np.int64)
    goes_on = (months >= SHORTEST_CLOCK) & ((own.end == FAR) | (contracts.fits_term > 1))
    begun = term_begun(own.start, np.maximum(months, 1), np.maximum(own.start, day))
    return np.where(goes_on, begun, own.start)


def _follows(own: Subscriptions, begun: Ints, last: Ints) -> Flags:
    """Whether a line of the same account ended within the days of grace before the begin."""
    span = FAR + 1
    ended = np.sort((own.account * span + last)[last >= 0])
    first = own.account * span + begun - 1 - GRACE_DAYS
    found: Flags = np.searchsorted(ended, first) < np.searchsorted(
        ended, own.account * span + begun
    )
    return found


def _price(own: Subscriptions, chosen: Flags, size: int) -> Floats:
    """ARR for each seat of the chosen lines; NaN where none states seats."""
    stated = chosen & (own.seats > 0) & ~np.isnan(own.arr)
    arr = np.bincount(own.account[stated], own.arr[stated], size)
    seats = np.bincount(own.account[stated], own.seats[stated], size)
    found: Floats = np.where(seats > 0, arr / np.where(seats > 0, seats, 1), np.nan)
    return found
