"""A scorecard: which measures count, how much, and what their values are worth.

The text is TOML (`core/scorecard_files.py` reads it); its hash names it for good in the store, and
a stored score is read with the scorecard that made it. Where other weights or thresholds hold for
some accounts, each such *variant* is a scorecard of its own: the same text under a line that names
it.
"""

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.measures import Measure, Outcome, Parameters
from cs_workbench.core.renewals import in_force

POINT = 10_000
FULL = 100 * POINT
VALUE_SCALE = 1_000_000
ParentsBy = Literal["arr", "worst"]
DIMENSIONS = ("adoption", "engagement", "service", "voice", "relationship", "commercial")


@dataclass(frozen=True)
class PointMap:
    """Straight lines between (value, points) pairs, flat beyond both ends, in whole numbers.

    Attributes:
        values: ascending, in 1/1,000,000.
        points: of the same length, in 1/10,000 of a point.
    """

    values: tuple[int, ...]
    points: tuple[int, ...]

    def points_of(self, value: float) -> int:
        """Points in 1/10,000; halves are rounded up."""
        scaled = round(value * VALUE_SCALE)
        right = bisect_right(self.values, scaled)
        if right == 0:
            return self.points[0]
        if right == len(self.values):
            return self.points[-1]
        x0, x1 = self.values[right - 1], self.values[right]
        y0, y1 = self.points[right - 1], self.points[right]
        return y0 + (2 * (y1 - y0) * (scaled - x0) + x1 - x0) // (2 * (x1 - x0))

    @property
    def target(self) -> float:
        """The value from which on the map gives its best."""
        best = max(self.points)
        rising = self.points[-1] == best
        found = self.points.index(best) if rising else self.points[::-1].index(best)
        values = self.values if rising else self.values[::-1]
        return values[found] / VALUE_SCALE

    @property
    def higher_is_better(self) -> bool:
        """Whether points rise with the value."""
        return self.points[-1] > self.points[0]

    @property
    def target_sign(self) -> str:
        """How a value is compared with the target."""
        return "≥" if self.higher_is_better else "≤"


@dataclass(frozen=True)
class BandMap:
    """The same points for all values of a band; a limit belongs to the band that begins there.

    Attributes:
        limits: where the second and each later band begin, in 1/1,000,000, ascending.
        points: of each band, in 1/10,000 of a point; one more than limits.
    """

    limits: tuple[int, ...]
    points: tuple[int, ...]

    def points_of(self, value: float) -> int:
        """Points in 1/10,000."""
        return self.points[bisect_right(self.limits, round(value * VALUE_SCALE))]

    @property
    def target(self) -> float:
        """The limit beyond which the map gives its best."""
        best = max(self.points)
        if self.higher_is_better:
            return self.limits[self.points.index(best) - 1] / VALUE_SCALE
        return self.limits[len(self.points) - 1 - self.points[::-1].index(best)] / VALUE_SCALE

    @property
    def higher_is_better(self) -> bool:
        """Whether points rise with the value."""
        return self.points[-1] > self.points[0]

    @property
    def target_sign(self) -> str:
        """How a value is compared with the target."""
        return "≥" if self.higher_is_better else "<"


ValueMap = PointMap | BandMap


@dataclass(frozen=True)
class ScoredMeasure:
    """One line of a scorecard.

    Attributes:
        measure_id: its name in the file.
        source: name of the built-in `measure`, and `given` its parameters with defaults filled in.
        weight: a whole number, compared with the other weights.
        worth: what a value is worth.
        max_age_days: older data is left out; None: age does not matter.
        missing_e4: what counts where the value is missing or too old; None: the others carry it.
        min_history_days: an account that began later than so many days ago has no value.
        tenure: until which month of the customer's tenure other maps hold, ascending.
        question: what to ask the customer when it is red.
        if_imported: asked of nobody where the portfolio has no data of its kind at all.
        words: of a manual rating, what 1 to 5 mean; else empty.
    """

    measure_id: str
    label: str
    dimension: str
    source: str
    measure: Measure
    given: Parameters
    weight: int
    worth: ValueMap
    max_age_days: int | None
    missing_e4: int | None = None
    min_history_days: int = 0
    tenure: tuple[tuple[int, ValueMap], ...] = ()
    question: str = ""
    if_imported: bool = False
    words: tuple[str, ...] = ()

    @property
    def target_text(self) -> str:
        """What is aimed at, for a person."""
        sign = self.worth.target_sign
        shown = self.measure.show(self.worth.target)
        is_plain = shown == "yes" or (not self.worth.target and sign == "≤")
        return shown if is_plain else f"{sign} {shown}"


class Worth(NamedTuple):
    """What scoring needs of a measure; the fields as in `ScoredMeasure`."""

    weight: int
    points_of: Callable[[float], int]
    max_age_days: float
    missing_e4: int | None


@dataclass(frozen=True)
class Profile:
    """Other weights and maps for some accounts; the first in the file that fits an account holds.

    Attributes:
        segments, stages, products: in lower case; empty: any.
        measures: as they are for these accounts, in the scorecard's order.
    """

    name: str
    segments: frozenset[str]
    stages: frozenset[str]
    products: frozenset[str]
    measures: tuple[ScoredMeasure, ...]

    def fits(self, segment: str | None, stage: str | None, products: frozenset[str]) -> bool:
        """Whether all its conditions hold for an account; products in lower case."""
        if self.segments and (segment or "").casefold() not in self.segments:
            return False
        if self.stages and (stage or "") not in self.stages:
            return False
        return not self.products or not self.products.isdisjoint(products)


@dataclass(frozen=True, slots=True)
class Variant:
    """Which accounts a scorecard is for.

    Attributes:
        profile: name of the profile that fits; None where none does.
        until_month: tenure below so many months; None: above all such limits.
    """

    profile: str | None = None
    until_month: int | None = None

    def told(self) -> str:
        """For whom it is, for a person: `smb, first 3 months`."""
        months = None if self.until_month is None else f"first {self.until_month} months"
        parts = [part for part in (self.profile, months) if part]
        return ", ".join(parts) or "the general ones"


@dataclass(frozen=True)
class Scorecard:
    """A whole scorecard, or one variant of it.

    Attributes:
        text, digest: the file as it was (under a line that names the variant), and its SHA-256.
        yellow_from, green_from: limits in 1/10,000 of a point, inclusive.
        minimum_coverage_e4: below it the band is unknown.
        metrics: usage metrics by preference.
        dimensions: labels by name.
        profiles: in the order of precedence.
        parents_by: how a parent rolls up its accounts: weighted by ARR, or the worst of them.
        variant: which of the variants this is; `origin` is the hash of the file.
        variants: the others; empty where all accounts are scored alike.
    """

    name: str
    text: str
    digest: str
    yellow_from: int
    green_from: int
    minimum_coverage_e4: int
    metrics: tuple[str, ...]
    dimensions: Mapping[str, str]
    measures: tuple[ScoredMeasure, ...]
    profiles: tuple[Profile, ...] = ()
    parents_by: ParentsBy = "arr"
    variant: Variant = Variant()
    origin: str = ""
    variants: Mapping[Variant, "Scorecard"] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def asked(self) -> tuple[tuple[Callable[..., Outcome], Parameters, str | None], ...]:
        """Of each measure the function, its parameters, and the kind of file it needs."""
        return tuple((one.measure.function, one.given, one.measure.kind) for one in self.measures)

    @cached_property
    def worths(self) -> tuple["Worth", ...]:
        """How each measure is scored, with what a refresh asks for again and again remembered."""
        return tuple(
            Worth(
                one.weight,
                lru_cache(maxsize=1024)(one.worth.points_of),
                math.inf if one.max_age_days is None else one.max_age_days,
                one.missing_e4,
            )
            for one in self.measures
        )

    @cached_property
    def gated(self) -> tuple[int, ...]:
        """Places of the measures that not every account is asked."""
        return tuple(
            place
            for place, one in enumerate(self.measures)
            if not one.weight or one.min_history_days
        )

    @cached_property
    def optional(self) -> tuple[int, ...]:
        """Places of the measures that are asked only where there is data of their kind."""
        return tuple(place for place, one in enumerate(self.measures) if one.if_imported)

    def band_of(self, points_e4: int | None, coverage_e4: int) -> Band:
        """The band of a score; unknown where too little is covered."""
        if points_e4 is None or coverage_e4 < self.minimum_coverage_e4:
            return "unknown"
        if points_e4 >= self.green_from:
            return "green"
        return "yellow" if points_e4 >= self.yellow_from else "red"

    def of_account(self, facts: AccountFacts) -> "Scorecard":
        """The variant that holds for an account; without a known start none of tenure does."""
        if not self.variants:
            return self
        products: frozenset[str] = frozenset()
        if self._asks_products:
            day = facts.portfolio.as_of
            running = (one.product or "" for one in facts.subscriptions if in_force(one, day))
            products = frozenset(name.casefold() for name in running)
        return self._variant(
            facts.segment, facts.lifecycle_stage, products, self._until(tenure_months(facts))
        )

    @cached_property
    def _asks_products(self) -> bool:
        return any(one.products for one in self.profiles)

    @cached_property
    def _limits(self) -> list[int]:
        return sorted({one.until_month for one in self.variants if one.until_month is not None})

    def _until(self, months: int | None) -> int | None:
        """The first limit of tenure that is not reached."""
        if months is None:
            return None
        at = bisect_right(self._limits, months)
        return self._limits[at] if at < len(self._limits) else None

    @cached_property
    def _variant(self) -> Callable[..., "Scorecard"]:
        """Who is alike in all that profiles ask of has the same, which is remembered."""

        @lru_cache(maxsize=4096)
        def find(
            segment: str | None, stage: str | None, products: frozenset[str], until: int | None
        ) -> "Scorecard":
            fitting = (one.name for one in self.profiles if one.fits(segment, stage, products))
            return self.variants.get(Variant(next(fitting, None), until), self)

        return find


def tenure_months(facts: AccountFacts) -> int | None:
    """Whole months as a customer; None where the start is unknown."""
    begun = started_on(facts)
    if begun is None:
        return None
    day = facts.portfolio.as_of
    months = (day.year - begun.year) * 12 + day.month - begun.month
    return max(0, months - (day.day < begun.day))


def started_on(facts: AccountFacts) -> dt.date | None:
    """The first day as a customer, as far as is known."""
    if facts.started_on is not None:
        return facts.started_on
    return min((one.start_date for one in facts.subscriptions), default=None)
