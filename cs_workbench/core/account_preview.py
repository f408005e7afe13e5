"""What the preview adds to an account's line: signals, people, promises, the last forecast."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.core.page_people import PageContact, PagePromise

THREAD_DAYS = 90  # somebody we spoke with since then, both ways, is a thread into the account


class SaidForecast(NamedTuple):
    """What a person said last of a renewal."""

    category: str
    amount_minor: int | None
    currency: str
    probability_e4: int | None
    author: str
    made_on: dt.date
    narrative: str | None


class OpenSignal(NamedTuple):
    """A signal that is open and not snoozed: numbers and dates in a sentence."""

    kind: str
    evidence: str
    is_severe: bool


class AccountPreview(NamedTuple):
    """Signals, the most severe first; people who are there, open promises, and the forecast."""

    contacts: tuple[PageContact, ...] = ()
    promises: tuple[PagePromise, ...] = ()
    forecast: SaidForecast | None = None
    signals: tuple[OpenSignal, ...] = ()

    def threads(self, today: dt.date) -> int:
        """With how many people we spoke lately."""
        spoke = (one.last_on for one in self.contacts)
        return sum(on is not None and (today - on).days <= THREAD_DAYS for on in spoke)
