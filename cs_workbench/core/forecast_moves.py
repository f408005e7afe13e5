"""What moved between two days: account by account, adding up to the difference exactly."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from cs_workbench.core.pipeline import Standing
from cs_workbench.core.projections import rounded
from cs_workbench.core.rounding import apportioned

Kind = Literal["entered", "left", "closed", "slipped", "re-forecast", "moved", "re-rated"]
KINDS: Final[tuple[Kind, ...]] = (
    *("entered", "left", "closed", "slipped", "re-forecast", "moved", "re-rated"),
)


class Position(NamedTuple):
    """One renewal as it stood on a day.

    Attributes:
        said: the id of the forecast that held, or of what else decided; None without any.
    """

    due_minor: int | None
    end_date: dt.date
    deadline: dt.date
    closes_on: dt.date | None
    standing: Standing
    said: str | None


class Move(NamedTuple):
    """One renewal before and after; None where it was not in the window.

    Attributes:
        account_key, filed: which renewal: its account, and the end date it is kept under.
        delta_e4: by how much the weighted sum changed through it, in 1/10,000 of the unit.
    """

    account_key: int
    filed: dt.date
    kind: Kind
    before: Position | None
    after: Position | None
    delta_e4: int


Positions = Mapping[tuple[int, dt.date], Position]


def find_moves(before: Positions, after: Positions) -> list[Move]:
    """Every renewal that came, went or changed, the largest difference first.

    The sum of `delta_e4` is the difference of the two weighted sums: what is left out has none.
    """
    found = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        delta = _weighted(new) - _weighted(old)
        kind = _kind(old, new)
        if kind is not None:
            found.append(Move(*key, kind, old, new, delta))
    return sorted(found, key=lambda one: (-abs(one.delta_e4), one.account_key, one.filed))


def by_account(moves: Sequence[Move]) -> dict[int, int]:
    """The difference through each account, in 1/10,000 of the unit, the largest first."""
    sums: dict[int, int] = defaultdict(int)
    for one in moves:
        sums[one.account_key] += one.delta_e4
    return dict(sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0])))


def shown_parts(parts_e4: Sequence[int]) -> list[int]:
    """The parts in whole units that add up to their rounded sum: by largest remainder."""
    return apportioned(parts_e4, 10_000, rounded(sum(parts_e4)))


def _weighted(position: Position | None) -> int:
    """What it adds to the weighted sum, which leaves out what is not known."""
    weighted = None if position is None else position.standing.weighted_e4
    return 0 if weighted is None else weighted


def _kind(old: Position | None, new: Position | None) -> Kind | None:
    """The most telling of what happened to it; None for what makes no difference to anybody."""
    if old is None:
        return "entered"
    if new is None:
        return "left"
    if old.standing.is_open and not new.standing.is_open:
        return "closed"
    if old.closes_on is not None and new.closes_on is not None and new.closes_on > old.closes_on:
        return "slipped"
    if old.said != new.said:
        return "re-forecast"
    terms = (old.end_date, old.deadline, old.due_minor, old.standing.amount_minor)
    if terms != (new.end_date, new.deadline, new.due_minor, new.standing.amount_minor):
        return "moved"
    return None if old.standing.weighted_e4 == new.standing.weighted_e4 else "re-rated"
