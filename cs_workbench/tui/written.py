"""What worker threads write for their screens, and the messages that tell how it went."""

from textual.message import Message

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.tui.session import Session


class Written(Message):
    """A write is through: `summary` says what was done, `error` why it could not be."""

    def __init__(self, summary: str = "", *, error: WorkbenchError | None = None) -> None:
        self.summary = summary
        self.error = error
        super().__init__()


class Reminded(Message):
    """What the person began and did not end."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()


def undone(session: Session) -> Written:
    """Take back the last act of this person; called in a thread."""
    from cs_workbench.workflows.next_steps import undo_last

    try:
        with open_database(session.db.path) as db:
            return Written(undo_last(db, session.me, session.today))
    except WorkbenchError as problem:
        return Written(error=problem)
