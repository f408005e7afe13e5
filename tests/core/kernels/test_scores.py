"""Scores by columns against the plain arithmetic, over random scorecards and outcomes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.health import score_health, stored_form
from cs_workbench.core.kernels.columns import column_of
from cs_workbench.core.kernels.scores import CardTables, points_of, score_outcomes
from cs_workbench.core.kernels.texts import stored_rows
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecards import BandMap, PointMap, Scorecard, ValueMap, Variant
from tests.core.test_health import card, outcomes

MAPS: tuple[ValueMap, ...] = (
    PointMap((0, 100_000_000), (0, 1_000_000)),
    PointMap((0, 1, 7_000_000, 60_000_000), (1_000_000, 999_999, 333_333, 0)),
    PointMap((0, 5 * 10**18), (0, 1_000_000)),
    BandMap((10_000_000, 50_000_000), (0, 400_000, 1_000_000)),
)


@st.composite
def some_cases(draw: st.DrawFn) -> tuple[Scorecard, list[int], list[list[Outcome]]]:
    """A scorecard with variants, which of them holds for each account, and what was measured."""
    count = draw(st.integers(1, 12))
    ages = st.one_of(st.none(), st.integers(0, 60))

    def variant(number: int) -> Scorecard:
        made = card(*(draw(st.integers(1, 1_000_000)) for _ in range(count)))
        measures = tuple(
            replace(
                one,
                worth=draw(st.sampled_from(MAPS)),
                max_age_days=draw(ages),
                missing_e4=draw(st.sampled_from([None, None, 0, 555_555])),
            )
            for one in made.measures
        )
        return replace(made, digest=f"v{number}", measures=measures)

    base, other = variant(0), variant(1)
    base = replace(base, variants={Variant("other"): other})
    size = draw(st.integers(1, 6))
    cards = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    rows = st.lists(outcomes, min_size=count, max_size=count)
    return base, cards, draw(st.lists(rows, min_size=size, max_size=size))


def check_scores(case: tuple[Scorecard, list[int], list[list[Outcome]]]) -> None:
    base, which, rows = case
    tables = CardTables(base)
    columns = [column_of(list(column)) for column in zip(*rows, strict=True)]
    scores = score_outcomes(tables, columns, np.array(which, np.int64))
    plain = [
        (tables.cards[at], score_health(tables.cards[at], row))
        for at, row in zip(which, rows, strict=True)
    ]
    assert [scores.score(at) for at in range(len(rows))] == [score for _, score in plain]
    assert list(stored_rows(scores)) == [stored_form(own, score) for own, score in plain]


@given(some_cases())
def test_scores_by_columns_are_the_plain_scores(
    case: tuple[Scorecard, list[int], list[list[Outcome]]],
) -> None:
    check_scores(case)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(some_cases())
def test_ten_thousand_scores_by_columns(
    case: tuple[Scorecard, list[int], list[list[Outcome]]],
) -> None:
    check_scores(case)


@pytest.mark.parametrize("worth", MAPS)
def test_points_of_columns_are_those_of_the_map(worth: ValueMap) -> None:
    values = [-1e12, -1.0, -0.0, 0.0, 1e-6, 5e-7, 3.5, 7.0, 9.999999, 10.0, 50.0, 60.0, 1e15]
    assert points_of(worth, np.array(values)).tolist() == [worth.points_of(one) for one in values]
