"""A play and what was done in it, as it is stored."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PlayState = Literal["suggested", "active", "completed", "abandoned", "dismissed"]
EntryState = Literal["done", "skipped", "passed", "snoozed"]
Standing = Literal["on track", "behind", "stuck", "waiting"]


@dataclass(frozen=True)
class Play:
    """One playbook on one account.

    Attributes:
        digest: of the playbook's text that it keeps to, whatever becomes of the file.
        evidence: why it was suggested, or what the person who started it gave as a reason.
        signal_on: the day of the signal that suggested it.
        owner: who walks it.
        reason: why it was abandoned or dismissed, or what showed that it was complete.
    """

    play_id: str
    account_key: int
    playbook_id: str
    version: int
    digest: str
    state: PlayState
    evidence: str
    signal_on: dt.date | None
    suggested_on: dt.date | None
    started_on: dt.date | None
    ended_on: dt.date | None
    owner: str | None
    reason: str


LATE_STANDINGS: frozenset[str] = frozenset({"behind", "stuck"})


@dataclass(frozen=True)
class Entry:
    """What became of one step.

    Attributes:
        state: `passed` where its conditions did not hold; `snoozed` where it only waits for a day
            or has another owner, and is still to do.
        answers: of its fields, as text: dates ISO, yes or no, numbers with a point. `go` is where a
            branch led.
        done_on: the day on which it was done, skipped or passed.
        reason: why it was skipped or passed.
        owner: who was asked to do it instead; None for whoever owns the play.
    """

    step_id: str
    state: EntryState
    done_on: dt.date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    evidence: str = ""
    owner: str | None = None
    snoozed_until: dt.date | None = None
    actor: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the step needs nobody any more."""
        return self.state != "snoozed"


Entries = Mapping[str, Entry]
