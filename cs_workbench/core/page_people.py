"""People of an account and what is promised, as its page and its preview show them."""

import datetime as dt
from typing import NamedTuple


class PageContact(NamedTuple):
    """A person on the customer's side; `last_on` is the last two-way contact with them."""

    contact_id: str
    name: str
    role: str | None
    title: str | None
    email: str | None
    preferred_channel: str | None
    opted_out: bool
    left_on: dt.date | None
    last_on: dt.date | None


class PagePromise(NamedTuple):
    """A promise that is open."""

    by_us: bool
    what: str
    owner: str | None
    made_on: dt.date
    due_on: dt.date | None
