import datetime as dt
from typing import Any

import pytest

from cs_workbench.core import memory
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.store.next_steps import read_next_steps
from cs_workbench.store.ratings import list_ratings
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import undo_last
from cs_workbench.workflows.touching import (
    NextWanted,
    Promised,
    TouchDraft,
    log_incident,
    log_touch,
    read_direction,
    read_promised,
    touch_warnings,
)
from tests.factories import TODAY, add_account, add_contact, add_touchpoint

CLOCK = dt.datetime(2026, 11, 23, 9, 41, 7, tzinfo=dt.UTC)
DRAFT = TouchDraft(summary="dispatch is down", contact_id="lena", channel="Phone")


@pytest.fixture
def act(db: Database) -> Act:
    with write(db) as connection:
        key = add_account(connection)
        add_contact(connection, key, contact_id="lena", preferred_channel="phone")
    return Act(key, "ana", TODAY)


def logged(db: Database, act: Act, **fields: Any) -> str:
    from dataclasses import replace

    return log_touch(db, act, replace(DRAFT, **fields), CLOCK)


def test_one_act_writes_all_that_came_of_a_contact_and_one_undo_takes_it_back(
    db: Database, act: Act
) -> None:
    said = logged(
        db,
        act,
        sentiment=2,
        reason="worried",
        next=NextWanted("send the report", TODAY),
        promises=[Promised(True, "training", TODAY), Promised(False, "list of leavers")],
    )
    assert said.startswith("logged phone: dispatch is down; we promise: training, due 23 Nov; they")
    (touch,) = read_kept(db, memory.Touchpoint, act.account_key)
    assert (touch.occurred_at, touch.channel) == ("2026-11-23T09:41:07Z", "phone")
    theirs, ours = sorted(read_kept(db, memory.Promise), key=lambda one: one.promised_by)
    assert (theirs.owner, ours.owner) == (None, "ana")
    assert ours.origin == theirs.origin == f"touchpoint {touch.touchpoint_id}"
    (rated,) = list_ratings(db)
    assert (rated.rating.value, rated.rating.reason) == (2, "worried")
    assert read_next_steps(db, [act.account_key])[0].step.text == "send the report"
    undo_last(db, "ana", TODAY)
    assert not read_kept(db, memory.Touchpoint)
    assert not read_kept(db, memory.Promise)
    assert not list_ratings(db)
    assert read_next_steps(db, [act.account_key])[0].step.text is None


def test_a_complaint_opens_itself_and_pauses_other_outreach(db: Database, act: Act) -> None:
    with pytest.raises(UsageError, match="needs a next step"):
        logged(db, act, kind="complaint")
    wanted = NextWanted("call back", TODAY)
    logged(db, act, kind="complaint", severity="urgent", next=wanted, direction="inbound")
    (complaint,) = read_kept(db, memory.Complaint)
    assert (complaint.owner, complaint.answer_due_on) == ("ana", TODAY + dt.timedelta(1))
    (step,) = read_kept(db, memory.ComplaintStep)
    assert (step.state, step.told_on) == ("received", None)
    assert touch_warnings(db, act, DRAFT) == (
        "a complaint is open: nothing else goes out until it is solved",
    )
    with pytest.raises(UsageError, match="so there is a next step"):
        logged(db, act, next=NextWanted(None))


def test_what_speaks_against_a_contact_is_said_before(db: Database, act: Act) -> None:
    from dataclasses import replace

    assert touch_warnings(db, act, DRAFT) == ()
    mail = replace(DRAFT, channel="email")
    assert touch_warnings(db, act, mail) == ("they prefer phone",)
    assert touch_warnings(db, act, replace(DRAFT, channel="call")) == ()  # the same thing
    assert touch_warnings(db, act, replace(mail, direction="inbound")) == ()
    with write(db) as connection:
        add_touchpoint(
            connection,
            act.account_key,
            direction="outbound",
            channel="phone",
            contact_id="lena",
            occurred_at="2026-11-20T09:00:00Z",
        )
        connection.execute("UPDATE contact SET opted_out = 1")
    assert touch_warnings(db, act, DRAFT) == (
        "opted out: only what they asked for",
        "phone 2 of 2 in 30 days",
    )


@pytest.mark.parametrize(
    ("typed", "kind", "direction"),
    [
        ("", None, "outbound"), ("", "complaint", "inbound"), ("out", "complaint", "outbound"),
        ("We", None, "outbound"), ("they", None, "inbound"), ("IN", None, "inbound"),
    ],
)  # fmt: skip
def test_who_began_is_told_in_words(typed: str, kind: str | None, direction: str) -> None:
    assert read_direction(typed, kind) == direction


def test_who_began_is_we_or_they() -> None:
    with pytest.raises(UsageError, match="sideways"):
        read_direction("sideways", None)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"summary": " "}, "What was said is one line"),
        ({"on": TODAY + dt.timedelta(1)}, "after it took place"),
        ({"sentiment": 6}, "from 1 to 5"),
        ({"direction": "sideways"}, "inbound, outbound"),
    ],
)
def test_what_cannot_be_logged(
    db: Database, act: Act, fields: dict[str, object], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        logged(db, act, **fields)
    assert not read_kept(db, memory.Touchpoint)


def test_an_incident_is_a_row_for_each_account_not_told_yet(db: Database, act: Act) -> None:
    with write(db) as connection:
        other = add_account(connection, "other")
    keys = [act.account_key, other]
    said = log_incident(db, keys, what="outage of the API", severity="high", act=act)
    assert said == "incident, high: outage of the API · 2 accounts, not told yet"
    first, second = read_kept(db, memory.Incident)
    assert first.shared == second.shared
    assert {first.account_key, second.account_key} == set(keys)
    undo_last(db, "ana", TODAY)
    assert not read_kept(db, memory.Incident)


@pytest.mark.parametrize(
    ("typed", "what", "due"),
    [
        ("refund by fri", "refund", dt.date(2026, 11, 27)),
        ("reply by mail by +2", "reply by mail", dt.date(2026, 11, 25)),
        ("reply by mail", "reply by mail", None),
        ("refund", "refund", None),
    ],
)
def test_a_promise_as_typed(typed: str, what: str, due: dt.date | None) -> None:
    assert read_promised(typed, TODAY, by="us") == Promised(True, what, due)
