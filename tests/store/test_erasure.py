"""Who is erased is found by short names of East Asia too, and in what nobody has set yet."""

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import save_draft, waiting_drafts
from cs_workbench.store.erasure import ERASED, erase
from tests.factories import add_account, add_contact, add_touchpoint, insert


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("李娜", f"ask {ERASED} of Tokyo"),
        ("Lena", f"ask {ERASED} of Tokyo"),
        ("Bo", "ask Bo of Tokyo"),
    ],
)
def test_a_name_is_erased_from_notes_of_others_if_it_is_of_one_person(
    db: Database, name: str, left: str
) -> None:
    with write(db) as pen:
        key = add_account(pen, "acme")
        add_contact(pen, key, contact_id="c", name=name)
        add_touchpoint(pen, add_account(pen, "other"), summary=f"ask {name} of Tokyo")
    erase(db, account_key=key, contact_id="c")
    (row,) = db.connection.execute("SELECT summary FROM touchpoint")
    assert row[0] == left


def test_an_erased_account_leaves_no_draft_of_any_form(db: Database) -> None:
    with write(db) as pen:
        keys = [add_account(pen, name) for name in ("acme", "other")]
        text = {"hash": "h", "playbook_id": "p", "version": 1, "text": "x", "title": "x"}
        insert(pen, "playbook_text", text)
        play = {"play_id": "walk", "account_key": keys[0], "playbook_id": "p", "version": 1}
        insert(pen, "play", {**play, "playbook_hash": "h", "state": "suggested"})
    mine, theirs = keys
    for subject in (
        f"{mine}",
        f"{mine},{theirs}",
        f"{mine}/goal",
        "walk",
        f"{theirs}",
        f"{theirs}/x",
    ):
        save_draft(db, actor="ana", form="note", subject=subject, fields={"what": "ill"})
    erase(db, account_key=mine)
    assert {one.subject for one in waiting_drafts(db, "ana")} == {f"{theirs}", f"{theirs}/x"}
