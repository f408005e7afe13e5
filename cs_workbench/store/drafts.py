"""What somebody was typing when the terminal closed."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from cs_workbench.store.database import Database, utc_now, write


class Draft(NamedTuple):
    """The fields of a form, not yet done; `subject` is what the form was opened on."""

    form: str
    subject: str
    fields: Mapping[str, str]
    saved_at: str


def save_draft(
    db: Database, *, actor: str, form: str, subject: str, fields: Mapping[str, str]
) -> str:
    """Keep the fields as they are now, in place of the last draft; returns the instant (UTC)."""
    saved_at = utc_now()
    body = json.dumps(dict(fields), ensure_ascii=False)
    with write(db) as connection:
        connection.execute(
            "INSERT INTO draft (actor, form, subject, body, saved_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (actor, form, subject) "
            "DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at",
            (actor, form, subject, body, saved_at),
        )
    return saved_at


def load_draft(db: Database, *, actor: str, form: str, subject: str) -> Draft | None:
    """What this person left in this form."""
    drafts = [
        draft for draft in _drafts(db, actor) if (draft.form, draft.subject) == (form, subject)
    ]
    return drafts[0] if drafts else None


def waiting_drafts(db: Database, actor: str) -> list[Draft]:
    """Everything this person left unfinished, newest first."""
    return _drafts(db, actor)


def drop_draft(db: Database, *, actor: str, form: str, subject: str) -> None:
    """Forget a draft that is done or thrown away."""
    with write(db) as connection:
        connection.execute(
            "DELETE FROM draft WHERE actor = ? AND form = ? AND subject = ?",
            (actor, form, subject),
        )


def _drafts(db: Database, actor: str) -> list[Draft]:
    rows = db.connection.execute(
        "SELECT form, subject, body, saved_at FROM draft WHERE actor = ? "
        "ORDER BY saved_at DESC, form, subject",
        (actor,),
    )
    return [Draft(form, subject, json.loads(body), saved) for form, subject, body, saved in rows]
