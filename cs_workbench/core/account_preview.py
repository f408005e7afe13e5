"""What the preview adds to an account's line: people, promises, the last forecast."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.account_page import PageContact, PagePromise

THREAD_DAYS = 90  # somebody we spoke with since then, both ways, is a thread into the account


@dataclass(frozen=True, slots=True)
class SaidForecast:
    """What a person said last of a renewal."""

    category: str
    amount_minor: int | None
    currency: str
    probability_e4: int | None
    author: str
    made_on: dt.date
    narrative: str | None


@dataclass(frozen=True, slots=True)
class AccountPreview:
    """People who are there, open promises, and the forecast if there is one."""

    contacts: tuple[PageContact, ...] = ()
    promises: tuple[PagePromise, ...] = ()
    forecast: SaidForecast | None = None

    def threads(self, today: dt.date) -> int:
        """With how many people we spoke lately."""
        spoke = (one.last_on for one in self.contacts)
        return sum(on is not None and (today - on).days <= THREAD_DAYS for on in spoke)
