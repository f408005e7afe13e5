"""Gradient boosting whose trees see one feature and the renewal clock, compiled into tables.

A sum of such trees is a step function of two numbers for each feature; as a table it is exact,
small, quick, and explains itself. scikit-learn is needed to fit it, never to predict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs_workbench.churn.columns import RENEWAL, Column, Inputs
from cs_workbench.churn.history import Floats, Ints
from cs_workbench.churn.threads import on_one_thread

CLOCK = "weeks_left"
CALENDAR = (CLOCK, "past_notice")
RATE, LEAVES, RIDGE = 0.09, 6, 5.0
STAGES = (15, 30, 50, 75, 100)
MOST_BINS = 31
HUGE = 1e300  # in place of infinity, where all that is known stands against what is not


@dataclass(frozen=True)
class Boosted:
    """A fitted sum of trees.

    Attributes:
        names: the inputs in their order; the clock is the last.
        machine: scikit-learn's own object.
    """

    names: tuple[str, ...]
    machine: Any

    @on_one_thread
    def staged(self, inputs: Inputs, stages: Sequence[int]) -> list[Floats]:
        """Log-odds after so many trees each."""
        rows = rows_of(inputs, self.names)
        found = list(self.machine.staged_decision_function(rows))
        return [found[stage - 1] for stage in stages]


def rows_of(inputs: Inputs, names: Sequence[str]) -> Floats:
    """Rows x inputs, as the trees take them."""
    return np.stack([inputs[name] for name in names], axis=1)


def fit_boosting(
    inputs: Inputs, names: Sequence[str], happened: Floats, *, least_leaf: int, stages: int
) -> Boosted:
    """Fit trees that each see one input and the clock.

    Args:
        inputs: by name.
        names: of the inputs, the clock left out.
        happened: 0 or 1 of each row.
        least_leaf: rows in a leaf at least.
        stages: how many trees.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    ordered = (*names, CLOCK)
    clock = len(names)
    machine = HistGradientBoostingClassifier(
        learning_rate=RATE,
        max_iter=stages,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=least_leaf,
        l2_regularization=RIDGE,
        max_bins=MOST_BINS,
        early_stopping=False,
        interaction_cst=[{place, clock} for place in range(clock)] or [{clock}],
        random_state=0,
    )
    rows = rows_of(inputs, ordered)
    _grow(machine, np.where(np.isnan(rows).all(axis=0), 0.0, rows), happened)  # bins need a number
    return Boosted(ordered, machine)


@on_one_thread
def _grow(machine: Any, rows: Floats, happened: Floats) -> None:
    machine.fit(rows, happened)


def compiled(boosted: Boosted) -> tuple[float, list[Column]]:
    """The baseline and one table for each input that any leaf depends on.

    A tree may ask one input on one side of the clock and another on the other side, but each of its
    leaves depends on one input and the clock alone: so leaves are told apart, not trees.
    """
    clock = len(boosted.names) - 1
    trees = [(one.nodes, _owners(one.nodes, clock)) for (one,) in boosted.machine._predictors]
    owners = sorted({int(one) for _, mine in trees for one in mine if one >= 0})
    baseline = float(boosted.machine._baseline_prediction.ravel()[0])
    return baseline, [_table(boosted.names, place, trees) for place in owners]


def _owners(nodes: Any, clock: int) -> Ints:
    """The input to which each leaf belongs; -1 for what is no leaf."""
    owners = np.full(len(nodes), -1, np.int64)
    waiting = [(0, clock)]
    while waiting:
        at, owner = waiting.pop()
        node = nodes[at]
        if node["is_leaf"]:
            owners[at] = owner
            continue
        asked = int(node["feature_idx"])
        mine = owner if asked == clock else asked
        waiting += [(int(node["left"]), mine), (int(node["right"]), mine)]
    return owners


def _table(names: Sequence[str], place: int, trees: Sequence[tuple[Any, Ints]]) -> Column:
    clock = len(names) - 1
    mine = [(nodes, owners) for nodes, owners in trees if (owners == place).any()]
    edges = _edges([nodes for nodes, _ in mine], place)
    by_edges = _edges([nodes for nodes, _ in mine], clock) if place != clock else []
    rows, columns = _middles(edges), _middles(by_edges)
    given = np.full((len(rows) * len(columns), len(names)), np.nan)
    given[:, place] = np.repeat(rows, len(columns))
    if place != clock:
        given[:, clock] = np.tile(columns, len(rows))
    worth = np.zeros(len(given))
    for nodes, owners in mine:
        leaf = _leaf(nodes, given)
        worth += np.where(owners[leaf] == place, nodes["value"][leaf], 0.0)
    table = worth.reshape(len(rows), len(columns))
    return Column(
        driver=RENEWAL if names[place] in CALENDAR else names[place],
        kind="table",
        source=names[place],
        by="" if place == clock else CLOCK,
        edges=tuple(edges),
        by_edges=tuple(by_edges),
        table=tuple(tuple(row) for row in table.tolist()),
    )


def _edges(trees: Sequence[Any], place: int) -> list[float]:
    found: set[float] = set()
    for nodes in trees:
        inner = (nodes["is_leaf"] == 0) & (nodes["feature_idx"] == place)
        found |= set(np.minimum(nodes["num_threshold"][inner], HUGE).tolist())
    return sorted(found)


def _middles(edges: Sequence[float]) -> Floats:
    """A value of each bin; after the last edge one beyond it, then one that is not known."""
    beyond = (edges[-1] + 1.0 + abs(edges[-1])) if edges else 0.0
    return np.array([*edges, beyond, np.nan])


def _leaf(nodes: Any, rows: Floats) -> Ints:
    """The leaf that each row falls into."""
    at: Ints = np.zeros(len(rows), np.int64)
    while True:
        here = nodes[at]
        inner = here["is_leaf"] == 0
        if not inner.any():
            return at
        value = rows[np.arange(len(rows)), np.where(inner, here["feature_idx"], 0)]
        unknown = np.isnan(value)
        left = np.where(unknown, here["missing_go_to_left"] == 1, value <= here["num_threshold"])
        at = np.where(inner, np.where(left, here["left"], here["right"]), at).astype(np.int64)
