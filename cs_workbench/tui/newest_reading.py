"""Reading for a screen in a thread: one thing at a time, the newest that was asked for."""

from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any, Final

from textual.message import Message
from textual.screen import Screen

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.workflows.collecting import give_back

Job = Callable[[Database], Generator[Message, None, None]]
STEPS: Final = 20_000  # of a statement, some milliseconds of work


class ReadingFailed(Message):
    """What was asked for last could not be read."""

    def __init__(self, error: WorkbenchError) -> None:
        self.error = error
        super().__init__()


class NewestReading:
    """Posts to a screen what a job finds, part by part, until something newer is asked for.

    Never two jobs at once: of two threads that read, each waits for the other at every row.
    """

    def __init__(self, screen: Screen[Any], path: Path) -> None:
        """For a screen, from the file at `path`."""
        self._screen = screen
        self._path = path
        self._lock = Lock()
        self._next: Job | None = None
        self._is_running = False
        self._is_over = False

    def ask(self, job: Job) -> None:
        """Read this; what is being read for an older wish is given up."""
        with self._lock:
            self._next = job
            if self._is_running:
                return
            self._is_running = True
        self._screen.run_worker(self._run, thread=True, group="read")

    def stop(self) -> None:
        """Give up what is being read, for good."""
        with self._lock:
            self._is_over = True

    def _run(self) -> None:
        try:
            with open_database(self._path) as db:
                db.connection.set_progress_handler(self._is_given_up, STEPS)
                while job := self._taken():
                    self._read(db, job)
                    give_back()
        except WorkbenchError as problem:  # it cannot be opened
            with self._lock:
                self._next, self._is_running = None, False
            self._screen.post_message(ReadingFailed(problem))

    def _taken(self) -> Job | None:
        """The job that waits; without one the thread is at its end."""
        with self._lock:
            job, self._next = None if self._is_over else self._next, None
            self._is_running = job is not None
            return job

    def _read(self, db: Database, job: Job) -> None:
        try:
            with closing(job(db)) as parts:
                for part in parts:
                    if self._is_given_up():
                        return
                    self._screen.post_message(part)
                    give_back()
        except Exception as problem:
            if self._is_given_up():  # a statement of it was interrupted
                return
            if not isinstance(problem, WorkbenchError):
                raise
            self._screen.post_message(ReadingFailed(problem))

    def _is_given_up(self) -> bool:
        """Whether to end a job; SQLite asks now and then, and ends its statement."""
        return self._is_over or self._next is not None
