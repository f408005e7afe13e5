"""Vectors of DEFINITIONS for service, and the wrong answers that they must not give."""

import datetime as dt
from typing import Any

import pytest

from cs_workbench.core.service_policy import ServicePolicy, read_service_policy
from cs_workbench.core.turnaround import (
    ServiceTicket,
    Share,
    breach_board,
    drivers,
    drivers_by,
    first_contact,
    first_contact_by,
    spread_of,
    time_costs,
    turnarounds,
)
from cs_workbench.errors import InputError

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
POLICY_TEXT = """
[hours]
days = [1, 2, 3, 4, 5]
from = "09:00"
to = "17:00"
zone = "UTC"
holidays = "DE"
[hours.APAC]
zone = "Asia/Tokyo"
[[target]]
first_response_hours = 4
resolution_hours = 8
[[target]]
type = "Billing"
first_response_hours = 1
resolution_hours = 2
clock = "calendar"
[[target]]
priority = "urgent"
first_response_hours = 1
resolution_hours = 1
[simple]
hours = 8
touches = 1.5
[answers]
billing = "https://help.example/bill"
"""


def nobody_off(_: str) -> frozenset[dt.date]:
    return frozenset()


POLICY: ServicePolicy = read_service_policy(POLICY_TEXT, "s.toml", nobody_off)


def ticket(**fields: Any) -> ServiceTicket:
    given = {
        "ticket_id": "t",
        "account_key": 1,
        "subject": None,
        "driver": "how-to",
        "priority": "normal",
        "opened_at": "2026-11-02T09:00",
        "first_response_at": None,
        "closed_at": None,
        "reopened": 0,
        "reassigned": 0,
        "asked_again": 0,
        "waiting_minutes": 0,
        "region": None,
        **fields,
    }
    for name in ("opened_at", "first_response_at", "closed_at"):
        if given[name] is not None:
            given[name] = dt.datetime.fromisoformat(given[name]).replace(tzinfo=dt.UTC)
    return ServiceTicket(**given)


def test_first_contact_leaves_open_and_fresh_ones_out_and_sees_repeats() -> None:
    closed = {"opened_at": "2026-11-02T09:00", "closed_at": "2026-11-02T12:00"}
    tickets = [
        ticket(ticket_id="solved", driver="login", **closed),
        ticket(ticket_id="reopened", driver="bug", reopened=1, **closed),
        ticket(ticket_id="first", **closed),
        ticket(ticket_id="again", opened_at="2026-11-09T11:00", closed_at="2026-11-09T12:00"),
        ticket(ticket_id="other account", account_key=2, **closed),
        ticket(ticket_id="open", driver="api"),
        ticket(ticket_id="fresh", driver="sso", closed_at="2026-11-20T00:00"),
    ]
    fcr = first_contact(tickets, NOW)
    assert fcr == Share(3, 5)
    assert fcr.e4 == 6_000
    # Wrong: all tickets below (3/7), the repeat taken for solved (4/5), fresh ones counted (4/6).
    assert fcr.e4 not in {4_285, 8_000, 6_666}


@pytest.mark.parametrize(
    ("again", "share"),
    [
        ("2026-11-09T12:00", Share(1, 2)),  # seven days later, to the minute
        ("2026-11-09T12:01", Share(2, 2)),
        ("2026-11-02T11:00", Share(2, 2)),  # opened before the first was closed: no repeat
    ],
)
def test_a_repeat_comes_within_seven_days(again: str, share: Share) -> None:
    first = ticket(closed_at="2026-11-02T12:00")
    second = ticket(ticket_id="u", opened_at=again, closed_at="2026-11-10T00:00")
    assert first_contact([first, second], NOW) == share


def test_of_nothing_the_share_is_unknown() -> None:
    assert first_contact([], NOW).e4 is None
    assert first_contact([ticket(driver=None, closed_at="2026-11-02T12:00")], NOW).e4 == 10_000


def test_the_spread_is_the_middle_and_the_nearest_rank() -> None:
    assert (spread_of([]).median, spread_of([]).p90) == (None, None)
    spread = spread_of([10, 20, 30, 40, 50, 60, 70, 80, 90, 1_000])
    assert (spread.n, spread.median, spread.p90) == (10, 55, 90)
    assert spread.median != 145  # the mean, which one long ticket ruins
    assert spread_of([7]).p90 == 7


def test_turnaround_counts_the_clock_of_its_target_and_stops_for_the_customer() -> None:
    tickets = [
        ticket(closed_at="2026-11-02T17:00"),  # eight hours: just met
        ticket(closed_at="2026-11-03T10:00"),  # nine
        ticket(closed_at="2026-11-03T10:00", waiting_minutes=60),  # nine, of which one is theirs
        ticket(opened_at="2026-11-23T16:00"),  # open, within its time
        ticket(opened_at="2026-11-20T09:00"),  # open, beyond it
        ticket(
            driver="billing", closed_at="2026-11-02T11:30", first_response_at="2026-11-02T10:00"
        ),
    ]
    how_to, billing = turnarounds(tickets, NOW, POLICY)
    assert (how_to.kind, how_to.resolution.n, how_to.resolution.median) == ("how-to", 3, 480)
    assert how_to.met == Share(2, 4)  # wrong: 2 of 3, as if what never ends were not late
    assert (billing.target.clock, billing.met) == ("calendar", Share(0, 1))
    assert billing.first_response.median == 60


def test_the_most_specific_target_holds() -> None:
    assert POLICY.target("billing", "urgent").resolution == 120
    assert POLICY.target("bug", "urgent").resolution == 60
    assert POLICY.target(None, "low").resolution == 480
    assert str(POLICY.hours("apac").zone) == "Asia/Tokyo"
    assert str(POLICY.hours("EMEA").zone) == "UTC"


def test_the_board_shows_the_worst_first_and_what_is_waited_for() -> None:
    board = breach_board(
        [
            ticket(ticket_id="calm", opened_at="2026-11-23T16:30"),
            ticket(ticket_id="answered", first_response_at="2026-11-02T10:00"),
            ticket(ticket_id="silent"),
            ticket(ticket_id="done", closed_at="2026-11-02T10:00"),
        ],
        NOW,
        POLICY,
    )
    told = [(one.ticket.ticket_id, one.what) for one in board]
    assert told == [
        ("silent", "first response"), ("answered", "resolution"), ("calm", "first response"),
    ]  # fmt: skip
    assert board[0].due.isoformat() == "2026-11-02T13:00:00+00:00"
    assert board[2].beyond == -210


def test_drivers_stand_by_frequency_and_complexity() -> None:
    easy = [ticket(driver="billing", closed_at="2026-11-02T10:00") for _ in range(3)]
    hard = [ticket(driver="sso", closed_at="2026-11-04T09:00", reopened=1, reassigned=1)] * 2
    first, second = drivers([*easy, *hard, ticket(driver=None)], POLICY)
    assert (first.name, first.n, first.is_complex, first.touches_e2) == ("sso", 2, True, 300)
    assert (second.is_complex, second.answer) == (False, "https://help.example/bill")
    assert first.weight == 2 * 960 * 3


def test_what_a_customer_pays_in_time() -> None:
    (cost,) = time_costs(
        [
            ticket(first_response_at="2026-11-02T10:00", reopened=1, reassigned=2),
            ticket(closed_at="2026-11-02T11:00", asked_again=1),
            ticket(opened_at="2026-11-23T23:00"),
        ],
        NOW,
    )
    assert (cost.wait_minutes, cost.tickets) == (60 + 120 + 60, 3)
    assert (cost.reopened, cost.passed_on, cost.asked_again) == (1, 2, 1)


def test_fcr_by_group() -> None:
    tickets = [ticket(closed_at="2026-11-02T12:00"), ticket(account_key=2)]
    by = first_contact_by(tickets, NOW, lambda one: str(one.account_key))
    assert by == {"1": Share(1, 1), "2": Share(0, 0)}


def test_what_comes_again_in_another_group_was_not_solved() -> None:
    first = ticket(closed_at="2026-11-02T12:00")
    again = ticket(ticket_id="u", opened_at="2026-11-04T09:00", closed_at="2026-11-04T12:00")
    by = first_contact_by([first, again], NOW, lambda one: one.ticket_id)  # as by tenure
    assert by == {"t": Share(0, 1), "u": Share(1, 1)}  # wrong: both solved


def test_a_first_answer_is_in_time_late_or_waited_for_beyond_its_time() -> None:
    tickets = [
        ticket(first_response_at="2026-11-02T13:00", priority="low"),  # four hours: in time
        ticket(first_response_at="2026-11-02T13:01"),
        ticket(),  # waits since three weeks
        ticket(opened_at="2026-11-23T16:00"),  # waits within its time
        ticket(closed_at="2026-11-02T10:00"),  # closed without an answer: not asked
    ]
    (one,) = turnarounds(tickets, NOW, POLICY)
    assert one.answered == Share(1, 3)
    assert one.priorities == ("low", "normal")


def test_drivers_of_each_group_by_what_they_cost() -> None:
    given = [ticket(driver="sso"), ticket(driver="sso"), ticket(driver="api", region="x")]
    by = drivers_by(given, POLICY, lambda one: one.region or "none")
    assert {name: [each.name for each in found] for name, found in by.items()} == {
        "none": ["sso"],
        "x": ["api"],
    }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('from = "09:00"', 'from = "18:00"', "`from` before `to`"),
        ('zone = "UTC"', 'zone = "Mars/Base"', "no time zone 'Mars/Base'"),
        ('from = "09:00"\n', "", "'from' is missing"),
        ("days = [1, 2, 3, 4, 5]", "days = [8]", "from 1"),
        ('clock = "calendar"', 'clock = "lunar"', "business or calendar"),
        ("first_response_hours = 4", "first_response_hours = 9", "not after the end"),
        ("[[target]]\nfirst_response_hours = 4\nresolution_hours = 8", "", "holds for the rest"),
        ("[hours]", "[hours", "s.toml"),
    ],
)
def test_what_a_policy_may_not_say(old: str, new: str, says: str) -> None:
    assert old in POLICY_TEXT
    with pytest.raises(InputError, match=says):
        read_service_policy(POLICY_TEXT.replace(old, new), "s.toml", nobody_off)
