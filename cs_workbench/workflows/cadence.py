"""By when accounts should be spoken with again, within the contact caps."""

import datetime as dt
from dataclasses import replace

from cs_workbench.core.cadence import CadencePolicy, ContactDue, Spoken, contact_due
from cs_workbench.core.contact_caps import Outreach, free_again
from cs_workbench.store.cadence import spoken_of, unplanned
from cs_workbench.store.database import Database
from cs_workbench.store.outreach import read_outreach
from cs_workbench.workflows.policies import cadence_policy, contact_policy

ANY_CHANNEL = ""


def contact_due_of(db: Database, account_key: int, today: dt.date) -> ContactDue | None:
    """When one account is due; None for former customers, and where no day is known."""
    spoken = spoken_of(db, account_key, today)
    return None if spoken is None else _capped(db, account_key, spoken, today, cadence_policy())


def contacts_due(db: Database, today: dt.date, until: dt.date) -> dict[int, ContactDue]:
    """The accounts with which no contact is planned, and one is due by a day; by key."""
    policy = cadence_policy()
    found = {}
    for key, spoken in unplanned(db, today):
        due = contact_due(policy, spoken)
        if due is not None and due.due_on <= until:
            found[key] = _within_caps(db, key, due, today)
    return found


def _capped(
    db: Database, account_key: int, spoken: Spoken, today: dt.date, policy: CadencePolicy
) -> ContactDue | None:
    due = contact_due(policy, spoken)
    return None if due is None else _within_caps(db, account_key, due, today)


def _within_caps(db: Database, account_key: int, due: ContactDue, today: dt.date) -> ContactDue:
    """Not before the account's cap has room, whatever the interval says."""
    caps, on = contact_policy(), max(due.due_on, today)
    before = read_outreach(db, account_key, on - dt.timedelta(caps.days))
    return replace(due, free_on=free_again(caps, before, Outreach(on, ANY_CHANNEL, None)))
