import datetime as dt
import json
from functools import cache

import numpy as np
import pytest

from cs_workbench.churn.logistic import sigmoid
from cs_workbench.churn.models import Model, read_model
from cs_workbench.churn.selection import Task, step_of
from cs_workbench.churn.training import train
from cs_workbench.errors import InputError
from tests.churn.histories import invented_sample


@cache
def few() -> Model:
    """A ridge of some 30 churns, with its intervals."""
    return train(invented_sample(130, 35.0), Task(seed=3), data_cut="2026-06-30")


@pytest.mark.parametrize(
    ("events", "step"),
    [(0, "band"), (14, "band"), (15, "ridge"), (99, "ridge"), (100, "choice"),
     (999, "choice"), (1000, "boosting")],
)  # fmt: skip
def test_the_ladder(events: int, step: str) -> None:
    assert step_of(events) == step


def test_the_same_rows_and_seed_give_the_same_model() -> None:
    first = few()
    again = train(invented_sample(130, 35.0), Task(seed=3), data_cut="2026-06-30")
    assert first.method == "ridge"
    assert first.text() == again.text()
    assert first.digest == again.digest


def test_the_card_tells_what_it_rests_on() -> None:
    sample, card = invented_sample(130, 35.0), few().card
    assert card["churned_accounts"] == sample.events
    assert (card["snapshots"], card["accounts"]) == (len(sample), len(np.unique(sample.account)))
    last = dt.date.fromordinal(int(sample.panel.day.max()))
    assert card["last_day"] == last.isoformat()


def test_few_features_where_few_left() -> None:
    model = few()
    base = {"health", "renewal", "segment"}
    assert 0 < len(set(model.drivers) - base) <= 12


def test_contributions_add_up_to_the_log_odds() -> None:
    sample, model = invented_sample(130, 35.0), few()
    total = model.base + model.contributions(sample.inputs).sum(axis=1)
    assert np.abs(sigmoid(total) - model.probabilities(sample.inputs)).max() < 1e-12
    # and against the columns themselves, without the detour over what is typical
    from cs_workbench.churn.columns import matrix

    plain = matrix(model.columns, sample.inputs) @ model.coefficients[1:] + model.coefficients[0]
    assert np.abs(model.slope * plain + model.offset - total).max() < 1e-9


def test_json_keeps_a_model_to_the_last_bit() -> None:
    sample, model = invented_sample(130, 35.0), few()
    again = read_model(model.text())
    assert again.digest == model.digest
    assert (again.probabilities(sample.inputs) == model.probabilities(sample.inputs)).all()


def test_a_model_of_another_schema_is_refused() -> None:
    other = json.dumps({**json.loads(few().text()), "schema": "csw.churn-model/99"})
    with pytest.raises(InputError, match="csw churn train"):
        read_model(other)


def test_an_interval_holds_the_probability() -> None:
    sample, model = invented_sample(130, 35.0), few()
    low, high = model.intervals(sample.inputs)
    middle = model.probabilities(sample.inputs)
    assert (low < middle).all()
    assert (middle < high).all()


def test_below_fifteen_churns_a_band_is_wide() -> None:
    sample = invented_sample(130, 35.0)
    bad = np.unique(sample.account[sample.churned])
    six = sample.rows(~np.isin(sample.account, bad[6:]))
    model = train(six, Task(), data_cut="2026-06-30")
    assert model.method == "band"
    low, high = model.intervals(six.inputs)
    assert np.median(high / low) > 2
    assert (high < 0.9).all()


def test_a_book_of_which_no_window_has_closed_gets_the_band_of_elsewhere() -> None:
    sample = invented_sample(130, 35.0)
    model = train(sample.rows(np.array([], np.int64)), Task(), data_cut="2026-06-30")
    assert model.method == "band"
    said = model.probabilities(sample.inputs)
    assert np.unique(said).size == 1
    assert 0.005 < said[0] < 0.1


def test_the_level_follows_the_newest_closed_windows() -> None:
    sample = invented_sample(300, 90.0)
    newest = sample.panel.day > sample.panel.day.max() - 100
    quiet = sample.rows(~(newest & sample.churned))
    model = train(quiet, Task(), data_cut="x", quick=True)
    as_before = train(sample, Task(), data_cut="x", quick=True)
    rows = sample.rows(newest)
    assert (
        model.probabilities(rows.inputs).mean() < 0.8 * as_before.probabilities(rows.inputs).mean()
    )
