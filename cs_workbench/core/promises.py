"""Promises between us and a customer: how each one stands, and how well a side keeps its own."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from cs_workbench.core.memory import Promise
from cs_workbench.errors import ConflictError

Outcome = Literal["open", "late", "kept on time", "kept late", "broken", "renegotiated"]
OUTCOMES: Final[tuple[Outcome, ...]] = (
    *("late", "open", "kept on time", "kept late", "broken", "renegotiated"),
)


def outcome_of(promise: Promise, today: dt.date) -> Outcome:
    """How a promise stands on a day; due today is not late yet, without a day nothing is."""
    if promise.state == "broken":
        return "broken"
    if promise.state == "renegotiated":
        return "renegotiated"
    due = promise.due_on
    if promise.state == "kept":
        done = promise.kept_on or due
        return (
            "kept late" if due is not None and done is not None and done > due else "kept on time"
        )
    return "late" if due is not None and due < today else "open"


@dataclass(frozen=True, slots=True)
class Record:
    """How one side kept its word.

    Attributes:
        settled: promises that were due by the day, or kept or broken before; renegotiated ones are
            outside: the promise that took their place counts.
        on_time, kept_late, broken, late: what became of them; `late` are still open.
    """

    settled: int
    on_time: int
    kept_late: int
    broken: int
    late: int

    @property
    def kept_share_e4(self) -> int | None:
        """Kept on time among those settled, in 1/10,000; None where nothing is settled."""
        return None if not self.settled else self.on_time * 10_000 // self.settled


def record_of(promises: Iterable[Promise], today: dt.date) -> Record:
    """How one side's promises stand on a day."""
    found = [outcome_of(one, today) for one in promises]
    on_time, kept_late = found.count("kept on time"), found.count("kept late")
    broken, late = found.count("broken"), found.count("late")
    return Record(on_time + kept_late + broken + late, on_time, kept_late, broken, late)


def kept(promise: Promise, on: dt.date, evidence: str | None) -> Promise:
    """The promise as kept on a day.

    Raises:
        ConflictError: it is not open.
    """
    _check_open(promise)
    return replace(promise, state="kept", kept_on=on, evidence=evidence or promise.evidence)


def broken(promise: Promise, evidence: str | None) -> Promise:
    """The promise as one that will not be kept.

    Raises:
        ConflictError: it is not open.
    """
    _check_open(promise)
    return replace(promise, state="broken", evidence=evidence or promise.evidence)


def renegotiated(
    promise: Promise, *, promise_id: str, made_on: dt.date, due_on: dt.date, what: str | None
) -> tuple[Promise, Promise]:
    """The promise as given up by agreement, and the one that takes its place.

    Raises:
        ConflictError: it is not open.
    """
    _check_open(promise)
    follower = replace(
        promise,
        promise_id=promise_id,
        made_on=made_on,
        due_on=due_on,
        what=what or promise.what,
        follows=promise.promise_id,
        evidence=None,
    )
    return replace(promise, state="renegotiated"), follower


def _check_open(promise: Promise) -> None:
    if promise.state != "open":
        raise ConflictError(f"“{promise.what[:60]}” is {promise.state} already; z undoes that.")
