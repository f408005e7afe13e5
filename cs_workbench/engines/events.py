"""What every engine answers: how far its events reach, and the numbers of an account's days."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

DayRow = tuple[str, int, tuple[float | None, ...]]  # account, day since 1970, a value per metric


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Events that arrived after a moment; moments are seconds since 1970.

    Attributes:
        events: how many rows, repetitions counted.
        nameless: how many of them name no account or no moment, and are not counted anywhere.
        newest: when the last one arrived; None if there are none.
        first_day, last_day: of the others, in days of UTC since 1970; a zone's own may be the day
            before or after.
    """

    events: int
    nameless: int
    newest: int | None
    first_day: int | None
    last_day: int | None


class EventEngine(Protocol):
    """Counts events where they are."""

    def arrivals(self, after: int | None) -> Arrivals:
        """Events that arrived later than this second; all of them without one."""
        ...

    def days(self, first: int, last: int) -> Iterator[DayRow]:
        """The accounts and days that have events, of a range of days (both included)."""
        ...

    def question(self, first: int, last: int) -> str:
        """What `days` asks the engine, in its own language."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
