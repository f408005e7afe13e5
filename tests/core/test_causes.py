import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.causes import signed, tell_causes, tell_part
from cs_workbench.core.facts import AccountFacts, Answer
from cs_workbench.core.health import measure_account, score_health
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome
from tests.cards import plain_scorecard
from tests.core.signals.situations import TODAY
from tests.core.test_measures import BLANK, TICKET, usage

CARD = plain_scorecard()
CALM = replace(
    usage(40, peak=45.0, peak_on=TODAY, last_used=TODAY), is_committed=True, last_two_way_on=TODAY
)


def measured_of(facts: AccountFacts = CALM) -> tuple[Outcome, ...]:
    return measure_account(CARD, facts)


@pytest.mark.parametrize(
    ("points", "text"), [(-80_000, "−8"), (14_999, "+1"), (15_000, "+2"), (-15_000, "−2")]
)
def test_points_are_rounded_once_halves_away_from_zero(points: int, text: str) -> None:
    assert signed(points) == text


def test_what_changed_comes_first_and_largest_first() -> None:
    worse = replace(
        usage(48, 19, 19, 19, 19, peak=19.0, peak_on=TODAY, last_used=TODAY),
        is_committed=True,
        last_two_way_on=TODAY,
        tickets=(TICKET,),
    )
    causes = tell_causes(CARD, worse, score_health(CARD, measured_of(worse)), (CARD, measured_of()))
    assert causes[0] == "−13: active users fell from 48 to 19 in four weeks"
    assert causes[1] == "−11: active users at 40 % of their best four weeks"
    assert [cause.split()[0] for cause in causes[2:]] == ["−8:", "−6:"]


def test_what_is_asked_no_more_has_not_expired() -> None:
    line = CARD.measures[0]
    assert tell_part(line, CALM, NOT_APPLICABLE, appeared=False) == (
        f"{line.label} does not apply any more"
    )


def test_expired_data_is_unknown_and_new_data_is_called_new() -> None:
    answered = replace(CALM, answers=(Answer(dt.date(2026, 11, 20), "nps", 2),))
    before, after = measured_of(), measured_of(answered)
    assert tell_causes(CARD, answered, score_health(CARD, after), (CARD, before)) == (
        "−5: last NPS answer 2 of 10 (new)",
    )
    assert tell_causes(CARD, CALM, score_health(CARD, before), (CARD, after)) == (
        "+5: last NPS answer expired (unknown, not neutral)",
    )


def test_without_a_past_it_is_told_what_costs_most() -> None:
    facts = replace(CALM, tickets=(TICKET,))
    causes = tell_causes(CARD, facts, score_health(CARD, measured_of(facts)), None)
    assert causes[0] == "−6: urgent ticket open for 6 days"


def test_an_unknown_band_says_what_is_missing() -> None:
    outcomes: tuple[Outcome, ...] = (*[MISSING] * (len(CARD.measures) - 1), Measured(37, 0))
    (only,) = tell_causes(CARD, BLANK, score_health(CARD, outcomes), None)
    assert only.startswith("15 % of the scorecard is known, 50 % are needed: usage to own best")
