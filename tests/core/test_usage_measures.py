import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_measures import metrics_read
from tests.core.signals.situations import TODAY
from tests.core.test_measures import BLANK, PORTFOLIO

LAST = dt.date(2026, 11, 22)


def series(name: str, before: float, recent: float, last: dt.date = LAST) -> UsageSeries:
    """Twenty-two weeks at one level a day, then four at another."""
    return UsageSeries(name, (before * 7,) * 22 + (recent * 7,) * 4, (7,) * 26, last)


def facts(*found: UsageSeries) -> AccountFacts:
    return replace(BLANK, usage={one.metric: one for one in found})


def value(name: str, given_facts: AccountFacts, **given: str | int) -> Outcome:
    measure = ALL_MEASURES[name]
    return measure.function(given_facts, {**measure.defaults, **given})


def told(name: str, given_facts: AccountFacts, **given: str | int) -> str:
    found = value(name, given_facts, **given)
    assert isinstance(found, Measured)
    measure = ALL_MEASURES[name]
    return measure.tell(given_facts, {**measure.defaults, **given}, found.value)


ACTIVE = series("active_users", 10, 8)
EVENTS = series("events", 100, 40)
MONTHLY = series("active_users_28d", 20, 20)


def test_breadth_counts_features_in_use_of_those_ever_used() -> None:
    three = facts(ACTIVE, EVENTS, series("reports", 3, 0), series("never", 0, 0))
    assert value("breadth", three) == Measured(0.666667, 1)
    assert told("breadth", three) == "2 of 3 features in use in the last four weeks"
    assert value("breadth", three, metrics="reports, events") == Measured(0.5, 1)
    assert value("breadth", facts(series("never", 0, 0))) is MISSING


def test_depth_is_what_one_user_does_against_before() -> None:
    assert value("depth", facts(ACTIVE, EVENTS)) == Measured(-0.5, 1)
    assert told("depth", facts(ACTIVE, EVENTS)) == (
        "events per active users fell by 50 % in four weeks"
    )
    assert told("depth", facts(ACTIVE, ACTIVE), metric="active_users").endswith("steady (0 %)")
    assert value("depth", facts(EVENTS)) is MISSING
    assert value("depth", facts(series("active_users", 0, 0), EVENTS)) is MISSING


def test_stickiness_is_daily_over_monthly_users() -> None:
    assert value("stickiness", facts(ACTIVE, MONTHLY)) == Measured(0.4, 1)
    assert told("stickiness", facts(ACTIVE, MONTHLY)) == "40 % of the month's users come on a day"
    assert value("stickiness", facts(ACTIVE)) is MISSING
    silent = replace(ACTIVE, days=(7,) * 22 + (0,) * 4)
    assert value("stickiness", facts(silent, MONTHLY)) is MISSING


def test_any_metric_is_its_mean_a_day() -> None:
    assert value("usage metric", facts(EVENTS), metric="events") == Measured(40, 1)
    assert value("usage metric", facts(EVENTS), metric="events", weeks=8) == Measured(70, 1)
    assert told("usage metric", facts(EVENTS), metric="events") == "40 events a day"
    assert value("usage metric", facts(ACTIVE)) == Measured(8, 1)
    assert value("usage metric", facts(ACTIVE), metric="events") is MISSING


def test_a_ratio_of_two_metrics_is_as_old_as_the_older() -> None:
    old = series("seconds", 9, 4, dt.date(2026, 11, 20))
    assert value("usage ratio", facts(EVENTS, old), metric="events", per="seconds") == (
        Measured(10, 3)
    )
    assert told("usage ratio", facts(EVENTS, old), metric="events", per="seconds") == (
        "10 events per seconds"
    )
    none = series("seconds", 0, 0)
    assert value("usage ratio", facts(EVENTS, none), metric="events", per="seconds") is MISSING


@pytest.mark.parametrize(
    ("started", "expected"),
    [(TODAY - dt.timedelta(days=45), 1.0), (TODAY - dt.timedelta(days=180), 0.5)],
)
def test_onboarding_is_against_the_plan_of_the_day(started: dt.date, expected: float) -> None:
    used = replace(ACTIVE, peak=20.0, peak_on=LAST)
    young = replace(facts(used), lifecycle_stage="onboarding", started_on=started)
    assert value("onboarding progress", young) == Measured(expected, 1)
    assert "20 seats used after" in told("onboarding progress", young)


def test_onboarding_is_asked_of_those_in_it_alone() -> None:
    used = facts(replace(ACTIVE, peak=20.0, peak_on=LAST))
    assert value("onboarding progress", used) is NOT_APPLICABLE
    young = replace(BLANK, lifecycle_stage="onboarding")
    assert value("onboarding progress", young) is MISSING


def test_a_measure_says_which_metrics_it_reads() -> None:
    assert metrics_read(ALL_MEASURES["breadth"].defaults) == {"*"}
    assert metrics_read({"metrics": "a, b", "metric": ""}) == {"a", "b"}
    assert metrics_read(ALL_MEASURES["stickiness"].defaults) == {"active_users", "active_users_28d"}
    assert metrics_read({"metric": "events", "per": "users"}) == {"events", "users"}
    assert metrics_read({"days": 3}) == set()


def test_there_are_more_than_twenty_and_each_says_nothing_of_nothing() -> None:
    nothing = replace(BLANK, portfolio=replace(PORTFOLIO, main_metric=None), subscriptions=())
    assert len(ALL_MEASURES) >= 20
    for name, measure in ALL_MEASURES.items():
        found = measure.function(nothing, measure.defaults)
        if isinstance(found, Measured):
            assert measure.tell(nothing, measure.defaults, found.value), name
            assert measure.show(found.value), name
