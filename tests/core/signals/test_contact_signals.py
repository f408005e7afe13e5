import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.facts import Answer, Champion, Ticket
from cs_workbench.core.loyalty import BadExperience
from cs_workbench.core.signals.contact_signals import (
    find_bad_experience,
    find_champion_gone,
    find_detractor,
    find_open_deadline,
    find_silence,
    find_stalled_onboarding,
    find_urgent_breach,
)
from tests.core.signals.situations import (
    CALM,
    PORTFOLIO,
    RENEWAL,
    TODAY,
    D,
    account,
    situation,
    used,
)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("segment", "days", "found"),
    [("Enterprise", 45, False), ("enterprise", 46, True), ("smb", 120, False), (None, 91, True)],
)
def test_silence_is_longer_than_usual_for_the_segment(
    segment: str | None, days: int, found: bool
) -> None:
    now = account(segment=segment, last_two_way_on=ago(days))
    assert bool(list(find_silence(now))) is found


def test_silence_tells_since_when_and_weighs_more_when_twice_as_long() -> None:
    (signal,) = find_silence(account(last_two_way_on=ago(71)))
    assert (
        signal.evidence
        == "last two-way contact on 13 Sep 2026, 71 days ago; 45 days are usual here"
    )
    assert signal.severity == "low"
    assert next(find_silence(account(last_two_way_on=ago(91)))).severity == "medium"


def test_silence_without_any_contact_counts_from_the_start_or_the_first_record() -> None:
    (signal,) = find_silence(account(last_two_way_on=None, started_on=ago(46)))
    assert signal.evidence.startswith("no two-way contact on record for 46 days")
    assert not list(find_silence(account(last_two_way_on=None, started_on=ago(45))))
    begun = replace(PORTFOLIO, begins={"touchpoints": ago(45)})
    assert not list(find_silence(account(last_two_way_on=None, portfolio=begun)))


def test_where_contacts_were_never_imported_nobody_is_silent() -> None:
    blind = replace(PORTFOLIO, kinds=frozenset({"usage"}))
    assert not list(find_silence(account(last_two_way_on=None, portfolio=blind)))


def test_a_champion_who_left_and_has_no_successor_is_gone() -> None:
    (signal,) = find_champion_gone(
        account(champions=(Champion("c1", "Lena Voss", D(2026, 11, 2)),))
    )
    assert signal.evidence == ("champion Lena Voss left on 2 Nov 2026, nobody has the role since")
    assert (signal.reason, signal.severity) == ("c1", "high")


def test_a_champion_who_lost_the_role_and_has_no_successor_is_gone() -> None:
    lost = Champion("c1", "Lena Voss", None, D(2026, 11, 2))
    (signal,) = find_champion_gone(account(champions=(lost,)))
    assert signal.evidence == (
        "Lena Voss is no longer champion since 2 Nov 2026, and nobody else is"
    )
    assert (signal.reason, signal.severity) == ("c1", "high")


def test_who_lost_the_role_before_leaving_is_gone_since_then() -> None:
    lost = Champion("c1", "Lena Voss", ago(3), ago(20))
    assert lost.gone_on(TODAY) == ago(20)
    assert lost.gone_on(ago(21)) is None
    both = (lost, Champion("c2", "Jo Park", ago(8)))
    (signal,) = find_champion_gone(account(champions=both))
    assert signal.evidence.startswith("champion Jo Park left on 15 Nov 2026")


@pytest.mark.parametrize(
    "champions",
    [
        (),
        (Champion("c1", "Lena", None, ago(-1)),),
        (Champion("c1", "Lena", None, ago(366)),),
        (Champion("c1", "Lena", None, ago(20)), Champion("c2", "Jo", None)),
        (Champion("c1", "Lena", None),),
        (Champion("c1", "Lena", ago(-1)),),
        (Champion("c1", "Lena", ago(20)), Champion("c2", "Jo", None)),
        (Champion("c1", "Lena", ago(366)),),
    ],
)
def test_a_champion_who_is_there_or_left_long_ago_is_no_signal(
    champions: tuple[Champion, ...],
) -> None:
    assert not list(find_champion_gone(account(champions=champions)))


def ticket(opened: int, answered: int | None = None, **fields: Any) -> Ticket:
    responded = None if answered is None else ago(answered)
    plain = Ticket(ago(opened), responded, None, "urgent", 0, False, None, "8812")
    return plain._replace(**fields)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (ticket(2), "no answer for 2 days, at most 1 day is the aim"),
        (ticket(4, 4), "open for 4 days, at most 3 days is the aim"),
        (ticket(6), "open for 6 days, at most 3 days is the aim"),
        (ticket(2, -1), "no answer for 2 days"),
    ],
)
def test_an_urgent_ticket_that_waits_too_long_is_a_breach(one: Ticket, told: str) -> None:
    (signal,) = find_urgent_breach(account(tickets=(one,)))
    assert told in signal.evidence
    assert signal.evidence.startswith("urgent ticket 8812 of ")
    assert signal.reason == "8812"


@pytest.mark.parametrize(
    "one",
    [
        ticket(1),
        ticket(3, 2),
        ticket(9, closed_on=ago(0)),
        ticket(9, priority="high"),
        ticket(-1),
    ],
)
def test_a_ticket_in_time_closed_or_less_urgent_is_none(one: Ticket) -> None:
    assert not list(find_urgent_breach(account(tickets=(one,))))


def test_every_breach_is_a_signal_of_its_own() -> None:
    both = (ticket(9), ticket(5, ticket_id="8830"))
    found = find_urgent_breach(account(tickets=both))
    assert [one.reason for one in found] == ["8812", "8830"]


@pytest.mark.parametrize(("score", "severity"), [(6, "medium"), (4, "medium"), (3, "high")])
def test_a_detractor_nobody_spoke_with_is_a_signal(score: int, severity: str) -> None:
    now = account(answers=(Answer(ago(10), "nps", score),), last_two_way_on=ago(10))
    (signal,) = find_detractor(now)
    assert signal.severity == severity
    assert signal.evidence == f"{score} of 10 on 13 Nov 2026, and no two-way contact since"


@pytest.mark.parametrize(
    ("answers", "spoke"),
    [
        ((), 99),
        ((Answer(ago(10), "nps", 7),), 99),
        ((Answer(ago(10), "csat", 1),), 99),
        ((Answer(ago(91), "nps", 0),), 99),
        ((Answer(ago(10), "nps", 0),), 9),
        ((Answer(ago(20), "nps", 0), Answer(ago(10), "nps", 9)), 99),
    ],
)
def test_no_detractor_an_old_one_or_one_we_spoke_with_is_none(
    answers: tuple[Answer, ...], spoke: int
) -> None:
    assert not list(find_detractor(account(answers=answers, last_two_way_on=ago(spoke))))


def test_the_newest_answer_counts_and_the_worst_of_one_day() -> None:
    answers = (Answer(ago(9), "nps", 9), Answer(ago(9), "nps", 2), Answer(ago(30), "nps", 0))
    (signal,) = find_detractor(account(answers=answers, last_two_way_on=None))
    assert signal.reason == "nps 2026-11-14"
    assert signal.evidence.startswith("2 of 10")


def starting(days: int, **fields: object) -> dict[str, object]:
    return {"started_on": ago(days), "lifecycle_stage": "onboarding", **fields}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (starting(8, last_two_way_on=None), "no kickoff"),
        (starting(31), "no use"),
        (starting(121), "no use"),
        (starting(8, last_two_way_on=None, lifecycle_stage=None), "no kickoff"),
    ],
)
def test_a_start_without_kickoff_or_use_is_stalled(given: dict[str, object], reason: str) -> None:
    (signal,) = find_stalled_onboarding(account(**given))
    assert signal.reason == reason
    assert "since the start on" in signal.evidence


def test_an_onboarding_that_never_ends_is_stalled() -> None:
    (signal,) = find_stalled_onboarding(used(40, **starting(121)))
    assert signal.reason == "overdue"
    assert not list(find_stalled_onboarding(used(40, **starting(120))))


@pytest.mark.parametrize(
    "given",
    [
        starting(7, last_two_way_on=None),
        starting(8),
        starting(30),
        starting(40, lifecycle_stage="adopting"),
        starting(121, lifecycle_stage=None),
        starting(-5),
        {**starting(40), "started_on": None},
        starting(8, last_two_way_on=None, portfolio=replace(PORTFOLIO, begins={})),
        starting(
            8, last_two_way_on=None, portfolio=replace(PORTFOLIO, begins={"touchpoints": ago(3)})
        ),
        starting(31, portfolio=replace(PORTFOLIO, usage_until=ago(15))),
    ],
)
def test_a_start_on_its_way_or_without_data_is_none(given: dict[str, object]) -> None:
    assert not list(find_stalled_onboarding(account(**given)))


@pytest.mark.parametrize(
    ("deadline", "severity", "when"),
    [
        (30, "medium", "in 30 days"),
        (14, "high", "in 14 days"),
        (0, "high", "today"),
        (-3, "high", "3 days ago"),
    ],
)
def test_a_deadline_that_comes_without_commitment_is_a_signal(
    deadline: int, severity: str, when: str
) -> None:
    day = TODAY + dt.timedelta(days=deadline)
    renewal = RENEWAL._replace(
        deadline=day, commit_by=day - dt.timedelta(days=30), deadline_by="end",
        notice_date=None, auto_renew=False,
    )  # fmt: skip
    (signal,) = find_open_deadline(account(renewal=renewal))
    assert signal.severity == severity
    assert f"(last day of the term) {when}; a commitment was wanted by" in signal.evidence
    assert signal.reason == "term to 2027-02-28"


def test_a_deadline_says_why_that_day() -> None:
    renewal = RENEWAL._replace(commit_by=TODAY)
    (signal,) = find_open_deadline(account(renewal=renewal))
    assert signal.evidence.startswith("deadline 30 Dec 2026 (last day to give notice) in 37 days")


def test_a_deadline_ahead_committed_or_renewed_by_itself_is_none() -> None:
    assert not list(find_open_deadline(account()))
    assert not list(find_open_deadline(account(renewal=None)))
    due = RENEWAL._replace(commit_by=TODAY)
    assert not list(find_open_deadline(account(renewal=due, is_committed=True)))
    silent = RENEWAL._replace(commit_by=ago(30), deadline=ago(1), notice_date=ago(1))
    assert not list(find_open_deadline(account(renewal=silent)))


def test_the_calm_account_has_no_such_signal() -> None:
    assert CALM.renewal is RENEWAL
    for find in (find_silence, find_champion_gone, find_urgent_breach, find_detractor):
        assert not list(find(account()))


@pytest.mark.parametrize(
    ("kinds", "severity", "told"),
    [
        ((), None, ""),
        (("urgent breach",), None, ""),  # has a kind of its own
        (("complaint",), "medium", "1 bad experience in 90 days, not made good: complaint of "),
        (("urgent breach", "incident"), "high", "2 bad experiences"),
        (("incident",) * 5, "high", "and 2 more"),
    ],
)
def test_one_bad_experience_is_told_and_two_weigh_more(
    kinds: tuple[str, ...], severity: str | None, told: str
) -> None:
    bad = tuple(BadExperience(ago(place), kind) for place, kind in enumerate(kinds))
    found = list(find_bad_experience(situation(bad=bad)))
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert not found or told in found[0].evidence
