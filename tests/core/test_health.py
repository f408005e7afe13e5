import datetime as dt
import json
import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.facts import Answer
from cs_workbench.core.health import (
    ChangeCause,
    HealthScore,
    decode_contributions,
    encode_score,
    explain_change,
    explain_score,
    measure_account,
    score_health,
)
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import FULL, POINT, Scorecard
from tests.core.signals.situations import TODAY
from tests.core.test_measures import BLANK

ONE = read_scorecard(
    'name = "test"\n[bands]\nyellow_from = 40\ngreen_from = 70\nminimum_coverage = 0.5\n'
    '[usage]\nmetrics = []\n[dimensions]\nvoice = "Voice"\n'
    '[[measures]]\nid = "m"\nlabel = "Measure"\ndimension = "voice"\nsource = "last NPS"\n'
    "weight = 1\nmap = [[0, 0], [100, 100]]\n"
)


def card(*weights: int, age: int | None = 30, coverage: float = 0.5) -> Scorecard:
    """A scorecard whose measures are worth their value."""
    measures = tuple(
        replace(ONE.measures[0], measure_id=f"m{index}", weight=weight, max_age_days=age)
        for index, weight in enumerate(weights)
    )
    return replace(
        ONE,
        digest=repr((weights, age, coverage)),
        origin=repr((weights, age, coverage)),
        measures=measures,
        minimum_coverage_e4=round(coverage * POINT),
    )


values = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 6))
outcomes = st.one_of(
    st.builds(Measured, values, st.integers(0, 60)),
    st.sampled_from([MISSING, NOT_APPLICABLE]),
)
cases = st.lists(st.tuples(st.integers(1, 1000), outcomes), min_size=1, max_size=25)


def test_a_score_worked_out_by_hand() -> None:
    score = score_health(card(1, 1, 1), [Measured(100, 0), Measured(0, 0), Measured(0, 0)])
    assert score.points_e4 == 333_333
    assert score.contributions == (333_333, 0, 0)
    assert (score.band, score.coverage_e4) == ("red", 10_000)


def test_remainders_go_by_largest_fraction_then_by_measure_id() -> None:
    third = score_health(card(1, 1, 1), [Measured(50, 0)] * 3)
    assert third.contributions == (166_667, 166_667, 166_666)
    larger = score_health(card(2, 3, 2), [Measured(100, 0)] * 3)
    assert larger.contributions == (285_714, 428_572, 285_714)


def test_missing_and_stale_measures_are_left_out_and_open_the_interval() -> None:
    score = score_health(card(50, 30, 20), [Measured(60, 0), MISSING, Measured(90, 31)])
    assert score.points_e4 == 60 * POINT
    assert score.contributions == (60 * POINT, None, None)
    assert (score.coverage_e4, score.low_e4, score.high_e4) == (5_000, 30 * POINT, 80 * POINT)
    assert score.band == "yellow"


def test_what_is_missing_counts_as_the_scorecard_says_and_stays_unknown() -> None:
    plain = card(50, 30, 20)
    measures = tuple(replace(line, missing_e4=40 * POINT) for line in plain.measures)
    scorecard = replace(plain, measures=measures)
    score = score_health(scorecard, [Measured(60, 0), MISSING, Measured(90, 31)])
    assert score.points_e4 == 50 * POINT
    assert score.contributions == (30 * POINT, 12 * POINT, 8 * POINT)
    assert (score.coverage_e4, score.low_e4, score.high_e4) == (5_000, 30 * POINT, 80 * POINT)
    lines = explain_score(scorecard, score.outcomes, score.contributions)
    assert [line.is_stale for line in lines] == [False, False, True]
    assert explain_change((scorecard, [MISSING] * 3), (scorecard, score.outcomes)) == (
        ChangeCause("presence", "m0", 10 * POINT, appeared=True),
    )


def test_young_accounts_have_no_value_and_weight_nought_is_not_asked() -> None:
    old = replace(card(1, 0, 1).measures[0], min_history_days=90)
    scorecard = replace(card(1, 0), measures=(old, card(1, 0).measures[1]))
    answered = replace(BLANK, answers=(Answer(TODAY, "nps", 9),))
    assert measure_account(scorecard, answered) == (Measured(9, 0), NOT_APPLICABLE)
    young = replace(answered, started_on=TODAY - dt.timedelta(days=89))
    assert measure_account(scorecard, young) == (MISSING, NOT_APPLICABLE)
    unknown = replace(answered, started_on=None, subscriptions=())
    assert measure_account(scorecard, unknown)[0] is MISSING


def test_what_does_not_apply_neither_counts_nor_lacks() -> None:
    score = score_health(card(50, 50), [Measured(60, 0), NOT_APPLICABLE])
    assert (score.coverage_e4, score.low_e4, score.high_e4) == (10_000, 600_000, 600_000)


def test_nothing_known_has_no_points_and_the_widest_interval() -> None:
    score = score_health(card(1, 2), [MISSING, MISSING])
    assert (score.points_e4, score.band, score.coverage_e4) == (None, "unknown", 0)
    assert (score.low_e4, score.high_e4) == (0, FULL)


@pytest.mark.parametrize(
    ("value", "band"), [(39.9999, "red"), (40, "yellow"), (69.9999, "yellow"), (70, "green")]
)
def test_a_limit_belongs_to_the_better_band_and_nothing_is_rounded_before(
    value: float, band: str
) -> None:
    assert score_health(card(1), [Measured(value, 0)]).band == band


@pytest.mark.parametrize(("present", "band"), [(49, "unknown"), (50, "green")])
def test_too_little_coverage_has_no_band(present: int, band: str) -> None:
    score = score_health(card(present, 100 - present), [Measured(90, 0), MISSING])
    assert score.band == band


def check_that_contributions_add_up(case: list[tuple[int, Outcome]]) -> None:
    scorecard, found = card(*(weight for weight, _ in case)), [one for _, one in case]
    score = score_health(scorecard, found)
    present = [points for points in score.contributions if points is not None]
    assert sum(present) == (score.points_e4 or 0)
    assert 0 <= score.low_e4 <= (score.points_e4 or 0)
    assert score.low_e4 <= score.high_e4 <= FULL
    assert score.points_e4 is None or score.points_e4 <= score.high_e4
    for line in explain_score(scorecard, found, score.contributions):
        assert 0 <= (line.points_e4 or 0) <= line.possible_e4


@given(cases)
def test_contributions_add_up_and_stay_within_bounds(case: list[tuple[int, Outcome]]) -> None:
    check_that_contributions_add_up(case)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(cases)
def test_ten_thousand_scores_add_up(case: list[tuple[int, Outcome]]) -> None:
    check_that_contributions_add_up(case)


@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_measures_does_not_matter(
    case: list[tuple[int, Outcome]], random: Random
) -> None:
    lines = card(*(weight for weight, _ in case))
    order = list(range(len(case)))
    random.shuffle(order)
    mixed = _with_measures(lines, order)
    straight = score_health(lines, [one for _, one in case])
    shuffled = score_health(mixed, [case[index][1] for index in order])
    assert shuffled.points_e4 == straight.points_e4
    assert shuffled.contributions == tuple(straight.contributions[index] for index in order)


def check_that_a_change_adds_up(case: list[tuple[int, Outcome]], data: st.DataObject) -> None:
    old_card = card(*(weight for weight, _ in case))
    new_card = card(
        *(data.draw(st.integers(1, 1000)) for _ in case), age=data.draw(st.integers(0, 60))
    )
    old, new = [one for _, one in case], [data.draw(outcomes) for _ in case]
    before, after = score_health(old_card, old), score_health(new_card, new)
    causes = explain_change((old_card, old), (new_card, new))
    assert sum(cause.points_e4 for cause in causes) == (after.points_e4 or 0) - (
        before.points_e4 or 0
    )
    kinds = ["configuration", "presence", "value"]
    ranks = [kinds.index(cause.kind) for cause in causes]
    assert ranks == sorted(ranks)


@given(cases, st.data())
def test_the_parts_of_a_change_add_up_to_it(
    case: list[tuple[int, Outcome]], data: st.DataObject
) -> None:
    check_that_a_change_adds_up(case, data)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(cases, st.data())
def test_ten_thousand_changes_add_up(case: list[tuple[int, Outcome]], data: st.DataObject) -> None:
    check_that_a_change_adds_up(case, data)


def test_a_change_is_told_as_configuration_then_presence_then_values() -> None:
    old, new = card(1, 1, 1), card(1, 1, 2)
    causes = explain_change(
        (old, [Measured(80, 0), MISSING, Measured(40, 0)]),
        (new, [Measured(60, 0), Measured(100, 0), Measured(40, 40)]),
    )
    assert causes == (
        ChangeCause("configuration", None, 533_333 - 600_000),
        ChangeCause("presence", "m1", 650_000 - 533_333, appeared=True),
        ChangeCause("presence", "m2", 900_000 - 650_000, appeared=False),
        ChangeCause("value", "m0", 800_000 - 900_000),
    )


@given(cases)
def test_stored_contributions_come_back_as_they_were(case: list[tuple[int, Outcome]]) -> None:
    found = tuple(one for _, one in case)
    score = score_health(card(*(weight for weight, _ in case)), found)
    text = encode_score(score)[1]
    assert decode_contributions(text) == (found, score.contributions)
    assert encode_score(_again(score, text))[1] == text


def test_the_stored_form_is_compact_and_tells_missing_from_stale() -> None:
    score = score_health(
        card(1, 1, 1, 1, coverage=0), [Measured(50, 3), MISSING, NOT_APPLICABLE, Measured(0.25, 99)]
    )
    assert encode_score(score)[1] == "[[50,3,500000],null,false,[0.25,99,null]]"
    assert json.loads(encode_score(score)[1])[3][2] is None


def test_the_input_hash_names_values_and_ages() -> None:
    def named(*found: Outcome, coverage: float = 0) -> str:
        return encode_score(score_health(card(1, 1, coverage=coverage), found))[0]

    same = named(Measured(50, 3), MISSING)
    assert same == named(Measured(50, 3), MISSING, coverage=1)
    assert same != named(Measured(50, 4), MISSING)
    assert same != named(Measured(50, 3), NOT_APPLICABLE)


def test_an_explanation_says_what_was_possible_and_what_is_too_old() -> None:
    found: list[Outcome] = [Measured(50, 1), MISSING, Measured(9, 40), NOT_APPLICABLE]
    scorecard = card(30, 30, 30, 10)
    lines = explain_score(scorecard, found, score_health(scorecard, found).contributions)
    assert [line.value_text for line in lines] == ["50", "none", "9", "does not apply"]
    assert [line.possible_e4 for line in lines] == [FULL, 0, 0, 0]
    assert [line.is_stale for line in lines] == [False, False, True, False]
    assert lines[0].target_text == "≥ 100"
    assert math.isclose(lines[0].target, 100)


def _with_measures(scorecard: Scorecard, order: list[int]) -> Scorecard:
    return replace(scorecard, measures=tuple(scorecard.measures[index] for index in order))


def _again(score: HealthScore, text: str) -> HealthScore:
    found, points = decode_contributions(text)
    return HealthScore(
        score.points_e4, score.band, score.coverage_e4, score.low_e4, score.high_e4, found, points
    )


@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        (Measured(39.9, 0), "why?"),
        (Measured(40, 0), ""),  # the limit belongs to yellow
        (Measured(0, 31), ""),  # too old to say
        (MISSING, ""),
        (NOT_APPLICABLE, ""),
    ],
)
def test_only_a_red_value_asks_its_question(outcome: Outcome, asked: str) -> None:
    one = card(1, 3)
    one = replace(one, measures=tuple(replace(line, question="why?") for line in one.measures))
    outcomes = (outcome, Measured(100, 0))
    lines = explain_score(one, outcomes, score_health(one, outcomes).contributions)
    assert [line.question for line in lines] == [asked, ""]
    assert lines[1].lost_e4 == 0
