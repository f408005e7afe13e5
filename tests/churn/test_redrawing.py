from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cs_workbench.churn.models import Z80, Model
from cs_workbench.churn.redrawing import Logits, redrawn, spread_of
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.selection import Task
from cs_workbench.churn.training import train
from tests.churn.histories import invented_sample

FEW, MANY = (130, 35.0), (300, 90.0)


def quick(sample: Sample) -> Model:
    return train(sample, Task(), data_cut="x", quick=True)


def reach(sample: Sample, again: Callable[[Sample], Logits]) -> float:
    """Half the typical row's interval in log-odds over its z: the standard deviation."""
    model = quick(sample)
    wide = replace(model, covariance=spread_of(model, sample, again))
    low, high = (np.log(one / (1 - one)) for one in wide.intervals(sample.inputs))
    return float(np.median(high - low) / (2 * Z80))


@cache
def usual_reach(accounts: int, churns: float) -> float:
    return reach(invented_sample(accounts, churns), lambda drawn: quick(drawn).logits)


def test_an_account_is_drawn_with_all_of_its_rows_and_twice_is_two() -> None:
    sample = invented_sample(*FEW)
    accounts = len(np.unique(sample.account))
    drawn = redrawn(sample, np.random.default_rng(1), accounts)
    assert len(np.unique(drawn.account)) == accounts
    assert (np.diff(drawn.panel.day) >= 0).all()
    whole = {
        tuple(sample.panel.day[sample.account == one].tolist())
        + tuple(sample.inputs["arr"][sample.account == one].tolist())
        for one in np.unique(sample.account)
    }
    found = [
        tuple(drawn.panel.day[drawn.account == one].tolist())
        + tuple(drawn.inputs["arr"][drawn.account == one].tolist())
        for one in np.unique(drawn.account)
    ]
    assert set(found) <= whole
    assert len(set(found)) < len(found)


@pytest.mark.deep
def test_the_spread_is_that_of_models_of_other_accounts() -> None:
    """Against drawings of its own: half as wide, or twice, would be wrong."""
    sample = invented_sample(*FEW)
    rng = np.random.default_rng(77)
    size = len(np.unique(sample.account))
    others = [quick(redrawn(sample, rng, size)).logits(sample.inputs) for _ in range(20)]
    expected = float(np.median(np.std(others, axis=0, ddof=1)))
    assert usual_reach(*FEW) == pytest.approx(expected, rel=0.25)


@pytest.mark.deep
def test_more_accounts_narrow_it() -> None:
    assert usual_reach(*MANY) < 0.9 * usual_reach(*FEW)


@pytest.mark.deep
def test_fewer_accounts_drawn_from_a_large_book_are_counted_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = invented_sample(*MANY)
    monkeypatch.setattr("cs_workbench.churn.redrawing.MOST_ROWS", len(sample) // 3)
    monkeypatch.setattr("cs_workbench.churn.redrawing.FEWEST_EVENTS", sample.events // 3)
    smaller = reach(sample, lambda drawn: quick(drawn).logits)
    assert smaller == pytest.approx(usual_reach(*MANY), rel=0.3)


@pytest.mark.deep
def test_what_no_column_tells_widens_every_interval() -> None:
    sample = invented_sample(*FEW)
    rng = np.random.default_rng(2)
    typical = quick(sample).logits(sample.inputs)

    def unsteady(_: Sample) -> Logits:
        return lambda _: typical + rng.normal(0, 0.5, len(typical))

    assert reach(sample, unsteady) == pytest.approx(0.5, rel=0.1)
