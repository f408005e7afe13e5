"""Two lists of ARR held against each other: what differs, and which policy would explain it.

Everything is exact: ours plus all differences is theirs, to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["opening", "closing"]
SIDES: tuple[Side, ...] = ("opening", "closing")
UNEXPLAINED = "not explained by any policy"
ONLY_THERE = "is not in this portfolio"
ONLY_HERE = "is not in finance's file"
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
) -> Reconciliation:
    """Hold finance's amounts against ours.

    Args:
        ours: by side and account id, ARR under our policy.
        finance: one row an account.
        others: by the words of another policy, ARR under that.
    """
    rows = {row.account_id: row for row in finance}
    told: tuple[Side, ...] = tuple(
        side for side in SIDES if any(getattr(row, side) is not None for row in finance)
    )
    totals: dict[str, dict[Side, int]] = {"ours": {}, "theirs": {}}
    found: list[Difference] = []
    matched = 0
    for side in SIDES:
        mine = ours[side] if side in told else {}
        ids = sorted({*mine, *rows}) if side in told else []
        for account_id in ids:
            row = rows.get(account_id)
            here = mine.get(account_id, 0)
            there = 0 if row is None else getattr(row, side) or 0
            if here == there:
                matched += 1
                continue
            why = _why(account_id, side, there, (row is not None, ours, others))
            found.append(Difference(account_id, side, here, there, why))
        totals["ours"][side] = sum(mine.values())
        totals["theirs"][side] = (
            sum(getattr(row, side) or 0 for row in finance) if side in told else 0
        )
    found.sort(key=lambda one: (-abs(one.amount), one.account_id, one.side))
    return Reconciliation(totals["ours"], totals["theirs"], found, matched)


def _why(
    account_id: str,
    side: Side,
    theirs: int,
    known: tuple[bool, Mapping[Side, Positions], Mapping[str, Mapping[Side, Positions]]],
) -> str:
    is_theirs, ours, others = known
    for words, positions in others.items():
        if positions[side].get(account_id, 0) == theirs:
            return words
    here = ours[side].get(account_id, 0)
    if theirs and abs(here - 12 * theirs) <= 12:
        return MONTHLY
    if not is_theirs:
        return ONLY_HERE
    is_ours = any(account_id in positions for positions in ours.values())
    return UNEXPLAINED if is_ours else ONLY_THERE
