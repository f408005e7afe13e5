"""Messages of a chat's export as CSV, as contacts with nobody yet."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from cs_workbench.core.outside_contacts import LONGEST, NO_ADDRESS, NO_DAY, OutsideContact
from cs_workbench.errors import InputError
from cs_workbench.importers.likely_columns import plain_words
from cs_workbench.importers.tables import TableRows, inspect_table
from cs_workbench.importers.values import Reading, read_moment

TORN: Final = "with a wrong number of fields"
# What exports call these columns; without a channel it is a chat.
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "at": (
        "date",
        "time",
        "timestamp",
        "at",
        "when",
        "sent",
        "sent at",
        "created at",
        "occurred at",
    ),
    "from": ("from", "sender", "email", "e mail", "author", "from email", "sender email", "user"),
    "to": ("to", "recipient", "recipients", "participants", "to email"),
    "text": ("text", "message", "summary", "subject", "body", "content"),
    "id": ("id", "conversation id", "chat id", "thread id", "message id", "conversation", "thread"),
    "channel": ("channel",),
}
_NEEDED: Final = ("at", "from", "text")


def read_chats(path: Path, left_out: Counter[str]) -> list[OutsideContact]:
    """The conversations of a file: rows of one id are one contact; counts what is left out.

    Raises:
        InputError: the file cannot be read, or a column is missing.
    """
    table = inspect_table(path)
    places = _places(table.headings)
    if lacking := [name for name in _NEEDED if name not in places]:
        raise InputError(
            f"{path} has no heading for {' and '.join(lacking)}. A chat has when, from (an e-mail "
            "address) and text; to, id and channel where there are."
        )
    reading = Reading(zone=ZoneInfo("UTC"))
    found: dict[str, OutsideContact] = {}

    def torn(_: object) -> None:
        left_out[TORN] += 1

    for row in TableRows(table, torn):
        given = {name: row[place].strip() for name, place in places.items()}
        try:
            at = read_moment(given["at"], reading)
        except ValueError:
            left_out[NO_DAY] += 1
            continue
        one = _contact(given, at)
        if one is None:
            left_out[NO_ADDRESS] += 1
        else:
            found[one.outside_id] = _joined(found.get(one.outside_id), one)
    return list(found.values())


def _places(headings: tuple[str, ...]) -> dict[str, int]:
    """By what it is, the first column of such a name; names are tried in their order."""
    words = [plain_words(heading) for heading in headings]
    return {
        name: words.index(known[0])
        for name, phrases in _HEADINGS.items()
        if (known := [phrase for phrase in phrases if phrase in words])
    }


def _contact(given: Mapping[str, str], at: dt.datetime) -> OutsideContact | None:
    sender, *more = [*_addresses(given["from"]), ""]
    if not sender:
        return None
    summary = " ".join(given["text"].split())[:LONGEST] or "(no text)"
    outside_id = given.get("id") or f"{at.isoformat()} {sender} {summary}"
    others = (*(one for one in more if one), *_addresses(given.get("to", "")))
    channel = given.get("channel", "").casefold() or "chat"
    return OutsideContact(outside_id, at, channel, sender, others, summary)


def _addresses(text: str) -> list[str]:
    parts = text.replace(";", ",").replace("<", ",").replace(">", ",").split(",")
    return [part.strip().casefold() for part in parts if "@" in part and " " not in part.strip()]


def _joined(before: OutsideContact | None, one: OutsideContact) -> OutsideContact:
    """A conversation with one more message: it is as its first one, with everybody in it."""
    if before is None:
        return one
    first, second = sorted((before, one), key=lambda each: each.at)
    everybody = dict.fromkeys((*first.others, second.sender, *second.others))
    everybody.pop(first.sender, None)
    return OutsideContact(
        first.outside_id, first.at, first.channel, first.sender, tuple(everybody), first.summary
    )
