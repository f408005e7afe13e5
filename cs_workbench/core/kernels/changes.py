"""What moved scores, over a range of accounts: `explain_change` of `core/health.py` by columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
import numpy as np

from cs_workbench.core.causes import WORTH_SAYING
from cs_workbench.core.kernels.columns import Bools, Column, Ints
from cs_workbench.core.kernels.scores import NO_POINTS, CardTables, Scores, nearest, worth_table
from cs_workbench.core.scorecards import FULL

_decode = msgspec.json.Decoder(list[list[Any]]).decode
_MISSING = (None, None, None)
_NOT_APPLICABLE = (None, -1, None)  # an age that no value has


@dataclass(frozen=True, slots=True)
class Part:
    """One measure's part in a change or a loss; `appeared` as in `ChangeCause`."""

    at: int
    measure: int
    points_e4: int
    appeared: bool | None = None


def decoded_columns(texts: Sequence[str], count: int) -> list[Column]:
    """Stored contributions of so many measures as columns of what was measured."""
    rows = _decode(f"[{','.join(texts)}]")
    flat = [
        one if type(one) is list else _MISSING if one is None else _NOT_APPLICABLE
        for one in chain.from_iterable(rows)
    ]
    value = np.array([one[0] for one in flat], np.float64).reshape(len(texts), count)
    age = np.array([one[1] for one in flat], np.float64).reshape(len(texts), count)
    known, whole = ~np.isnan(value), np.zeros(len(texts), np.bool_)
    days = np.where(known, age, 0).astype(np.int64)
    return [
        Column(value[:, at], days[:, at], known[:, at], age[:, at] != -1, whole)
        for at in range(count)
    ]


def change_parts(
    tables: CardTables, before: Sequence[Column], after: Scores, rows: Ints
) -> Iterator[Part]:
    """The parts of changes that are worth saying: what came, what went, what moved, as added up.

    Args:
        tables: of the scorecard of both.
        before: what was measured then, of the accounts in `rows` alone.
        after: the scores of today, of all accounts.
        rows: the accounts, whose variant of the scorecard is the same on both days.
    """
    card = after.card[rows]
    was, now, weight = worth_table(tables, before, card), after.worths.of(rows), tables.weight[card]
    changed = (was.counts != now.counts) | (was.counts & (was.points != now.points))
    moved = changed & was.fresh & now.fresh
    came = changed & ~was.fresh & (now.fresh | ~was.counts)
    went = changed & ~moved & ~came
    steps = np.concatenate([came, went, moved], axis=1)
    worth = weight * (now.points - was.points)
    heavier = weight * (now.counts.astype(np.int64) - was.counts)
    total, counted = (weight * was.points).sum(axis=1), (weight * was.counts).sum(axis=1)
    points = nearest(
        total[:, None] + np.cumsum(np.tile(worth, 3) * steps, axis=1),
        counted[:, None] + np.cumsum(np.tile(heavier, 3) * steps, axis=1),
    )
    parts = np.diff(points, axis=1, prepend=nearest(total, counted)[:, None])
    for at, step in _places(np.abs(parts) >= WORTH_SAYING):
        kind, measure = divmod(step, len(tables.rank))
        appeared = (True, False, None)[kind]
        yield Part(int(rows[at]), measure, int(parts[at, step]), appeared)


def loss_parts(tables: CardTables, scores: Scores, rows: Ints) -> Iterator[Part]:
    """What each measure keeps away from a full score of some accounts, where it is worth saying."""
    counted, parts = np.maximum(scores.counted[rows], 1)[:, None], scores.parts[rows]
    most = tables.weight[scores.card[rows]] * FULL // counted
    lost = np.where(parts == NO_POINTS, 0, parts - most)
    for at, measure in _places(lost <= -WORTH_SAYING):
        yield Part(int(rows[at]), measure, int(lost[at, measure]))


def _places(true: Bools) -> Iterator[tuple[int, int]]:
    rows, columns = np.nonzero(true)
    return zip(rows.tolist(), columns.tolist(), strict=True)
