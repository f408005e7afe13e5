"""What the history can teach, in words."""

from dataclasses import replace

import numpy as np

from cs_workbench.churn.catalogue import FEATURES
from cs_workbench.churn.history import FAR
from cs_workbench.churn.panel import snapshot
from cs_workbench.churn.readiness import Readiness, assess
from tests.churn.histories import invented, invented_sample

BOOK = (300, 90.0)
USAGE = [place for place, one in enumerate(FEATURES) if one.kind == "usage"]


def assessed(left_from: int | None = None, off_from: int = FAR) -> Readiness:
    """Of a book; departures before a day are taken out, its first metric is off from another."""
    _, source = invented(*BOOK)
    first, *others = source.history.metrics
    history = replace(source.history, metrics=(replace(first, off_from=off_from), *others))
    contracts = source.contracts
    if left_from is not None:
        spells = contracts.spells
        late = np.where(spells.left < left_from, FAR, spells.left)
        contracts = replace(contracts, spells=replace(spells, left=late))
    sample = invented_sample(*BOOK)
    first_day = sample.panel.day.min()
    days = np.where(sample.panel.day == first_day, first_day - 60, sample.panel.day)
    longer = replace(sample, panel=replace(sample.panel, day=days))  # two years: a season is told
    return assess(history, contracts, longer, ())


def told(found: Readiness, words: str) -> list[str]:
    return [one.level for one in found.findings if words in one.what]


def test_a_season_is_not_told_from_a_few_departures() -> None:
    _, source = invented(*BOOK)
    left = np.sort(source.contracts.spells.left)
    assert told(assessed(), "Departures show no clear season") == ["good"]
    few = assessed(left_from=int(left[left < FAR][-40]))
    assert few.departures < 60
    assert told(few, "Too few left to tell a season") == ["note"]
    assert not told(few, "no clear season")


def test_a_metric_that_seems_to_be_measured_otherwise_is_told() -> None:
    assert not told(assessed(), "measured otherwise")
    assert told(assessed(off_from=738_000), "'active_users' seems to be measured otherwise since "
                "2021-07-29") == ["problem"]  # fmt: skip


def test_from_the_day_of_another_unit_on_a_metric_is_not_read() -> None:
    _, source = invented(*BOOK)
    day = int(invented_sample(*BOOK).panel.day.max())
    whole = snapshot(source, day).values[:, USAGE]
    off = tuple(replace(one, off_from=day) for one in source.metrics)
    there = replace(source, metrics=off)
    assert np.isfinite(whole).any()
    assert np.isnan(snapshot(there, day).values[:, USAGE]).all()
    before = snapshot(there, day - 1).values[:, USAGE]
    assert np.array_equal(before, snapshot(source, day - 1).values[:, USAGE], equal_nan=True)
