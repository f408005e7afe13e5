"""Money that stayed: the ARR bridge, GRR, NRR and what is left of them.

All of them compare the two ends of a period, account by account. New accounts are in neither sum
of GRR and NRR; GRR is never taken of totals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.movements import Movements
from cs_workbench.core.metrics.results import Members, Metric

GRACE = "In grace, late and counted as staying until it is over: {}."
RESTATED = "Differing from the closed period before, which counts here: {}."


class Step(NamedTuple):
    """A part of the bridge on the way from opening to closing: its size, and from where to where.

    Attributes:
        name: as `Bridge` calls it.
        amount: never below zero; `kind` says which way it goes.
    """

    name: str
    amount: int
    low: int
    high: int
    kind: Literal["whole", "up", "down"]


@dataclass(frozen=True, slots=True)
class Bridge:
    """From opening to closing ARR, exactly, in minor units; contraction and churn are positive.

    Attributes:
        escalators: the part of `expansion` that contracts provide for.
        restated: the part of all movements that corrects a closed period.
        unpriced: by how much the known ARR of accounts changed that are in no movement, because
            what is not known of them differs between both ends; below zero where it fell.
        members: by part, the places of the accounts in it and what each gave.
    """

    opening: int
    new: int
    expansion: int
    reactivation: int
    contraction: int
    churn: int
    closing: int
    escalators: int = 0
    restated: int = 0
    unpriced: int = 0
    members: dict[str, Members] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether it closes to the cent."""
        gained = self.new + self.expansion + self.reactivation + self.unpriced
        return self.opening + gained - self.contraction - self.churn == self.closing

    def steps(self) -> tuple[Step, ...]:
        """The parts in order, without `unpriced` where that is nothing."""
        gained = (
            ("new", self.new),
            ("expansion", self.expansion),
            ("reactivation", self.reactivation),
        )
        lost = ("contraction", -self.contraction), ("churn", -self.churn)
        running, found = self.opening, [Step("opening", self.opening, 0, self.opening, "whole")]
        for name, change in (*gained, *lost, ("unpriced", self.unpriced)):
            if change or name != "unpriced":
                low, high = sorted((running, running + change))
                goes_up = change > 0 or (name, change) in gained
                found.append(Step(name, abs(change), low, high, "up" if goes_up else "down"))
                running += change
        return (*found, Step("closing", self.closing, 0, self.closing, "whole"))

    def plain(self) -> dict[str, int]:
        """The parts by name, in order."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "members"}


def bridge(
    moved: Movements, escalators: Sequence[int] = (), *, known: Movements | None = None
) -> Bridge:
    """The ARR bridge; one net line an account, or a product where GRR goes by products.

    Args:
        moved: the accounts.
        escalators: of each account, what its contracts provided for.
        known: the same accounts with what is known of those that are not to be compared, so that
            one period closes with what the next opens with.
    """
    ends = known or moved
    parts = columns.bridge_parts(moved.opening, moved.closing, moved.kept, moved.first, moved.start)
    rises = zip(*parts["expansion"], strict=True) if escalators else ()
    before = columns.less(ends.opening, moved.opening)
    after = columns.less(ends.closing, moved.closing)
    parts["unpriced"] = columns.not_zero(columns.less(after, before))
    return Bridge(
        opening=sum(ends.opening),
        **{name: sum(amounts) for name, (_, amounts) in parts.items()},
        closing=sum(ends.closing),
        escalators=sum(min(more, escalators[at]) for at, more in rises),
        restated=sum(ends.restated),
        members={
            name: Members(columns.picked(moved.keys, places), amounts)
            for name, (places, amounts) in parts.items()
        },
    )


def grr(moved: Movements) -> Metric:
    """Gross revenue retention: what is kept of each opening account over all opening ARR."""
    return _retention(moved, "grr", moved.kept)


def nrr(moved: Movements) -> Metric:
    """Net revenue retention: what opening accounts pay now over what they paid."""
    return _retention(moved, "nrr", moved.closing)


def gross_churn(retained: Metric) -> Metric:
    """Gross revenue churn, 1 - GRR, from that."""
    return _remainder(retained, "gross_churn")


def net_churn(retained: Metric) -> Metric:
    """Net revenue churn, 1 - NRR, from that; below zero where accounts grew more than was lost."""
    return _remainder(retained, "net_churn")


def existing_share(moved: Movements) -> Metric:
    """Share of the closing ARR that comes from accounts that were customers at the opening."""
    tops, bottoms = columns.where_both(moved.opening, moved.closing), moved.closing
    above, below = sum(tops), sum(bottoms)
    interval = intervals.of_weights(above / below, bottoms) if below else None
    return Metric(
        "existing_share",
        "share",
        above,
        below,
        columns.paying(bottoms),
        interval=interval,
        members=Members(moved.keys, tops, bottoms),
        of="money",
    )


def cautions(moved: Movements) -> tuple[str, ...]:
    """What a reader of these accounts' numbers has to know."""
    late = sum(moved.in_grace)
    restated = columns.paying(moved.restated)
    found = []
    if late:
        found.append(GRACE.format(plural(late, "account")))
    if restated:
        found.append(RESTATED.format(plural(restated, "account")))
    return tuple(found)


def _retention(moved: Movements, key: str, kept: Sequence[int]) -> Metric:
    there = moved.there_at_start()
    tops, bottoms = columns.picked(kept, there), columns.picked(moved.opening, there)
    above, below = sum(tops), sum(bottoms)
    interval = None
    if below:
        weighted = intervals.of_weights(above / below, bottoms) if above <= below else None
        interval = weighted if key == "grr" else intervals.of_ratio(tops, bottoms)
    return Metric(
        key,
        "share",
        above,
        below,
        len(there),
        interval=interval,
        flags=cautions(moved),
        members=Members(columns.picked(moved.keys, there), tops, bottoms),
        of="money",
    )


def _remainder(kept: Metric, key: str) -> Metric:
    interval = None
    if kept.low is not None and kept.high is not None:
        interval = intervals.complement((kept.low, kept.high))
    members = kept.members
    lost = columns.less(members.denominators, members.numerators)
    return Metric(
        key,
        "share",
        kept.denominator - kept.numerator,
        kept.denominator,
        kept.n,
        interval=interval,
        flags=kept.flags,
        members=Members(members.keys, lost, members.denominators),
        of="money",
    )
