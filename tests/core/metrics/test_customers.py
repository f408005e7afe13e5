from fractions import Fraction

import pytest

from cs_workbench.core.metrics.customers import (
    ccr,
    churn_adjusted,
    churn_predictive,
    churn_simple,
    counts,
    crr,
    crr_by_tenure,
    survival_form,
    which_churn,
)
from cs_workbench.core.metrics.movements import Movements, movements_of

TENTH = Fraction(1, 10)


def the_vector() -> Movements:
    """30 days: 1000 at the start, +10 a day, 3 a day lost for 5 days and then 2; 50 of the old."""
    opening, closing, first, lost, days = [], [], [], [], []
    losses = [day for day in range(1, 31) for _ in range(3 if day <= 5 else 2)]
    of_new = set(range(50, 65))  # the last fifteen losses hit customers who came in the period
    for number, day in enumerate(losses):
        if number not in of_new:
            opening.append(1)
            first.append(0)
            days.append(day)
        else:
            opening.append(0)
            first.append(1 + (number - 50) % 10)
            days.append(day - first[-1])
        closing.append(0)
        lost.append(day)
    for _ in range(950):
        opening.append(1)
        closing.append(1)
        first.append(0)
        lost.append(0)
        days.append(30)
    gone_new = [one for one, opened in zip(first, opening, strict=True) if not opened]
    for day in range(1, 31):
        for _ in range(10 - gone_new.count(day)):
            opening.append(0)
            closing.append(1)
            first.append(day)
            lost.append(0)
            days.append(30 - day)
    keys = list(range(len(opening)))
    return Movements(
        0,
        30,
        keys,
        opening,
        closing,
        kept=[min(a, b) for a, b in zip(opening, closing, strict=True)],
        first=first,
        lost=lost,
        days=days,
        in_grace=[0] * len(keys),
    )


def shown(value: Fraction | None, digits: int = 3) -> str:
    assert value is not None
    return f"{100 * float(value):.{digits}f}"


def test_the_vector_of_the_definitions() -> None:
    moved = the_vector()
    seen = counts(moved)
    assert (seen.start, seen.end, seen.lost_of_start, seen.lost) == (1000, 1235, 50, 65)
    assert seen.days == 33_345
    assert shown(churn_simple(moved, TENTH).value, 2) == "5.00"
    assert shown(churn_adjusted(moved).value) == "5.817"
    assert shown(churn_predictive(moved).value) == "5.848"
    survival = survival_form(seen, 30)
    assert survival is not None
    assert f"{100 * survival:.3f}" == "5.686"
    assert crr(moved).value == Fraction(95, 100)


def test_the_wrong_answers_are_not_given() -> None:
    moved = the_vector()
    seen = counts(moved)
    naive = Fraction(seen.lost, seen.start)
    assert naive == Fraction(65, 1000)
    assert churn_simple(moved, TENTH).value != naive
    all_new = Fraction(seen.end - 300, seen.start)
    assert all_new == Fraction(935, 1000)
    assert crr(moved).value != all_new


def test_crr_and_ccr_add_up_to_one() -> None:
    moved = the_vector()
    kept, gone = crr(moved).value, ccr(moved).value
    assert kept is not None
    assert gone is not None
    assert kept + gone == 1
    assert gone == churn_simple(moved, TENTH).value


def test_fast_growth_is_warned_about() -> None:
    assert any("unreliable" in flag for flag in churn_simple(the_vector(), TENTH).flags)
    assert churn_simple(movements_of([(1, 1)] * 20 + [(0, 1)]), TENTH).flags == ()


@pytest.mark.parametrize(
    ("pairs", "word"),
    [
        ([], "no customers"),
        ([(1, 1)] * 50 + [(1, 0)] * 2, "Only 2 left"),
        ([(1, 1)] * 90 + [(1, 0)] * 10, "Trust simple"),
    ],
)
def test_which_churn_to_trust(pairs: list[tuple[int, int]], word: str) -> None:
    assert word in which_churn(movements_of(pairs), TENTH)


def test_adjusted_churn_above_all_customers_says_why() -> None:
    """One customer that leaves is twice the mean of both ends."""
    found = churn_adjusted(movements_of([(1, 0)]))
    assert found.value == 2
    assert found.interval is None
    assert found.flags[-1].startswith("Above 100 %: 1 left, and the mean of both ends is 0.5;")
    assert len(churn_adjusted(movements_of([(1, 0), (1, 1)])).flags) == 1


def test_even_growth_makes_adjusted_agree() -> None:
    assert "adjusted agrees" in which_churn(the_vector(), TENTH)


def test_uneven_growth_is_named() -> None:
    pairs = [(1, 1)] * 40 + [(1, 0)] * 10 + [(0, 1)] * 60  # all the new ones on the last day
    assert "unevenly" in which_churn(movements_of(pairs), TENTH)


def test_crr_is_split_at_twelve_months() -> None:
    moved = movements_of(
        [(1, 0), (1, 1), (1, 1), (0, 1)], start=1000, end=1030, first=[700, 635, 10, 1010]
    )
    young, old = crr_by_tenure(moved)
    assert (young.value, young.n) == (Fraction(0), 1)
    assert (old.value, old.n) == (Fraction(1), 2)


def test_nobody_at_the_start_is_unknown() -> None:
    moved = movements_of([(0, 1)])
    for metric in (crr(moved), ccr(moved), churn_simple(moved, TENTH), churn_predictive(moved)):
        assert metric.value is None


def test_predictive_churn_rests_on_its_members() -> None:
    found = churn_predictive(the_vector())
    assert found.members.sums == (found.numerator, found.denominator)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.0585 < found.high
