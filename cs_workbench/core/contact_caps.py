"""How often a person or an account may be written to or called: `policies/contact.toml`.

Only what we begin counts (outbound); an answer is never too much.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cs_workbench.errors import InputError


class Outreach(NamedTuple):
    """One contact that we began."""

    on: dt.date
    channel: str
    contact_id: str | None


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """How much is too much.

    Attributes:
        days: over how many days is counted.
        person: the most for one person, by channel (lower case).
        account: the most for one account, all people and channels together.
    """

    days: int
    person: Mapping[str, int]
    account: int


def read_contact_policy(text: str, place: str) -> ContactPolicy:
    """The policy of a file.

    Raises:
        InputError: it is not TOML, or a number is missing or below one.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place}: {problem}") from None
    person = given.get("person", {})
    if not isinstance(person, dict):
        raise InputError(f"{place}: [person] is a table of channels and numbers.")
    channels = {
        name.casefold(): _number(place, f"person.{name}", value) for name, value in person.items()
    }
    days = _number(place, "days", given.get("days"))
    return ContactPolicy(days, channels, _number(place, "account", given.get("account")))


def cap_warnings(
    policy: ContactPolicy, outreach: Sequence[Outreach], planned: Outreach
) -> tuple[str, ...]:
    """What a planned contact would reach or pass, in words; nothing where there is room.

    `outreach` is what the account was sent before; the planned contact is not among it.
    """
    floor = planned.on - dt.timedelta(policy.days)
    recent = [one for one in outreach if floor < one.on <= planned.on]
    said: list[str] = []
    cap = policy.person.get(planned.channel.casefold())
    if cap is not None and planned.contact_id is not None:
        count = 1 + sum(
            one.contact_id == planned.contact_id
            and one.channel.casefold() == planned.channel.casefold()
            for one in recent
        )
        if count >= cap:
            said.append(f"{planned.channel} {count} of {cap} in {policy.days} days")
    if len(recent) + 1 >= policy.account:
        said.append(f"account {len(recent) + 1} of {policy.account} in {policy.days} days")
    return tuple(said)


def free_again(
    policy: ContactPolicy, outreach: Sequence[Outreach], planned: Outreach
) -> dt.date | None:
    """The first day on which a planned contact is within all caps; None where it is now.

    A cap of 2 in 30 days that is used up is free 30 days after the older of the two.
    """
    floor = planned.on - dt.timedelta(policy.days)
    recent = [one for one in outreach if floor < one.on <= planned.on]
    channel = planned.channel.casefold()
    alike = [
        one
        for one in recent
        if one.contact_id == planned.contact_id and one.channel.casefold() == channel
    ]
    days = [_freed(recent, policy.account, policy.days)]
    cap = policy.person.get(channel)
    if cap is not None and planned.contact_id is not None:
        days.append(_freed(alike, cap, policy.days))
    return max((day for day in days if day is not None), default=None)


def _freed(recent: Sequence[Outreach], cap: int, days: int) -> dt.date | None:
    """When the cap's last contact falls out of the window; None where there is room."""
    if len(recent) < cap:
        return None
    return sorted(one.on for one in recent)[-cap] + dt.timedelta(days)


def _number(place: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{place}: {name} must be a whole number above 0.")
    return value
