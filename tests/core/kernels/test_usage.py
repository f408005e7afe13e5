"""The columns against the plain functions, over random days with gaps."""

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.kernels.chunk import ChunkColumns, TicketColumns
from cs_workbench.core.kernels.columns import rounded
from cs_workbench.core.kernels.measures import COLUMN_MEASURES
from cs_workbench.core.kernels.usage import Peak, UsageColumns, UsageRow, usage_of_days
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.usage import UsageSeries
from cs_workbench.store.usage_facts import Metric
from cs_workbench.store.usage_history import series_of_days
from tests.core.signals.situations import TODAY
from tests.core.test_measures import BLANK, PORTFOLIO

METRIC = "active_users"
MEASURES = ("usage level", "usage change", "days since last use", "seat utilisation")
Days = list[float | None]

VALUES = (0.0, 0.0, 0.1, 1 / 3, 3e5, 123.456, 7.0, 40.0)


def invented(seed: int, density: float, *, whole: bool) -> Days:
    """Days of one account: from `whole` counts of people to fractions with gaps and late starts."""
    chance = random.Random(seed)
    if whole:
        return [float(chance.randint(0, 60)) for _ in range(189)]
    first, last = sorted((chance.randint(-60, 189), chance.randint(60, 260)))
    return [
        chance.choice((chance.choice(VALUES), chance.random() * 1e4))
        if first <= at < last and chance.random() < density
        else None
        for at in range(189)
    ]


some_days = st.builds(
    invented,
    st.integers(0, 2**32),
    st.sampled_from([0.02, 0.3, 0.8, 1.0]),
    whole=st.booleans(),
)
cases = st.tuples(
    st.lists(some_days, min_size=1, max_size=3),
    st.integers(0, 9).map(lambda back: TODAY - dt.timedelta(days=back)),
    st.sampled_from(["highest", "newest", None]),
)


def plain_series(days: Days, last_day: dt.date, peak: Peak | None) -> UsageSeries | None:
    """What the plain reader makes of the same days."""
    metric = Metric(1, "active_users_28d" if peak == "newest" else METRIC, last_day)
    series = series_of_days(metric, days, with_peak=peak is not None)
    return None if series is None else replace(series, metric=METRIC)


def chunk_of(usage: UsageColumns, facts: list[AccountFacts], last_day: dt.date) -> ChunkColumns:
    none = np.zeros(0, np.int64)
    tickets = TicketColumns(none, none, none, none, none, none, none)
    zeros = np.zeros(len(facts), np.int64)
    portfolio = replace(PORTFOLIO, usage_until=last_day)
    return ChunkColumns(portfolio, facts, {METRIC: usage}, tickets, {}, zeros, zeros)


def check_columns(case: tuple[list[Days], dt.date, Peak | None]) -> None:
    rows, last_day, peak = case
    days = np.array(rows, np.float64)
    days[:, 182 + last_day.weekday() + 1 :] = np.nan
    usage = usage_of_days(METRIC, days, last_day, peak=peak)
    until = 182 + last_day.weekday() + 1
    series = [plain_series([*row[:until], *[None] * (189 - until)], last_day, peak) for row in rows]
    assert [UsageRow({METRIC: usage}, at).get(METRIC) for at in range(len(rows))] == series
    portfolio = replace(PORTFOLIO, usage_until=last_day)
    facts = [
        replace(BLANK, portfolio=portfolio, usage={} if one is None else {METRIC: one})
        for one in series
    ]
    chunk = chunk_of(usage, facts, last_day)
    for name in MEASURES:
        given = ALL_MEASURES[name].defaults
        found = COLUMN_MEASURES[name](chunk, given)
        plain = [ALL_MEASURES[name].function(one, given) for one in facts]
        assert [found.outcome(at) for at in range(len(rows))] == plain
        assert [repr(found.outcome(at)) for at in range(len(rows))] == [repr(one) for one in plain]


@given(cases)
def test_columns_of_usage_are_the_plain_series(case: tuple[list[Days], dt.date, Peak]) -> None:
    check_columns(case)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None)
@given(cases)
def test_ten_thousand_columns_of_usage(case: tuple[list[Days], dt.date, Peak]) -> None:
    check_columns(case)


@given(st.lists(st.floats(-1e18, 1e18, allow_nan=False), min_size=1, max_size=50))
def test_rounding_is_that_of_python(values: list[float]) -> None:
    assert rounded(np.array(values)).tolist() == [round(value, 6) for value in values]


@pytest.mark.parametrize("below", [640, 1280, 3200, 6400, 128_000])
def test_rounding_of_halves_that_are_not_quite_halves(below: int) -> None:
    values = [above / below for above in range(-500, 5000)]
    assert rounded(np.array(values)).tolist() == [round(value, 6) for value in values]
    assert np.rint(np.array(values) * 1e6).tolist() != [round(value, 6) * 1e6 for value in values]
