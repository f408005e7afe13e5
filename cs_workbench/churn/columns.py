"""Columns of a model: how named inputs become numbers, and to which driver they belong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cs_workbench.churn.catalogue import BY_NAME, HEALTH, NAMES, WEEKS_LEFT, Feature
from cs_workbench.churn.history import FAR, Floats, Ints
from cs_workbench.churn.panel import Panel

Kind = Literal["value", "missing", "flag", "times", "table", "rate"]
Inputs = Mapping[str, Floats]

CLIP = 4.0
RENEWAL = "renewal"  # the driver of all that the calendar says
ALL: Mapping[str, Feature] = {
    **BY_NAME,
    "health": HEALTH,
    "weeks_left": WEEKS_LEFT,
    "due": Feature("due", "renewal in the window", "subscriptions", 0, "plain", "yes"),
    "past_notice": Feature("past_notice", "notice date over", "subscriptions", 0, "plain", "yes"),
    "rolling": Feature("rolling", "no fixed term", "subscriptions", 0, "plain", "yes"),
    "renewal": Feature("renewal", "renewal", "subscriptions", 0, "plain", "plain"),
    "segment": Feature("segment", "segment", "accounts", 0, "plain", "plain"),
}


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        driver: the name under which an explanation shows it.
        kind: `value` standardised, `missing` 1 where it is not known, `flag` as it is, `times`
            standardised times a flag, `table` a step function (of two inputs), `rate` by segment.
        source: the input.
        by: the flag of `times`; the second input of `table`.
        center, width: of standardising.
        edges, by_edges: ascending; a value belongs to the first edge that is not below it.
        table: (edges + 2) x (by_edges + 2) values, the last row and column where it is not known.
        rates: by segment.
    """

    driver: str
    kind: Kind
    source: str
    by: str = ""
    center: float = 0.0
    width: float = 1.0
    edges: tuple[float, ...] = ()
    by_edges: tuple[float, ...] = ()
    table: tuple[tuple[float, ...], ...] = ()
    rates: tuple[float, ...] = ()

    def of(self, inputs: Inputs) -> Floats:
        """The column of some rows."""
        given = inputs[self.source]
        match self.kind:
            case "missing":
                return np.isnan(given).astype(np.float64)
            case "flag":
                return given
            case "rate":
                return self._by_segment(given)
            case "table":
                return self._looked_up(given, inputs)
        scaled = ALL[self.source].scaled(given)
        known = np.isfinite(scaled)
        standard = np.clip((np.where(known, scaled, 0) - self.center) / self.width, -CLIP, CLIP)
        standard = np.where(known, standard, 0.0)
        times: Floats = inputs[self.by] if self.kind == "times" else np.ones(len(given))
        found: Floats = standard * times
        return found

    def _by_segment(self, given: Floats) -> Floats:
        rates = np.array([*self.rates, 0.0])  # -1, no segment, is the last
        place = np.where(given < len(self.rates), given, -1).astype(np.int64)
        found: Floats = rates[place]
        return found

    def _looked_up(self, given: Floats, inputs: Inputs) -> Floats:
        table = np.array(self.table)
        rows = _bins(given, self.edges)
        at = _bins(inputs[self.by], self.by_edges) if self.by else np.zeros_like(rows)
        found: Floats = table[rows, at]
        return found


def _bins(values: Floats, edges: Sequence[float]) -> Ints:
    places = np.searchsorted(np.array(edges), np.where(np.isnan(values), 0, values), side="left")
    found: Ints = np.where(np.isnan(values), len(edges) + 1, places).astype(np.int64)
    return found


def inputs_of(panel: Panel, *, horizon: int, lead: int) -> dict[str, Floats]:
    """Everything by name that a column can be made from."""
    begin, close = panel.day + lead, panel.day + lead + horizon
    has_term = panel.end < FAR
    due = has_term & (panel.end + 1 > begin) & (panel.end + 1 <= close)
    found = {name: panel.values[:, place] for place, name in enumerate(NAMES)}
    found["health"] = panel.health
    found["weeks_left"] = panel.weeks_left
    found["due"] = due.astype(np.float64)
    found["past_notice"] = (due & panel.is_past_notice).astype(np.float64)
    found["rolling"] = (~has_term).astype(np.float64)
    found["segment"] = panel.segment.astype(np.float64)
    return found


def matrix(columns: Sequence[Column], inputs: Inputs) -> Floats:
    """Rows x columns."""
    if not columns:
        return np.zeros((len(next(iter(inputs.values()))), 0))
    return np.stack([one.of(inputs) for one in columns], axis=1)


def standardised(name: str, inputs: Inputs, driver: str = "") -> Column | None:
    """A value column with the center and width of these rows; None where nothing varies."""
    scaled = ALL[name].scaled(inputs[name])
    known = scaled[np.isfinite(scaled)]
    if len(known) < 20 or np.ptp(known) == 0:
        return None
    center, width = float(known.mean()), float(known.std())
    if width < 1e-9:
        return None
    return Column(driver or name, "value", name, center=center, width=width)


def missing_column(name: str, inputs: Inputs, *, least: float = 0.02) -> Column | None:
    """An indicator of what is not known, where that is neither rare nor usual."""
    share = float(np.isnan(inputs[name]).mean()) if len(inputs[name]) else 0.0
    return Column(name, "missing", name) if least <= share <= 1 - least else None
