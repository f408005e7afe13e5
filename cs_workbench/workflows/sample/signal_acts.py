"""What the invented team did about signals of the last weeks."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.workflows.sample.events import day


@dataclass(frozen=True)
class Act:
    """A signal that somebody snoozed or resolved on the day of a refresh.

    Attributes:
        until: snoozed until then; None: resolved.
        why: the reason of one who resolves it.
    """

    on: dt.date
    account_id: str
    kind: str
    actor: str
    until: dt.date | None = None
    why: str = ""


ACTS: tuple[Act, ...] = (
    Act(
        day("11-09"),
        "A015",
        "fast fall",
        "Ana Ruiz",
        why="Half of the team is new since October; a training is planned",
    ),
    Act(
        day("11-09"),
        "A005",
        "survey detractor",
        "Ana Ruiz",
        why="Called them: the empty reports are the reason, it is in the repair plan",
    ),
    Act(day("11-16"), "A008", "silence", "Ana Ruiz", until=day("12-07")),
    Act(day("11-16"), "A014", "usage drift", "Ana Ruiz", until=day("12-01")),
)
