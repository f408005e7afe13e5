from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import drop_draft, save_draft
from cs_workbench.workflows.drafts import NEXT_STEP, OVERRIDE, rating_form, tell_drafts
from tests.factories import add_account, portfolio


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            for key in range(1, 9):
                add_account(pen, f"a-{key}", name=f"Account {key}")
        yield opened


def test_what_was_typed_and_never_set_is_told(db: Database) -> None:
    assert tell_drafts(db, "ana") == ""
    for subject, text in (("1,2,3,4", "call"), ("7", "send the quote")):
        fields = {"text": text, "due": "", "owner": "ana"}
        save_draft(db, actor="ana", form=NEXT_STEP, subject=subject, fields=fields)
    told = tell_drafts(db, "ana")
    assert "1 more wait" in told
    drop_draft(db, actor="ana", form=NEXT_STEP, subject="7")
    told = tell_drafts(db, "ana")
    assert "“call” for Account 1, Account 2, Account 3 and 1 more" in told
    assert tell_drafts(db, "jon") == ""


def test_a_draft_for_accounts_that_are_gone_is_not_told(db: Database) -> None:
    save_draft(db, actor="ana", form=NEXT_STEP, subject="9999", fields={"text": "call"})
    assert tell_drafts(db, "ana") == ""


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (OVERRIDE, "Not set yet: override “new sponsor” for Account 3. e there restores it."),
        (
            rating_form("sentiment"),
            "Not set yet: rating “new sponsor” for Account 3. e there restores it.",
        ),
        ("a form of a later program", ""),
    ],
)
def test_judgements_that_were_typed_are_told_too(db: Database, form: str, told: str) -> None:
    save_draft(db, actor="ana", form=form, subject="3", fields={"reason": " new sponsor "})
    assert tell_drafts(db, "ana") == told
