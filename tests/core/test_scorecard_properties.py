"""Random scorecard files with profiles, stretches of tenure and missing policies."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.explanations import DayScore, Explanation, explanation_document
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import explain_change, measure_account, score_health
from cs_workbench.core.measures import NOT_APPLICABLE, Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard, Variant, tenure_months
from tests.core.signals.situations import SUBSCRIPTION, TODAY
from tests.core.test_health import outcomes
from tests.core.test_measures import BLANK

HEAD = """name = "random"
[bands]
yellow_from = 50
green_from = 70
minimum_coverage = 0.5
[usage]
metrics = []
[dimensions]
service = "Service"
"""
SEGMENTS = ("smb", "mid-market", "enterprise")
STAGES = ("onboarding", "adopting", "mature")
PRODUCTS = ("crm", "api")


@dataclass(frozen=True)
class Line:
    """A measure as the file has it; `limits` are months of tenure with the points of a zero."""

    weight: int
    points: int
    missing: str
    limits: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Group:
    """A profile as the file has it; `weights` by the place of the measure."""

    segments: frozenset[str]
    stages: frozenset[str]
    products: frozenset[str]
    weights: dict[int, int]

    def fits(self, facts: AccountFacts, product: str) -> bool:
        """Written out once more, to be compared with."""
        return (
            (not self.segments or facts.segment in self.segments)
            and (not self.stages or facts.lifecycle_stage in self.stages)
            and (not self.products or product in self.products)
        )


some_lines = st.lists(
    st.builds(
        Line,
        st.integers(1, 1000),
        st.integers(1, 100),
        st.sampled_from(['"exclude"', '"worst"', "{ points = 55.5 }", ""]),
        st.dictionaries(st.integers(1, 24), st.integers(1, 100), max_size=3).map(
            lambda limits: tuple(sorted(limits.items()))
        ),
    ),
    min_size=2,
    max_size=6,
)
some_groups = st.lists(
    st.builds(
        Group,
        st.frozensets(st.sampled_from(SEGMENTS), max_size=2),
        st.frozensets(st.sampled_from(STAGES), max_size=2),
        st.frozensets(st.sampled_from(PRODUCTS), max_size=1),
        st.dictionaries(st.integers(1, 5), st.integers(0, 500), max_size=3),
    ),
    max_size=4,
)
some_facts = st.builds(
    lambda segment, stage, days, product: (
        replace(
            BLANK,
            segment=segment,
            lifecycle_stage=stage,
            started_on=TODAY - dt.timedelta(days=days),
            subscriptions=(SUBSCRIPTION._replace(product=product),),
        ),
        product,
    ),
    st.sampled_from(SEGMENTS),
    st.sampled_from(STAGES),
    st.integers(0, 1000),
    st.sampled_from(PRODUCTS),
)


def text_of(lines: list[Line], groups: list[Group]) -> str:
    parts = [HEAD]
    for number, line in enumerate(lines):
        stretches = ", ".join(
            f"{{ until_months = {until}, map = [[0, {points}], [9, 0]] }}"
            for until, points in line.limits
        )
        parts += [
            f'[[measures]]\nid = "m{number}"\nlabel = "m{number}"\ndimension = "service"\n'
            f'source = "complaints"\nweight = {line.weight}\n'
            f"map = [[0, {line.points}], [9, 0]]\n",
            f"missing = {line.missing}\n" if line.missing else "",
            f"tenure = [{stretches}]\n" if stretches else "",
        ]
    for number, group in enumerate(groups):
        wanted = {"segment": group.segments, "stage": group.stages, "product": group.products}
        parts.append(f'[[profiles]]\nname = "p{number}"\n')
        parts += [f"{key} = {sorted(any_of)}\n" for key, any_of in wanted.items() if any_of]
        parts.append("[profiles.measures]\n")
        parts += [
            f"m{place} = {{ weight = {weight} }}\n"
            for place, weight in group.weights.items()
            if place < len(lines)
        ]
    return "".join(parts)


def reachable(groups: list[Group]) -> list[Group]:
    """Those that the check would not call unreachable, each judged against all before it."""
    kept: list[Group] = []
    for one in groups:
        conditions = one.segments, one.stages, one.products
        for kind in product(*(values or {"any other"} for values in conditions)):
            if not any(
                all(not some or value in some for some, value in zip(of, kind, strict=True))
                for of in ((e.segments, e.stages, e.products) for e in kept)
            ):
                kept.append(one)
                break
    return kept


cases = st.tuples(some_lines, some_groups.map(reachable), some_facts, st.data())
Case = tuple[list[Line], list[Group], tuple[AccountFacts, str], st.DataObject]


def check_precedence(case: Case) -> None:
    """The first profile that fits, the first stretch whose months have not passed."""
    lines, groups, (facts, bought), _ = case
    card = read_scorecard(text_of(lines, groups)).of_account(facts)
    place = next((n for n, one in enumerate(groups) if one.fits(facts, bought)), None)
    months = tenure_months(facts)
    assert months is not None
    limits = sorted({until for line in lines for until, _ in line.limits})
    until = next((limit for limit in limits if months < limit), None)
    assert card.variant == Variant(None if place is None else f"p{place}", until)
    for number, (line, measure) in enumerate(zip(lines, card.measures, strict=True)):
        own = line.weight if place is None else groups[place].weights.get(number, line.weight)
        points = next((p for limit, p in line.limits if months < limit), line.points)
        assert measure.measure_id == f"m{number}"
        assert measure.weight == own
        assert measure.worth.points_of(0) == points * 10_000


def day_of(card: Scorecard, data: st.DataObject, facts: AccountFacts) -> DayScore:
    """A day with anything measured; what has no weight is not asked."""
    found: list[Outcome] = [
        data.draw(outcomes) if one.weight else NOT_APPLICABLE for one in card.measures
    ]
    assert [o is NOT_APPLICABLE for o in measure_account(card, facts)].count(True) >= [
        one.weight for one in card.measures
    ].count(0)
    return DayScore(TODAY, card, score_health(card, found), facts, is_stored=True)


def check_sums(case: Case) -> None:
    """Points add up, and so does what moved an account from one part of the file to another."""
    lines, groups, (facts, _), data = case
    whole = read_scorecard(text_of(lines, groups))
    later = data.draw(some_facts)[0]
    then, now = (day_of(whole.of_account(one), data, one) for one in (facts, later))
    for day in (then, now):
        counted = [points for points in day.score.contributions if points is not None]
        assert sum(counted) == (day.score.points_e4 or 0)
        assert day.score.low_e4 <= day.score.high_e4
    causes = explain_change(
        (then.scorecard, then.score.outcomes), (now.scorecard, now.score.outcomes)
    )
    moved = (now.score.points_e4 or 0) - (then.score.points_e4 or 0)
    assert sum(cause.points_e4 for cause in causes) == moved
    assert all(cause.same_file for cause in causes if cause.kind == "configuration")
    document = explanation_document(Explanation("a", "A", now, then))
    assert sum(Decimal(str(one["points"])) for one in document["causes"]) == Decimal(
        str(document["change"])
    )


@given(cases)
def test_the_first_profile_and_the_first_stretch_hold(case: Case) -> None:
    check_precedence(case)


@given(cases)
def test_sums_are_exact_across_profiles_and_tenure(case: Case) -> None:
    check_sums(case)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(cases)
def test_ten_thousand_times_the_first_profile_and_stretch_hold(case: Case) -> None:
    check_precedence(case)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(cases)
def test_ten_thousand_sums_are_exact_across_profiles_and_tenure(case: Case) -> None:
    check_sums(case)
