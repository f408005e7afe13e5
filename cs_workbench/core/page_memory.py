"""What people wrote down of one account, as its page shows it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from cs_workbench.core import memory
from cs_workbench.core.complaints import is_open

RECENT_DAYS = 365  # what we imposed before is history


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person judged of the account as a whole.

    Attributes:
        value_driver: what their use of us is worth to them, in a line.
        fit: whether they are the customers that the product is made for.
        advocacy: how far they speak for us.
        custom: labels and values of a team's own fields.
    """

    value_driver: str | None = None
    fit: str | None = None
    advisory_board: bool = False
    advocacy: str | None = None
    preferred_channel: str | None = None
    custom: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageMemory:
    """The rows of one account, the newest first.

    Attributes:
        steps: of its complaints, by complaint, oldest first.
        names: of contacts by id.
    """

    profile: Profile = field(default_factory=Profile)
    goals: tuple[memory.Goal, ...] = ()
    pains: tuple[memory.PainPoint, ...] = ()
    complaints: tuple[memory.Complaint, ...] = ()
    steps: Mapping[str, tuple[memory.ComplaintStep, ...]] = field(default_factory=dict)
    concessions: tuple[memory.Concession, ...] = ()
    imposed: tuple[memory.ImposedChange, ...] = ()
    requests: tuple[memory.ProductRequest, ...] = ()
    incidents: tuple[memory.Incident, ...] = ()
    exits: tuple[memory.ExitReason, ...] = ()
    notes: tuple[memory.Note, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def open_complaints(self) -> tuple[memory.Complaint, ...]:
        """Those on which somebody still has to do something."""
        return tuple(one for one in self.complaints if is_open(one))

    @property
    def untold_incidents(self) -> tuple[memory.Incident, ...]:
        """What hit them and of which we have not told them."""
        return tuple(one for one in self.incidents if one.told_on is None)

    @property
    def untold_requests(self) -> tuple[memory.ProductRequest, ...]:
        """Wishes that were decided without the customer hearing of it."""
        return tuple(one for one in self.requests if one.state != "open" and one.told_on is None)

    def imposed_lately(self, today: dt.date) -> tuple[memory.ImposedChange, ...]:
        """What we did to them within a year, and what is still to come."""
        floor = today - dt.timedelta(RECENT_DAYS)
        return tuple(one for one in self.imposed if (one.effective_on or one.announced_on) > floor)
