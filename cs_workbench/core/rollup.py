"""The roll-up of a family of accounts: one score for a parent and all that belongs to it.

It stands beside the parent's own score and never replaces it. Whole numbers, one rounding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cs_workbench.core.accounts import Band
from cs_workbench.core.scorecards import ParentsBy, Scorecard

METHODS: Final[tuple[ParentsBy, ...]] = get_args(ParentsBy)
WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a family as it is scored.

    Attributes:
        points_e4: None where the band is unknown.
        arr_minor: in minor units of `currency`; None where no price is known.
        has_contract: any was ever written down; a part of a customer may have none of its own, and
            then brings no ARR.
    """

    account_key: int
    account_id: str
    name: str
    band: Band
    points_e4: int | None
    arr_minor: int | None
    currency: str
    is_former: bool = False
    has_contract: bool = True

    @property
    def is_known(self) -> bool:
        """Whether it has a score that can be trusted."""
        return self.points_e4 is not None and self.band != "unknown"


@dataclass(frozen=True, slots=True)
class Rollup:
    """What the customers of a family come to together.

    Attributes:
        method: how it was made; `reason` why it is the worst account although ARR was asked for.
        points_e4: None where nothing is known.
        coverage_e4: known share of the ARR, or of the accounts, as `covers` says.
        accounts, known: customers in the family, and those of them with a band.
        worst: the one with the lowest score.
    """

    method: ParentsBy
    reason: str | None
    points_e4: int | None
    band: Band
    coverage_e4: int
    covers: Literal["arr", "accounts"]
    accounts: int
    known: int
    worst: Member | None


@dataclass(frozen=True, slots=True)
class FamilyHealth:
    """What an account belongs to, and what belongs to it.

    Attributes:
        parent: the account right above, and `parent_rollup` what that one's family comes to.
        below: everything below with its depth from 1, each parent before its own.
        rollup: of this account and all below; None where there is nothing below or no customer.
    """

    parent: Member | None
    parent_rollup: Rollup | None
    below: tuple[tuple[int, Member], ...]
    rollup: Rollup | None


def roll_up(members: Sequence[Member], card: Scorecard) -> Rollup | None:
    """The roll-up of a parent's own score and those of all below it; None without a customer.

    By ARR: the mean of the known scores, weighted with the ARR, in 1/10,000 of a point, halves up.
    Amounts of several currencies are never added: then, and where an ARR is not known or there is
    none, the worst score stands for all. Unknown ones lower the coverage; below the scorecard's
    minimum the band is unknown, but a worst score that is red is red whatever the others are.
    """
    customers = [one for one in members if not one.is_former]
    if not customers:
        return None
    known = [one for one in customers if one.is_known]
    worst = min(
        known, key=lambda one: (one.points_e4, -(one.arr_minor or 0), one.account_key), default=None
    )
    reason = _why_not_by_arr(customers)
    coverage = _share(known, customers, by_arr=reason is None)
    method: ParentsBy = "arr" if card.parents_by == "arr" and reason is None else "worst"
    points = _mean(known) if method == "arr" else None if worst is None else worst.points_e4
    band = card.band_of(points, coverage)
    if method == "worst" and worst is not None and worst.band == "red":
        band = "red"
    return Rollup(
        method=method,
        reason=reason if card.parents_by != method else None,
        points_e4=points,
        band=band,
        coverage_e4=coverage,
        covers="arr" if reason is None else "accounts",
        accounts=len(customers),
        known=len(known),
        worst=worst,
    )


def depths_below(parents: Mapping[int, int], top: int) -> dict[int, int]:
    """Everything below an account with its depth from 1, each parent before its own."""
    children = _children(parents)
    found: dict[int, int] = {}
    waiting = [(child, 1) for child in reversed(children.get(top, ()))]
    while waiting:
        one, depth = waiting.pop()
        if one != top and one not in found:
            found[one] = depth
            waiting.extend((child, depth + 1) for child in reversed(children.get(one, ())))
    return found


def families(parents: Mapping[int, int]) -> dict[int, list[int]]:
    """Each account on top of others with all below it; a circle is headed by its smallest key."""
    found: dict[int, list[int]] = {}
    tops = sorted({parent for parent in parents.values() if parent not in parents})
    children = _children(parents)
    seen: set[int] = set()
    for top in tops:
        found[top] = list(_walk(children, top, seen))
    for key in sorted(parents):
        if key not in seen:
            head = _head(parents, key)
            found[head] = list(_walk(children, head, seen))
    return found


def _head(parents: Mapping[int, int], key: int) -> int:
    """The smallest key of the circle to which the way up from an account leads."""
    passed = [key]
    while parents[passed[-1]] not in passed:
        passed.append(parents[passed[-1]])
    return min(passed[passed.index(parents[passed[-1]]) :])


def _walk(children: Mapping[int, Sequence[int]], top: int, seen: set[int]) -> Iterator[int]:
    seen.add(top)
    waiting = [top]
    for one in waiting:  # grows while it is walked
        for child in children.get(one, ()):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
                yield child


def _children(parents: Mapping[int, int]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for child in sorted(parents):
        children.setdefault(parents[child], []).append(child)
    return children


def _why_not_by_arr(customers: Sequence[Member]) -> str | None:
    if any(one.arr_minor is None and one.has_contract for one in customers):
        return "not every ARR is known"
    currencies = {one.currency for one in customers if one.arr_minor}
    if not currencies:
        return "no ARR"
    return "ARR in several currencies" if len(currencies) > 1 else None


def _share(known: Sequence[Member], customers: Sequence[Member], *, by_arr: bool) -> int:
    if not by_arr:
        return WHOLE * len(known) // len(customers)
    total = sum(one.arr_minor or 0 for one in customers)
    return WHOLE * sum(one.arr_minor or 0 for one in known) // total


def _mean(known: Sequence[Member]) -> int | None:
    weight = sum(one.arr_minor or 0 for one in known)
    return weighted_mean(sum((one.arr_minor or 0) * (one.points_e4 or 0) for one in known), weight)


def weighted_mean(total: int, weight: int) -> int | None:
    """A sum of weight x points over the sum of the weights, halves up; None without weight."""
    return (2 * total + weight) // (2 * weight) if weight else None
