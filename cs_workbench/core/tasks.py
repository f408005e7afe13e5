"""Tasks: what somebody has to do, by when, and where it came from."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from cs_workbench.errors import UsageError

TaskState = Literal["open", "done", "dropped"]
TaskOrigin = Literal["person", "review", "play", "complaint", "promise"]
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.

    Attributes:
        account_key: None for one that is of the whole book.
        due_on: None where there is no day.
        origin_id: which review, play, complaint or promise it came from.
        ended_on: the day on which it was done or dropped.
        snoozed_until: not shown as due before this day.
    """

    task_id: str
    account_key: int | None
    what: str
    owner: str
    due_on: dt.date | None
    author: str
    made_on: dt.date
    origin: TaskOrigin = "person"
    origin_id: str | None = None
    state: TaskState = "open"
    ended_on: dt.date | None = None
    ended_by: str | None = None
    note: str | None = None
    snoozed_until: dt.date | None = None

    def days_late(self, today: dt.date) -> int:
        """How many days it is overdue; 0 where it is not, or is over."""
        if self.state != "open" or self.due_on is None:
            return 0
        return max(0, (today - self.due_on).days)

    def is_asleep(self, today: dt.date) -> bool:
        """Whether it was put off to a later day."""
        return self.snoozed_until is not None and self.snoozed_until > today


def one_line(text: str, what: str) -> str:
    """Typed text as one line.

    Raises:
        UsageError: it is empty or longer than 500 characters; `what` says what is asked for.
    """
    line = " ".join(text.split())
    if not line:
        raise UsageError(f"Say {what}.")
    if len(line) > LONGEST:
        raise UsageError(f"Say {what} in one line of at most {LONGEST} characters.")
    return line
