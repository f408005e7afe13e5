import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.forecast_policy import ForecastPolicy, calibrated
from cs_workbench.core.forecasts import Category
from cs_workbench.core.projections import (
    Chance,
    Range,
    deviation,
    project,
    rounded,
    spread_of,
)

# DEFINITIONS.md, Forecast: in thousands.
VECTOR: tuple[tuple[int, Category], ...] = (
    (100, "closed"),
    (200, "commit"),
    (150, "likely"),
    (120, "at risk"),
    (80, "churn expected"),
)
POLICY = ForecastPolicy()
UNIT = 100_000  # a thousand in cents


def chances(*given: tuple[int, Category | None]) -> list[Chance]:
    return [
        Chance(amount * UNIT, amount * UNIT, POLICY.probability(category), category)
        for amount, category in given
    ]


def test_the_vector_of_the_definitions() -> None:
    found = project(chances(*VECTOR))
    assert found.due_minor == 650 * UNIT
    assert found.weighted_minor == 468_50_000
    assert round((found.sd_minor or 0) / UNIT, 1) == 102.5
    assert found.cumulative["commit"].amount_minor == 300 * UNIT
    assert found.cumulative["likely"].amount_minor == 450 * UNIT
    assert found.amount == Range(300 * UNIT, 468_50_000, 570 * UNIT)


def test_the_wrong_answers_are_not_given() -> None:
    found = project(chances(*VECTOR))
    assert found.buckets["commit"].amount_minor == 200 * UNIT  # a bucket is no cumulative total
    assert found.cumulative["commit"].amount_minor != 200 * UNIT
    assert found.amount
    assert found.sd_minor
    spread = 1.2816 * found.sd_minor  # a normal curve over five renewals would say so
    assert abs(found.amount.low - (found.amount.mid - spread)) > UNIT
    assert abs(found.amount.high - (found.amount.mid + spread)) > UNIT
    assert found.sd_minor != round(sum(abs(c.amount_minor or 0) for c in chances(*VECTOR)) * 0.1)


def test_no_forecast_counts_as_at_risk_and_in_a_bucket_of_its_own() -> None:
    found = project(chances((100, None)))
    assert found.weighted_minor == 45 * UNIT
    assert found.buckets["no forecast"].renewals == 1
    assert found.buckets["at risk"].renewals == 0
    assert found.cumulative["churn expected"].renewals == 0


def test_omitted_ones_are_reckoned_with_nothing() -> None:
    found = project(chances((100, "omitted"), (100, "closed")))
    assert found.weighted_minor == 100 * UNIT
    assert found.cumulative["churn expected"].amount_minor == 100 * UNIT
    assert found.rate == Range(5_000, 5_000, 5_000)


def test_what_nobody_knows_the_worth_of_is_not_taken_for_lost() -> None:
    """Of a renewal of which only a cancelled part has a price is known what is due, no more."""
    won, unknown = Chance(100, 100, 10_000, "closed"), Chance(300, None, 4_500, None)
    found = project([won, unknown])
    assert found.rate == Range(10_000, 10_000, 10_000)  # 2,500 would take it for lost
    assert (found.due_minor, found.unpriced, found.uncounted, found.unrated) == (400, 0, 1, 1)
    unpriced = Chance(None, 100, 10_000, "closed")
    assert project([won, unpriced]).unrated == 1
    assert project([unknown, unpriced]).rate is None


def test_a_rate_of_the_due_reckons_with_no_more_than_is_due() -> None:
    grown = [Chance(100, 300, 10_000, "closed"), Chance(100, 0, 0, "churn expected")]
    found = project(grown)
    assert found.rate == Range(5_000, 5_000, 5_000)  # 150 % by amounts would be wrong
    assert found.amount == Range(300, 300, 300)
    assert project([]).rate is None


def test_the_low_and_high_ends_lie_on_sums_that_can_happen() -> None:
    few = chances((200, "commit"), (150, "likely"), (120, "at risk"))
    sums = {
        sum(c.amount_minor or 0 for c, taken in zip(few, pattern, strict=True) if taken)
        for pattern in product((0, 1), repeat=3)
    }
    found = project(few)
    assert found.amount
    assert {found.amount.low, found.amount.high} <= sums


def by_hand(drawn: list[tuple[int, int]], share: float) -> int:
    masses: dict[int, float] = {}
    for pattern in product((0, 1), repeat=len(drawn)):
        total, mass = 0, 1.0
        for taken, (amount, rate) in zip(pattern, drawn, strict=True):
            total += amount * taken
            mass *= rate / 10_000 if taken else 1 - rate / 10_000
        masses[total] = masses.get(total, 0.0) + mass
    reached = 0.0
    for total in sorted(masses):
        reached += masses[total]
        if reached >= share - 1e-12:
            return total
    return max(masses)


DRAWN = st.lists(
    st.tuples(st.integers(0, 50_000), st.sampled_from([0, 1_500, 4_500, 7_500, 9_500, 10_000])),
    max_size=8,
)


@given(DRAWN)
def test_quantiles_are_those_of_all_cases_counted(drawn: list[tuple[int, int]]) -> None:
    found = spread_of(drawn)
    if drawn:
        assert (found.low, found.high) == (by_hand(drawn, 0.1), by_hand(drawn, 0.9))
    assert found.low <= found.high


@pytest.mark.parametrize("count", [40, 399, 2_000])
def test_many_renewals_are_near_to_what_chance_gives(count: int) -> None:
    rng = random.Random(count)
    drawn = [(rng.randint(1_000_000, 90_000_000), rng.choice([4_500, 7_500])) for _ in range(count)]
    trials = sorted(
        sum(amount for amount, rate in drawn if rng.random() * 10_000 < rate) for _ in range(1_500)
    )
    found = spread_of(drawn)
    sd = deviation(drawn)
    assert abs(found.low - trials[150]) < sd * 0.15
    assert abs(found.high - trials[1_350]) < sd * 0.15
    assert found.mid == round(sum(a * r for a, r in drawn) / 10_000)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10_000)), max_size=30))
def test_the_deviation_is_the_root_of_the_variance(drawn: list[tuple[int, int]]) -> None:
    true = math.sqrt(sum(a * a * (r / 1e4) * (1 - r / 1e4) for a, r in drawn))
    assert abs(deviation(drawn) - true) <= 1


def test_rounding_is_away_from_zero_and_once() -> None:
    assert [rounded(v) for v in (4_999, 5_000, -5_000, 15_000, -14_999)] == [0, 1, -1, 2, -1]


def test_a_teams_own_rates_take_over_from_thirty_outcomes() -> None:
    rates = calibrated(POLICY, {"likely": (18, 30), "commit": (10, 29), "closed": (0, 99)})
    assert rates["likely"] == 6_000
    assert rates["commit"] == 9_500
    assert rates["closed"] == 10_000


def test_what_has_no_price_is_counted_and_in_no_sum() -> None:
    known = chances((200, "commit"))
    unpriced = Chance(None, None, 9_000, "commit")
    typed = Chance(None, 100 * UNIT, 9_000, "commit")
    found, without = project([*known, unpriced]), project(known)
    assert (found.renewals, found.unpriced, without.unpriced) == (2, 1, 0)
    assert found.due_minor == without.due_minor
    assert (found.weighted_minor, found.rate) == (without.weighted_minor, without.rate)
    assert found.buckets["commit"].renewals == 2
    assert found.told_weighted("USD") == f"{without.spread('USD')} without 1 of unknown amount"
    assert found.told_due("USD") == "2 renewals, 200k USD due, 1 of them not fully priced"
    said = project([*known, typed])  # somebody says what it will bring; it is in no rate of due
    assert said.weighted_minor == (without.weighted_minor or 0) + 90 * UNIT
    assert said.rate == without.rate


def test_sums_of_nothing_but_unknown_prices_are_not_known_and_not_0() -> None:
    found = project([Chance(None, None, 9_000, "commit"), Chance(None, 0, 0, "omitted")])
    commit, omitted = found.buckets["commit"], found.buckets["omitted"]
    assert (commit.renewals, commit.due_minor, commit.amount_minor) == (1, None, None)
    assert (omitted.due_minor, omitted.amount_minor) == (None, 0)
    assert found.buckets["closed"].due_minor == 0  # of no renewal nothing is due
    assert (found.cumulative["commit"].due_minor, found.due_minor) == (None, None)
    assert found.told_due("USD") == "2 renewals of unknown price"
    bare = project([Chance(None, None, 9_000, "commit")])
    assert (bare.weighted_minor, bare.sd_minor, bare.amount) == (None, None, None)
    assert (bare.spread("USD"), bare.told_weighted("USD")) == ("–", "not known")
    assert project([]).told_due("USD") == "0 renewals, 0 USD due"
