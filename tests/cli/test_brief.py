"""One page before a call, from a real file."""

import datetime as dt
import json
from pathlib import Path

import pytest

from cs_workbench.core.briefs import brief_sections
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.workflows.briefing import read_page
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By
from tests.cli.run import csw, within
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_promise,
    add_subscription,
    add_ticket,
    add_touchpoint,
    add_usage,
    portfolio,
)

SPOKE = TODAY - dt.timedelta(30)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as pen:
            key = add_account(pen, "kes-1", name="Kestrel \x1b[31m Logistics", csm="ana")
            add_account(pen, "kes-2", name="Silent")
            add_subscription(pen, key)
            add_contact(pen, key, contact_id="c1", name="Lena Voss", role="champion")
            add_touchpoint(
                pen, key, contact_id="c1", channel="call", occurred_at=f"{SPOKE}T10:00:00Z"
            )
            add_ticket(pen, key, priority="urgent", opened_at=f"{TODAY}T08:00:00Z")
            add_promise(pen, key, what="a refund", due_on=str(TODAY - dt.timedelta(3)))
            add_promise(pen, key, what="a list", promised_by="customer", due_on=None)
            days = [40.0] * 170 + [4.0] * 31
            add_usage(pen, key, TODAY - dt.timedelta(200), days)
        refresh(db, as_of=TODAY, actor="ana")
        drop = find_playbook("usage-drop").playbook
        start_play(db, By("ana", TODAY), key, drop, Start())
        return db.path


def sections(db: Database, key: int) -> dict[str, tuple[str, ...]]:
    found = brief_sections(read_page(db, key, today=TODAY, me="ana"))
    return {one.title.split(" (")[0]: one.lines for one in found}


def test_a_brief_says_what_is_new_what_is_owed_and_what_to_ask(book: Path) -> None:
    with open_database(book) as db:
        told = sections(db, 1)
        page = load_account_page(db, 1, today=TODAY, me="ana")
    assert told["Since you last spoke"] == page.since
    assert "1 urgent ticket" in page.since
    assert told["We owe"][0].startswith("a refund, by ")
    assert told["We owe"][0].endswith(", 3 d late")
    assert told["They owe"] == ("a list, no date",)
    assert told["Champion"][0].startswith("Lena Voss, spoke ")
    assert told["Play"][0].startswith("Usage-drop check-in: Confirm that the drop is real, due ")
    assert page.question
    assert told["Ask first"] == (page.question,)


def test_what_is_not_known_is_said(book: Path) -> None:
    with open_database(book) as db:
        told = sections(db, 2)
    assert told["Since you last spoke"] == ("no talk with them is known",)
    assert told["Champion"] == ("nobody known",)
    assert (told["We owe"], told["They owe"]) == (("nothing",), ("nothing",))
    assert (told["Play"], told["Next step"]) == (("none runs",), ("none yet",))


def test_the_same_as_text_and_as_json(book: Path) -> None:
    told = csw("--db", book, "brief", "kes-1", CSW_TODAY=TODAY.isoformat())
    assert "\x1b" not in told.stdout
    assert "  a list, no date" in told.stdout.splitlines()
    document = json.loads(
        within("--db", book, "brief", "kes-1", "--json", CSW_TODAY=TODAY.isoformat()).stdout
    )
    assert (document["schema"], document["spoke_on"]) == ("csw.brief/1", SPOKE.isoformat())
    assert [(one["by"], one["what"], one["is_late"]) for one in document["promises"]] == [
        ("us", "a refund", True),
        ("customer", "a list", False),
    ]
    assert document["champions"] == ["Lena Voss"]
    assert document["plays"][0]["step"] == "Confirm that the drop is real"
    assert document["ask_first"]
