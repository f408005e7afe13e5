"""One playbook begun on many accounts in one act, after a look at each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.contact_caps import Outreach, free_again
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.outreach import open_complaints, read_outreach
from cs_workbench.store.plays import running_play
from cs_workbench.workflows.policies import contact_policy
from cs_workbench.workflows.starting_plays import Start, start_plays
from cs_workbench.workflows.tasks import By


@dataclass(frozen=True)
class Prospect:
    """One account on which a playbook might begin.

    Attributes:
        runs: whether it runs there already.
        free_on: the first day within the contact caps; None where they have room today.
        complaints: how many are open: other outreach waits for them.
    """

    account_key: int
    runs: bool
    free_on: dt.date | None
    complaints: int

    @property
    def is_held(self) -> bool:
        """Whether the caps hold it back."""
        return not self.runs and self.free_on is not None


def prospects(
    db: Database, playbook: Playbook, account_keys: Sequence[int], today: dt.date
) -> list[Prospect]:
    """What speaks against beginning a playbook, account by account."""
    return [_prospect(db, playbook, key, today) for key in account_keys]


def start_on_all(
    db: Database,
    by: By,
    playbook: Playbook,
    account_keys: Sequence[int],
    *,
    override: str = "",
) -> str:
    """Begin a playbook on every account where it does not run and the caps have room.

    Args:
        db: the portfolio.
        by: who begins it, and when.
        playbook: which.
        account_keys: on which accounts.
        override: why it begins also where a cap is reached; kept with these plays.

    Raises:
        UsageError: it can begin on none of them.
    """
    found = prospects(db, playbook, account_keys, by.today)
    free = {one.account_key: Start() for one in found if not one.runs and not one.is_held}
    reason = " ".join(override.split())
    if reason:
        beyond = Start(reason=f"beyond the contact cap: {reason}")
        free |= {one.account_key: beyond for one in found if one.is_held}
    if not free:
        raise UsageError(f"“{playbook.title}” can begin on none of these accounts today.")
    return start_plays(db, by, playbook, free)


def _prospect(db: Database, playbook: Playbook, key: int, today: dt.date) -> Prospect:
    line = running_play(db, key, playbook.playbook_id)
    policy = contact_policy()
    before = read_outreach(db, key, today - dt.timedelta(policy.days))
    kinds = playbook.contacts or (None,)
    free = [free_again(policy, before, Outreach(today, "", None, kind)) for kind in kinds]
    return Prospect(
        account_key=key,
        runs=line is not None and line.play.state == "active",
        free_on=max((day for day in free if day is not None), default=None),
        complaints=open_complaints(db, key),
    )
