"""A churn model: columns with coefficients, whose contributions add up exactly in log-odds.

It is kept as JSON and needs neither scikit-learn nor a pickle to predict.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from cs_workbench.churn.columns import Column, Inputs, matrix
from cs_workbench.churn.history import Floats
from cs_workbench.churn.logistic import sigmoid
from cs_workbench.errors import InputError

SCHEMA = "csw.churn-model/1"
Method = Literal["band", "ridge", "boosting"]
Z80 = 1.2815515655446004


@dataclass(frozen=True)
class Model:
    """What a training found.

    Attributes:
        method: the step of the ladder.
        horizon, lead: days; it says who leaves in (day + lead, day + lead + horizon].
        seed: of everything that was left to chance.
        data_cut: the last day that training looked at, ISO.
        segments: names, in the order of their numbers.
        columns, coefficients: the intercept comes first.
        slope, offset: from log-odds as fitted to calibrated ones: Platt, then the re-fitted level.
        covariance: of the fitted log-odds over intercept and columns, accounts drawn anew; what
            no column tells of the spread is part of the intercept's.
        means: of each driver's contribution in the newest snapshot, before calibration.
        card: what a reader wants to know of it.
    """

    method: Method
    horizon: int
    lead: int
    seed: int
    data_cut: str
    segments: tuple[str, ...]
    columns: tuple[Column, ...]
    coefficients: Floats
    slope: float
    offset: float
    covariance: Floats
    means: Mapping[str, float]
    card: Mapping[str, Any] = field(default_factory=dict)

    @property
    def drivers(self) -> tuple[str, ...]:
        """The names that an explanation shows, each once."""
        return tuple(dict.fromkeys(one.driver for one in self.columns))

    @property
    def base(self) -> float:
        """The log-odds of an account that is typical in everything."""
        typical = sum(self.means.get(name, 0.0) for name in self.drivers)
        return self.slope * (float(self.coefficients[0]) + typical) + self.offset

    def logits(self, inputs: Inputs) -> Floats:
        """Calibrated log-odds of each row: `base` and the row's contributions."""
        found: Floats = self.base + self.contributions(inputs).sum(axis=1)
        return found

    def probabilities(self, inputs: Inputs) -> Floats:
        """Of each row."""
        return sigmoid(self.logits(inputs))

    def contributions(self, inputs: Inputs) -> Floats:
        """Rows x drivers: what each adds to the log-odds of a typical account."""
        parts = matrix(self.columns, inputs) * self.coefficients[1:]
        drivers = self.drivers
        found = np.zeros((len(parts), len(drivers)))
        for place, column in enumerate(self.columns):
            found[:, drivers.index(column.driver)] += parts[:, place]
        typical = np.array([self.means.get(name, 0.0) for name in drivers])
        moved: Floats = self.slope * (found - typical)
        return moved

    def intervals(self, inputs: Inputs) -> tuple[Floats, Floats]:
        """The 80 % interval of each row's probability."""
        rows = matrix(self.columns, inputs)
        ones = np.ones((len(rows), 1))
        wide = np.concatenate([ones, rows], axis=1)
        spread = np.sqrt(np.maximum(np.einsum("ij,ij->i", wide @ self.covariance, wide), 0))
        logit = self.logits(inputs)
        reach = Z80 * abs(self.slope) * spread
        return sigmoid(logit - reach), sigmoid(logit + reach)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "schema": SCHEMA,
            **{
                name: getattr(self, name)
                for name in ("method", "horizon", "lead", "seed", "data_cut", "slope", "offset")
            },
            "segments": list(self.segments),
            "columns": [asdict(one) for one in self.columns],
            "coefficients": self.coefficients.tolist(),
            "covariance": self.covariance.tolist(),
            "means": dict(self.means),
            "card": dict(self.card),
        }

    def text(self) -> str:
        """The model as it is stored."""
        return json.dumps(self.document(), sort_keys=True, allow_nan=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of its text, which names it for good."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def read_model(text: str) -> Model:
    """The model that `Model.text` wrote.

    Raises:
        InputError: another version of the program wrote it, or it is no model.
    """
    given = json.loads(text)
    if given.get("schema") != SCHEMA:
        raise InputError(
            f"This model is {given.get('schema')!r}; this version reads {SCHEMA!r}. "
            "Train a new one: `csw churn train`."
        )
    columns = tuple(
        Column(
            **{
                **one,
                "edges": tuple(one["edges"]),
                "by_edges": tuple(one["by_edges"]),
                "table": tuple(tuple(row) for row in one["table"]),
                "rates": tuple(one["rates"]),
            }
        )
        for one in given["columns"]
    )
    names = ("method", "horizon", "lead", "seed", "data_cut", "slope", "offset", "means", "card")
    return Model(
        **{name: given[name] for name in names},
        segments=tuple(given["segments"]),
        columns=columns,
        coefficients=np.array(given["coefficients"]),
        covariance=np.array(given["covariance"]),
    )
