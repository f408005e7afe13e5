import datetime as dt
import random
from typing import Any

import pytest

from cs_workbench.core.plays.effects import LEAST, TrialResult, effect_of, stratum_of

DAY = dt.date(2026, 1, 5)


def result(number: int, *, treated: bool, change: float | None, **fields: Any) -> TrialResult:
    values: dict[str, Any] = {
        "segment": "smb",
        "tenure_days": 400,
        "band": "red",
        "arr": 10_000.0,
        "before": 1.0,
        **fields,
    }
    after = None if change is None else 1.0 + change
    return TrialResult(number, DAY, treated, after=after, **values)


def simulated(seed: int, effect: float, count: int = 120) -> list[TrialResult]:
    """Red accounts recover by themselves (regression to the mean), treated ones by more."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        treated = chance.random() < 0.5
        band = chance.choice(["red", "yellow"])
        drift = 0.3 if band == "red" else 0.05
        change = chance.gauss(drift + (effect if treated else 0), 0.25)
        found.append(result(number, treated=treated, change=change, band=band))
    return found


def test_a_planted_effect_is_found_and_none_is_not_made_up() -> None:
    planted = [effect_of(simulated(seed, 0.25), higher_is_better=True) for seed in range(60)]
    none = [effect_of(simulated(seed, 0.0), higher_is_better=True) for seed in range(200)]
    assert sum(one.verdict == "better" for one in planted) >= 57
    wrong = sum(one.verdict != "no difference shown" for one in none)
    assert wrong / len(none) <= 0.09  # stated: 5 %, and its noise over 200 runs
    covered = sum(one.low is not None and one.low <= 0.25 <= (one.high or 0) for one in planted)
    assert covered / len(planted) >= 0.88


def test_calm_accounts_are_no_control_for_those_in_trouble() -> None:
    """All untreated ones are green: whatever the treated do, nothing is claimed."""
    results = [result(n, treated=True, change=0.3) for n in range(50)]
    results += [result(n + 50, treated=False, change=0.0, band="green") for n in range(50)]
    found = effect_of(results, higher_is_better=True)
    assert (found.n_treated, found.n_control, found.verdict) == (0, 0, "not enough data")


@pytest.mark.parametrize("few", [0, 1, LEAST - 1])
def test_few_accounts_are_not_enough(few: int) -> None:
    results = [result(n, treated=True, change=0.5 + n / 100) for n in range(few)]
    results += [result(n + 100, treated=False, change=n / 100) for n in range(50)]
    assert effect_of(results, higher_is_better=True).verdict == "not enough data"


def test_less_can_be_better_and_unknown_is_left_out() -> None:
    results = [result(n, treated=True, change=-1 - n % 3 / 10) for n in range(20)]
    results += [result(n + 20, treated=False, change=n % 3 / 10) for n in range(20)]
    results += [result(n + 40, treated=True, change=None) for n in range(20)]
    found = effect_of(results, higher_is_better=False)
    assert (found.verdict, found.n_treated, found.n_control) == ("better", 20, 20)
    assert effect_of(results, higher_is_better=True).verdict == "worse"


def test_accounts_are_matched_by_segment_tenure_band_and_size() -> None:
    one = result(1, treated=True, change=0.0, segment="SMB", tenure_days=None, arr=300_000.0)
    assert stratum_of(one) == ("smb", "", "red", "large")
