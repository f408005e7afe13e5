"""Contacts as mail programs and calendars keep them, before anybody knows whose they are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

FREE_MAIL = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de"}
)
LONGEST = 200  # signs of a summary
NO_DAY = "without a readable date"
NO_ADDRESS = "without an e-mail address"


@dataclass(frozen=True, slots=True)
class OutsideContact:
    """One message or meeting.

    Attributes:
        outside_id: what its own program calls it; the same one comes again under the same id.
        at: a UTC instant.
        sender, others: e-mail addresses in lower case.
    """

    outside_id: str
    at: dt.datetime
    channel: str
    sender: str
    others: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class OutsideFile:
    """The contacts of a file, and how many things of it are left out, by why."""

    contacts: Sequence[OutsideContact]
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Matched:
    """A contact with the account, and the person where one is known."""

    outside: OutsideContact
    account_key: int
    contact_id: str | None
    is_inbound: bool

    @property
    def touchpoint_id(self) -> str:
        """The same for the same message and account, so that it never comes in twice."""
        text = f"{self.outside.channel}\0{self.outside.outside_id}\0{self.account_key}"
        return f"outside-{sha256(text.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Whose an address is: a contact's by itself, an account's by its domain."""

    contacts: Mapping[str, tuple[int, str]]
    domains: Mapping[str, int]

    def match(self, one: OutsideContact) -> list[Matched]:
        """The accounts that took part, each once, with the first of their people."""
        found: dict[int, Matched] = {}
        for address in (one.sender, *one.others):
            key, contact_id = self._whose(address)
            if key is not None and (key not in found or found[key].contact_id is None):
                inbound = self._whose(one.sender)[0] == key
                found[key] = Matched(one, key, contact_id, inbound)
        return list(found.values())

    def _whose(self, address: str) -> tuple[int | None, str | None]:
        if address in self.contacts:
            return self.contacts[address]
        domain = address.rpartition("@")[2]
        return (None if domain in FREE_MAIL else self.domains.get(domain)), None
