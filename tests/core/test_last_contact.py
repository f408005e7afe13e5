import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.last_contact import Since, tell_since
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.timeline import survey_entry

TODAY, ON = dt.date(2026, 11, 23), dt.date(2026, 10, 31)


def usage(then: float, now: float) -> UsageHistory:
    ends = (dt.date(2026, 10, 25), dt.date(2026, 11, 22))
    totals = (7 * then, 7 * now)
    return UsageHistory("users", "active users", "n", ends, totals, (7, 7), ends[-1])


NOTHING = Since(
    on=ON,
    today=TODAY,
    usage=None,
    tickets=0,
    urgent=0,
    complaints=0,
    contacts=(),
    promises=(),
    answers=(),
    unanswered=0,
    then=None,
    now=None,
)


def test_nothing_is_said_where_nothing_happened() -> None:
    assert tell_since(NOTHING) == ()


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (48, 19, "active users 48 → 19"),
        (48, 45, "active users as before (45)"),
        (0, 0, "active users as before (0)"),
        (0, 3, "active users 0 → 3"),
    ],
)
def test_usage_then_and_now(then: float, now: float, told: str) -> None:
    assert tell_since(replace(NOTHING, usage=usage(then, now))) == (told,)


def test_usage_that_was_not_known_then_is_not_compared() -> None:
    assert tell_since(replace(NOTHING, on=dt.date(2026, 1, 1), usage=usage(48, 19))) == ()


@pytest.mark.parametrize(
    ("tickets", "urgent", "complaints", "told"),
    [
        (1, 1, 0, "1 urgent ticket"),
        (2, 2, 0, "2 urgent tickets"),
        (3, 1, 0, "3 tickets (1 urgent)"),
        (3, 1, 2, "3 tickets (1 urgent, 2 complaints)"),
        (1, 0, 0, "1 ticket"),
    ],
)
def test_tickets(tickets: int, urgent: int, complaints: int, told: str) -> None:
    since = replace(NOTHING, tickets=tickets, urgent=urgent, complaints=complaints)
    assert tell_since(since) == (told,)


def test_who_left_since_and_not_before() -> None:
    lena = PageContact("1", "Lena Voss", "champion", None, None, None, False, None, None)
    contacts = [
        lena._replace(left_on=dt.date(2026, 11, 2)),
        lena._replace(name="Kim", left_on=dt.date(2026, 10, 1)),
        lena._replace(name="Tom"),
    ]
    assert tell_since(replace(NOTHING, contacts=contacts)) == ("champion Lena Voss left",)


def test_late_promises_of_ours_alone_count_as_late() -> None:
    late = PagePromise(True, "refund", None, ON, dt.date(2026, 11, 20))
    promises = [late, late._replace(by_us=False), late._replace(due_on=TODAY)]
    assert tell_since(replace(NOTHING, promises=promises)) == ("1 promise of ours late",)


def test_answers_scores_and_silence() -> None:
    answer = survey_entry(TODAY, kind="nps", score=3, person="Kim", comment="too: slow")
    since = replace(NOTHING, answers=[answer], then=54, now=31, unanswered=2)
    assert tell_since(since) == (
        "NPS 3 of 10, detractor, Kim",
        "score 54 → 31",
        "no answer to 2 messages",
    )
    assert tell_since(replace(NOTHING, then=54, now=54)) == ()
    assert tell_since(replace(NOTHING, then=None, now=54)) == ()
