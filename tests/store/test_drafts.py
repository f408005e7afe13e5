from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, open_database
from cs_workbench.store.drafts import drop_draft, load_draft, save_draft, waiting_drafts
from tests.factories import portfolio


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path, "p.db") as opened:
        yield opened


def test_the_last_draft_of_a_form_survives(db: Database) -> None:
    for text in ("ca", "call «Ünsal» [b]"):
        save_draft(db, actor="ana", form="next step", subject="1", fields={"text": text})
    with open_database(db.path) as later:
        draft = load_draft(later, actor="ana", form="next step", subject="1")
    assert draft is not None
    assert draft.fields == {"text": "call «Ünsal» [b]"}


def test_drafts_belong_to_a_person_a_form_and_a_subject(db: Database) -> None:
    save_draft(db, actor="ana", form="next step", subject="1", fields={"text": "call"})
    assert load_draft(db, actor="jon", form="next step", subject="1") is None
    assert load_draft(db, actor="ana", form="next step", subject="2") is None
    assert load_draft(db, actor="ana", form="log", subject="1") is None


def test_waiting_drafts_newest_first(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for subject, at in (("1", "2026-11-23T09:00:00Z"), ("2", "2026-11-23T09:00:01Z")):
        monkeypatch.setattr("cs_workbench.store.drafts.utc_now", lambda at=at: at)
        save_draft(db, actor="ana", form="next step", subject=subject, fields={})
    assert [draft.subject for draft in waiting_drafts(db, "ana")] == ["2", "1"]


def test_a_dropped_draft_is_gone(db: Database) -> None:
    save_draft(db, actor="ana", form="next step", subject="1", fields={"text": "call"})
    drop_draft(db, actor="ana", form="next step", subject="1")
    assert waiting_drafts(db, "ana") == []
