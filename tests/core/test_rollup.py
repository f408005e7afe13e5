from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cs_workbench.core.rollup import Member, Rollup, depths_below, families, roll_up
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.workflows.scoring import default_scorecard

CARD = default_scorecard()  # green from 70, yellow from 50, half of it has to be known
BY_WORST = replace(CARD, parents_by="worst")


def member(key: int, points: int | None, arr: int | None, **fields: Any) -> Member:
    band = CARD.band_of(None if points is None else points * 10_000, 10_000)
    points_e4 = None if points is None else points * 10_000
    plain = Member(key, f"a{key}", f"Account {key}", band, points_e4, arr, "USD")
    return replace(plain, **fields)


def rolled(*members: Member, card: Scorecard = CARD) -> Rollup:
    found = roll_up(members, card)
    assert found is not None
    return found


def test_a_parent_is_the_mean_of_its_accounts_by_arr() -> None:
    found = rolled(member(1, 90, 100), member(2, 30, 300), member(3, 60, 0))
    assert found.points_e4 == 450_000  # 60 would be the mean without weights
    assert (found.band, found.method, found.reason) == ("red", "arr", None)
    assert found.worst is not None
    assert found.worst.account_key == 2


def test_an_arr_that_is_not_known_weighs_neither_nothing_nor_something() -> None:
    found = rolled(member(1, 90, 300), member(2, 60, None))
    assert (found.points_e4, found.method, found.reason) == (
        600_000,
        "worst",
        "not every ARR is known",
    )
    assert found.points_e4 not in {900_000, 750_000}


def test_a_part_without_a_contract_brings_nothing_of_its_own() -> None:
    found = rolled(member(1, 90, 300), member(2, 60, None, has_contract=False))
    assert (found.points_e4, found.method, found.reason) == (900_000, "arr", None)


def test_halves_are_rounded_up_once() -> None:
    known = [member(1, 0, 1, points_e4=1), member(2, 0, 1, points_e4=2)]
    assert rolled(*known).points_e4 == 2  # 1.5
    assert rolled(*known, member(3, 0, 1, points_e4=1)).points_e4 == 1  # 4/3


def test_what_is_unknown_lowers_the_coverage_and_not_the_score() -> None:
    found = rolled(member(1, 80, 300), member(2, None, 100))
    assert (found.points_e4, found.coverage_e4, found.known) == (800_000, 7_500, 1)
    assert found.points_e4 != 650_000  # which takes unknown for 50, or 20 points for it


def test_a_score_in_an_unknown_band_is_not_known() -> None:
    found = rolled(member(1, 80, 300), member(2, 10, 100, band="unknown"))
    assert (found.points_e4, found.coverage_e4) == (800_000, 7_500)


@pytest.mark.parametrize(("unknown_arr", "band"), [(100, "green"), (101, "unknown")])
def test_too_little_known_arr_is_no_band(unknown_arr: int, band: str) -> None:
    found = rolled(member(1, 80, 100), member(2, None, unknown_arr))
    assert found.band == band


def test_nothing_known_is_unknown_and_not_zero() -> None:
    found = rolled(member(1, None, 100), member(2, None, 300))
    assert (found.points_e4, found.band, found.coverage_e4, found.worst) == (
        None,
        "unknown",
        0,
        None,
    )


def test_known_accounts_without_weight_say_nothing() -> None:
    found = rolled(member(1, 80, 0), member(2, None, 300))
    assert (found.points_e4, found.band, found.coverage_e4) == (None, "unknown", 0)


def test_currencies_are_never_added_up() -> None:
    found = rolled(member(1, 90, 100), member(2, 40, 300, currency="JPY"), member(3, None, 5))
    assert (found.method, found.reason) == ("worst", "ARR in several currencies")
    assert (found.points_e4, found.band) == (400_000, "red")
    assert (found.covers, found.coverage_e4) == ("accounts", 6_666)


def test_a_currency_without_arr_mixes_nothing() -> None:
    found = rolled(member(1, 90, 100), member(2, 40, 0, currency="JPY"))
    assert (found.method, found.points_e4) == ("arr", 900_000)


def test_without_arr_the_worst_stands_for_all() -> None:
    found = rolled(member(1, 90, 0), member(2, 55, 0))
    assert (found.method, found.reason, found.points_e4) == ("worst", "no ARR", 550_000)
    assert (found.band, found.covers) == ("yellow", "accounts")


def test_a_scorecard_can_ask_for_the_worst() -> None:
    found = rolled(member(1, 90, 100), member(2, 60, 1), card=BY_WORST)
    assert (found.method, found.reason) == ("worst", None)  # nothing to excuse
    assert (found.points_e4, found.coverage_e4, found.covers) == (600_000, 10_000, "arr")


def test_red_is_red_whatever_the_others_are_but_green_is_not_green() -> None:
    unknown = member(2, None, 900)
    assert rolled(member(1, 20, 100), unknown, card=BY_WORST).band == "red"
    assert rolled(member(1, 80, 100), unknown, card=BY_WORST).band == "unknown"


def test_former_customers_are_left_out() -> None:
    gone = member(2, 10, 900, is_former=True)
    found = rolled(member(1, 80, 100), gone)
    assert (found.points_e4, found.accounts) == (800_000, 1)
    assert roll_up([gone], CARD) is None
    assert roll_up([], CARD) is None


def test_of_equals_the_largest_is_named_the_worst() -> None:
    found = rolled(member(1, 40, 100), member(2, 40, 300), member(3, 40, 300))
    assert found.worst is not None
    assert found.worst.account_key == 2


def test_everything_below_is_found_each_parent_before_its_own() -> None:
    parents = {2: 1, 3: 1, 4: 2, 5: 4, 7: 6}
    assert list(depths_below(parents, 1).items()) == [(2, 1), (4, 2), (5, 3), (3, 1)]
    assert depths_below(parents, 2) == {4: 1, 5: 2}
    assert depths_below(parents, 5) == {}


def test_families_are_headed_by_who_has_no_parent() -> None:
    assert families({2: 1, 3: 1, 4: 2, 7: 6}) == {1: [2, 3, 4], 6: [7]}
    assert families({}) == {}


def test_a_circle_ends() -> None:
    circle = {1: 3, 2: 1, 3: 2, 4: 3}
    assert depths_below(circle, 2) == {3: 1, 1: 2, 4: 2}
    assert families(circle) == {1: [2, 3, 4]}
    assert families({5: 5}) == {5: []}


@given(
    some.lists(
        some.tuples(some.none() | some.integers(0, 1_000_000), some.integers(0, 10**12)),
        min_size=1,
        max_size=12,
    )
)
def test_the_mean_lies_among_the_known(drawn: list[tuple[int | None, int]]) -> None:
    members = [
        member(key, None, arr)
        if points is None
        else member(key, 0, arr, points_e4=points, band=CARD.band_of(points, 10_000))
        for key, (points, arr) in enumerate(drawn)
    ]
    found = rolled(*members)
    known = [points for points, _ in drawn if points is not None]
    assert found.known == len(known)
    assert 0 <= found.coverage_e4 <= 10_000
    assert (found.coverage_e4 == 10_000) or any(points is None for points, _ in drawn)
    if found.points_e4 is None:
        assert found.band == "unknown"
    else:
        assert min(known) <= found.points_e4 <= max(known)


@given(some.dictionaries(some.integers(0, 15), some.integers(0, 15), max_size=16))
def test_everybody_in_a_family_is_in_one(parents: dict[int, int]) -> None:
    found = families(parents)
    everybody = [key for top, under in found.items() for key in (top, *under)]
    assert sorted(everybody) == sorted({*parents, *parents.values()})
    for top, under in found.items():
        assert sorted(depths_below(parents, top)) == sorted(under)
