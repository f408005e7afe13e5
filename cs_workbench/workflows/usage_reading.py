"""All that the full screen of an account's usage shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.account_page import AccountPage, PageSubscription, UsageHistory
from cs_workbench.core.score_history import ScoreEvent
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.account_usage import MOST_WEEKS
from cs_workbench.store.database import Database
from cs_workbench.store.usage_events import plays_and_incidents
from cs_workbench.workflows.usage_views import show_usage


@dataclass(frozen=True, slots=True)
class UsageRead:
    """An account's usage of up to three years, what it says, and what happened meanwhile.

    Attributes:
        histories: the main metric first, the teams' parts among them.
        told: what the detectors say today.
        events: newest first.
        notes: seats, and what is left of credits, in words.
    """

    name: str
    histories: tuple[UsageHistory, ...]
    told: tuple[str, ...]
    events: tuple[ScoreEvent, ...]
    notes: tuple[str, ...] = ()


def read_usage(
    db: Database, account_key: int, scorecard: Scorecard, *, today: dt.date, me: str
) -> UsageRead:
    """Read it, for the day that the screens count from."""
    page = load_account_page(db, account_key, today=today, me=me)
    shown = show_usage(db, account_key, scorecard, today=today, weeks=MOST_WEEKS)
    told = tuple(one.told(shown.label) for one in shown.findings)
    seats = None if shown.seats is None else shown.seats.told()
    notes = (*(one.told(today) for one in shown.supplies), *((seats,) if seats else ()))
    events = usage_events(page, plays_and_incidents(db, account_key, today))
    return UsageRead(page.line.name, shown.histories, told, events, notes)


def usage_events(page: AccountPage, more: Sequence[ScoreEvent]) -> tuple[ScoreEvent, ...]:
    """What is marked on the time axis of usage, newest first.

    All events of the account's page, its renewals, and `more`: plays and incidents.
    """
    renewals = [event for one in page.subscriptions for event in _terms(one, page.today)]
    found = [*page.events, *dict.fromkeys(renewals), *more]
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _terms(subscription: PageSubscription, today: dt.date) -> list[ScoreEvent]:
    contract = subscription.contract
    named = contract.product or "subscription"
    events = []
    if contract.start_date <= today:
        events.append(ScoreEvent(contract.start_date, "R", f"term of {named} begins"))
    if contract.cancelled_on is not None and contract.cancelled_on <= today:
        events.append(ScoreEvent(contract.cancelled_on, "R", f"{named} cancelled"))
    return events
