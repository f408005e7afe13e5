"""Counting a history of scores that comes as one text for each account.

A row a score would be millions of rows. Each score is two characters instead: one for its points in
tenths and its band (`code_of`), and one for the refresh that wrote it (from `RUNS_FROM` on). Slices
of such texts are counted as quickly as anything is.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.health_summaries import Spread, quarters_of

CODES_FROM: Final = 0x100
RUNS_FROM: Final = 0xE000  # beyond the surrogates
RESIDUES: Final = 5  # by which the first letters of the bands differ
SIGNS: Final = 2
_BANDS: Final[dict[int, Band]] = {ord(band[0]) % RESIDUES: band for band in BANDS}

_LETTERS: Final = {  # quicker than to look at each character
    CODES_FROM + code: _BANDS[code % RESIDUES][0]
    for code in range(1001 * RESIDUES)
    if code % RESIDUES in _BANDS
}


@dataclass(frozen=True, slots=True)
class Contract:
    """ARR from the first to the last day, ISO dates; 0 for what entitles but is no ARR."""

    first: str
    last: str
    arr_minor: int


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one account, oldest first, in characters as above."""

    codes: str
    currency: str
    contracts: Sequence[Contract]


Amounts = dict[str, int]


@dataclass
class _Counts:
    """What is counted of each day.

    Attributes:
        codes: how often each comes.
        arr: by currency, that of each band's first letter.
    """

    codes: list[Counter[str]]
    arr: dict[str, list[Amounts]] = field(default_factory=dict)

    def amounts(self, currency: str) -> list[Amounts]:
        """Of one currency, by day."""
        if currency not in self.arr:
            self.arr[currency] = [{band[0]: 0 for band in BANDS} for _ in self.codes]
        return self.arr[currency]


def code_of(tenths: int, band: Band) -> str:
    """The character of a score."""
    return chr(CODES_FROM + tenths * RESIDUES + ord(band[0]) % RESIDUES)


def count_spreads(
    accounts: Iterable[Scored],
    days: Sequence[str],
    runs: Mapping[int, int],
    grace_days: Sequence[str],
) -> list[Spread]:
    """The spread of each of the days.

    Args:
        accounts: each with its scores, and what it pays.
        days: ISO dates, ascending.
        runs: of each refresh that counts, the place of its day.
        grace_days: for each day, the first of the days of grace before it.
    """
    counts = _Counts([Counter() for _ in days])
    alike: dict[str, list[str]] = {}
    when: dict[str, list[int | None]] = {}
    for one in accounts:
        refreshes = one.codes[1::SIGNS]
        if refreshes not in when:
            when[refreshes] = [runs.get(ord(sign) - RUNS_FROM) for sign in refreshes]
            alike[refreshes] = []
        scores = one.codes[::SIGNS]
        alike[refreshes].append(scores)
        if one.contracts:
            levels = arr_on_days(one.contracts, days, grace_days)
            amounts = counts.amounts(one.currency)
            for place, band in zip(when[refreshes], scores.translate(_LETTERS), strict=True):
                if place is not None:
                    amounts[place][band] += levels[place]
    for refreshes, texts in alike.items():
        text, width = "".join(texts), len(refreshes)
        for index, place in enumerate(when[refreshes]):
            if place is not None:
                counts.codes[place].update(text[index::width])
    return [_spread(counts, place) for place in range(len(days))]


def arr_on_days(
    contracts: Sequence[Contract], days: Sequence[str], grace_days: Sequence[str]
) -> list[int]:
    """ARR in force on each day; where nothing is, that of what ended within the days of grace.

    As `renewals.arr_at_stake`, for many days of an account at once.
    """
    levels = [0] * len(days)
    in_force = bytearray(len(days))
    for one in contracts:
        begin, end = bisect_left(days, one.first), bisect_right(days, one.last)
        if begin < end:
            in_force[begin:end] = b"\1" * (end - begin)
            for place in range(begin, end):
                levels[place] += one.arr_minor
    place = in_force.find(0)
    while place >= 0:
        floor, day = grace_days[place], days[place]
        levels[place] = sum(one.arr_minor for one in contracts if floor <= one.last < day)
        place = in_force.find(0, place + 1)
    return levels


def _spread(counts: _Counts, place: int) -> Spread:
    bands = dict.fromkeys(BANDS, 0)
    tenths: Counter[int] = Counter()
    for code, count in counts.codes[place].items():
        points, residue = divmod(ord(code) - CODES_FROM, RESIDUES)
        band = _BANDS[residue]
        bands[band] += count
        if band != "unknown":
            tenths[points] += count
    arr = {currency: _by_band(counts.arr[currency][place]) for currency in sorted(counts.arr)}
    return Spread(
        bands,
        quarters_of(tenths),
        {currency: found for currency, found in arr.items() if any(found.values())},
    )


def _by_band(amounts: Amounts) -> dict[Band, int]:
    return {band: amounts[band[0]] for band in BANDS}
