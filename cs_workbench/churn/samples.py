"""Rows with a known answer, ready to be learned from."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.columns import inputs_of
from cs_workbench.churn.history import Flags, Floats, Ints
from cs_workbench.churn.panel import Labels, Panel

MONTH = 365.25 / 12


@dataclass(frozen=True)
class Sample:
    """Rows of a panel whose window has closed.

    Attributes:
        inputs: by name.
        happened: 1.0 where the account left in the window.
        weight: of each row, so that one departure counts once although several snapshots see it.
    """

    panel: Panel
    labels: Labels
    inputs: dict[str, Floats]
    happened: Floats
    weight: Floats

    @property
    def account(self) -> Ints:
        """Of each row."""
        return self.panel.account

    @property
    def churned(self) -> Flags:
        """Of each row."""
        return self.happened > 0

    @property
    def events(self) -> int:
        """How many different accounts left."""
        return len(np.unique(self.account[self.churned]))

    def __len__(self) -> int:
        return len(self.happened)

    def rows(self, chosen: Flags | Ints) -> "Sample":
        """Some of the rows."""
        return Sample(
            self.panel.rows(chosen),
            self.labels.rows(chosen),
            {name: column[chosen] for name, column in self.inputs.items()},
            self.happened[chosen],
            self.weight[chosen],
        )

    def closed_by(self, day: int) -> "Sample":
        """The rows whose window had closed by a day: the embargo."""
        labels = self.labels
        return self.rows(self.panel.day + labels.lead + labels.horizon <= day)


def sample_of(panel: Panel, labels: Labels) -> Sample:
    """The rows whose answer is known."""
    known = labels.is_known
    rows = panel.rows(known)
    return Sample(
        rows,
        labels.rows(known),
        inputs_of(rows, horizon=labels.horizon, lead=labels.lead),
        labels.churned[known].astype(np.float64),
        np.full(int(known.sum()), 1 / _overlap(rows.day, labels.horizon)),
    )


def _overlap(days: Ints, horizon: int) -> float:
    """How many of the snapshots one window covers."""
    steps = np.diff(np.unique(days))
    return max(1.0, horizon / float(np.median(steps))) if len(steps) else 1.0
