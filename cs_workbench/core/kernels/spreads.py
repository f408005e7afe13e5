"""How scores were spread on many days, counted from the texts of `core/score_spans.py`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.health_summaries import Spread, quarters_of
from cs_workbench.core.kernels.columns import Ints
from cs_workbench.core.score_spans import (
    BAND_OF,
    CODES_FROM,
    RESIDUES,
    RUNS_FROM,
    SIGNS,
    Contract,
    ScoredRange,
)

_CODES = 1001 * RESIDUES  # of all points and bands
_NONE = -1  # in a table of codes: no score on the day
_Amounts = dict[Band, list[int]]


@dataclass(frozen=True)
class Days:
    """The days that are asked for.

    Attributes:
        days: ISO dates, ascending.
        runs: of each refresh that counts, the place of its day.
        grace: for each day, the first of the days of grace before it.
    """

    days: Sequence[str]
    runs: Mapping[int, int]
    grace: Sequence[str]


@dataclass
class _Counts:
    """What is counted: how often each code comes, days x codes; and ARR by currency and band."""

    codes: Ints
    arr: dict[str, _Amounts] = field(default_factory=dict)


def count_spreads(ranges: Iterable[ScoredRange], asked: Days) -> list[Spread]:
    """The spread of each of the days over all ranges of accounts."""
    size = len(asked.days)
    counts = _Counts(np.zeros((size, _CODES), np.int64))
    for one in ranges:
        codes = _table(one.codes, asked)
        known = codes != _NONE
        places = np.broadcast_to(np.arange(size), codes.shape)[known]
        found = np.bincount(places * _CODES + codes[known], minlength=size * _CODES)
        counts.codes += found.reshape(size, _CODES)
        _add_arr(counts, one.currencies, codes, arr_on_days(one.contracts, len(codes), asked))
    return [_spread(counts, place) for place in range(size)]


def arr_on_days(contracts: Sequence[Contract], size: int, asked: Days) -> Ints:
    """ARR in force, accounts x days; where nothing is, that of what ended within the days of grace.

    As `renewals.arr_at_stake`, for many accounts and days at once.
    """
    at, firsts, lasts, amounts = zip(*contracts, strict=True) if contracts else ((), (), (), ())
    account, arr = np.array(at, np.int64), np.array(amounts, np.int64)
    days, grace = np.array(asked.days), np.array(asked.grace)
    first, last = np.array(firsts, days.dtype), np.array(lasts, days.dtype)
    begin, after = np.searchsorted(days, first), np.searchsorted(days, last, side="right")
    ever = begin < after
    spans = account[ever], begin[ever], after[ever]
    running = _added(spans, np.ones(len(spans[0]), np.int64), size, len(days))
    levels = _added(spans, arr[ever], size, len(days))
    graced = np.searchsorted(grace, last, side="right")
    lapsed = _added((account, after, graced), arr, size, len(days))
    return np.where(running > 0, levels, lapsed)


def _added(spans: tuple[Ints, Ints, Ints], values: Ints, size: int, days: int) -> Ints:
    """Accounts x days: the values of all spans that hold on the day, from a place to before one."""
    account, begin, end = spans
    steps = np.zeros((size, days + 1), np.int64)
    np.add.at(steps, (account, begin), values)
    np.add.at(steps, (account, end), -values)
    levels: Ints = steps.cumsum(axis=1)[:, :-1]
    return levels


def _table(texts: Sequence[str], asked: Days) -> Ints:
    """The code of each account on each day."""
    signs = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.int64)
    place_of = np.full(max(asked.runs, default=0) + 2, _NONE, np.int64)  # the last: any later one
    place_of[list(asked.runs)] = list(asked.runs.values())
    runs = np.minimum(signs[1::SIGNS] - RUNS_FROM, len(place_of) - 1)
    places = place_of[runs]
    account = np.repeat(np.arange(len(texts)), [len(one) // SIGNS for one in texts])
    wanted = places != _NONE
    table = np.full((len(texts), len(asked.days)), _NONE, np.int64)
    table[account[wanted], places[wanted]] = signs[::SIGNS][wanted] - CODES_FROM
    return table


def _add_arr(counts: _Counts, currencies: Sequence[str], codes: Ints, levels: Ints) -> None:
    given = np.array(currencies)
    for currency in sorted(set(currencies)):
        mine = given == currency
        amounts = counts.arr.setdefault(currency, {band: [0] * codes.shape[1] for band in BANDS})
        residues = np.where(codes[mine] == _NONE, _NONE, codes[mine] % RESIDUES)
        for residue, band in BAND_OF.items():
            found = np.where(residues == residue, levels[mine], 0).sum(axis=0).tolist()
            amounts[band] = [old + new for old, new in zip(amounts[band], found, strict=True)]


def _spread(counts: _Counts, place: int) -> Spread:
    bands = dict.fromkeys(BANDS, 0)
    tenths: Counter[int] = Counter()
    row = counts.codes[place]
    for code in np.flatnonzero(row).tolist():
        points, residue = divmod(code, RESIDUES)
        band, count = BAND_OF[residue], int(row[code])
        bands[band] += count
        if band != "unknown":
            tenths[points] += count
    arr = {
        currency: {band: days[place] for band, days in amounts.items()}
        for currency, amounts in sorted(counts.arr.items())
    }
    return Spread(
        bands,
        quarters_of(tenths),
        {currency: found for currency, found in arr.items() if any(found.values())},
    )
