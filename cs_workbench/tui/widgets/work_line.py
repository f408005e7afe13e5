"""A long piece of work in a thread of its own: how far it is, and a way to stop it."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.errors import WorkbenchError
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.columns import fitted

BAR: Final = 20
CANCELLED: Final = "Cancelled, nothing changed."
OFTEN: Final = 0.1  # seconds between two drawings


class CancelledError(Exception):
    """Raised inside the job, once a person has cancelled."""


class Work:
    """What a job, in its thread, tells and asks while it runs."""

    def __init__(self, tell: Callable[[int, int], object]) -> None:
        """`tell` takes how many are done, and of how many."""
        self._tell = tell
        self._told = 0.0
        self._lock = Lock()
        self._is_cancelled = False
        self._is_settled = False

    def progress(self, done: int, total: int) -> None:
        """How far it is.

        Raises:
            CancelledError: the job is no longer wanted.
        """
        if self._is_cancelled:
            raise CancelledError
        if time.monotonic() - self._told > OFTEN:
            self._told = time.monotonic()
            self._tell(done, total)

    def settle(self) -> None:
        """From here on the job writes, and can no longer be cancelled.

        Raises:
            CancelledError: it was before.
        """
        with self._lock:
            if self._is_cancelled:
                raise CancelledError
            self._is_settled = True

    def cancel(self) -> bool:
        """Have the job end without having done anything; False where it is too late for that."""
        with self._lock:
            self._is_cancelled = not self._is_settled
            return self._is_cancelled


Job = Callable[[Work], str]


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

    def __init__(
        self, title: Content, job: Job, glyphs: Glyphs = UNICODE, *, at_once: bool = False
    ) -> None:
        """Run `job` in a thread as soon as the line is on the screen.

        With `at_once` a job that is cancelled counts as ended before its thread is: for jobs that
        write nothing until they have called `settle`.
        """
        super().__init__()
        self._at_once = at_once
        self._work = Work(lambda done, total: self.post_message(self.Progressed(done, total)))
        self._said = "esc cancels"
        self._glyphs = glyphs
        self._title = title
        self._job = job
        self._done = 0
        self._total = 0

    def on_mount(self) -> None:
        """Begin, as the screen's: taking the line away does not cancel a thread at its end."""
        self.screen.run_worker(self._run, thread=True)

    def cancel(self) -> None:
        """Have the job end; say so where it is too late for that."""
        if not self._work.cancel():
            self._said = "too late to cancel, it is being written"
        elif self._at_once:
            self.post_message(self.Finished(self))
        else:
            self._said = "stopping"
        self.refresh()

    def render(self) -> Content:
        """How far it is."""
        full = BAR * self._done // self._total if self._total else 0
        bar = "#" * full + self._glyphs.gap * (BAR - full)
        count = f" {self._done:,} of {self._total:,}" if self._total else ""
        said = f" {self._glyphs.dot} {self._said}"
        text = joined(" ", self._title, " ", (bar, "dim"), count, (said, "dim"))
        return fitted(text, self.size.width)

    def on_work_line_progressed(self, message: Progressed) -> None:
        """Draw it."""
        message.stop()
        self._done, self._total = message.done, message.total
        self.refresh()

    def _run(self) -> None:
        try:
            self.post_message(self.Finished(self, summary=self._job(self._work)))
        except CancelledError:
            if not self._at_once:
                self.post_message(self.Finished(self))
        except WorkbenchError as error:
            self.post_message(self.Finished(self, error=error))
