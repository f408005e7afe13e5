import datetime as dt
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from cs_workbench.core.health import explain_score, score_health
from cs_workbench.core.loyalty import (
    BadExperience,
    Feedback,
    LoyaltyFacts,
    asked_again,
    bad_experiences,
    bad_lately,
    feedback_answered,
    give_share,
    loyalty_outcomes,
    made_good,
    owner_changes,
    promises_kept,
    read_loyalty_card,
    tat_met,
)
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured
from cs_workbench.core.memory import Promise
from cs_workbench.errors import InputError
from tests.factories import TODAY

TEXT = (Path(str(files("cs_workbench"))) / "scorecards" / "loyalty.toml").read_text()
CARD = read_loyalty_card(TEXT, "l.toml")
EMPTY = LoyaltyFacts(TODAY)
PROMISE = Promise(
    promise_id="p", account_key=1, promised_by="us", what="w", made_on=TODAY - dt.timedelta(30)
)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days)


def test_of_whom_nothing_is_known_the_score_is_unknown_and_not_good() -> None:
    score = score_health(CARD, loyalty_outcomes(CARD, EMPTY))
    # Bad experiences of nothing are none, but promises, giving, owners and what nobody counts are
    # unknown: too little for a band, and the interval is wide. (Wrong: 40 of 75 known.)
    assert score.coverage_e4 == 20 * 10_000 // (10 + 10 + 20 + 25 + 10)
    assert score.band == "unknown"
    assert score.high_e4 - score.low_e4 == (25 + 10 + 10 + 10) * 1_000_000 // 75


def test_contributions_add_up_to_the_score_exactly() -> None:
    facts = replace(
        EMPTY,
        promises=(
            replace(PROMISE, due_on=ago(9), state="kept", kept_on=ago(9)),
            replace(PROMISE, due_on=ago(9)),
            replace(PROMISE, due_on=ago(5), state="kept", kept_on=ago(6)),
        ),
        tickets=((ago(3), True), (ago(4), False), (ago(400), False)),
        bad=(BadExperience(ago(5), "complaint"),),
        gives=(ago(2),),
        asks=(ago(2), ago(3)),
    )
    outcomes = loyalty_outcomes(CARD, facts)
    score = score_health(CARD, outcomes)
    assert sum(one or 0 for one in score.contributions) == score.points_e4
    lines = {one.measure_id: one for one in explain_score(CARD, outcomes, score.contributions)}
    assert lines["promises_kept"].value_text == "67 %"
    assert lines["tat_met"].value == 0.5
    assert not lines["made_good"].applies


@pytest.mark.parametrize(
    ("days_ago", "answered_ago", "outcome"),
    [
        (20, 10, Measured(1.0, 0)),
        (20, 5, Measured(0.0, 0)),  # answered on the 15th day
        (20, None, Measured(0.0, 0)),
        (5, None, NOT_APPLICABLE),  # there is still time
        (5, 4, Measured(1.0, 0)),
        (400, None, NOT_APPLICABLE),
    ],
)
def test_feedback_is_answered_within_two_weeks(
    days_ago: int, answered_ago: int | None, outcome: object
) -> None:
    answered = None if answered_ago is None else ago(answered_ago)
    facts = replace(EMPTY, feedback=(Feedback(ago(days_ago), answered),))
    assert feedback_answered(facts, 365) == outcome


def test_a_bad_experience_is_made_good_or_waits() -> None:
    bad = (
        BadExperience(ago(40), "complaint", ago(20)),
        BadExperience(ago(40), "incident"),
        BadExperience(ago(3), "urgent breach"),
    )
    facts = replace(EMPTY, bad=bad)
    assert made_good(facts, 365) == Measured(0.5, 0)
    assert bad_experiences(facts, 90) == Measured(3, 0)
    assert bad_experiences(facts, 30) == Measured(1, 0)
    assert [one.kind for one in bad_lately(facts)] == ["incident", "urgent breach"]


def test_what_is_not_known_is_not_zero() -> None:
    assert promises_kept(EMPTY, 365) is MISSING
    assert give_share(EMPTY, 180) is MISSING
    assert tat_met(EMPTY, 180) is NOT_APPLICABLE
    assert made_good(EMPTY, 365) is NOT_APPLICABLE
    assert asked_again(replace(EMPTY, asked_again=(ago(1), ago(200))), 180) == Measured(1, 0)
    assert owner_changes(replace(EMPTY, owner_changes=(ago(1),)), 365) == Measured(1, 0)
    for measure in (asked_again, owner_changes):
        assert measure(EMPTY, 365) is MISSING
        assert measure(replace(EMPTY, asked_again=(), owner_changes=()), 365) == Measured(0, 0)
    giving = replace(EMPTY, gives=(ago(1),) * 3, asks=(ago(1),))
    assert give_share(giving, 180) == Measured(0.75, 0)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[bands]", "[bands", "l.toml"),
        ("green_from = 75", "green_from = 40", "yellow below green"),
        ('source = "give share"', 'source = "luck"', "no measure 'luck'"),
        ('id = "give_share"', 'id = "made_good"', "an id of its own"),
        ("map = [[0, 0], [1, 100]]", "map = [[0, 0]]", "two pairs"),
        ("weight = 25", "weight = 0", "above 0"),
        ("green_from = 75\n", "", "'green_from' is missing"),
    ],
)
def test_what_a_card_may_not_say(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match=says):
        read_loyalty_card(TEXT.replace(old, new, 1), "l.toml")
