from dataclasses import replace

import numpy as np
import pytest

from cs_workbench.churn.health_check import BandRate, check_health
from tests.churn.histories import invented_sample


def bands(points: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(points), 0, 1 + (points >= 50).astype(int) + (points >= 70))


def test_nine_of_twelve_are_too_few_to_tell() -> None:
    told = BandRate("red", 12, 9, 0.468, 0.911).told()
    assert told == "9 of 12 red left: 47-91 %, too few to tell"


def test_a_narrow_interval_of_a_rare_thing_is_not_one_number_twice() -> None:
    told = BandRate("green", 6137, 122, 0.0167, 0.0237).told()
    assert told == "122 of 6,137 green left: 1.7-2.4 %"


def test_a_score_that_knows_has_red_accounts_that_leave() -> None:
    sample = invented_sample(300, 90.0)
    rng = np.random.default_rng(0)
    knows = 80 - 45 * sample.happened + rng.normal(0, 10, len(sample))
    inputs = {**sample.inputs, "health": knows}
    found = check_health(replace(sample, inputs=inputs), bands(knows))
    assert (found.auc.value or 0) > 0.95
    rates = {one.band: one for one in found.bands}
    assert rates["red"].low > rates["green"].high
    assert sum(found.before[30].values()) <= found.events + 5
    assert found.warned
    assert all(days > 0 for days in found.warned)


def test_who_was_green_and_left_is_named_with_the_lead() -> None:
    sample = invented_sample(300, 90.0)
    always = np.full(len(sample), 3)
    found = check_health(sample, always)
    assert {one.account for one in found.missed} == set(
        np.unique(sample.account[sample.churned]).tolist()
    ) | {one.account for one in found.missed}
    assert len(found.missed) >= found.events
    for one in found.missed:
        assert one.days == one.left - one.last_green
        assert 0 < one.days <= 90
    assert not found.warned


def test_who_may_yet_renew_late_has_not_left() -> None:
    sample = invented_sample(300, 90.0)
    always = np.full(len(sample), 3)
    before = check_health(sample, always)
    account, left = before.missed[0].account, before.missed[0].left
    certain = (sample.account != account) | (sample.panel.left != left)
    found = check_health(replace(sample, panel=replace(sample.panel, is_certain=certain)), always)
    assert {(one.account, one.left) for one in before.missed} - {
        (one.account, one.left) for one in found.missed
    } == {(account, left)}
    counts = [sum(one.before[90].values()) for one in (before, found)]
    assert counts[1] == counts[0] - 1


def test_accounts_count_once_a_window() -> None:
    sample = invented_sample(300, 90.0)
    found = check_health(sample, bands(sample.inputs["health"]))
    total = sum(one.left for one in found.bands)
    assert total <= found.events + 3
    assert sum(one.accounts for one in found.bands) < len(sample) / 2
    assert found.auc.low == pytest.approx(found.auc.value, abs=0.15)
