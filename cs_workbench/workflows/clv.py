"""What a new customer is worth, segment by segment, by how long such customers stay."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs_workbench.churn.contracts import Contracts, clock_on, read_contracts
from cs_workbench.churn.history import FAR, Flags, Floats, History, Ints
from cs_workbench.churn.lifetimes import Lifetimes, fit_lifetimes, paid_periods, survival
from cs_workbench.churn.selection import FEWEST
from cs_workbench.store.database import Database
from cs_workbench.workflows.churn_history import load_history

CAP_MONTHS = 60
DRAWS = 60
MONTH = 365.25 / 12
YEARLY = 12
LOW, HIGH = 10.0, 90.0

Bounds = tuple[float, float, float]  # value, low, high


@dataclass(frozen=True)
class SegmentValue:
    """One segment.

    Attributes:
        period: months between two decisions, 1 or 12.
        alpha, beta: of the beta distribution; None where too few left.
        months: expected months as a customer, out of the cap, with an 80 % interval.
        clv: money, in major units; None where no ARR or no margin is known.
        arpa: a month, in major units; None where no ARR is known.
        first, fifth: share that renews at the first decision, and at the fifth.
    """

    name: str
    accounts: int
    left: int
    period: int
    arpa: float | None
    alpha: float | None = None
    beta: float | None = None
    months: Bounds | None = None
    clv: Bounds | None = None
    first: float | None = None
    fifth: float | None = None


@dataclass(frozen=True)
class LifetimeValues:
    """All segments, and the whole; what was assumed."""

    as_of: dt.date
    margin: float | None
    cap_months: int
    discount: float
    segments: tuple[SegmentValue, ...]


def lifetime_values(
    db: Database,
    *,
    as_of: dt.date,
    margin: float | None,
    cap_months: int = CAP_MONTHS,
    discount: float = 0.0,
) -> LifetimeValues:
    """Fit each segment, and everybody, on who stayed how long.

    Args:
        db: the portfolio.
        as_of: nothing after it is looked at.
        margin: gross margin, a share; None: not told, so no money is counted.
        cap_months: nothing beyond so many months is counted.
        discount: a year, a share.
    """
    history = load_history(db, as_of=as_of)
    contracts = read_contracts(history)
    terms = (margin, cap_months, discount)
    groups = [(name, history.segment == place) for place, name in enumerate(history.segments)]
    groups.append(("all", np.ones(history.size, np.bool_)))
    values = [_value(history, contracts, group, terms) for group in groups]
    day = dt.date.fromordinal(history.data_end)
    found = tuple(one for one in values if one.accounts)
    return LifetimeValues(day, margin, cap_months, discount, found)


def _value(
    history: History,
    contracts: Contracts,
    group: tuple[str, Flags],
    terms: tuple[float | None, int, float],
) -> SegmentValue:
    name, members = group
    margin, cap, discount = terms
    spells = contracts.spells
    chosen = members[spells.account] if history.size else np.zeros(0, np.bool_)
    period = _period(contracts, members)
    seen = _seen(history, contracts, np.flatnonzero(chosen), period)
    left, accounts = int(seen.left.sum()), len(np.unique(spells.account[chosen]))
    clock = clock_on(contracts, history.data_end, history.size)
    paying = members & (clock.arr > 0) if history.size else members
    arpa = float(clock.arr[paying].mean()) / YEARLY if paying.any() else None
    bare = SegmentValue(name, accounts, left, period, arpa)
    if left < FEWEST:
        return bare
    alpha, beta = fit_lifetimes(seen.table())
    months, earned = _worth(seen, (alpha, beta), period, (cap, discount))
    _, stays = survival(np.array(alpha), np.array(beta), 5)
    return replace(
        bare,
        alpha=alpha,
        beta=beta,
        months=_times(months, period),
        clv=None if arpa is None or margin is None else _times(earned, period * arpa * margin),
        first=float(stays[1]),
        fifth=float(stays[5] / stays[4]),
    )


def _times(values: Bounds, factor: float) -> Bounds:
    return values[0] * factor, values[1] * factor, values[2] * factor


def _worth(
    seen: Lifetimes, found: tuple[float, float], period: int, terms: tuple[int, float]
) -> tuple[Bounds, Bounds]:
    """Periods paid for, and the same discounted: value, low and high by drawing accounts anew."""
    cap, yearly = terms
    periods = -(-cap // period)
    rate = (1 + yearly) ** (period / YEARLY) - 1
    rng = np.random.default_rng(0)
    size = len(seen.left)
    drawn = rng.multinomial(size, np.full(size, 1 / size), DRAWS).astype(np.float64)
    pairs = [fit_lifetimes(seen.table(one)) for one in drawn]
    both = []
    for discount in (0.0, rate):
        value = paid_periods(*found, periods, discount=discount)
        others = [paid_periods(*pair, periods, discount=discount) for pair in pairs]
        low, high = np.percentile(others, [LOW, HIGH])
        both.append((value, float(low), float(high)))
    return both[0], both[1]


def _period(contracts: Contracts, members: Flags) -> int:
    """Months between decisions: a year where the usual term is one or more, else a month."""
    own = contracts.subscriptions
    mine = members[own.account] & (own.known_until == FAR) & ~own.is_trial
    terms = own.term_months[mine]
    length = np.where(own.end[mine] < FAR, (own.end[mine] + 1 - own.start[mine]) / MONTH, np.nan)
    known = np.where(np.isnan(terms), length, terms)
    known = known[np.isfinite(known)]
    return YEARLY if len(known) and float(np.median(known)) >= YEARLY * 0.9 else 1


def _seen(history: History, contracts: Contracts, rows: Ints, period: int) -> Lifetimes:
    """Each spell in whole periods; who began before departures were recorded enters late."""
    spells = contracts.spells
    days = MONTH * period
    all_left = spells.left[spells.left < FAR]
    watched = int(all_left.min()) if len(all_left) else history.data_end
    begin, left = spells.begin[rows], spells.left[rows]
    counts = spells.is_certain[rows] & (np.minimum(left, history.data_end) >= watched)
    begin, left = begin[counts], left[counts]
    gone = left < FAR
    last = np.where(gone, left, history.data_end + 1)
    entered = np.maximum(0, np.ceil((watched - begin) / days - 1e-9) - 1)
    ended = np.where(gone, np.maximum(1, np.round((last - begin) / days)), (last - begin) // days)
    ended = np.maximum(ended, entered + gone)
    happened: Floats = gone.astype(np.float64)
    return Lifetimes(entered.astype(np.int64), ended.astype(np.int64), happened)


def columns(found: Sequence[SegmentValue]) -> list[dict[str, object]]:
    """The segments as JSON has them."""
    return [
        {
            "segment": one.name,
            "accounts": one.accounts,
            "left": one.left,
            "period_months": one.period,
            "alpha": one.alpha,
            "beta": one.beta,
            "months": None if one.months is None else one.months[0],
            "months_low": None if one.months is None else one.months[1],
            "months_high": None if one.months is None else one.months[2],
            "arpa": one.arpa,
            "clv": None if one.clv is None else one.clv[0],
            "low": None if one.clv is None else one.clv[1],
            "high": None if one.clv is None else one.clv[2],
            "renews_first": one.first,
            "renews_fifth": one.fifth,
        }
        for one in found
    ]
