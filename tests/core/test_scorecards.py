import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import DIMENSIONS, FULL, POINT, PointMap
from cs_workbench.errors import InputError
from cs_workbench.workflows.scoring import default_scorecard
from tests.cards import plain_scorecard

GOOD = """name = "small"
[bands]
yellow_from = 50
green_from = 70
minimum_coverage = 0.4
[usage]
metrics = ["active_users"]
[dimensions]
voice = "Voice"
[[measures]]
id = "nps"
label = "NPS"
dimension = "voice"
source = "last NPS"
weight = 5
map = [[0, 0], [10, 100]]
max_age_days = 90
"""


def test_the_shipped_scorecard_asks_in_all_dimensions_and_knows_what_to_say() -> None:
    card = default_scorecard()
    assert len({line.source for line in card.measures}) == len(card.measures)
    assert {line.dimension for line in card.measures} == set(card.dimensions) == set(DIMENSIONS)
    assert all(line.question.endswith("?") for line in card.measures)
    always = {line.source for line in card.measures if not line.if_imported}
    assert always >= {"usage level", "open urgent tickets", "days to deadline"}
    assert always.isdisjoint({"last NPS", "champion present", "overdue invoices"})


def test_the_hash_is_of_the_text() -> None:
    assert read_scorecard(GOOD).digest != read_scorecard(GOOD + "\n").digest


def test_parameters_not_named_have_their_defaults() -> None:
    text = GOOD.replace("last NPS", "complaints") + "parameters = { days = 30 }\n"
    assert read_scorecard(text).measures[0].given == {"days": 30}
    assert read_scorecard(GOOD.replace("last NPS", "complaints")).measures[0].given == {"days": 90}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 5", "weight = 0", "measure nps: weight goes from 1 to 1000000, not 0"),
        ("weight = 5", "weight = 2.5", "measure nps: weight must be a whole number, not 2.5"),
        (
            "last NPS",
            "last ESP",
            "measure nps: source cannot be 'last ESP'; did you mean last",
        ),
        ('dimension = "voice"', 'dimension = "noise"', "measure nps: dimension cannot be 'noise'"),
        ("[[0, 0], [10, 100]]", "[[0, 0], [0, 100]]", "each value of a map must be above the last"),
        ("[[0, 0], [10, 100]]", "[[0, 0]]", "map needs 2 or more entries, not 1"),
        ("[[0, 0], [10, 100]]", "[[0, 0], [5, 101]]", "from 0 to 100"),
        ("[[0, 0], [10, 100]]", "[[0, 0], [5, 90], [10, 80]]", "only rise or only fall"),
        ("[[0, 0], [10, 100]]", '[["a", 0], [5, 1]]', "map must be a number, not 'a'"),
        ("max_age_days = 90", "max_age_days = -1", "max_age_days goes from 0 to 36500"),
        ("max_age_days = 90", "colour = 1", "unknown field colour; there are: id, label"),
        ("max_age_days = 90", "parameters = { x = 1 }", "has no parameter x"),
        ("green_from = 70", "green_from = 40", "yellow_from < green_from"),
        (
            "minimum_coverage = 0.4",
            "minimum_coverage = 4",
            "bands: minimum_coverage goes from 0 to 1",
        ),
        ('name = "small"', "", "name is missing"),
        ('name = "small"', "name = ", "card.toml:1: not TOML: Invalid value."),
        ('voice = "Voice"', 'voice = "Voice"\nsmell = "S"', "unknown field smell"),
        (
            "max_age_days = 90",
            GOOD[GOOD.index("[[measures]]") :],
            "measure nps: nps is there twice",
        ),
    ],
)
def test_a_mistake_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=r"card\.toml") as caught:
        read_scorecard(GOOD.replace(old, new), "card.toml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("value", "points"),
    [(-1, 0), (0, 0), (0.25, 20), (0.5, 40), (0.7, 70), (0.9, 100), (7, 100)],
)
def test_a_map_runs_straight_between_its_points_and_flat_beyond(
    value: float, points: float
) -> None:
    worth = PointMap((0, 500_000, 900_000), (0, 400_000, 1_000_000))
    assert worth.points_of(value) == round(points * POINT)


@given(st.floats(-5, 5, allow_nan=False), st.floats(-5, 5, allow_nan=False))
def test_a_map_never_turns(left: float, right: float) -> None:
    low, high = sorted((left, right))
    rising = PointMap((-1_000_000, 333_333, 2_000_000), (0, 123_457, FULL))
    falling = PointMap((-1_000_000, 333_333, 2_000_000), (FULL, 123_457, 0))
    assert 0 <= rising.points_of(low) <= rising.points_of(high) <= FULL
    assert FULL >= falling.points_of(low) >= falling.points_of(high) >= 0


def test_the_target_is_where_the_best_begins() -> None:
    assert PointMap((0, 5, 9), (0, 40, 40)).target == 5e-6
    falling = PointMap((1_000_000, 2_000_000, 4_000_000), (100, 100, 0))
    assert falling.target == 2.0
    assert not falling.higher_is_better
    texts = {line.measure_id: line.target_text for line in plain_scorecard().measures}
    assert texts["seat_utilisation"] == "≥ 75 %"
    assert texts["two_way_contact"] == "≤ 14 d"
    assert texts["open_urgent_tickets"] == "0"
    assert texts["usage_change"] == "≥ −5 %"
