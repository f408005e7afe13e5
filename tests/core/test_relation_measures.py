import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.facts import AccountFacts, Answer, Contact, Invoice
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured
from tests.core.signals.situations import SUBSCRIPTION, TODAY
from tests.core.test_measures import BLANK, TICKET
from tests.core.test_usage_measures import told, value

LENA = Contact("Lena Voss", "champion", None, TODAY - dt.timedelta(days=20))
MAX = Contact("Max Roth", "user", None, TODAY - dt.timedelta(days=100))
GONE = LENA._replace(left_on=TODAY)


def with_people(*contacts: Contact) -> AccountFacts:
    return replace(BLANK, contacts=contacts)


@pytest.mark.parametrize(
    ("contacts", "expected", "said"),
    [
        ((LENA, MAX), 1, "champion: Lena Voss"),
        ((GONE, MAX), 0, "the champion, Lena Voss, has left"),
        ((MAX,), 0, "no champion is known"),
        ((LENA._replace(left_on=TODAY + dt.timedelta(days=1)),), 1, "champion: Lena Voss"),
    ],
)
def test_a_champion_is_there_until_the_day_they_leave(
    contacts: tuple[Contact, ...], expected: int, said: str
) -> None:
    assert value("champion present", with_people(*contacts)) == Measured(expected, 0)
    assert told("champion present", with_people(*contacts)) == said


def test_without_any_role_nothing_is_known_of_champions() -> None:
    assert value("champion present", with_people(MAX._replace(role=None))) is MISSING
    assert value("champion contact", BLANK) is MISSING


def test_the_champion_was_spoken_with_days_ago_or_never() -> None:
    assert value("champion contact", with_people(LENA)) == Measured(20, 0)
    assert told("champion contact", with_people(LENA)) == (
        "last contact with the champion 20 days ago"
    )
    never = with_people(LENA._replace(last_on=None))
    assert value("champion contact", never) == Measured(365, 0)
    assert told("champion contact", never) == "the champion was never spoken with"
    assert value("champion contact", with_people(GONE)) is NOT_APPLICABLE


def test_threads_are_people_spoken_with_lately_who_are_still_there() -> None:
    assert value("threads", with_people(LENA, MAX)) == Measured(1, 0)
    assert value("threads", with_people(LENA, MAX), days=120) == Measured(2, 0)
    assert value("threads", with_people(GONE)) == Measured(0, 0)
    assert value("threads", BLANK) is MISSING
    assert told("threads", with_people(LENA, MAX)) == "contact with 1 person in 90 days"
    assert told("threads", with_people(LENA, MAX), days=120) == "contact with 2 people in 120 days"


def test_promises_of_ours_are_late_from_the_day_after() -> None:
    due = (TODAY - dt.timedelta(days=3), TODAY, TODAY - dt.timedelta(days=9))
    late = replace(BLANK, promises_due=due)
    assert value("overdue promises", late) == Measured(2, 0)
    assert told("overdue promises", late) == "2 promises of ours are late, the oldest for 9 days"
    assert told("overdue promises", BLANK) == "no promise of ours is late"


def test_unpaid_invoices_count_by_the_oldest() -> None:
    ten, two = TODAY - dt.timedelta(days=10), TODAY - dt.timedelta(days=2)
    owing = replace(BLANK, invoices=(Invoice(ten, TODAY), Invoice(two, None)))
    assert value("overdue invoices", owing) == Measured(2, 0)
    later = replace(BLANK, invoices=(Invoice(ten, TODAY + dt.timedelta(days=1)),))
    assert value("overdue invoices", later) == Measured(10, 0)
    assert told("overdue invoices", later) == "an invoice is 10 days late"
    future = replace(BLANK, invoices=(Invoice(TODAY + dt.timedelta(days=5), None),))
    assert told("overdue invoices", future) == "no invoice is late"


def test_late_payments_are_the_median_and_early_is_in_time() -> None:
    day = TODAY - dt.timedelta(days=30)
    paid = tuple(Invoice(day, day + dt.timedelta(days=late)) for late in (-5, 4, 20))
    owing = replace(BLANK, invoices=(*paid, Invoice(day, None)))
    assert value("late payments", owing) == Measured(4, 0)
    assert told("late payments", owing) == "invoices are paid 4 days late"
    assert value("late payments", owing, days=5) is MISSING
    assert told("late payments", replace(BLANK, invoices=paid[:1])) == "invoices are paid in time"


def test_our_answers_take_the_median_of_days_and_waiting_counts_so_far() -> None:
    opened = TODAY - dt.timedelta(days=10)
    tickets = (
        TICKET._replace(opened_on=opened, responded_on=opened),
        TICKET._replace(opened_on=opened, responded_on=opened + dt.timedelta(days=4)),
        TICKET._replace(opened_on=opened),
        TICKET._replace(opened_on=opened, closed_on=opened + dt.timedelta(days=6)),
    )
    facts = replace(BLANK, tickets=tickets)
    assert value("response time", facts) == Measured(5, 0)
    assert told("response time", facts) == "our first answer took 5 days in the last 90 days"
    assert value("response time", BLANK) is NOT_APPLICABLE
    quick = replace(BLANK, tickets=tickets[:1])
    assert told("response time", quick) == "we answered within the day in the last 90 days"


def test_voices_beside_the_last_nps() -> None:
    answers = (
        Answer(TODAY - dt.timedelta(days=200), "nps", 0),
        Answer(TODAY - dt.timedelta(days=20), "nps", 6),
        Answer(TODAY - dt.timedelta(days=20), "nps", 7),
        Answer(TODAY - dt.timedelta(days=10), "ces", 3),
    )
    facts = replace(BLANK, answers=answers)
    assert value("detractors", facts) == Measured(1, 0)
    assert told("detractors", facts) == "1 detractor in 180 days"
    assert value("detractors", facts, days=10) is MISSING
    assert value("last CES", facts) == Measured(3, 10)
    assert told("last CES", facts) == "last effort answer 3 of 7"


def test_arr_is_compared_with_a_year_before() -> None:
    before = SUBSCRIPTION._replace(start_date=dt.date(2025, 3, 1), end_date=dt.date(2026, 2, 28))
    grown = SUBSCRIPTION._replace(arr_minor=150)
    facts = replace(BLANK, subscriptions=(before, grown), arr_minor=150)
    assert value("ARR change", facts) == Measured(0.5, 0)
    assert told("ARR change", facts) == "ARR +50 % in 365 days"
    assert value("ARR change", BLANK) is NOT_APPLICABLE
