"""Who is due for a contact, from a real file."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.config import own_file
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.briefing import read_page
from cs_workbench.workflows.cadence import contact_due_of, contacts_due
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By
from cs_workbench.workflows.today import todays_queue
from tests.factories import (
    TODAY,
    add_account,
    add_signal,
    add_summary,
    add_touchpoint,
    portfolio,
)

SPOKE = TODAY - dt.timedelta(20)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            for name in ("Quiet", "Falling", "Planned", "Played", "Gone"):
                due = str(TODAY) if name == "Planned" else None
                given = {"csm": "ana", "segment": "enterprise", "lifecycle_stage": "mature"}
                key = add_account(c, name.lower(), name=name, next_step_due=due, **given)
                add_touchpoint(c, key, occurred_at=f"{SPOKE}T10:00:00Z", channel="call")
                add_summary(c, key, is_former=int(name == "Gone"))
                if name != "Quiet":
                    add_signal(c, key, "usage drift")
        drop = find_playbook("usage-drop").playbook
        start_play(opened, By("ana", TODAY), 4, drop, Start())
        yield opened


def test_usage_falls_contact_rises(db: Database) -> None:
    due = {key: one.due_on for key, one in contacts_due(db, TODAY, TODAY).items()}
    # Of Planned and Played somebody takes care; Gone is no customer; Quiet has ten days more.
    assert due == {2: SPOKE + dt.timedelta(15)}
    quiet = contact_due_of(db, 1, TODAY)
    assert quiet is not None
    assert quiet.due_on == SPOKE + dt.timedelta(30)
    assert contact_due_of(db, 5, TODAY) is None
    with write(db) as c:
        spoke = add_touchpoint(c, 2, occurred_at=f"{TODAY}T09:00:00Z", channel="call")
    assert contacts_due(db, TODAY, TODAY) == {}  # the talk counts at once, not with the refresh
    with write(db) as c:
        c.execute("DELETE FROM touchpoint WHERE touchpoint_id = ?", (spoke,))
        c.execute("UPDATE signal SET resolved_on = ?, resolution = 'r'", (str(TODAY),))
    recovered = contact_due_of(db, 2, TODAY)
    assert recovered is not None
    assert recovered.due_on == SPOKE + dt.timedelta(30)


def test_where_contacts_are_not_recorded_nobody_is_late(db: Database) -> None:
    """Nor is who began before the records: of that time nobody knows who spoke."""
    with write(db) as c:
        c.execute("UPDATE account SET started_on = '2020-01-01'")
        c.execute("DELETE FROM touchpoint WHERE account_key = 1")
    due = contact_due_of(db, 1, TODAY)
    assert due is not None
    assert (due.last_on, due.has_spoken) == (SPOKE, False)
    with write(db) as c:
        c.execute("DELETE FROM touchpoint")
    assert contact_due_of(db, 1, TODAY) is None
    assert contacts_due(db, TODAY, TODAY) == {}


def test_it_stands_in_the_days_queue_and_on_the_page(db: Database) -> None:
    (item,) = [one for one in todays_queue(db, TODAY, me="ana") if one.item.kind == "contact"]
    assert (item.section, item.item.name, item.item.due) == (
        *("today", "Falling", SPOKE + dt.timedelta(15)),
    )
    assert item.item.what == ("speak with them: every 15 d while usage falls")
    page = read_page(db, 2, today=TODAY, me="ana")
    assert page.contact is not None
    assert page.contact.is_halved


def test_within_the_caps(db: Database) -> None:
    own_file("contact.toml").parent.mkdir(parents=True, exist_ok=True)
    own_file("contact.toml").write_text("days = 30\naccount = 1\n")
    with write(db) as c:
        add_touchpoint(c, 2, direction="outbound", occurred_at=f"{TODAY}T09:00:00Z")
    due = contact_due_of(db, 2, TODAY)
    assert due is not None
    assert due.on == TODAY + dt.timedelta(30)
    assert contacts_due(db, TODAY, TODAY)[2].on == TODAY + dt.timedelta(30)


def test_a_teams_own_cadence(db: Database) -> None:
    own_file("cadence.toml").parent.mkdir(parents=True, exist_ok=True)
    own_file("cadence.toml").write_text("days = 10\n")
    due = contact_due_of(db, 1, TODAY)
    assert due is not None
    assert due.every_days == 10
