"""The trail of an account holds what was done to rows that an import brought, too."""

from cs_workbench.store.audit import everything_of, read_acts
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.contacts import set_contact
from cs_workbench.workflows.judgements import Act
from tests.factories import TODAY, add_account, add_contact, insert


def test_acts_on_imported_rows_and_steps_of_plays_are_of_the_account(db: Database) -> None:
    with write(db) as pen:
        keys = [add_account(pen, name) for name in ("acme", "other")]
        for key in keys:
            add_contact(pen, key, contact_id=f"c{key}", name="Lena Voss")
        text = {"hash": "h", "playbook_id": "p", "version": 1, "text": "x", "title": "x"}
        insert(pen, "playbook_text", text)
        play = {"play_id": "walk", "account_key": keys[0], "playbook_id": "p", "version": 1}
        insert(pen, "play", {**play, "playbook_hash": "h", "state": "active"})
        step = {"play_step_id": "s", "play_id": "walk", "step_id": "1", "state": "done"}
        insert(pen, "play_step", {**step, "answers": '{"why": "price"}'})
    for key in keys:
        set_contact(db, Act(key, "ana", TODAY), f"c{key}", "title", "COO")
    (act,) = read_acts(db, account_key=keys[0])
    assert (act.actor, "title COO" in act.summary) == ("ana", True)
    (told,) = dict(everything_of(db, keys[0]))["play_step"]
    assert told["answers"] == '{"why": "price"}'
    assert "play_step" not in dict(everything_of(db, keys[1]))
