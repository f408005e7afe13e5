"""How the health of many accounts is spread: by group, and over time."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.rollup import WHOLE, Member, Rollup, weighted_mean

By = Literal["csm", "segment", "region", "industry", "stage", "parent", "all"]
Every = Literal["week", "month"]
DEFAULT_SPANS: Final[Mapping[Every, int]] = {"week": 26, "month": 12}
TREND_DAYS: Final = 28
TREND_SLACK: Final = 7
TENTH: Final = 1_000  # of a point, in 1/10,000
_DAY: Final = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Money:
    """What a group pays in one currency, in minor units by band.

    Attributes:
        points_e4: mean of the known scores weighted with ARR; None where nothing is known.
    """

    currency: str
    by_band: Mapping[Band, int]
    points_e4: int | None

    @property
    def minor(self) -> int:
        """The whole of it."""
        return sum(self.by_band.values())

    @property
    def coverage_e4(self) -> int | None:
        """Share whose score is known; None where there is no ARR."""
        return share_e4(self.minor - self.by_band.get("unknown", 0), self.minor)


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that have something in common.

    Attributes:
        name: None where they have none of it; `group_id` where the name alone is no name.
        bands: how many accounts are in each.
        up, down: how many moved to a better or worse band; both bands have to be known.
        median_e4: of the known scores, the lower of two; None where none is known.
        money: by currency, the largest part first; `unpriced` accounts are in none, because it is
            not known what they pay.
        top, rollup: of a family, the account on top and what they come to together.
    """

    group_id: str | None
    name: str | None
    bands: Mapping[Band, int]
    up: int
    down: int
    median_e4: int | None
    money: tuple[Money, ...]
    top: Member | None = None
    rollup: Rollup | None = None
    unpriced: int = 0

    @property
    def accounts(self) -> int:
        """How many there are."""
        return sum(self.bands.values())

    @property
    def unknown_e4(self) -> int | None:
        """Share of the accounts without a band."""
        return share_e4(self.bands.get("unknown", 0), self.accounts)


@dataclass(frozen=True, slots=True)
class Part:
    """The accounts of a group that share a band and a currency, added up.

    Attributes:
        points: their known scores in any order, in 1/10,000.
        unpriced: of how many the ARR is not known.
        weighted: sum of ARR x points.
    """

    group_id: str | None
    name: str | None
    band: Band
    currency: str
    accounts: int
    arr_minor: int
    weighted: int
    points: Sequence[int]
    up: int
    down: int
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A week or month of the history, both days included; `as_of` is its last scored day."""

    first: dt.date
    last: dt.date
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """The accounts that were customers on one day of the history.

    Attributes:
        bands: how many were in each.
        quarters: lower quartile, median and upper quartile of the known scores, in tenths of a
            point, rounded down as every score is.
        arr: by currency and band, in minor units.
    """

    bands: Mapping[Band, int]
    quarters: tuple[int, int, int] | None
    arr: Mapping[str, Mapping[Band, int]]

    @property
    def accounts(self) -> int:
        """How many there were."""
        return sum(self.bands.values())


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """The whole answer.

    Attributes:
        as_of: the day of the scores; None before the first refresh.
        compared_with: the day from which accounts moved up or down.
        history: each week or month with its spread; None where nothing was scored in it.
        apart: accounts that belong to no family, where families were asked for.
    """

    as_of: dt.date | None
    by: By
    every: Every
    compared_with: dt.date | None
    groups: tuple[Group, ...]
    total: Group
    history: tuple[tuple[Span, Spread | None], ...]
    apart: int = 0


@dataclass
class _Sum:
    """One group while its parts are added."""

    name: str | None
    bands: dict[Band, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    arr: dict[str, dict[Band, int]] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)
    points: list[int] = field(default_factory=list)
    up: int = 0
    down: int = 0
    unpriced: int = 0


def gather(parts: Iterable[Part]) -> list[Group]:
    """The groups of parts: those with most red accounts first, then unknown, then large ones."""
    sums: dict[str | None, _Sum] = {}
    for part in parts:
        _add(sums.setdefault(part.group_id, _Sum(part.name)), part)
    found = [_group(group_id, one) for group_id, one in sums.items()]
    return sorted(found, key=_need)


def total_of(parts: Iterable[Part]) -> Group:
    """All parts as one group."""
    whole = _Sum(None)
    for part in parts:
        _add(whole, part)
    return _group(None, whole)


def _add(one: _Sum, part: Part) -> None:
    one.bands[part.band] += part.accounts
    bands = one.arr.setdefault(part.currency, dict.fromkeys(BANDS, 0))
    bands[part.band] += part.arr_minor
    if part.band != "unknown":
        one.weighted[part.currency] = one.weighted.get(part.currency, 0) + part.weighted
        one.points.extend(part.points)
    one.up += part.up
    one.down += part.down
    one.unpriced += part.unpriced


def _group(group_id: str | None, one: _Sum) -> Group:
    money = [
        Money(
            currency,
            bands,
            weighted_mean(
                one.weighted.get(currency, 0), sum(bands.values()) - bands.get("unknown", 0)
            ),
        )
        for currency, bands in one.arr.items()
    ]
    money.sort(key=lambda part: (-part.minor, part.currency))
    points = sorted(one.points)
    return Group(
        group_id=group_id,
        name=one.name,
        bands=one.bands,
        up=one.up,
        down=one.down,
        median_e4=points[rank(len(points), 2)] if points else None,
        money=tuple(part for part in money if part.minor),
        unpriced=one.unpriced,
    )


def _need(group: Group) -> tuple[int, int, int, bool, str]:
    bands = group.bands
    name = (group.name or "").casefold()
    return -bands["red"], -bands["unknown"], -group.accounts, group.name is None, name


def rank(count: int, quarter: int) -> int:
    """The place, from 0, of a quartile among so many in order: always one that is there."""
    return max(0, -(-count * quarter // 4) - 1)


def quarters_of(counts: Mapping[int, int]) -> tuple[int, int, int] | None:
    """Both quartiles and the median of values that come so often; None without any."""
    total = sum(counts.values())
    if not total:
        return None
    found: list[int] = []
    passed = 0
    wanted = [rank(total, quarter) for quarter in (1, 2, 3)]
    for value in sorted(counts):
        passed += counts[value]
        while len(found) < len(wanted) and wanted[len(found)] < passed:
            found.append(value)
    return found[0], found[1], found[2]


def share_e4(part: int, whole: int) -> int | None:
    """A share in 1/10,000, rounded down; None of nothing."""
    return WHOLE * part // whole if whole else None


def spans(last: dt.date, since: dt.date, every: Every) -> list[Span]:
    """Weeks of seven days back from the last day, or calendar months, the oldest first."""
    found = []
    end = last
    while end >= since:
        begin = end.replace(day=1) if every == "month" else end - dt.timedelta(6)
        found.append(Span(begin, end))
        if begin <= dt.date(1, 1, 7):
            break
        end = begin - _DAY
    return found[::-1]


def with_days(wanted: Sequence[Span], days: Sequence[dt.date]) -> list[Span]:
    """Each span with the newest of the days in it, if there is one; days oldest first."""
    newest: dict[int, dt.date] = {}
    place = 0
    for day in days:
        while place < len(wanted) and wanted[place].last < day:
            place += 1
        if place < len(wanted) and wanted[place].first <= day:
            newest[place] = day
    return [Span(one.first, one.last, newest.get(place)) for place, one in enumerate(wanted)]


def first_day(last: dt.date, every: Every) -> dt.date:
    """Where the history begins when nobody says."""
    count = DEFAULT_SPANS[every]
    if every == "week":
        return last - dt.timedelta(7 * count - 1)
    months = last.year * 12 + last.month - count
    return dt.date(months // 12, months % 12 + 1, 1)


def compared_day(days: Sequence[dt.date], as_of: dt.date) -> dt.date | None:
    """The day that is nearest to four weeks before, from three to five, the later of two."""
    target = as_of - dt.timedelta(TREND_DAYS)
    near = [day for day in days if abs((day - target).days) <= TREND_SLACK]
    return min(near, key=lambda day: (abs((day - target).days), -day.toordinal()), default=None)
