"""Vectors of DEFINITIONS for the voice, and the wrong answers that they must not give."""

import datetime as dt
from collections.abc import Iterable

import pytest

from cs_workbench.core.voice import (
    Answer,
    Kind,
    before_after,
    figure_of,
    latest_answers,
    sentiment_of,
    side_of,
    wants_answer,
    wilson,
)
from tests.factories import TODAY


def answers(scores: Iterable[int], kind: Kind = "nps", days_ago: int = 1) -> list[Answer]:
    on = TODAY - dt.timedelta(days_ago)
    return [
        Answer(f"{days_ago}-{n}", n % 3, f"p{days_ago}-{n}", on, kind, score, None, None)
        for n, score in enumerate(scores)
    ]


def test_nps_of_twelve_four_and_four() -> None:
    figure = figure_of("nps", answers([9] * 6 + [10] * 6 + [7, 7, 8, 8] + [0, 6, 6, 3]))
    assert (figure.value, figure.n, figure.good, figure.bad) == (40, 20, 12, 4)
    assert figure.margin == pytest.approx(35, abs=0.1)
    # Wrong: passives left out (50), the mean score (7.2), the margin of a plain share (21).
    assert figure.value not in {50, 7.2}
    assert figure.margin != pytest.approx(21.5, abs=1)


@pytest.mark.parametrize(
    ("scores", "low", "high"), [([10] * 20, 68, 100), ([0] * 20, -100, -68), ([7] * 20, -16, 16)]
)
def test_nps_of_people_who_all_say_the_same_is_not_certain(
    scores: list[int], low: int, high: int
) -> None:
    figure = figure_of("nps", answers(scores))
    assert figure.low == pytest.approx(low, abs=1)
    assert figure.high == pytest.approx(high, abs=1)


def test_the_interval_of_a_change_is_newcombes() -> None:
    day = TODAY - dt.timedelta(30)
    given = [
        *answers([5] * 48 + [1] * 32, "csat", days_ago=40),
        *answers([5] * 56 + [1] * 14, "csat", days_ago=2),
    ]
    told = before_after(given, "csat", on=day)
    assert told.change == pytest.approx(20)
    assert told.low == pytest.approx(5.24, abs=0.01)
    assert told.high == pytest.approx(33.39, abs=0.01)
    certain = before_after(
        [*answers([1] * 6, "csat", days_ago=40), *answers([5] * 6, "csat", days_ago=2)],
        "csat",
        on=day,
    )
    assert certain.change == 100
    assert certain.low is not None
    assert certain.low < 50  # wrong: no doubt at all from six against six


def test_of_nobody_the_figure_is_unknown() -> None:
    figure = figure_of("nps", [], asked=12)
    assert (figure.value, figure.margin, figure.response_rate) == (None, None, 0)
    assert figure_of("csat", []).response_rate is None


@pytest.mark.parametrize(
    ("kind", "score", "side"),
    [
        ("nps", 9, 1), ("nps", 8, 0), ("nps", 7, 0), ("nps", 6, -1), ("nps", 0, -1),
        ("csat", 4, 1), ("csat", 3, 0), ("csat", 2, -1),
        ("ces", 5, 1), ("ces", 4, 0), ("ces", 3, -1),
    ],
)  # fmt: skip
def test_who_speaks_for_us(kind: Kind, score: int, side: int) -> None:
    assert side_of(kind, score) == side


def test_csat_is_the_top_two_and_ces_five_to_seven() -> None:
    csat = figure_of("csat", answers([5, 4, 4, 3, 1], "csat"))
    assert csat.value == 60
    assert csat.value != pytest.approx(68)  # the mean of 3.4 of 5
    assert figure_of("ces", answers([7, 5, 4, 1], "ces")).value == 50
    assert csat.low == pytest.approx(23.1, abs=0.1)
    assert csat.high == pytest.approx(88.2, abs=0.1)
    assert wilson(3, 3)[0] == pytest.approx(43.9, abs=0.1)  # three of three prove little


def test_the_latest_answer_of_a_person_counts() -> None:
    first, second = answers([0, 10]), answers([9], days_ago=50)
    same = [second[0]._replace(person="a"), first[0]._replace(person="a")]
    floor = TODAY - dt.timedelta(90)
    assert [one.score for one in latest_answers(same, "nps", after=floor, until=TODAY)] == [0]
    strangers = [one._replace(person=None) for one in first]
    assert len(latest_answers(strangers, "nps", after=floor, until=TODAY)) == 2
    assert latest_answers(answers([9], days_ago=90), "nps", after=floor, until=TODAY) == []


def test_revenue_weighs_as_a_second_number() -> None:
    given = answers([10, 0, 0])  # of accounts 0, 1, 2
    figure = figure_of("nps", given, arr={0: 900, 1: 50, 2: 50})
    assert figure.value == pytest.approx(-33.3, abs=0.1)
    assert figure.weighted == pytest.approx(80)
    assert figure_of("nps", given, arr={}).weighted is None


def test_a_change_is_told_only_where_enough_answered() -> None:
    day = TODAY - dt.timedelta(30)
    few = [*answers([9] * 9, days_ago=40), *answers([0], days_ago=2)]
    assert before_after(few, "nps", on=day).change is None  # never a trend from one answer
    many = [*answers([9] * 20, days_ago=40), *answers([0, 9] * 10, days_ago=2)]
    told = before_after(many, "nps", on=day)
    assert (told.before.value, told.after.value, told.change) == (100, 0, -100)
    assert told.is_clear
    same = [*answers([9, 0] * 5, days_ago=40), *answers([9, 0] * 5, days_ago=2)]
    assert not before_after(same, "nps", on=day).is_clear


@pytest.mark.parametrize(
    ("kind", "score", "sentiment"),
    [
        ("nps", 0, 1),
        ("nps", 6, 2),
        ("nps", 7, 3),
        ("nps", 10, 5),
        ("csat", 2, 2),
        ("ces", 1, 1),
        ("ces", 7, 5),
    ],
)
def test_a_score_as_a_sentiment(kind: Kind, score: int, sentiment: int) -> None:
    assert sentiment_of(kind, score) == sentiment
    assert (sentiment <= 2) == (side_of(kind, score) < 0)


def test_what_waits_for_an_answer() -> None:
    (plain,) = answers([9])
    assert not wants_answer(plain)
    assert wants_answer(plain._replace(comment="nice"))
    assert wants_answer(plain._replace(score=3))
    assert not wants_answer(plain._replace(comment="nice", replied_on=TODAY))
    assert not wants_answer(plain._replace(comment="  "))
