"""A complaint walks on the screens from its arrival to the question whether it made an advocate."""

import datetime as dt

import pytest

from cs_workbench.core.memory import Complaint
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.tui.screens.complaint_sheets import complaint_choices, complaint_sheet
from cs_workbench.tui.session import Session
from cs_workbench.workflows.complaining import list_complaints, open_complaint
from cs_workbench.workflows.judgements import Act
from tests.factories import TODAY, add_account, add_summary


@pytest.fixture
def session(db: Database) -> Session:
    with write(db) as pen:
        key = add_account(pen, "kestrel")
        add_summary(pen, key)
    session = Session(db, TODAY, "ana")
    act = Act(key, "ana", TODAY)
    open_complaint(db, act, what="Orders were lost [b", severity="urgent", owner=None)
    return session


def step(session: Session, *, state: str = "", told: str = "", **more: str) -> str:
    (one,) = read_kept(session.db, Complaint)
    sheet = complaint_sheet(session, one)
    blank = {field.name: field.first for field in sheet.fields}
    given = {"told": told, **more, **({"state": state} if state else {})}
    return sheet.apply(session.db, blank | given)


def test_it_walks_with_the_customer_told_at_each_state(session: Session) -> None:
    with pytest.raises(UsageError, match="Was the customer told"):
        step(session)
    assert step(session, told="yes", how="by phone").startswith("complaint acknowledged, customer")
    assert "customer not told yet" in step(session, state="resolved", told="no")
    (line,) = list_complaints(session.db, today=TODAY, everything=False)
    assert line.untold == ("resolved",)  # told that it is acknowledged, they know that it arrived
    assert step(session, state="resolved", told="yes", how="mail").startswith("customer told")
    (line,) = list_complaints(session.db, today=TODAY, everything=False)
    assert line.untold == ()
    with pytest.raises(UsageError, match="Ask them from 2026-12-07 on"):
        step(session, told="yes")
    later = session._replace(today=TODAY + dt.timedelta(14))
    step(later, told="yes", note="asked how it went")
    with pytest.raises(UsageError, match="Say what they think"):
        step(later, told="yes")
    assert "closed, advocate" in step(later, told="yes", verdict="advocate")
    assert list_complaints(session.db, today=TODAY, everything=False) == []


def test_the_menu_names_open_ones_as_they_stand(session: Session) -> None:
    (choice,) = complaint_choices(read_kept(session.db, Complaint))
    assert choice.label.plain == "Complaint received: Orders were lost [b"
    assert (choice.key, choice.value.split()[0]) == ("c", "complaint")
