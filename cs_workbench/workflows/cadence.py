"""By when accounts should be spoken with again, within the contact caps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from cs_workbench.core.cadence import ContactDue, contact_due
from cs_workbench.core.contact_caps import ContactPolicy, Outreach, free_again
from cs_workbench.store.cadence import spoken_of, unplanned
from cs_workbench.store.database import Database
from cs_workbench.store.outreach import outreach_of, read_outreach
from cs_workbench.workflows.policies import cadence_policy, contact_policy

ANY_CHANNEL = ""


def contact_due_of(db: Database, account_key: int, today: dt.date) -> ContactDue | None:
    """When one account is due; None for former customers, and where no day is known."""
    spoken = spoken_of(db, account_key, today)
    due = None if spoken is None else contact_due(cadence_policy(), spoken)
    if due is None:
        return None
    caps = contact_policy()
    before = read_outreach(db, account_key, max(due.due_on, today) - dt.timedelta(caps.days))
    return _within_caps(caps, due, before, today)


def contacts_due(db: Database, today: dt.date, until: dt.date) -> dict[int, ContactDue]:
    """The accounts with which no contact is planned, and one is due by a day; by key."""
    policy, caps = cadence_policy(), contact_policy()
    found = {}
    for key, spoken in unplanned(db, today):
        due = contact_due(policy, spoken)
        if due is not None and due.due_on <= until:
            found[key] = due
    for key, before in outreach_of(db, found, today - dt.timedelta(caps.days)):
        found[key] = _within_caps(caps, found[key], before, today)
    return found


def _within_caps(
    caps: ContactPolicy, due: ContactDue, before: Sequence[Outreach], today: dt.date
) -> ContactDue:
    """Not before the account's cap has room, whatever the interval says.

    `before` is what the account was sent since the caps' window began, or earlier.
    """
    planned = Outreach(max(due.due_on, today), ANY_CHANNEL, None)
    return replace(due, free_on=free_again(caps, before, planned))
