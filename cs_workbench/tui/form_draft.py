"""What a form keeps while somebody types, so that a closed terminal loses nothing."""

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import short_date
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.drafts import drop_draft, load_draft, save_draft
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.session import Session

SAVE_AFTER: Final = 0.4  # seconds after the last key


class FormDraft:
    """The draft of one form about one subject; its threads write one after the other."""

    def __init__(self, session: Session, form: str, subject: str) -> None:
        """Read what is waiting."""
        self._session = session
        self._form = form
        self._subject = subject
        self._pen = threading.Lock()
        self._is_over = False
        self._waiting = load_draft(session.db, actor=session.me, form=form, subject=subject)
        self.fields: Mapping[str, str] = self._waiting.fields if self._waiting else {}

    @property
    def is_restored(self) -> bool:
        """Whether something was waiting."""
        return self._waiting is not None

    def restored(self) -> Content:
        """When that was typed, in words."""
        if self._waiting is None:
            return NOTHING
        at = dt.datetime.fromisoformat(self._waiting.saved_at).astimezone()
        return joined(
            ("restored", "bold"),
            (f" as typed on {short_date(at.date())} at {at:%H:%M}, not set yet", "dim"),
        )

    def save(self, fields: Mapping[str, str]) -> Content | None:
        """Keep the fields, in a thread; returns what became of that.

        Nothing is written, and None returned, where more was typed since or the form is done.
        """
        with self._pen:
            if self._is_over or fields != self.fields:
                return None
            session = self._session
            try:
                with open_database(session.db.path) as db:
                    save_draft(
                        db, actor=session.me, form=self._form, subject=self._subject, fields=fields
                    )
            except WorkbenchError as problem:
                return safe(problem)
        return joined(("draft saved", "dim"))

    def forget(self) -> None:
        """Throw it away, in a thread."""
        with self._pen, open_database(self._session.db.path) as db:
            self._drop(db)

    @contextmanager
    def ending(self) -> Iterator[Database]:
        """A portfolio to write to what the form is for, in a thread; then the draft is gone."""
        with self._pen, open_database(self._session.db.path) as db:
            yield db
            self._is_over = True
            self._drop(db)

    def _drop(self, db: Database) -> None:
        drop_draft(db, actor=self._session.me, form=self._form, subject=self._subject)
