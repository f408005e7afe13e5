"""Money that stayed: the ARR bridge, GRR, NRR and what is left of them.

All of them compare the two ends of a period, account by account. New accounts are in neither sum
of GRR and NRR; GRR is never taken of totals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.movements import Movements
from cs_workbench.core.metrics.results import Members, Metric

GRACE = "In grace, late and counted as staying until it is over: {}."
RESTATED = "Differing from the closed period before, which counts here: {}."


@dataclass(frozen=True, slots=True)
class Bridge:
    """From opening to closing ARR, exactly, in minor units; contraction and churn are positive.

    Attributes:
        escalators: the part of `expansion` that contracts provide for.
        restated: the part of all movements that corrects a closed period.
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
    members: dict[str, Members] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether it closes to the cent."""
        gained = self.new + self.expansion + self.reactivation
        return self.opening + gained - self.contraction - self.churn == self.closing

    def plain(self) -> dict[str, int]:
        """The parts by name, in order."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "members"}


def bridge(moved: Movements, escalators: Sequence[int] = ()) -> Bridge:
    """The ARR bridge; one net line an account, or a product where GRR goes by products.

    Args:
        moved: the accounts.
        escalators: of each account, what its contracts provided for.
    """
    parts: dict[str, list[tuple[int, int]]] = {
        name: [] for name in ("new", "expansion", "reactivation", "contraction", "churn")
    }
    planned = 0
    for at, (before, after, kept) in enumerate(
        zip(moved.opening, moved.closing, moved.kept, strict=True)
    ):
        if before == 0:
            if after:
                came_back = 0 < moved.first[at] <= moved.start
                parts["reactivation" if came_back else "new"].append((at, after))
            continue
        if after == 0:
            parts["churn"].append((at, before))
            continue
        if after > kept:
            parts["expansion"].append((at, after - kept))
            planned += min(after - kept, escalators[at]) if escalators else 0
        if before > kept:
            parts["contraction"].append((at, before - kept))
    sums = {name: sum(amount for _, amount in found) for name, found in parts.items()}
    return Bridge(
        opening=sum(moved.opening),
        **sums,
        closing=sum(moved.closing),
        escalators=planned,
        restated=sum(moved.restated),
        members={
            name: Members([moved.keys[at] for at, _ in found], [one for _, one in found])
            for name, found in parts.items()
        },
    )


def grr(moved: Movements) -> Metric:
    """Gross revenue retention: what is kept of each opening account over all opening ARR."""
    return _retention(moved, "grr", moved.kept)


def nrr(moved: Movements) -> Metric:
    """Net revenue retention: what opening accounts pay now over what they paid."""
    return _retention(moved, "nrr", moved.closing)


def gross_churn(moved: Movements) -> Metric:
    """Gross revenue churn, 1 - GRR."""
    return _remainder(grr(moved), "gross_churn")


def net_churn(moved: Movements) -> Metric:
    """Net revenue churn, 1 - NRR; below zero where accounts grew by more than was lost."""
    return _remainder(nrr(moved), "net_churn")


def existing_share(moved: Movements) -> Metric:
    """Share of the closing ARR that comes from accounts that were customers at the opening."""
    there = set(moved.there_at_start())
    tops = [after if at in there else 0 for at, after in enumerate(moved.closing)]
    bottoms = list(moved.closing)
    below = sum(bottoms)
    interval = intervals.of_weights(sum(tops) / below, bottoms) if below else None
    return Metric(
        "existing_share",
        "share",
        sum(tops),
        below,
        sum(1 for paid in bottoms if paid),
        interval=interval,
        members=Members(moved.keys, tops, bottoms),
        of="money",
    )


def cautions(moved: Movements) -> tuple[str, ...]:
    """What a reader of these accounts' numbers has to know."""
    late = sum(moved.in_grace)
    restated = sum(1 for one in moved.restated if one)
    found = []
    if late:
        found.append(GRACE.format(plural(late, "account")))
    if restated:
        found.append(RESTATED.format(plural(restated, "account")))
    return tuple(found)


def _retention(moved: Movements, key: str, kept: Sequence[int]) -> Metric:
    there = moved.there_at_start()
    tops, bottoms = [kept[at] for at in there], [moved.opening[at] for at in there]
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
        members=Members([moved.keys[at] for at in there], tops, bottoms),
        of="money",
    )


def _remainder(kept: Metric, key: str) -> Metric:
    interval = None
    if kept.low is not None and kept.high is not None:
        interval = intervals.complement((kept.low, kept.high))
    members = kept.members
    lost = [
        below - above for above, below in zip(members.numerators, members.denominators, strict=True)
    ]
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
