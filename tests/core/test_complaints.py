import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from cs_workbench.core.complaints import (
    FOLLOW_UP_AFTER,
    Move,
    answer_due,
    is_open,
    lateness,
    moved,
    urgency,
)
from cs_workbench.core.memory import Complaint, ComplaintStep
from cs_workbench.errors import UsageError
from tests.factories import TODAY

DAY = dt.timedelta(days=1)
NEW = Complaint(
    complaint_id="c",
    account_key=1,
    what="data was lost",
    severity="urgent",
    owner="ana",
    arrived_on=TODAY,
    answer_due_on=answer_due("urgent", TODAY),
    author="ana",
)


def step(state: str, told_on: dt.date | None = None) -> ComplaintStep:
    return ComplaintStep(
        complaint_step_id=state,
        account_key=1,
        complaint_id="c",
        state=state,
        reached_on=TODAY,
        told_on=told_on,
        author="ana",
    )


def test_from_arrival_to_the_advocate_check() -> None:
    at, day = NEW, TODAY
    for state in ("acknowledged", "investigating", "solution offered", "resolved"):
        at = moved(at, Move(state, told=True), day)
    assert (at.resolved_on, at.follow_up_on) == (TODAY, TODAY + FOLLOW_UP_AFTER * DAY)
    day += FOLLOW_UP_AFTER * DAY
    at = moved(at, Move("followed up", told=True), day)
    at = moved(at, Move("closed", told=True, verdict="advocate"), day)
    assert (at.state, at.closed_on, at.verdict, is_open(at)) == ("closed", day, "advocate", False)


@pytest.mark.parametrize(
    ("state", "move", "says"),
    [
        ("received", Move("closed", told=True, verdict="advocate"), "goes to acknowledged"),
        ("received", Move("acknowledged", told=None), "whether the customer was told"),
        ("resolved", Move("followed up", told=True), "14 days after"),
        ("followed up", Move("closed", told=True), "what they think"),
        ("followed up", Move("closed", told=True, verdict="unhappy"), "not closed"),
    ],
)
def test_what_a_complaint_cannot_do(state: str, move: Move, says: str) -> None:
    complaint = replace(NEW, state=state, follow_up_on=TODAY + FOLLOW_UP_AFTER * DAY)
    with pytest.raises(UsageError, match=says):
        moved(complaint, move, TODAY + DAY)


def test_one_that_is_opened_again_forgets_its_end() -> None:
    closed = replace(NEW, state="closed", closed_on=TODAY, verdict="satisfied", resolved_on=TODAY)
    again = moved(closed, Move("investigating", told=False), TODAY)
    assert (again.closed_on, again.verdict, again.resolved_on) == (None, None, None)


def test_the_first_answer_and_the_follow_up_have_their_days() -> None:
    assert lateness(NEW, [step("received")], TODAY + DAY) is None
    assert lateness(NEW, [step("received")], TODAY + 3 * DAY) == "first answer 2 d late"
    told = [step("acknowledged", told_on=TODAY)]
    assert lateness(NEW, told, TODAY + 3 * DAY) is None
    resolved = replace(NEW, state="resolved", follow_up_on=TODAY)
    assert lateness(resolved, told, TODAY + DAY) == "follow-up 1 d late"


def test_the_queue_weighs_severity_by_revenue() -> None:
    assert urgency(NEW, Decimal(100)) == 8 * 100
    assert urgency(replace(NEW, severity="low"), Decimal(1_000)) > urgency(NEW, Decimal(100))
    assert urgency(NEW, Decimal(0)) > 0
