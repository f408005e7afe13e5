import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from cs_workbench.core.playbooks.conditions import Value, parse_condition
from cs_workbench.core.playbooks.model import END, Playbook
from cs_workbench.core.plays.model import Entry
from cs_workbench.core.plays.road import Moment, advance, due_on, is_complete, road_of
from cs_workbench.core.working_days import no_holidays
from cs_workbench.importers.playbook_files import check_text, sound
from tests.importers.test_playbook_files import GOOD

START = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return sound(*check_text(GOOD, "f"))


def moment(
    days: int = 0, known: Mapping[str, Value] | None = None, replied_on: dt.date | None = None
) -> Moment:
    return Moment(
        today=START + dt.timedelta(days=days),
        known=known or {},
        anchors={"today": START, "deadline": dt.date(2027, 3, 1), "end date": None},
        started_on=START,
        is_holiday=no_holidays,
        replied_on=replied_on,
    )


def asked(sure: str) -> dict[str, Entry]:
    answers = {"signer": "c1", "sure": sure}
    return {"ask": Entry("ask", "done", START, answers=answers)}


def states(playbook: Playbook, entries: dict[str, Entry], now: Moment) -> list[str]:
    return [one.state for one in road_of(playbook, entries, now).steps]


def test_a_play_begins_at_its_first_step(playbook: Playbook) -> None:
    assert advance(playbook, {}, moment()) == ((), "ask")
    assert states(playbook, {}, moment()) == ["current", *["ahead"] * 4]


def test_the_road_says_why_a_branch_was_not_taken(playbook: Playbook) -> None:
    new, _ = advance(playbook, asked("yes"), moment())
    entries = asked("yes") | {one.step_id: one for one in new}
    why = {one.step.step_id: one.why for one in road_of(playbook, entries, moment()).steps}
    assert why["wait"] == "not so: sure is no"
    assert why["write"] == ""  # the one that was taken


def test_a_branch_is_taken_by_the_answer_and_kept(playbook: Playbook) -> None:
    new, step_id = advance(playbook, asked("yes"), moment())
    assert (step_id, [(one.step_id, one.answers) for one in new]) == (
        "write",
        [("way", {"go": "write"})],
    )
    entries = asked("yes") | {one.step_id: one for one in new}
    assert states(playbook, entries, moment()) == [
        *("done", "done", "not taken", "current", "ahead")
    ]
    # Another answer later does not lead the play another way.
    changed = entries | {"ask": replace(entries["ask"], answers={"sure": "no"})}
    assert advance(playbook, changed, moment())[1] == "write"


def test_an_answer_that_nobody_gave_takes_no_branch_but_the_last(playbook: Playbook) -> None:
    entries = {"ask": Entry("ask", "done", START)}
    assert advance(playbook, entries, moment())[1] == "write"


@pytest.mark.parametrize(
    ("days", "replied", "step_id", "why"),
    [
        (0, None, "wait", ""),
        (4, None, "wait", ""),
        (5, None, "write", "nothing came in 5 days"),
        (2, START, "wait", ""),  # spoke on the day itself, before it was asked
        (2, START + dt.timedelta(days=1), "write", "they answered"),
    ],
)
def test_a_wait_ends_by_a_reply_or_by_time(
    playbook: Playbook, days: int, replied: dt.date | None, step_id: str, why: str
) -> None:
    way = Entry("way", "done", START, answers={"go": "wait"})
    new, found = advance(playbook, asked("no") | {"way": way}, moment(days, replied_on=replied))
    assert found == step_id
    assert [one.reason for one in new if one.step_id == "wait"] == ([why] if why else [])


def test_the_road_has_what_time_did_before_anybody_wrote_it_down(playbook: Playbook) -> None:
    entries = asked("no") | {"way": Entry("way", "done", START, answers={"go": "wait"})}
    road = road_of(playbook, entries, moment(6))
    (wait,) = [one for one in road.steps if one.step.step_id == "wait"]
    assert (wait.state, wait.why) == ("done", "nothing came in 5 days")
    assert road.current is not None
    assert road.current.step.step_id == "write"


def test_a_condition_that_does_not_hold_passes_the_step(playbook: Playbook) -> None:
    condition = parse_condition("arr > 100")
    assert condition is not None
    conditioned = tuple(
        replace(one, when=(condition,)) if one.step_id == "write" else one for one in playbook.steps
    )
    other = replace(playbook, steps=conditioned)
    new, step_id = advance(other, asked("yes"), moment(known={"arr": 50.0}))
    assert step_id == "note"
    assert [(one.state, one.reason) for one in new if one.step_id == "write"] == [
        ("passed", "not so: arr above 100")
    ]
    # What is not known does not hold.
    assert advance(other, asked("yes"), moment())[1] == "note"
    assert advance(other, asked("yes"), moment(known={"arr": 150.0}))[1] == "write"


def test_after_the_last_step_the_play_is_over(playbook: Playbook) -> None:
    done = {step.step_id: Entry(step.step_id, "done", START) for step in playbook.steps}
    assert advance(playbook, done, moment()) == ((), END)
    assert road_of(playbook, done, moment()).current is None


def test_due_dates_count_from_their_anchors(playbook: Playbook) -> None:
    due = {one.step_id: due_on(one.due, moment()) for one in playbook.steps}
    assert due["ask"] == dt.date(2026, 12, 1)
    assert due["wait"] == dt.date(2026, 11, 30)  # five business days
    assert due["write"] is None  # no contract ends


@pytest.mark.parametrize(
    ("days", "standing"), [(0, "on track"), (8, "on track"), (9, "behind"), (23, "stuck")]
)
def test_a_play_is_behind_when_its_step_is_late(
    playbook: Playbook, days: int, standing: str
) -> None:
    road = road_of(playbook, {}, moment(days))
    assert road.standing == standing


def test_work_for_a_person_is_counted(playbook: Playbook) -> None:
    road = road_of(playbook, {}, moment())
    assert road.length == 3
    assert [one.number for one in road.steps] == [1, 1, 2, 3, 3]


def test_a_snoozed_step_waits_for_its_day(playbook: Playbook) -> None:
    until = START + dt.timedelta(days=30)
    road = road_of(playbook, {"ask": Entry("ask", "snoozed", snoozed_until=until)}, moment(20))
    assert road.current is not None
    assert (road.standing, road.current.due) == ("waiting", until)


def test_the_data_say_when_it_has_done_what_it_is_for(playbook: Playbook) -> None:
    assert is_complete(playbook, {"committed": "yes"})
    assert not is_complete(playbook, {"committed": "no"})
    assert not is_complete(playbook, {})
