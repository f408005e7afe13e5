import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.facts import AccountFacts, Answer, Ticket
from cs_workbench.core.measures import (
    MEASURES,
    MISSING,
    NOT_APPLICABLE,
    Measured,
    Outcome,
)
from cs_workbench.core.usage import UsageSeries
from tests.core.signals.situations import CALM, RENEWAL, SUBSCRIPTION, TODAY

D = dt.date
PORTFOLIO = replace(CALM.portfolio, begins={"touchpoints": D(2026, 1, 1)})
BLANK = replace(CALM, segment=None, lifecycle_stage=None, last_two_way_on=None, portfolio=PORTFOLIO)
TICKET = Ticket(D(2026, 11, 17), None, None, "urgent", 0, False, None)


def usage(*weeks: float, days: int = 7, **fields: Any) -> AccountFacts:
    padded = (weeks[0],) * (26 - len(weeks)) + weeks
    series = UsageSeries(
        "active_users", tuple(week * days for week in padded), (days,) * 26, D(2026, 11, 22)
    )
    return replace(BLANK, usage={"active_users": replace(series, **fields)})


def value(name: str, facts: AccountFacts, **given: str | int) -> Outcome:
    return MEASURES[name].function(facts, {**MEASURES[name].defaults, **given})


def told(name: str, facts: AccountFacts) -> str:
    found = value(name, facts)
    assert isinstance(found, Measured)
    return MEASURES[name].tell(facts, MEASURES[name].defaults, found.value)


def test_usage_change_is_four_weeks_against_the_median_of_twelve() -> None:
    fallen = usage(48, 19, 19, 19, 19)
    assert value("usage change", fallen) == Measured(-0.604167, 1)
    assert told("usage change", fallen) == "active users fell from 48 to 19 in four weeks"
    assert told("usage change", usage(48)) == "active users steady (0 %)"


def test_usage_level_is_against_the_accounts_own_best() -> None:
    assert value("usage level", usage(10, 40, 40, 40, 40, 20, 20, 20, 20)) == Measured(0.5, 1)
    assert told("usage level", usage(40, 10, 10, 10, 10)) == (
        "active users at 25 % of their best four weeks"
    )


@pytest.mark.parametrize(
    "facts",
    [
        BLANK,
        usage(0),
        usage(0.001),
        replace(BLANK, portfolio=replace(PORTFOLIO, main_metric=None)),
    ],
)
def test_too_little_usage_is_missing_not_a_fall(facts: AccountFacts) -> None:
    assert value("usage change", facts) is MISSING


def test_no_data_in_the_last_four_weeks_is_missing() -> None:
    base = usage(10).usage["active_users"]
    silent = replace(base, days=(7,) * 22 + (0,) * 4, totals=(70.0,) * 22 + (0.0,) * 4)
    facts = replace(BLANK, usage={"active_users": silent})
    assert value("usage change", facts) is MISSING
    assert value("usage level", facts) is MISSING


@pytest.mark.parametrize(
    ("last_used", "days"), [(D(2026, 11, 22), 0), (D(2026, 10, 22), 31), (None, 182)]
)
def test_days_since_use_count_from_the_last_day_that_is_known(
    last_used: dt.date | None, days: int
) -> None:
    assert value("days since last use", usage(1, last_used=last_used)) == Measured(days, 1)


def test_a_daily_feed_that_falls_silent_grows_old() -> None:
    last = D(2026, 10, 10)
    daily = usage(1, last_used=last, last_day=last)
    events = usage(1, days=1, last_used=last, last_day=last)
    assert value("days since last use", daily) == Measured(0, 44)
    assert value("days since last use", events) == Measured(43, 1)


def test_seats_used_are_of_the_day_of_the_peak_and_may_exceed_one() -> None:
    grown = SUBSCRIPTION._replace(subscription_id="s2", start_date=D(2026, 11, 10))
    facts = replace(
        usage(1, peak=60.0, peak_on=D(2026, 11, 9)), subscriptions=(SUBSCRIPTION, grown)
    )
    assert value("seat utilisation", facts) == Measured(1.2, 14)
    assert told("seat utilisation", facts) == "60 of 50 seats used"
    later = replace(facts, usage=usage(1, peak=60.0, peak_on=D(2026, 11, 10)).usage)
    assert value("seat utilisation", later) == Measured(0.6, 13)
    assert value("seat utilisation", replace(later, subscriptions=())) is MISSING


def test_open_urgent_tickets_count_double_and_closed_ones_not() -> None:
    tickets = (
        TICKET,
        TICKET._replace(priority="high"),
        TICKET._replace(priority="normal"),
        TICKET._replace(closed_on=TODAY),
    )
    facts = replace(BLANK, tickets=tickets)
    assert value("open urgent tickets", facts) == Measured(3, 0)
    assert told("open urgent tickets", facts) == "urgent ticket open for 6 days"
    two = replace(BLANK, tickets=(TICKET, TICKET._replace(opened_on=D(2026, 11, 20))))
    assert told("open urgent tickets", two) == "2 urgent tickets open, the oldest for 6 days"


def test_complaints_and_reopenings_of_the_last_days() -> None:
    tickets = (
        TICKET._replace(is_complaint=True, reopened_count=2),
        TICKET._replace(is_complaint=True, opened_on=D(2026, 8, 25)),
        TICKET._replace(is_complaint=True, opened_on=D(2026, 8, 26)),
    )
    facts = replace(BLANK, tickets=tickets)
    assert value("complaints", facts) == Measured(2, 0)
    assert value("reopenings", facts) == Measured(2, 0)
    assert value("complaints", facts, days=7) == Measured(1, 0)
    assert told("complaints", facts) == "2 complaints in 90 days"
    assert told("reopenings", facts) == "tickets had to be reopened 2 times in 90 days"


def test_a_ticket_of_today_is_open_since_today() -> None:
    fresh = TICKET._replace(opened_on=TODAY)
    assert told("open urgent tickets", replace(BLANK, tickets=(fresh,))) == (
        "urgent ticket open since today"
    )
    assert told("open urgent tickets", replace(BLANK, tickets=(fresh, fresh))) == (
        "2 urgent tickets open, the oldest since today"
    )


def test_support_volume_of_a_whole_year_has_no_pace_before_it() -> None:
    facts = replace(BLANK, tickets=(TICKET,) * 3)
    assert value("support volume", facts, days=365) == Measured(3, 0)


def test_support_volume_is_against_the_own_pace_of_at_least_one() -> None:
    recent = (TICKET,) * 3
    assert value("support volume", replace(BLANK, tickets=recent)) == Measured(3, 0)
    busy = recent + (TICKET._replace(opened_on=D(2026, 5, 1)),) * 24
    assert value("support volume", replace(BLANK, tickets=busy)) == Measured(1.504464, 0)
    assert told("support volume", replace(BLANK, tickets=recent)) == "3 tickets in 28 days"


def test_the_last_answer_counts_and_one_day_is_averaged() -> None:
    answers = (
        Answer(D(2026, 10, 1), "nps", 2),
        Answer(D(2026, 11, 1), "nps", 9),
        Answer(D(2026, 11, 1), "nps", 6),
        Answer(D(2026, 11, 20), "csat", 4),
    )
    facts = replace(BLANK, answers=answers)
    assert value("last NPS", facts) == Measured(7.5, 22)
    assert value("last CSAT", facts) == Measured(4, 3)
    assert value("last NPS", BLANK) is MISSING
    assert told("last NPS", facts) == "last NPS answer 7.5 of 10"
    assert told("last CSAT", facts) == "last satisfaction 4 of 5"


def test_silence_counts_from_the_last_two_way_contact_or_the_start() -> None:
    assert value("two-way contact", replace(BLANK, last_two_way_on=D(2026, 10, 31))) == Measured(
        23, 0
    )
    new = replace(BLANK, started_on=D(2026, 11, 13))
    assert value("two-way contact", new) == Measured(10, 0)
    assert told("two-way contact", new) == "no two-way contact yet, for 10 days"
    before_the_records = value("two-way contact", BLANK)
    assert before_the_records == Measured((TODAY - D(2026, 1, 1)).days, 0)


def test_the_deadline_hurts_only_without_commitment() -> None:
    assert value("days to deadline", BLANK) == Measured(37, 0)
    assert told("days to deadline", BLANK) == "37 days to the deadline, no commitment"
    assert value("days to deadline", replace(BLANK, is_committed=True)) == Measured(365, 0)
    assert value("days to deadline", replace(BLANK, renewal=None)) is NOT_APPLICABLE
    passed = RENEWAL._replace(notice_date=D(2026, 11, 1), deadline=D(2026, 11, 1))
    assert value("days to deadline", replace(BLANK, renewal=passed)) == Measured(365, 0)
    manual = passed._replace(auto_renew=False)
    assert value("days to deadline", replace(BLANK, renewal=manual)) == Measured(-22, 0)
    assert told("days to deadline", replace(BLANK, renewal=manual)) == (
        "deadline 22 days ago, no commitment"
    )
