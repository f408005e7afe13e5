import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.explanations import (
    DayScore,
    Explanation,
    explanation_document,
    tell_explanation,
)
from cs_workbench.core.facts import AccountFacts, Answer, Contact
from cs_workbench.core.health import (
    decode_contributions,
    encode_score,
    measure_account,
    score_health,
)
from cs_workbench.core.measures import NOT_APPLICABLE, Outcome
from cs_workbench.core.points import tenths_of
from cs_workbench.core.scorecards import FULL, PointMap, Scorecard
from cs_workbench.workflows.scoring import default_scorecard
from tests.cards import plain_scorecard
from tests.core.signals.situations import TODAY
from tests.core.test_causes import CALM
from tests.core.test_health import card, outcomes
from tests.core.test_measures import BLANK, TICKET

CARD = plain_scorecard()
maps = st.builds(
    lambda values, points, rising: PointMap(
        tuple(sorted(values)), tuple(sorted(points, reverse=not rising))
    ),
    st.lists(st.integers(0, 100_000_000), min_size=3, max_size=3, unique=True),
    st.lists(st.integers(0, FULL), min_size=3, max_size=3),
    st.booleans(),
)
missing = st.one_of(st.none(), st.integers(0, FULL))
Case = list[tuple[int, PointMap, int | None, Outcome]]
lines = st.lists(
    st.tuples(st.integers(0, 1000), maps, missing, outcomes), min_size=1, max_size=15
).filter(lambda case: any(weight for weight, *_ in case))


def scored(scorecard: Scorecard, found: tuple[Outcome, ...]) -> DayScore:
    return DayScore(TODAY, scorecard, score_health(scorecard, found), BLANK, is_stored=True)


def day_of(case: Case) -> DayScore:
    """A day on a scorecard of its own; a measure without weight is not asked, as in a profile."""
    plain = card(*(weight for weight, *_ in case))
    measures = tuple(
        replace(line, worth=worth, missing_e4=missing)
        for line, (_, worth, missing, _) in zip(plain.measures, case, strict=True)
    )
    marked = replace(plain, digest=repr(case), measures=measures)
    found = [outcome if weight else NOT_APPLICABLE for weight, _, _, outcome in case]
    return scored(marked, tuple(found))


explanations = st.builds(
    lambda old, new: Explanation("acme", "Acme", day_of(new), day_of(old)), lines, lines
)


def explained(facts: AccountFacts, before: AccountFacts | None = None) -> Explanation:
    now, then = (
        None
        if one is None
        else DayScore(
            TODAY, CARD, score_health(CARD, measure_account(CARD, one)), one, is_stored=True
        )
        for one in (facts, before)
    )
    assert now is not None
    return Explanation("A1", "Acme", now, then)


def told(one: Explanation) -> list[str]:
    return list(tell_explanation(one))


def column(found: list[str], heading: str) -> list[Decimal]:
    start = next(index for index, line in enumerate(found) if line.startswith(heading)) + 1
    end = found.index("", start) if "" in found[start:] else len(found)
    rows = [line.split()[0] for line in found[start:end] if not line.strip().startswith("Ask:")]
    return [Decimal(points.replace("−", "-")) for points in rows]


def test_a_calm_account_is_told_in_two_sentences_and_what_is_well() -> None:
    found = told(explained(CALM))
    assert found[0] == "Acme stands at 100.0 of 100 on Mon 23 Nov 2026: green."
    assert found[1].startswith("90 % of what the scorecard asks is known; the rest could put it")
    assert "  15.5 of 15.5  usage at" not in found
    assert not [line for line in found if line.startswith("What costs points")]
    assert found[-3:] == [
        "Not counted",
        "  last NPS answer: unknown",
        "  last satisfaction: unknown",
    ]


def test_what_costs_most_comes_first_and_says_what_is_aimed_at() -> None:
    found = told(explained(replace(CALM, tickets=(TICKET,))))
    assert found[2] == "What holds it down most: urgent ticket open for 6 days."
    assert found[5].endswith("of  8.9  urgent ticket open for 6 days (aim: 0)")


def test_what_could_be_had_is_told_as_the_page_shows_it() -> None:
    one = explained(replace(CALM, tickets=(TICKET,), last_two_way_on=None))
    shown = tenths_of([line.possible_e4 or None for line in one.now.lines])
    most = {line.label: tenths for line, tenths in zip(one.now.lines, shown, strict=True)}
    (told_of,) = [line for line in told(one) if "aim: at most 14 days" in line]
    assert f" of {(most['two-way contact'] or 0) / 10:>4.1f}  " in told_of


def test_shown_points_add_up_to_the_shown_score_and_change() -> None:
    worse = replace(CALM, tickets=(TICKET, TICKET), last_two_way_on=None)
    found = told(explained(worse, CALM))
    shown = sum(column(found, "What costs")) + sum(column(found, "What is as"))
    assert found[0].startswith(f"Acme stands at {shown} of 100")
    moved = sum(column(found, "Since"))
    assert f"fallen by {abs(moved)} points, from 100.0 to {shown}" in "\n".join(found)


def test_a_cause_says_what_the_value_was_before() -> None:
    lines = told(explained(replace(CALM, tickets=(TICKET,)), CALM))
    assert lines[-1].endswith("  urgent ticket open for 6 days (was 0)")


def test_that_somebody_was_there_is_no_number_to_tell() -> None:
    kinds = replace(BLANK.portfolio, kinds=frozenset({"contacts"}))
    somebody, gone = (
        replace(BLANK, portfolio=kinds, contacts=(Contact("Lena Voss", "champion", left, None),))
        for left in (None, TODAY)
    )
    card = default_scorecard()
    then, now = (
        DayScore(TODAY, card, score_health(card, measure_account(card, one)), one, is_stored=True)
        for one in (somebody, gone)
    )
    told_of = [line for line in told(Explanation("A1", "Acme", now, then)) if "Lena Voss" in line]
    assert told_of
    assert not [line for line in told_of if "was" in line]
    assert any(line.endswith("has left (aim: that there is one)") for line in told_of)


def test_what_is_as_it_should_be_is_told_by_its_weight() -> None:
    found = told(explained(CALM))
    heading = found.index("What is as it should be") + 1
    possible = [float(line.split()[2]) for line in found[heading : found.index("Not counted") - 1]]
    assert possible == sorted(possible, reverse=True)
    assert len(set(possible)) > 2


def test_nothing_moved_is_said() -> None:
    assert told(explained(CALM, CALM))[-1] == "Since Mon 23 Nov 2026 nothing has moved it."


def test_old_data_is_told_from_none() -> None:
    stale = replace(CALM, answers=(Answer(TODAY.replace(year=2025, month=12), "nps", 8),))
    assert "  last NPS answer: 8, but 335 days old" in told(explained(stale))


def test_without_a_band_it_is_said_why() -> None:
    blank = replace(BLANK, portfolio=replace(BLANK.portfolio, kinds=frozenset()))
    found = told(explained(blank))
    assert found[0] == "Acme has no band on Mon 23 Nov 2026: too little is known."
    assert "of the scorecard is known, 50 % are needed" in found[1]
    assert found[2].startswith("The rest could put it anywhere between ")


def test_the_document_has_the_agreed_keys() -> None:
    document = explanation_document(explained(CALM))
    assert list(document) == [
        *("account_id", "as_of", "score", "band", "coverage", "interval", "override"),
        "contributions",
    ]
    assert list(document["contributions"][0]) == [
        *("measure", "dimension", "value", "target", "weight", "points", "age_days")
    ]
    compared = explanation_document(explained(replace(CALM, tickets=(TICKET,)), CALM))
    assert list(compared)[-2:] == ["change", "causes"]
    assert list(compared["causes"][0]) == ["kind", "measure", "points", "text"]
    assert compared["causes"][0]["measure"] == "open_urgent_tickets"


def check_that_what_is_told_adds_up(one: Explanation) -> None:
    document = explanation_document(one)
    parts = [line["points"].e4 for line in document["contributions"] if line["points"] is not None]
    assert sum(parts) == (0 if document["score"] is None else document["score"].e4)
    low, high = (end.e4 for end in document["interval"])
    assert 0 <= low <= sum(parts) <= high <= FULL or document["score"] is None
    assert decode_contributions(encode_score(one.now.score)[1]) == (
        *(one.now.score.outcomes, one.now.score.contributions),
    )
    assert sum(cause["points"].e4 for cause in document["causes"]) == document["change"].e4
    found = told(one)
    if one.causes:
        score, then = (day.score.points_e4 or 0 for day in (one.now, one.before) if day)
        moved = sum(column(found, "Since"))
        assert moved == Decimal(score // 1000 - then // 1000) / 10


@given(explanations)
def test_what_is_told_adds_up(one: Explanation) -> None:
    check_that_what_is_told_adds_up(one)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(explanations)
def test_ten_thousand_explanations_add_up(one: Explanation) -> None:
    check_that_what_is_told_adds_up(one)


def test_the_age_of_what_is_too_old_and_yet_counted_is_said_once() -> None:
    fixed = [replace(one, missing_e4=FULL // 2, max_age_days=90) for one in CARD.measures]
    strict = replace(CARD, measures=tuple(fixed))
    facts = replace(
        CALM,
        answers=(Answer(TODAY - dt.timedelta(days=120), "nps", 8),),
        portfolio=replace(CALM.portfolio, kinds=CALM.portfolio.kinds | {"nps"}),
    )
    score = score_health(strict, measure_account(strict, facts))
    day = DayScore(TODAY, strict, score, facts, is_stored=True)
    told = tell_explanation(Explanation("A1", "Acme", day, None))
    counts = [one.count("120 days old") for one in told if "(aim:" in one and "8, but" in one]
    assert counts == [1]
