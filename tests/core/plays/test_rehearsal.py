import datetime as dt
from collections.abc import Mapping

import pytest

from cs_workbench.core.playbooks.conditions import Value
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.rehearsal import aged, rehearse
from cs_workbench.core.plays.road import Moment
from cs_workbench.core.working_days import no_holidays
from cs_workbench.importers.playbook_files import check_text, sound
from tests.importers.test_playbook_files import GOOD

TODAY = dt.date(2026, 11, 23)  # a Monday
Path = list[tuple[str, str, dt.date]]


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return sound(*check_text(GOOD, "f"))


def moment(known: Mapping[str, Value] | None = None, end: dt.date | None = None) -> Moment:
    return Moment(
        today=TODAY,
        known=known or {},
        anchors={"today": TODAY, "deadline": dt.date(2027, 3, 1), "end date": end},
        started_on=TODAY,
        is_holiday=no_holidays,
        replied_on=None,
    )


def path(playbook: Playbook, answers: Mapping[str, str], now: Moment) -> Path:
    return [(one.step.step_id, one.go, one.on) for one in rehearse(playbook, answers, now)]


def day(month: int, number: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def test_work_is_done_on_its_day_and_a_wait_ends_by_its_own_time(playbook: Playbook) -> None:
    end = day(12, 20)
    asked = day(12, 1)  # deadline - 90 days
    assert path(playbook, {"signer": "c1", "sure": "no"}, moment(end=end)) == [
        ("ask", "", asked),
        ("way", "wait", asked),
        ("wait", "", asked + dt.timedelta(days=5)),
        ("write", "", end),
        ("note", "", end),
    ]


def test_a_branch_goes_by_the_answers(playbook: Playbook) -> None:
    taken = path(playbook, {"sure": "yes"}, moment())
    assert [(name, go) for name, go, _ in taken] == [
        *(("ask", ""), ("way", "write"), ("write", ""), ("note", ""))
    ]
    unanswered = path(playbook, {}, moment())  # what is not known never holds
    assert unanswered == taken


def test_what_has_to_be_filled_is_named(playbook: Playbook) -> None:
    lacking = {one.step.step_id: one.lacking for one in rehearse(playbook, {}, moment())}
    assert lacking["ask"] == ("Who signs?",)
    told = rehearse(playbook, {"signer": "c1"}, moment())
    assert all(not one.lacking for one in told)


def test_what_is_due_already_is_done_when_it_is_reached(playbook: Playbook) -> None:
    late = path(playbook, {"sure": "yes"}, moment(end=day(11, 1)))
    assert [on for _, _, on in late] == [day(12, 1)] * 4  # never back in time
    steps = rehearse(playbook, {"sure": "yes"}, moment(end=day(11, 1)))
    assert steps[2].due == day(11, 1)


def test_a_step_is_passed_by_what_is_so_on_its_day(playbook: Playbook) -> None:
    """Days to the deadline fall while the play goes on: 98 today are 90 on the day of asking."""
    text = GOOD.replace("    kind: draft\n", "    kind: draft\n    when: [days to deadline > 95]\n")
    guarded = sound(*check_text(text, "f"))
    steps = rehearse(guarded, {"sure": "yes"}, moment({"days to deadline": 98.0}))
    write = next(one for one in steps if one.step.step_id == "write")
    assert (write.state, write.why, write.on) == (
        *("passed", "not so: days to deadline above 95", day(12, 1)),
    )
    far = rehearse(guarded, {"sure": "yes"}, moment({"days to deadline": 198.0}))
    assert next(one for one in far if one.step.step_id == "write").state == "done"


def test_a_wait_for_data_that_hold_already_is_over_at_once(playbook: Playbook) -> None:
    text = GOOD.replace("{reply: true,", "{when: [committed = yes],")
    waiting = sound(*check_text(text, "f"))
    steps = rehearse(waiting, {"sure": "no"}, moment({"committed": "yes"}))
    wait = next(one for one in steps if one.step.step_id == "wait")
    assert (wait.on, wait.why) == (day(12, 1), "committed is yes")


def test_an_answer_that_the_account_gives_beforehand(playbook: Playbook) -> None:
    text = GOOD.replace(
        "label: Sure?, type: yes/no", "label: Sure?, type: text, prefill: auto renew"
    )
    prefilled = sound(*check_text(text, "f"))
    known: dict[str, Value] = {"auto renew": "no"}
    assert rehearse(prefilled, {}, moment(known))[1].go == "wait"
    assert rehearse(prefilled, {"sure": "yes"}, moment(known))[1].go == "write"


def test_facts_that_count_days_go_on() -> None:
    known: dict[str, Value] = {
        "days to end": 10.0,
        "days to deadline": None,
        "days since end": None,
        "days since contact": 3,
        "score": 50.0,
    }
    assert aged(known, 4) == {**known, "days to end": 6.0, "days since contact": 7}
    assert aged(known, 12)["days since end"] == 2
    assert aged({}, 5) == {}
