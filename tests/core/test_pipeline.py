import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import (
    NOTHING_SAID,
    Notice,
    Said,
    sentences,
    slips,
    standing_commitment,
)
from cs_workbench.core.pipeline import (
    Standing,
    decide,
    default_amount,
    disagreement,
    gate_finding,
    is_overdue,
    is_stale,
    section_of,
    standing,
    state_on,
)
from cs_workbench.core.renewal_terms import Renewal
from tests.core.renewal_cases import KESTREL, TODAY, commitment, forecast, notice, outcome

POLICY = ForecastPolicy()
D = dt.date


def now(said: Said = NOTHING_SAID, day: dt.date = TODAY, **fields: Any) -> Standing:
    return standing(KESTREL._replace(**fields), said, day, POLICY)


def test_nobody_said_anything_counts_as_at_risk_of_all_that_is_due() -> None:
    found = now()
    assert (found.category, found.why, found.state) == (None, "nobody", "upcoming")
    assert (found.amount_minor, found.probability_e4) == (41_200_000, 4_500)


def test_the_forecast_holds_with_its_own_figures_or_the_defaults() -> None:
    said = Said(forecast("likely", amount_minor=None))
    assert now(said).amount_minor == 41_200_000
    assert now(said).probability_e4 == 7_500
    own = now(Said(forecast("likely", amount_minor=100, probability_e4=6_000)))
    assert (own.amount_minor, own.probability_e4, own.weighted_e4) == (100, 6_000, 600_000)
    assert now(Said(forecast("closed", probability_e4=5_000))).probability_e4 == 10_000


def test_notice_received_turns_it_to_churn_expected_until_somebody_forecasts_anew() -> None:
    before = Said(forecast("likely", "2026-11-20"), notice=notice(on="2026-11-21"))
    assert (now(before).category, now(before).why) == ("churn expected", "notice")
    assert now(before).probability_e4 == 1_500
    saved = Said(forecast("at risk", "2026-11-22"), notice=notice(on="2026-11-21"))
    assert (now(saved).category, now(saved).why) == ("at risk", "forecast")


def test_notice_of_a_contract_without_a_price_keeps_the_amount_that_was_forecast() -> None:
    before = forecast("likely", "2026-11-20", amount_minor=36_000)
    given = notice(on="2026-11-21")
    assert now(Said(before, notice=given)).amount_minor == 41_200_000
    assert now(Said(before, notice=given), due_minor=None).amount_minor == 36_000
    assert now(Said(notice=given), due_minor=None).amount_minor is None


def test_notice_of_a_part_takes_that_part_away() -> None:
    part = notice("part", part_minor=11_200_000)
    assert now(Said(forecast("likely", "2026-11-20"), notice=part)).amount_minor == 30_000_000
    assert now(Said(forecast("likely", "2026-11-20"), notice=part)).category == "likely"
    assert now(Said(notice=part)).amount_minor == 30_000_000
    newer = Said(forecast("likely", "2026-11-22", amount_minor=35_000_000), notice=part)
    assert now(newer).amount_minor == 35_000_000


def test_what_is_decided_is_no_forecast_any_more() -> None:
    won = now(Said(forecast("at risk"), outcome=outcome(renewed_minor=45_000_000)))
    assert (won.state, won.category, won.amount_minor, won.probability_e4) == (
        *("won", "closed"),
        *(45_000_000, 10_000),
    )
    lost = now(Said(forecast("commit"), outcome=outcome("lost")))
    assert (lost.state, lost.amount_minor, lost.probability_e4, lost.is_open) == (
        *("lost", 0, 0),
        False,
    )
    assert now(renewed_minor=50, renewed_on=D(2027, 3, 1)).why == "contract"
    gone = now(Said(forecast("commit")), cancelled_minor=41_200_000, is_cancelled=True)
    assert gone.state == "lost"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (D(2026, 12, 30), "upcoming"),
        (D(2026, 12, 31), "due"),
        (D(2027, 2, 28), "due"),
        (D(2027, 3, 1), "in grace"),
        (D(2027, 3, 30), "in grace"),
    ],
)
def test_the_way_of_an_undecided_renewal(day: dt.date, state: str) -> None:
    assert state_on(KESTREL, day) == state


MANUAL = KESTREL._replace(auto_renew=False, notice_date=None)
UNPRICED = MANUAL._replace(due_minor=None)
NEXT = D(2027, 3, 1)


@pytest.mark.parametrize(
    ("renewal", "given", "day", "ending", "how"),
    [
        (KESTREL, None, D(2026, 12, 30), None, None),
        (KESTREL, None, D(2026, 12, 31), "won", "renewed by silence"),
        (KESTREL, notice(on="2026-12-30"), D(2026, 12, 31), None, None),
        (KESTREL, notice(on="2026-12-31"), D(2027, 1, 2), "won", "renewed by silence"),
        (KESTREL, notice(on="2026-12-30"), D(2027, 3, 31), "lost", "notice"),
        (MANUAL, None, D(2027, 2, 1), None, None),
        (MANUAL, None, D(2027, 3, 30), None, None),
        (MANUAL, None, D(2027, 3, 31), "lost", "lapsed"),
        (MANUAL._replace(renewed_minor=50, renewed_on=NEXT), None, TODAY, "won", "in the contract"),
        (UNPRICED._replace(renewed_on=NEXT), None, TODAY, "won", "in the contract"),
        (UNPRICED, None, D(2027, 3, 30), None, None),
        (UNPRICED._replace(is_cancelled=True), None, TODAY, "lost", "notice"),
        (MANUAL._replace(is_cancelled=True), None, TODAY, "lost", "notice"),
    ],
)
def test_a_renewal_is_decided_by_contract_notice_silence_or_the_end_of_grace(
    renewal: Renewal, given: Notice | None, day: dt.date, ending: str | None, how: str | None
) -> None:
    found = decide(renewal, given, day, 30)
    assert (found and found.ending, found and found.how) == (ending, how)


def test_silence_renews_what_no_notice_names() -> None:
    part = notice("part", on="2026-12-01", part_minor=11_200_000)
    found = decide(KESTREL, part, D(2026, 12, 31), 30)
    assert found is not None
    assert (found.how, found.renewed_minor) == ("renewed by silence", 30_000_000)
    closed = now(Said(forecast("at risk")), D(2026, 12, 31))
    assert (closed.state, closed.category, closed.why) == ("won", "closed", "contract")


@pytest.mark.parametrize(
    ("days", "committed", "section"),
    [
        (9, False, "late"),
        (37, False, "late"),
        (38, False, "near"),
        (37, True, "near"),
        (60, True, "near"),
        (61, False, "gate"),
        (90, False, "gate"),
        (91, False, "later"),
    ],
)
def test_the_sections_are_the_clock(days: int, committed: bool, section: str) -> None:
    day = KESTREL.deadline - dt.timedelta(days)
    said = Said(commitment=commitment()) if committed else NOTHING_SAID
    assert section_of(KESTREL, said, standing(KESTREL, said, day, POLICY), day) == section


def test_a_commitment_is_overdue_from_the_day_after_whatever_else_is_so() -> None:
    late, day = KESTREL.commit_by + dt.timedelta(1), KESTREL.commit_by
    assert not is_overdue(KESTREL, NOTHING_SAID, now(), day)
    assert is_overdue(KESTREL, NOTHING_SAID, now(), late)
    said = Said(forecast("commit"))
    assert is_overdue(KESTREL, said, now(said), late)
    assert not is_overdue(KESTREL, Said(commitment=commitment()), now(), late)
    closed = Said(outcome=outcome())
    assert not is_overdue(KESTREL, closed, now(closed), late)


def test_a_commitment_is_void_when_its_signer_leaves() -> None:
    left = commitment(signer_left_on=D(2026, 11, 2))
    older = commitment("written", "2026-09-01", signer="T. Brandt")
    assert standing_commitment([left], D(2026, 11, 1)) == left
    assert standing_commitment([left], D(2026, 11, 2)) is None
    assert standing_commitment([left, older], TODAY) == older
    assert standing_commitment([older, commitment("withdrawn", "2026-10-01")], TODAY) is None
    again = commitment("signed", "2026-10-02")
    assert standing_commitment([older, commitment("withdrawn"), again], TODAY) is None
    assert standing_commitment([commitment("withdrawn", "2026-09-30"), again], TODAY) == again


def test_the_default_amount_is_what_is_left_to_renew() -> None:
    assert default_amount(KESTREL, None, "likely") == 41_200_000
    cancelled = KESTREL._replace(cancelled_minor=1_200_000)
    assert default_amount(cancelled, None, "at risk") == 40_000_000
    part = notice("part", part_minor=10_000_000)
    assert default_amount(KESTREL, part, "likely") == 31_200_000  # not all that is due
    assert default_amount(KESTREL, part, "omitted") == 0
    priced_part = KESTREL._replace(cancelled_minor=41_200_000, unpriced=1)
    assert default_amount(priced_part, None, "likely") is None  # what goes on has no known price
    part_known = KESTREL._replace(unpriced=1)
    assert default_amount(part_known, None, "likely") is None  # the known part is not all of it
    assert default_amount(part_known, None, "omitted") == 0
    beside_free = KESTREL._replace(cancelled_minor=41_200_000)
    assert default_amount(beside_free, None, "likely") == 0  # what goes on costs nothing
    free = KESTREL._replace(due_minor=0)
    assert default_amount(free, None, "likely") == 0
    assert decide(free, None, TODAY, 30) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (None, "no forecast"),
        ({"category": "commit"}, None),
        ({"category": "churn expected", "risk": "budget", "narrative": "They cut."}, None),
        ({"category": "churn expected", "risk": "budget"}, "churn expected lacks narrative"),
        ({"category": "at risk"}, "at risk lacks risk, narrative"),
        ({"category": "commit", "amount_minor": None}, "commit lacks amount"),
        ({"category": "omitted"}, "omitted is not for 90 days before the deadline"),
        ({"category": "likely"}, "likely names no missing fact and its date"),
        ({"category": "likely", "missing_fact": "budget"}, "likely names no"),
        ({"category": "likely", "missing_fact": "b", "missing_on": D(2026, 12, 1)}, None),
        ({"category": "likely", "missing_fact": "b", "missing_on": D(2026, 11, 1)}, "was due"),
    ],
)
def test_the_gate(fields: dict[str, Any] | None, told: str | None) -> None:
    said = NOTHING_SAID if fields is None else Said(forecast(**fields))
    found = gate_finding(KESTREL, said, now(said), TODAY, POLICY)
    assert (found is None) if told is None else (found is not None and told in found)
    early = KESTREL.deadline - dt.timedelta(91)
    assert gate_finding(KESTREL, said, now(said), early, POLICY) is None


def test_the_gate_wants_the_fields_that_the_policy_of_the_team_does() -> None:
    strict = replace(POLICY, required={"commit": ("commitment",)})
    said = Said(forecast("commit"))
    assert gate_finding(KESTREL, said, now(said), TODAY, strict) == "commit lacks commitment"
    kept = Said(forecast("commit"), commitment=commitment())
    assert gate_finding(KESTREL, kept, now(kept), TODAY, strict) is None
    told = Said(forecast("at risk"), notice=notice(on="2026-11-21"))
    assert gate_finding(KESTREL, told, now(told), TODAY, POLICY) is None


def test_a_forecast_is_old_after_fourteen_days() -> None:
    said = Said(forecast(on="2026-11-09"))
    assert not is_stale(said, now(said), TODAY, POLICY)
    assert is_stale(said, now(said), TODAY + dt.timedelta(1), POLICY)
    assert not is_stale(NOTHING_SAID, now(), TODAY, POLICY)


def test_judgements_that_differ_are_told_and_never_averaged() -> None:
    commit = now(Said(forecast("commit")))
    assert disagreement(commit, "red", None, POLICY) == "commit, and the score is red"
    assert disagreement(commit, "yellow", None, POLICY) is None
    assert disagreement(now(Said(forecast("at risk"))), "green", None, POLICY) is not None
    model = disagreement(commit, "red", 3_400, POLICY)
    assert model is None  # 66 against 95 is less than thirty points, and the model speaks
    assert disagreement(commit, "green", 4_000, POLICY) == (
        "the model says 60 % stay, the forecast 95 %"
    )
    assert disagreement(now(), "red", 9_000, POLICY) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Champion left", 1),
        ("Champion left. Nobody owns it. Priya calls T. Brandt's manager.", 3),
        ("We lost our champion! Why? The move, i.e. the depot. Mei asks.", 4),
        ("Budget of 1.5 M is cut.", 1),
    ],
)
def test_sentences_are_counted_as_people_do(text: str, count: int) -> None:
    assert sentences(text) == count


def test_a_slip_is_a_day_that_moves_to_a_later_one() -> None:
    history = [
        forecast("likely", "2026-09-01", closes_on=D(2026, 12, 1)),
        forecast("likely", "2026-10-01", closes_on=D(2026, 12, 15)),
        forecast("likely", "2026-10-15", closes_on=None),
        forecast("likely", "2026-11-01", closes_on=D(2026, 12, 10)),
        forecast("likely", "2026-11-10", closes_on=D(2027, 1, 10), author="jon"),
    ]
    assert slips(history) == {"ana": 1, "jon": 1}


def test_the_known_part_of_what_ends_is_told_as_a_part() -> None:
    assert now(unpriced=1).is_part
    assert now(Said(forecast("likely", amount_minor=None)), unpriced=1).is_part
    assert now(Said(notice=notice()), unpriced=1).is_part
    assert not now(Said(forecast("likely", amount_minor=100)), unpriced=1).is_part  # said of all
    assert not now(due_minor=None, unpriced=1).is_part  # nothing is known
    assert not now().is_part


def test_of_a_price_that_is_not_known_only_a_typed_amount_is_reckoned_with() -> None:
    nobody = now(due_minor=None)
    assert (nobody.amount_minor, nobody.weighted_e4, nobody.probability_e4) == (None, None, 4_500)
    assert now(Said(forecast("likely", amount_minor=None)), due_minor=None).amount_minor is None
    typed = now(Said(forecast("likely", amount_minor=100, probability_e4=6_000)), due_minor=None)
    assert (typed.amount_minor, typed.weighted_e4) == (100, 600_000)
    part = Said(forecast("likely", amount_minor=100), notice=notice(on="2026-11-21"))
    assert now(part, due_minor=None).category == "churn expected"
    assert default_amount(UNPRICED, None, "likely") is None
    assert default_amount(UNPRICED, None, "omitted") == 0
