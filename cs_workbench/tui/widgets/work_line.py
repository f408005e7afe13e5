"""A long piece of work in a thread of its own: how far it is, and a way to stop it."""

import time
from collections.abc import Callable
from typing import Final

from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.errors import WorkbenchError
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.columns import fitted

Progress = Callable[[int, int], None]
Job = Callable[[Progress], str]

BAR: Final = 20
CANCELLED: Final = "Cancelled; what was scored so far is kept."
OFTEN: Final = 0.1  # seconds between two drawings


class CancelledError(Exception):
    """Raised inside the job by its progress call, once a person has cancelled."""


class WorkLine(Widget):
    """One line, on the screen only while its job runs."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "WorkLine { height: 1; text-wrap: nowrap; }"

    class Progressed(Message):
        """The job is at `done` of `total`."""

        def __init__(self, done: int, total: int) -> None:
            self.done = done
            self.total = total
            super().__init__()

    class Finished(Message):
        """The job ended: `summary` says what it did, or `error` why it could not.

        With neither, it was cancelled.
        """

        def __init__(
            self, line: "WorkLine", *, summary: str = "", error: WorkbenchError | None = None
        ) -> None:
            self.line = line
            self.summary = summary
            self.error = error
            super().__init__()

    def __init__(self, title: Content, job: Job, glyphs: Glyphs = UNICODE) -> None:
        """Run `job` in a thread as soon as the line is on the screen."""
        super().__init__()
        self._glyphs = glyphs
        self._title = title
        self._job = job
        self._done = 0
        self._total = 0

    def on_mount(self) -> None:
        """Begin."""
        self._worker = self.run_worker(self._run, thread=True)

    def cancel(self) -> None:
        """Have the job stop at its next progress call."""
        self._worker.cancel()

    def render(self) -> Content:
        """How far it is."""
        full = BAR * self._done // self._total if self._total else 0
        bar = "#" * full + self._glyphs.gap * (BAR - full)
        count = f" {self._done:,} of {self._total:,}" if self._total else ""
        text = joined(" ", self._title, " ", (bar, "dim"), count, (" · esc cancels", "dim"))
        return fitted(text, self.size.width)

    def on_work_line_progressed(self, message: Progressed) -> None:
        """Draw it."""
        message.stop()
        self._done, self._total = message.done, message.total
        self.refresh()

    def _run(self) -> None:
        worker, told = get_current_worker(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if worker.is_cancelled:
                raise CancelledError
            if time.monotonic() - told > OFTEN:
                told = time.monotonic()
                self.post_message(self.Progressed(done, total))

        try:
            self.post_message(self.Finished(self, summary=self._job(progress)))
        except CancelledError:
            self.post_message(self.Finished(self))
        except WorkbenchError as error:
            self.post_message(self.Finished(self, error=error))
