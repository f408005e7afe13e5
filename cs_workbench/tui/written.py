"""The message by which a worker thread tells its screen how a write went."""

from textual.message import Message

from cs_workbench.errors import WorkbenchError


class Written(Message):
    """A write is through: `summary` says what was done, `error` why it could not be."""

    def __init__(self, summary: str = "", *, error: WorkbenchError | None = None) -> None:
        self.summary = summary
        self.error = error
        super().__init__()
