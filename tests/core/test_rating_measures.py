import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import explain_change, explain_score, measure_account, score_health
from cs_workbench.core.judgements import Rating
from cs_workbench.core.measures import MISSING, Measured
from cs_workbench.core.scorecard_files import check_scorecard, read_scorecard
from cs_workbench.core.scorecard_ratings import scales_of
from cs_workbench.core.scorecards import Scorecard
from tests.core.signals.situations import TODAY
from tests.core.test_measures import BLANK

WORDS = '["nobody knows us", "our name", "our calls", "quarterly", "they call us"]'
CARD = f"""name = "x"
bands = {{ yellow_from = 50, green_from = 70, minimum_coverage = 0 }}
usage = {{ metrics = [] }}
dimensions = {{ relationship = "Relationship", commercial = "Commercial" }}
[[measures]]
id = "mood"
label = "mood"
dimension = "relationship"
source = "sentiment"
weight = 1
map = [[1, 0], [5, 100]]
[[measures]]
id = "access"
label = "access to executives"
dimension = "relationship"
source = "rating"
words = {WORDS}
weight = 1
map = [[1, 0], [4, 100]]
"""


def card(text: str = CARD) -> Scorecard:
    return read_scorecard(text)


def rated(days_ago: int, value: int, rated: str = "sentiment") -> AccountFacts:
    on = TODAY - dt.timedelta(days=days_ago)
    ratings = (Rating("r", rated, value, "why", "Ana Ruiz", on, on),)
    kinds = BLANK.portfolio.kinds | {"ratings"}
    return replace(BLANK, ratings=ratings, portfolio=replace(BLANK.portfolio, kinds=kinds))


def test_the_value_is_the_rating_and_its_age_that_of_the_day_it_is_about() -> None:
    assert measure_account(card(), rated(11, 2)) == (Measured(2, 11), MISSING)
    assert measure_account(card(), rated(0, 3, "access")) == (MISSING, Measured(3, 0))


def test_where_nobody_ever_rated_anything_it_is_missing() -> None:
    assert measure_account(card(), BLANK) == (MISSING, MISSING)


@pytest.mark.parametrize(("age", "points"), [(0, 250_000), (90, 250_000), (91, None)])
def test_it_counts_in_full_for_90_days_and_then_not_at_all(age: int, points: int | None) -> None:
    outcomes = measure_account(card(), rated(age, 2))
    score = score_health(card(), outcomes)
    assert score.points_e4 == points  # never 125,000 at half its days
    assert score.coverage_e4 == (5_000 if points else 0)
    line = explain_score(card(), outcomes, score.contributions)[0]
    assert (line.is_stale, line.value_text) == (age > 90, "2 of 5")


def test_a_scorecard_may_say_for_how_long() -> None:
    text = CARD.replace("map = [[1, 0], [5, 100]]", "map = [[1, 0], [5, 100]]\nmax_age_days = 14")
    lines = card(text).measures
    assert [one.max_age_days for one in lines] == [14, 90]


def test_fading_is_a_cause_of_data_that_expired() -> None:
    both = replace(rated(89, 2), ratings=(*rated(89, 2).ratings, *rated(0, 4, "access").ratings))
    later = replace(both, ratings=(*rated(91, 2).ratings, *rated(2, 4, "access").ratings))
    before, after = (measure_account(card(), facts) for facts in (both, later))
    (cause,) = explain_change((card(), before), (card(), after))
    assert (cause.kind, cause.measure_id, cause.appeared) == ("presence", "mood", False)
    assert cause.points_e4 == 1_000_000 - 625_000


def test_it_is_told_in_its_own_words() -> None:
    mood, access = card().measures
    assert mood.measure.tell(rated(1, 2), mood.given, 2) == (
        "the relationship: unhappy, and they say so (2 of 5, Ana Ruiz)"
    )
    assert access.measure.tell(rated(1, 1, "access"), access.given, 1) == (
        "nobody knows us (1 of 5, Ana Ruiz)"
    )
    assert access.target_text == "≥ 4 of 5"


def test_what_can_be_rated_is_the_relationship_and_what_the_scorecard_asks() -> None:
    scales = scales_of(card())
    assert [(one.rated, one.label) for one in scales] == [
        ("sentiment", "the relationship"),
        ("access", "access to executives"),
    ]
    assert scales[1].words[4] == "they call us"
    named = CARD.replace(f"words = {WORDS}", f'words = {WORDS}\nparameters = {{ rating = "exec" }}')
    assert scales_of(card(named))[1].rated == "exec"


def test_it_is_the_same_when_read_again() -> None:
    assert card().measures == card().measures


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        (f"words = {WORDS}\n", "", 12, "measure access: words is missing"),
        ('"nobody knows us", ', "", 17, "words needs 5 entries, not 4"),
        ('"our name"', '""', 17, "words is empty"),
        (
            'source = "sentiment"',
            f'source = "sentiment"\nwords = {WORDS}',
            10,
            "measure mood: words are for source rating, not for sentiment",
        ),
        ("[5, 100]]", "[10, 100]]", 11, "measure mood: a rating goes from 1 to 5"),
        ("[[1, 0], [4", "[[0, 0], [4", 19, "measure access: a rating goes from 1 to 5"),
        (
            "map = [[1, 0], [4, 100]]",
            "bands = [{ to = 1, points = 0 }, { points = 100 }]",
            19,
            "measure access: a rating goes from 1 to 5",
        ),
        (
            f"words = {WORDS}",
            f'words = {WORDS}\nparameters = {{ rating = "sentiment" }}',
            12,
            'measure access: the relationship is rated for all: write source = "sentiment"',
        ),
        (
            'id = "mood"\nlabel = "mood"\ndimension = "relationship"\nsource = "sentiment"',
            'id = "mood"\nlabel = "mood"\ndimension = "relationship"\nsource = "rating"\n'
            f'parameters = {{ rating = "access" }}\nwords = {WORDS}',
            14,
            "measure access: rating access is asked for by measure mood already",
        ),
    ],
)
def test_mistakes_have_their_line(old: str, new: str, line: int, why: str) -> None:
    assert old in CARD
    found, mistakes = check_scorecard(CARD.replace(old, new, 1))
    assert found is None
    assert [(one.line, why in one.message) for one in mistakes] == [(line, True)], mistakes


def test_a_profiles_own_map_is_checked_too() -> None:
    profile = '[[profiles]]\nname = "smb"\nsegment = ["smb"]\n[profiles.measures.mood]\n'
    _, mistakes = check_scorecard(CARD + profile + "map = [[0, 0], [100, 100]]\n")
    (only,) = mistakes
    assert (only.line, only.message) == (
        24,
        "profile smb, measure mood: a rating goes from 1 to 5; other values never come",
    )
