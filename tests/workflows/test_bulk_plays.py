"""One playbook on many accounts: each looked at, the caps kept, one act."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.config import own_file
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import list_plays
from cs_workbench.store.undo import undo
from cs_workbench.workflows.bulk_plays import Prospect, prospects, start_on_all
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By
from tests.factories import TODAY, add_account, add_summary, add_touchpoint, portfolio

ANA = By("ana", TODAY)
KEYS = (1, 2, 3)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Account 1 is free, on 2 it runs, 3 was asked as often as may be."""
    own_file("contact.toml").parent.mkdir(parents=True, exist_ok=True)
    own_file("contact.toml").write_text("days = 30\naccount = 9\n[kind]\ncheck-in = 1\n")
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            for name in ("Free", "Runs", "Capped"):
                add_summary(c, add_account(c, name.lower(), name=name))
            sent = {"kind": "check-in", "direction": "outbound"}
            add_touchpoint(c, 3, occurred_at="2026-11-20T09:00:00Z", **sent)
        start_play(opened, ANA, 2, find_playbook("check-in").playbook, Start())
        yield opened


@pytest.fixture(scope="module")
def check_in() -> Playbook:
    return find_playbook("check-in").playbook


def begun(db: Database) -> dict[int, str]:
    return {one.play.account_key: one.play.evidence for one in list_plays(db)}


def test_each_account_is_looked_at(db: Database, check_in: Playbook) -> None:
    assert prospects(db, check_in, KEYS, TODAY) == [
        Prospect(1, runs=False, free_on=None, complaints=0),
        Prospect(2, runs=True, free_on=None, complaints=0),
        Prospect(3, runs=False, free_on=dt.date(2026, 12, 20), complaints=0),
    ]


def test_the_cap_holds_back_and_one_undo_takes_all(db: Database, check_in: Playbook) -> None:
    told = start_on_all(db, ANA, check_in, KEYS)
    assert told == "play: Check in with a purpose started on 1 accounts"
    assert begun(db) == {1: "", 2: ""}
    undo(db, "ana")
    start_on_all(db, ANA, check_in, KEYS, override="  an outage \n")
    assert begun(db) == {1: "", 2: "", 3: "beyond the contact cap: an outage"}
    undo(db, "ana")
    assert begun(db) == {2: ""}


def test_on_none_of_them(db: Database, check_in: Playbook) -> None:
    with pytest.raises(UsageError, match="on none of these"):
        start_on_all(db, ANA, check_in, (2, 3))
