import json
from dataclasses import asdict

import numpy as np
import pytest

from cs_workbench.churn.boosting import compiled, fit_boosting, rows_of
from cs_workbench.churn.columns import matrix
from cs_workbench.churn.history import Floats


def inputs(n: int, seed: int) -> dict[str, Floats]:
    rng = np.random.default_rng(seed)
    found = {name: rng.normal(size=n) for name in ("silence", "nps", "usage_change")}
    found["nps"][rng.random(n) < 0.4] = np.nan
    found["weeks_left"] = np.where(rng.random(n) < 0.3, np.nan, rng.integers(0, 60, n))
    return found


def happened(given: dict[str, Floats]) -> Floats:
    due = np.nan_to_num(given["weeks_left"], nan=99) < 13
    logit = -2.5 + 1.5 * due + given["silence"] * (0.3 + due) - 0.5 * np.nan_to_num(given["nps"])
    rng = np.random.default_rng(0)
    return (rng.random(len(due)) < 1 / (1 + np.exp(-logit))).astype(float)


@pytest.mark.deep
def test_tables_say_what_scikit_learn_says() -> None:
    known, fresh = inputs(3000, 1), inputs(2000, 2)
    fresh["silence"][:3] = (1e9, -1e9, np.nan)
    names = ("silence", "nps", "usage_change")
    boosted = fit_boosting(known, names, happened(known), least_leaf=30, stages=40)
    intercept, columns = compiled(boosted)
    ours = intercept + matrix(columns, fresh).sum(axis=1)
    theirs = boosted.machine.decision_function(rows_of(fresh, boosted.names))
    assert np.abs(ours - theirs).max() < 1e-9
    assert {one.driver for one in columns} <= {*names, "renewal"}
    assert all(one.by in {"", "weeks_left"} for one in columns)


@pytest.mark.deep
def test_a_split_between_known_and_unknown_survives_json() -> None:
    """scikit-learn writes such a split with an infinite threshold, which JSON has no word for."""
    known = inputs(3000, 1)
    known["nps"] = np.where(np.isnan(known["nps"]), np.nan, 1.0)
    bad = (np.isnan(known["nps"]) & (np.arange(3000) % 3 > 0)).astype(float)
    boosted = fit_boosting(known, ("nps",), bad, least_leaf=30, stages=15)
    intercept, columns = compiled(boosted)
    json.dumps([asdict(one) for one in columns], allow_nan=False)
    ours = intercept + matrix(columns, known).sum(axis=1)
    theirs = boosted.machine.decision_function(rows_of(known, boosted.names))
    assert np.abs(ours - theirs).max() < 1e-9
    assert any(one.driver == "nps" for one in columns)


@pytest.mark.deep
def test_with_contracts_that_all_roll_there_is_no_clock() -> None:
    known = {**inputs(1500, 1), "weeks_left": np.full(1500, np.nan)}
    boosted = fit_boosting(known, ("silence",), happened(known), least_leaf=30, stages=15)
    intercept, columns = compiled(boosted)
    ours = intercept + matrix(columns, known).sum(axis=1)
    theirs = boosted.machine.decision_function(rows_of(known, boosted.names))
    assert ours == pytest.approx(theirs, abs=1e-9)
