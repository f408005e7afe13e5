"""Every shipped playbook run dry on an account of a real file."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.playbooks import find_playbook, list_playbooks
from cs_workbench.workflows.rehearsing import rehearse_on
from tests.factories import TODAY, add_account, add_contact, add_summary, portfolio


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            key = add_account(c, "kes-1", name="Kestrel")
            add_summary(c, key, band="red", arr_minor=41_200_000, deadline="2026-12-30")
            add_contact(c, key, contact_id="c1", name="Tomasz Brandt", role="decision maker")
        yield opened


def test_a_drop_that_nobody_answers_goes_to_the_sponsor(db: Database) -> None:
    before = db.connection.total_changes
    given = {"real": "y", "person": "brandt", "purpose": "What changed?", "reached": "no answer"}
    found = rehearse_on(db, 1, find_playbook("usage-drop").playbook, given, TODAY)
    taken = [(one.step.step_id, one.go) for one in found.path]
    assert taken == [
        *(("confirm", ""), ("real-or-not", "who"), ("who", ""), ("call", "")),
        *(("answered", "sponsor"), ("sponsor", ""), ("sponsor-reply", ""), ("sponsor-verdict", "")),
    ]
    days = {one.step.step_id: one.on for one in found.path}
    assert days["sponsor-reply"] - days["sponsor"] == dt.timedelta(days=10)
    assert (found.account_id, found.name) == ("kes-1", "Kestrel")
    assert found.ends_on == days["sponsor-verdict"]
    assert db.connection.total_changes == before
    assert db.connection.execute("SELECT count(*) FROM play").fetchone()[0] == 0


@pytest.mark.parametrize("name", [one.playbook.playbook_id for one in list_playbooks()])
def test_every_shipped_playbook_comes_to_an_end(db: Database, name: str) -> None:
    found = rehearse_on(db, 1, find_playbook(name).playbook, {}, TODAY)
    days = [one.on for one in found.path]
    assert days == sorted(days)
    assert days[0] >= TODAY


def test_answers_that_cannot_be(db: Database) -> None:
    drop = find_playbook("usage-drop").playbook
    with pytest.raises(UsageError, match=r"does not ask for 'colour'\. It asks for: real, "):
        rehearse_on(db, 1, drop, {"colour": "red"}, TODAY)
    with pytest.raises(UsageError, match="yes or no"):
        rehearse_on(db, 1, drop, {"real": "perhaps"}, TODAY)
    with pytest.raises(NotFoundError):
        rehearse_on(db, 1, drop, {"person": "Nobody"}, TODAY)
