"""What the list of accounts shows of one account."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from cs_workbench.core.judgements import Override

Band = Literal["red", "unknown", "yellow", "green"]
BANDS: tuple[Band, ...] = ("red", "unknown", "yellow", "green")  # in order of what needs a person


class AccountLine(NamedTuple):
    """One row of the list.

    Attributes:
        points_e4: the health score in 1/10,000 of a point (0 to 1,000,000), None if unknown.
        known_points_e4: the score over what is known, also where that is too little for a band.
        coverage_e4, low_e4, high_e4: how much of the scorecard was known, and the score's interval.
        trend_e4: change of points over 28 days.
        spark: weekly levels of usage, oldest first, `0` to `7`, `.` where there is no data.
        arr_minor: annual recurring revenue in minor units of `currency`; None where no contract in
            force has a known price, and before the first refresh, when `as_of` is None.
        seats, seats_used: contracted, and active in the last 28 days.
        deadline: the last day to act before the renewal is decided, and `deadline_by` why.
        causes: what moved the score most, largest first.
        next_step_said_on: set alone where a person said that there is explicitly none.
        promises_late: how many promises of ours are past their day.
        signals: how many are open and not snoozed.
        is_former: a customer no longer.
        changed: since this person last opened it.
        override: a person's own call that stands today, beside the score.
        leaves_e6: the churn model's probability that it leaves, in 1/1,000,000; None where no model
            is in use. `leaves_low_e6` and `leaves_high_e6` bound its 80 % interval.
        loyalty_e4: our loyalty to them in 1/10,000 of a point, None where too little is known.
        custom: the values of a team's own fields, by field.
    """

    account_key: int
    account_id: str
    name: str
    segment: str | None
    region: str | None
    industry: str | None
    csm: str | None
    lifecycle_stage: str | None
    currency: str
    arr_minor: int | None
    as_of: dt.date | None
    band: Band
    points_e4: int | None
    known_points_e4: int | None
    coverage_e4: int
    low_e4: int
    high_e4: int
    trend_e4: int | None
    spark: str
    seats: int | None
    seats_used: int | None
    end_date: dt.date | None
    deadline: dt.date | None
    deadline_by: Literal["notice", "procurement", "end"] | None
    last_two_way_on: dt.date | None
    next_step: str | None
    next_step_owner: str | None
    next_step_due: dt.date | None
    next_step_said_on: dt.date | None
    causes: Iterable[str]
    promises_late: int
    is_former: bool
    changed: bool
    signals: int = 0
    override: "Override | None" = None
    loyalty_e4: int | None = None
    custom: Mapping[str, str] = MappingProxyType({})
    leaves_e6: int | None = None
    leaves_low_e6: int | None = None
    leaves_high_e6: int | None = None

    def days_to_deadline(self, today: dt.date) -> int | None:
        """Days from today to the deadline; negative when it has passed."""
        return None if self.deadline is None else (self.deadline - today).days

    @property
    def leaves_span(self) -> tuple[float, float, float] | None:
        """The churn model's probability, and the bounds of its interval; None without a model."""
        if self.leaves_e6 is None:
            return None
        low, high = self.leaves_low_e6 or 0, self.leaves_high_e6 or 0
        return self.leaves_e6 / 1_000_000, low / 1_000_000, high / 1_000_000

    @property
    def loss_minor(self) -> int | None:
        """Expected loss: ARR x probability; None without a model in use or a known ARR."""
        if self.leaves_e6 is None or self.arr_minor is None:
            return None
        return self.arr_minor * self.leaves_e6 // 1_000_000

    @property
    def seat_use(self) -> float | None:
        """Active users per contracted seat; above 1 is an overage."""
        if not self.seats or self.seats_used is None:
            return None
        return self.seats_used / self.seats
