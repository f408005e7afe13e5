"""Who is erased is found by short names of East Asia too, and in what nobody has set yet."""

import json
import re
from typing import Any

import pytest

from cs_workbench.core.memory import Note
from cs_workbench.store.database import Database, open_database, snapshot, write
from cs_workbench.store.drafts import save_draft, waiting_drafts
from cs_workbench.store.erasure import FREE_TEXTS, erase
from cs_workbench.store.names_in_texts import ERASED, name_parts
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import remember
from tests.factories import TODAY, add_account, add_contact, add_touchpoint, insert

SECRET = "her illness"
DAYS_AND_IDS = re.compile(r"(_on|_at|_id|_from|_to|_by|_end|until|day|hash|origin|period|as_of)$")
# Words of a list, words of ours, and what the program made of figures.
OURS = frozenset(
    (
        *("author", "band", "category", "causes", "channel", "contributions", "corrects"),
        *("currency", "deadline", "direction", "driver", "end_date", "ending", "filed_as"),
        *("follows", "how", "kind", "level", "limit_role", "notice_date", "owner", "plan"),
        *("priority", "product", "rated", "reason", "resolves_when", "risk_category", "role"),
        *("scope", "section", "segment", "severity", "shared", "source", "spark", "start_date"),
        *("state", "subscription_ids", "theme", "unit", "verdict", "view", "why"),
    )
)


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


def test_somebody_else_of_the_same_name_keeps_it(db: Database) -> None:
    with write(db) as pen:
        mine, theirs = (add_account(pen, one) for one in ("acme", "other"))
        add_contact(pen, mine, contact_id="m", name="Omar Adler", email="omar@acme.example")
        add_contact(pen, theirs, contact_id="t", name="Omar Adler", email="omar@other.example")
        for key in (mine, theirs):
            add_touchpoint(pen, key, summary="Omar Adler will be back")
    act = Act(theirs, "ana", TODAY)
    remember(db, act, a_note(theirs, "Omar Adler likes tea"))
    erase(db, account_key=mine, contact_id="m")
    names = "SELECT name, email FROM contact ORDER BY contact_id"
    assert [tuple(row) for row in db.connection.execute(names)] == [
        (ERASED, None),
        ("Omar Adler", "omar@other.example"),
    ]
    said = db.connection.execute("SELECT summary FROM touchpoint ORDER BY account_key").fetchall()
    assert [row[0] for row in said] == [f"{ERASED} will be back", "Omar Adler will be back"]
    (logged,) = db.connection.execute("SELECT new FROM change").fetchone()
    assert "Omar Adler likes tea" in logged


def test_a_name_of_one_word_is_no_part_of_another_word(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "acme")
        add_contact(pen, key, contact_id="c", name="Anna")
        add_touchpoint(pen, key, summary="Anna asked Annabelle")
    erase(db, account_key=key, contact_id="c")
    (row,) = db.connection.execute("SELECT summary FROM touchpoint")
    assert row[0] == f"{ERASED} asked Annabelle"


def test_parts_of_a_name_are_listed_and_erased_when_they_are_named(db: Database) -> None:
    with write(db) as pen:
        key, other = (add_account(pen, one) for one in ("acme", "other"))
        add_contact(pen, key, contact_id="c", name="Lena Voss", email="lv@acme.example")
        for owner in (key, other):
            add_touchpoint(pen, owner, summary="L. Voss said: we will renew")
        add_touchpoint(pen, key, summary="Lenais a place, and LENA is quiet")
    found = erase(db, account_key=key, contact_id="c", dry_run=True)
    assert [(one.table, one.part, one.text) for one in found.traces] == [
        ("touchpoint", "Voss", "L. Voss said: we will renew"),
        ("touchpoint", "Lena", "Lenais a place, and LENA is quiet"),
    ]
    left = erase(db, account_key=key, contact_id="c", also=["L. Voss"])
    assert [one.part for one in left.traces] == ["Lena"]
    said = db.connection.execute("SELECT summary FROM touchpoint ORDER BY rowid").fetchall()
    assert [row[0][:8] for row in said] == [ERASED, "L. Voss ", "Lenais a"]


def test_reviews_keep_figures_of_an_erased_account_and_all_of_others(db: Database) -> None:
    def item(account_id: str) -> dict[str, Any]:
        return {
            "number": 1,
            "why": "no forecast",
            "renewal": {"account_id": account_id, "arr_due": 500, "narrative": SECRET},
            "facts": {"problems": [{"subject": SECRET, "opened_on": "2026-11-01"}]},
            "decisions": [{"kind": "forecast", "told": SECRET, "made_at": "2026-11-16T14:00:00Z"}],
        }

    snapshot = {"items": [item("acme"), item("other")], "tasks": [{"account_id": "former"}]}
    with write(db) as pen:
        key, _ = add_account(pen, "acme"), add_account(pen, "other")
        insert(pen, "account_alias", {"source": "crm", "alias": "former", "account_key": key})
        told = {"review_id": "r", "name": "Nov", "chair": "ana", "day": "2026-11-16"}
        days = {"window_days": 60}
        state = {"state": "closed", "started_at": "2026-11-16T13:00:00Z", "filter_text": ""}
        insert(pen, "review", told | days | state | {"snapshot": json.dumps(snapshot)})
    erase(db, account_key=key)
    (text,) = db.connection.execute("SELECT snapshot FROM review").fetchone()
    (mine, theirs), (task,) = json.loads(text)["items"], json.loads(text)["tasks"]
    assert theirs == item("other")
    assert mine["renewal"] == {"account_id": "erased-1", "arr_due": 500, "narrative": ERASED}
    assert mine["facts"]["problems"] == [{"subject": ERASED, "opened_on": "2026-11-01"}]
    assert mine["decisions"][0] == item("")["decisions"][0] | {"told": ERASED}
    assert (mine["why"], task) == ("no forecast", {"account_id": "erased-1"})


def test_nothing_is_left_in_free_space_and_rows_keep_their_places(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "acme")
        add_contact(pen, key, contact_id="c", name="Lena Vosskuhl")
        for place in (1, 3):  # the second was undone
            row = {
                "rowid": place,
                "forecast_id": f"f{place}",
                "account_key": key,
                "category": "commit",
            }
            told = {"currency": "USD", "made_at": "2026-11-20T09:00:00Z", "author": "ana"}
            insert(pen, "forecast", row | told)
        add_touchpoint(pen, key, touchpoint_id="gone", summary="Lena Vosskuhl called")
    with write(db) as pen:  # long before the purge, by somebody who keeps free space as it is
        pen.execute("PRAGMA secure_delete = OFF")
        pen.execute("DELETE FROM touchpoint")
    assert erase(db, account_key=key, contact_id="c").unclean == ""
    beside = db.path.parent.glob(f"{db.path.name}*")
    assert [one.name for one in beside if b"Vosskuhl" in one.read_bytes()] == []
    places = db.connection.execute("SELECT rowid, forecast_id FROM forecast ORDER BY 1")
    assert [tuple(row) for row in places] == [(1, "f1"), (3, "f3")]  # renewals count on them


def test_that_somebody_reads_meanwhile_is_told(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "acme")
        add_contact(pen, key, contact_id="c", name="Lena Vosskuhl")
    db.connection.execute("PRAGMA busy_timeout = 50")
    with open_database(db.path) as other, snapshot(other):
        other.connection.execute("SELECT * FROM contact").fetchall()
        assert erase(db, account_key=key, contact_id="c").unclean
    assert erase(db, account_key=key, contact_id="c").unclean == ""


def test_parts_are_what_may_stand_for_a_name() -> None:
    given = ["Lena von der Voß-Müller", "佐藤健一", "李娜", "Acme GmbH", "lv@acme.example"]
    given.append("c1@a001.example")
    assert name_parts(given) == ("Lena", "Voß", "Müller", "佐藤", "Acme")


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


def test_what_was_said_of_renewals_and_in_plays_goes_with_the_account(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "acme")
        told = {"author": "ana", "made_at": "2026-11-20T09:00:00Z", "renewal_end": "2026-12-31"}
        said = {**told, "account_key": key}
        insert(
            pen,
            "commitment",
            {
                **said,
                "commitment_id": "c",
                "level": "verbal",
                "signer": SECRET,
                "currency": "USD",
                "evidence": SECRET,
                "given_on": "2026-11-20",
            },
        )
        insert(
            pen,
            "notice",
            {
                **said,
                "notice_id": "n",
                "received_on": "2026-11-20",
                "given_by": SECRET,
                "scope": "all",
                "document": SECRET,
                "currency": "USD",
            },
        )
        text = {"hash": "h", "playbook_id": "p", "version": 1, "text": "x", "title": "x"}
        insert(pen, "playbook_text", text)
        play = {"play_id": "walk", "account_key": key, "playbook_id": "p", "version": 1}
        insert(pen, "play", {**play, "playbook_hash": "h", "state": "active", "evidence": SECRET})
        step = {"play_step_id": "s", "play_id": "walk", "step_id": "1", "state": "done"}
        answers = json.dumps({"why": SECRET})
        insert(pen, "play_step", {**step, "answers": answers, "evidence": SECRET})
        mail = {"message_id": "m", "account_key": key, "channel": "email", "kind": "ask"}
        more = {"state": "draft", "author": "ana", "drafted_on": "2026-11-20"}
        insert(pen, "message", {**mail, **more, "subject": SECRET, "body": SECRET})
    remember(db, Act(key, "ana", TODAY), a_note(key, SECRET))
    erase(db, account_key=key)
    texts = [
        str(value)
        for table in ("commitment", "notice", "play", "play_step", "message", "note", "change_set")
        for row in db.connection.execute(f"SELECT * FROM {table}")
        for value in row
    ]
    assert [one for one in texts if SECRET in one] == []
    assert {"verbal", "all", "{}", "active"} <= set(texts)  # figures and states stay


def a_note(key: int, text: str) -> Note:
    return Note(note_id="n", account_key=key, written_on=TODAY, text=text, author="ana")


def test_each_text_of_an_account_is_either_erased_or_no_secret(db: Database) -> None:
    """A new column has to be put on one side or the other."""
    found = {
        (table, column[1])
        for (table,) in db.connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%account_key%'"
        )
        for column in db.connection.execute(f"PRAGMA table_info({table})")
        if column[2] == "TEXT" and not column[5] and not DAYS_AND_IDS.search(column[1])
    }
    erased = {(table, column) for table, columns in FREE_TEXTS.items() for column in columns}
    left = {(table, column) for table, column in found - erased if column not in OURS}
    assert {table for table, _ in left} == {"account"}  # which gets another name
