from dataclasses import replace
from fractions import Fraction

import pytest

from cs_workbench.core.metrics.movements import movements_of
from cs_workbench.core.metrics.revenue import (
    Step,
    bridge,
    existing_share,
    gross_churn,
    grr,
    net_churn,
    nrr,
)

VECTOR = [(100, 100), (100, 130), (100, 60), (100, 0), (100, 110), (0, 80)]


def test_the_vector_of_the_definitions() -> None:
    moved = movements_of(VECTOR)
    assert (grr(moved).value, nrr(moved).value) == (Fraction(72, 100), Fraction(80, 100))
    assert (grr(moved).numerator, grr(moved).denominator, grr(moved).n) == (360, 500, 5)
    assert gross_churn(grr(moved)).value == Fraction(28, 100)
    assert net_churn(nrr(moved)).value == Fraction(20, 100)


def test_grr_is_not_the_minimum_of_totals() -> None:
    moved = movements_of(VECTOR)
    there = [pair for pair in VECTOR if pair[0]]
    of_totals = Fraction(min(sum(a for a, _ in there), sum(b for _, b in there)), 500)
    assert of_totals == Fraction(80, 100)
    assert grr(moved).value != of_totals


def test_new_accounts_are_not_in_nrr() -> None:
    with_new = Fraction(sum(b for _, b in VECTOR), 500)
    assert with_new == Fraction(96, 100)
    assert nrr(movements_of(VECTOR)).value != with_new


def test_the_bridge_of_the_vector_closes() -> None:
    found = bridge(movements_of(VECTOR))
    assert found.balances
    assert found.plain() == {
        "opening": 500,
        "new": 80,
        "expansion": 40,
        "reactivation": 0,
        "contraction": 40,
        "churn": 100,
        "closing": 480,
        "escalators": 0,
        "restated": 0,
        "unpriced": 0,
    }
    value = grr(movements_of(VECTOR)).value
    assert value == 1 - Fraction(found.contraction + found.churn, found.opening)
    assert list(found.members["churn"].keys) == [3]


@pytest.mark.parametrize("pairs", [[], [(0, 0)], [(0, 50)]])
def test_nothing_at_the_start_is_unknown_and_not_a_percentage(pairs: list[tuple[int, int]]) -> None:
    moved = movements_of(pairs)
    for metric in (grr(moved), nrr(moved), gross_churn(grr(moved)), net_churn(nrr(moved))):
        assert metric.value is None
        assert metric.low is None


def test_everyone_lost() -> None:
    moved = movements_of([(100, 0), (200, 0)])
    assert (grr(moved).value, nrr(moved).value, gross_churn(grr(moved)).value) == (
        Fraction(0),
        Fraction(0),
        Fraction(1),
    )
    assert existing_share(moved).value is None


def test_a_reactivation_is_not_new() -> None:
    moved = movements_of([(0, 50), (0, 70)], start=100, end=130, first=[40, 130])
    found = bridge(moved)
    assert (found.reactivation, found.new) == (50, 70)


def test_its_steps_lead_from_the_opening_to_the_closing() -> None:
    found = bridge(movements_of(VECTOR))
    steps = found.steps()
    assert [one.name for one in steps] == [
        *("opening", "new", "expansion", "reactivation", "contraction", "churn", "closing"),
    ]
    assert [(one.low, one.high) for one in steps] == [
        *((0, 500), (500, 580), (580, 620), (620, 620), (580, 620), (480, 580), (0, 480)),
    ]
    fell = replace(found, unpriced=-80, closing=400).steps()[-2]
    assert fell == Step("unpriced", 80, 400, 480, "down")
    rose = replace(found, unpriced=20, closing=500).steps()[-2]
    assert rose == Step("unpriced", 20, 480, 500, "up")


def test_escalators_are_a_part_of_expansion_and_never_more() -> None:
    moved = movements_of([(100, 130), (100, 102), (100, 90)])
    found = bridge(moved, [5, 5, 5])
    assert (found.expansion, found.escalators) == (32, 7)


def test_members_add_up_to_the_number() -> None:
    moved = movements_of(VECTOR)
    for metric in (grr(moved), nrr(moved), gross_churn(grr(moved)), existing_share(moved)):
        assert metric.members.sums == (metric.numerator, metric.denominator)


def test_the_interval_is_wide_for_few_accounts_and_one_large_one() -> None:
    even = grr(movements_of([(100, 100)] * 19 + [(100, 0)]))
    large = grr(movements_of([(10_000, 10_000)] + [(100, 100)] * 18 + [(100, 0)]))
    assert even.low is not None
    assert even.high is not None
    assert large.low is not None
    assert large.high is not None
    assert even.low < 0.95 < even.high < 1
    assert large.high - large.low > even.high - even.low


def test_existing_share_leaves_new_accounts_out() -> None:
    assert existing_share(movements_of(VECTOR)).value == Fraction(400, 480)
