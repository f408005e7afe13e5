"""Scores of a range of accounts: `core/health.py` over a table of accounts x measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import HealthScore, Standing, history_days, is_unheard_of
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.columns import Bools, Column, Floats, Ints
from cs_workbench.core.kernels.measures import measure_columns
from cs_workbench.core.scorecards import FULL, POINT, PointMap, Scorecard, ValueMap

NO_POINTS = -1  # in a table of contributions; a contribution is never below zero
BANDS: tuple[Band, ...] = ("unknown", "red", "yellow", "green")
_SPAN = 2**41  # of a map's values; twice a hundred points times this still fits into 64 bits


@dataclass(frozen=True, eq=False, slots=True)
class WorthTable:
    """Accounts x measures.

    Attributes:
        fresh: there is a value, and it is not too old.
        counts: it has points: its own, or those set in the place of what is missing.
        points: in 1/10,000; 0 where it does not count.
        applies: it is asked of the account.
    """

    fresh: Bools
    counts: Bools
    points: Ints
    applies: Bools

    def of(self, rows: Ints) -> "WorthTable":
        """Of some of the accounts."""
        return WorthTable(
            self.fresh[rows], self.counts[rows], self.points[rows], self.applies[rows]
        )


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of a range of accounts, each by its own variant of one scorecard.

    Attributes:
        cards: the variants, and `card` which of them holds for each account.
        columns: what was measured, in the scorecard's order; `worths` what it counts.
        points: meaningless where `counted` is 0; the others as in `HealthScore`.
        parts: accounts x measures, the contributions; NO_POINTS where there is none.
    """

    cards: Sequence[Scorecard]
    card: Ints
    columns: Sequence[Column]
    worths: WorthTable
    points: Ints
    counted: Ints
    band: Ints
    coverage: Ints
    low: Ints
    high: Ints
    parts: Ints

    @cached_property
    def bands(self) -> list[Band]:
        """Of each account."""
        return [BANDS[one] for one in self.band.tolist()]

    @cached_property
    def shown_points(self) -> list[int | None]:
        """Of each account; None where nothing at all is known."""
        pairs = zip(self.points.tolist(), self.counted.tolist(), strict=True)
        return [points if counted else None for points, counted in pairs]

    @cached_property
    def standings(self) -> list[Standing]:
        """Of each account, without what it is made of."""
        numbers = (one.tolist() for one in (self.coverage, self.low, self.high))
        rows = zip(self.shown_points, self.bands, *numbers, strict=True)
        return [Standing(*row) for row in rows]

    def score(self, at: int) -> HealthScore:
        """One account's score as the plain functions give it."""
        return HealthScore(
            self.shown_points[at],
            self.bands[at],
            int(self.coverage[at]),
            int(self.low[at]),
            int(self.high[at]),
            tuple(column.outcome(at) for column in self.columns),
            tuple(None if part == NO_POINTS else part for part in self.parts[at].tolist()),
        )


class CardTables:
    """A scorecard and its variants as tables: variants x measures."""

    def __init__(self, scorecard: Scorecard) -> None:
        self.scorecard = scorecard
        self.cards = [scorecard, *scorecard.variants.values()]
        self._place = {card.digest: at for at, card in enumerate(self.cards)}
        worths = [card.worths for card in self.cards]
        self.weight = np.array([[one.weight for one in row] for row in worths], np.int64)
        self.max_age = np.array([[one.max_age_days for one in row] for row in worths])
        self.missing = np.array(
            [[NO_POINTS if one.missing_e4 is None else one.missing_e4 for one in row]
             for row in worths], np.int64,
        )  # fmt: skip
        ids = [(one.measure_id, at) for at, one in enumerate(scorecard.measures)]
        self.rank = np.empty(len(ids), np.int64)
        self.rank[[at for _, at in sorted(ids)]] = np.arange(len(ids))

    def places_of(self, facts: Sequence[AccountFacts]) -> Ints:
        """Which variant holds for each account."""
        of_account, place = self.scorecard.of_account, self._place
        found = (place[of_account(one).digest] for one in facts)
        return np.fromiter(found, np.int64, len(facts))

    def worth(self, measure: int, column: Column, card: Ints) -> Ints:
        """Points of each account's value by its variant's map."""
        found = np.zeros(len(card), np.int64)
        maps = [card.measures[measure].worth for card in self.cards]
        for one in {id(one): one for one in maps}.values():
            mine = np.array([other is one for other in maps])[card] & column.known
            if mine.any():
                found[mine] = points_of(one, column.value[mine])
        return found


def score_columns(tables: CardTables, chunk: ChunkColumns) -> Scores:
    """The scores of a range of accounts: what `measure_account` and `score_health` give of each."""
    card = tables.places_of(chunk.facts)
    columns = _asked(tables, chunk, card, measure_columns(tables.scorecard, chunk))
    return score_outcomes(tables, columns, card)


def score_outcomes(tables: CardTables, columns: Sequence[Column], card: Ints) -> Scores:
    """The scores of what was measured: what `score_health` gives of each account."""
    worths, weight = worth_table(tables, columns, card), tables.weight[card]
    product = weight * worths.points
    asked = (weight * worths.applies).sum(axis=1)
    present = (weight * worths.fresh).sum(axis=1)
    counted = (weight * worths.counts).sum(axis=1)
    total = (product * worths.fresh).sum(axis=1)
    points = nearest(product.sum(axis=1), counted)
    coverage = present * POINT // np.maximum(asked, 1)
    return Scores(
        cards=tables.cards,
        card=card,
        columns=columns,
        worths=worths,
        points=points,
        counted=counted,
        band=_bands(tables.scorecard, points, counted, coverage),
        coverage=coverage,
        low=nearest(total, asked),
        high=np.where(asked > 0, nearest(total + (asked - present) * FULL, asked), FULL),
        parts=_parts(tables, product, worths.counts, (points, counted)),
    )


def worth_table(tables: CardTables, columns: Sequence[Column], card: Ints) -> WorthTable:
    """What each value is worth, and what counts in the place of missing ones."""
    size, count = len(card), len(columns)
    known, applies = np.empty((size, count), np.bool_), np.empty((size, count), np.bool_)
    age, worth = np.empty((size, count), np.int64), np.empty((size, count), np.int64)
    for at, column in enumerate(columns):
        known[:, at], applies[:, at], age[:, at] = column.known, column.applies, column.age
        worth[:, at] = tables.worth(at, column, card)
    missing = tables.missing[card]
    fresh = known & (age <= tables.max_age[card])
    instead = applies & ~fresh & (missing != NO_POINTS)
    points = np.where(fresh, worth, np.where(instead, missing, 0))
    return WorthTable(fresh, fresh | instead, points, applies)


def nearest(numerator: Ints, denominator: Ints) -> Ints:
    """The quotient to the nearest whole number, halves up; 0 where the denominator is."""
    below = np.maximum(denominator, 1)
    return np.where(denominator > 0, (2 * numerator + below) // (2 * below), 0)


def points_of(worth: ValueMap, values: Floats) -> Ints:
    """Points in 1/10,000 of each value."""
    limits = worth.values if isinstance(worth, PointMap) else worth.limits
    if max(map(abs, limits)) >= _SPAN:
        return np.array([worth.points_of(value) for value in values.tolist()], np.int64)
    edges, points = np.array(limits, np.int64), np.array(worth.points, np.int64)
    inside = np.clip(np.rint(values * 1e6), edges[0] - 1, edges[-1] + 1).astype(np.int64)
    right = np.searchsorted(edges, inside, side="right")
    if not isinstance(worth, PointMap):
        return points[right]
    at = np.clip(right, 1, len(edges) - 1)
    x0, x1, y0, y1 = edges[at - 1], edges[at], points[at - 1], points[at]
    between = y0 + (2 * (y1 - y0) * (inside - x0) + x1 - x0) // (2 * (x1 - x0))
    ends = np.where(right == 0, points[0], points[-1])
    return np.where((right == 0) | (right == len(edges)), ends, between)


def _asked(
    tables: CardTables, chunk: ChunkColumns, card: Ints, columns: Sequence[Column]
) -> list[Column]:
    """What is not asked of an account does not apply; what it is too young for is missing."""
    lines = tables.scorecard.measures
    least = np.array([[one.min_history_days for one in card.measures] for card in tables.cards])
    history: Ints | None = None
    if least.any():
        days = (history_days(one) for one in chunk.facts)
        history = np.fromiter(days, np.int64, chunk.size)
    found = []
    for at, column in enumerate(columns):
        known, applies = column.known, column.applies
        if lines[at].if_imported and is_unheard_of(lines[at], chunk.portfolio):
            applies = known
        if history is not None:
            is_young = history < least[card, at]
            known, applies = known & ~is_young, applies | is_young
        is_asked = tables.weight[card, at] > 0
        found.append(
            Column(column.value, column.age, known & is_asked, applies & is_asked, column.whole)
        )
    return found


def _bands(card: Scorecard, points: Ints, counted: Ints, coverage: Ints) -> Ints:
    band = 1 + (points >= card.yellow_from).astype(np.int64) + (points >= card.green_from)
    return np.where((counted == 0) | (coverage < card.minimum_coverage_e4), 0, band)


def _parts(tables: CardTables, product: Ints, there: Bools, score: tuple[Ints, Ints]) -> Ints:
    """Each measure's part of the score; remainders by largest fraction, ties by measure id."""
    points, counted = score
    weight = np.maximum(counted, 1)[:, None]
    parts, rest = np.divmod(product, weight)
    left = points - parts.sum(axis=1)
    count = len(tables.rank)
    order = np.where(there, -rest * count + tables.rank, np.iinfo(np.int64).max)
    place = np.empty_like(order)
    np.put_along_axis(place, np.argsort(order, axis=1), np.arange(count)[None, :], axis=1)
    return np.where(there, parts + (place < left[:, None]), NO_POINTS)
