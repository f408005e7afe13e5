"""Two lists of ARR held against each other: what differs, and which policy would explain it.

Everything is exact: ours plus all differences is theirs, to the cent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["opening", "closing"]
SIDES: tuple[Side, ...] = ("opening", "closing")
UNEXPLAINED = "not explained by any policy"
ONLY_THERE = "is not in this portfolio"
ONLY_HERE = "is not in finance's file"
UNPRICED = "has a contract whose price is not known here"
MONTHLY = "states revenue by the month"


@dataclass(frozen=True, slots=True)
class FinanceRow:
    """What finance says of an account, in minor units; None: nothing."""

    account_id: str
    opening: int | None
    closing: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One amount that differs, and why; `ours` is 0 for an account that we do not have."""

    account_id: str
    side: Side
    ours: int
    theirs: int
    why: str

    @property
    def amount(self) -> int:
        """Theirs less ours."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All differences of both ends.

    Attributes:
        ours, theirs: totals by side, over the accounts of either list.
        differences: by account, the largest first.
        matched: how many amounts agree.
    """

    ours: Mapping[Side, int]
    theirs: Mapping[Side, int]
    differences: Sequence[Difference]
    matched: int

    @property
    def by_reason(self) -> dict[str, dict[Side, int]]:
        """How much each reason explains, the largest first."""
        found: dict[str, dict[Side, int]] = {}
        for one in self.differences:
            amounts = found.setdefault(one.why, dict.fromkeys(SIDES, 0))
            amounts[one.side] += one.amount
        return found

    @property
    def balances(self) -> bool:
        """Whether ours and the differences are theirs, exactly."""
        return all(
            self.ours[side] + sum(one.amount for one in self.differences if one.side == side)
            == self.theirs[side]
            for side in SIDES
        )


Positions = Mapping[str, int]


def reconcile(
    ours: Mapping[Side, Positions],
    finance: Sequence[FinanceRow],
    others: Mapping[str, Mapping[Side, Positions]],
    *,
    unpriced: Mapping[Side, Collection[str]],
) -> Reconciliation:
    """Hold finance's amounts against ours.

    Args:
        ours: by side and account id, ARR under our policy.
        finance: one row an account.
        others: by the words of another policy, ARR under that.
        unpriced: by side, ids of accounts with something of which no price is known.
    """
    rows = {row.account_id: row for row in finance}
    told = [side for side in SIDES if any(getattr(row, side) is not None for row in finance)]
    found: list[Difference] = []
    matched = 0
    for side in told:
        for account_id in sorted({*ours[side], *rows}):
            row = rows.get(account_id)
            here, there = ours[side].get(account_id, 0), _amount(row, side)
            if here == there:
                matched += 1
                continue
            which = row is not None, account_id in unpriced[side]
            why = _why(account_id, side, there, (*which, ours, others))
            found.append(Difference(account_id, side, here, there, why))
    found.sort(key=lambda one: (-abs(one.amount), one.account_id, one.side))
    mine = {side: sum(ours[side].values()) if side in told else 0 for side in SIDES}
    theirs = {side: sum(_amount(row, side) for row in finance) for side in SIDES}
    return Reconciliation(mine, theirs, found, matched)


def _amount(row: FinanceRow | None, side: Side) -> int:
    """What finance counts: an account, or an end, that it does not name is nothing there."""
    told: int | None = None if row is None else getattr(row, side)
    return 0 if told is None else told


def _why(
    account_id: str,
    side: Side,
    theirs: int,
    known: tuple[bool, bool, Mapping[Side, Positions], Mapping[str, Mapping[Side, Positions]]],
) -> str:
    is_theirs, is_unpriced, ours, others = known
    for words, positions in others.items():
        if positions[side].get(account_id, 0) == theirs:
            return words
    here = ours[side].get(account_id, 0)
    if theirs and abs(here - 12 * theirs) <= 12:
        return MONTHLY
    if not is_theirs:
        return ONLY_HERE
    if is_unpriced:
        return UNPRICED
    is_ours = any(account_id in positions for positions in ours.values())
    return UNEXPLAINED if is_ours else ONLY_THERE
