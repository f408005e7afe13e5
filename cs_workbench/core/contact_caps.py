"""How often a person or an account may be written to or called: `policies/contact.toml`.

Only what we begin counts (outbound); an answer is never too much.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cs_workbench.errors import InputError

PHONE: Final = "phone"
_SPOKEN: Final = frozenset({PHONE, "call", "telephone"})


class Outreach(NamedTuple):
    """One contact that we began."""

    on: dt.date
    channel: str
    contact_id: str | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """How much is too much.

    Attributes:
        days: over how many days is counted.
        person: the most for one person, by channel as `channel_of` has it.
        account: the most for one account, all people and channels together.
        kinds: the most for one account of a kind: give, ask, fix, check-in and others.
        needs_approval: our people whose messages somebody else approves, in small letters.
    """

    days: int
    person: Mapping[str, int]
    account: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    needs_approval: frozenset[str] = frozenset()


def channel_of(text: str) -> str:
    """A channel in small letters; a call by the phone has one name, whatever people say."""
    name = text.strip().casefold()
    return PHONE if name in _SPOKEN else name


def read_contact_policy(text: str, place: str) -> ContactPolicy:
    """The policy of a file.

    Raises:
        InputError: it is not TOML, or a number is missing or below one.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place}: {problem}") from None
    named = given.get("needs_approval", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise InputError(f"{place}: needs_approval is a list of names.")
    return ContactPolicy(
        days=_number(place, "days", given.get("days")),
        person=_by_channel(_table(place, "person", given)),
        account=_number(place, "account", given.get("account")),
        kinds=_table(place, "kind", given),
        needs_approval=frozenset(one.strip().casefold() for one in named),
    )


def cap_warnings(
    policy: ContactPolicy, outreach: Sequence[Outreach], planned: Outreach
) -> tuple[str, ...]:
    """What a planned contact would reach or pass, in words; nothing where there is room.

    `outreach` is what the account was sent before; the planned contact is not among it.
    """
    return tuple(
        f"{one.name} {len(one.recent) + 1} of {one.most} in {policy.days} days"
        for one in _caps(policy, outreach, planned)
        if len(one.recent) + 1 >= one.most
    )


def free_again(
    policy: ContactPolicy, outreach: Sequence[Outreach], planned: Outreach
) -> dt.date | None:
    """The first day on which a planned contact is within all caps; None where it is now.

    A cap of 2 in 30 days that is used up is free 30 days after the older of the two.
    """
    found = [_freed(one, policy.days) for one in _caps(policy, outreach, planned)]
    return max((day for day in found if day is not None), default=None)


class _Cap(NamedTuple):
    """One cap that counts for a planned contact, and what was sent within its window."""

    name: str
    recent: Sequence[Outreach]
    most: int


def _caps(policy: ContactPolicy, outreach: Sequence[Outreach], planned: Outreach) -> Iterator[_Cap]:
    """Of the person and channel, of the kind, of the account."""
    floor = planned.on - dt.timedelta(policy.days)
    recent = [one for one in outreach if floor < one.on <= planned.on]
    channel, kind = channel_of(planned.channel), (planned.kind or "").casefold()
    if channel in policy.person and planned.contact_id is not None:
        alike = [
            one
            for one in recent
            if one.contact_id == planned.contact_id and channel_of(one.channel) == channel
        ]
        yield _Cap(channel, alike, policy.person[channel])
    if kind in policy.kinds:
        of_kind = [one for one in recent if (one.kind or "").casefold() == kind]
        yield _Cap(kind, of_kind, policy.kinds[kind])
    yield _Cap("account", recent, policy.account)


def _freed(cap: _Cap, days: int) -> dt.date | None:
    """When the cap's last contact falls out of the window; None where there is room."""
    if len(cap.recent) < cap.most:
        return None
    return sorted(one.on for one in cap.recent)[-cap.most] + dt.timedelta(days)


def _table(place: str, name: str, given: Mapping[str, object]) -> dict[str, int]:
    table = given.get(name, {})
    if not isinstance(table, dict):
        raise InputError(f"{place}: [{name}] is a table of names and numbers.")
    return {key.casefold(): _number(place, f"{name}.{key}", value) for key, value in table.items()}


def _by_channel(caps: Mapping[str, int]) -> dict[str, int]:
    """The caps of channels; of two names of one channel the lower counts."""
    found: dict[str, int] = {}
    for name, most in caps.items():
        channel = channel_of(name)
        found[channel] = min(most, found.get(channel, most))
    return found


def _number(place: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{place}: {name} must be a whole number above 0.")
    return value
