"""Messages of an mbox file and meetings of a calendar file, as contacts with nobody yet."""

import datetime as dt
import mailbox
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from cs_workbench.core.outside_contacts import OutsideContact
from cs_workbench.errors import InputError

LONGEST = 200


def read_outside(path: Path) -> list[OutsideContact]:
    """The contacts of an `.mbox` or `.ics` file; what has no day or no address is left out.

    Raises:
        InputError: the file cannot be read, or is neither.
    """
    readers = {".mbox": _messages, ".mbx": _messages, ".ics": _meetings}
    reader = readers.get(path.suffix.casefold())
    if reader is None:
        raise InputError(f"{path} is neither .mbox nor .ics. CSV goes through `csw import`.")
    if not path.is_file():
        raise InputError(f"{path} cannot be read: there is no such file.")
    return list(reader(path))


def _messages(path: Path) -> Iterator[OutsideContact]:
    box = mailbox.mbox(path, create=False)
    try:
        for message in box:
            found = _message(message)
            if found is not None:
                yield found
    finally:
        box.close()


def _message(message: Message) -> OutsideContact | None:
    senders = _addresses(message, "From")
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None
    if not senders:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    subject = _text(message.get("Subject", ""))
    outside_id = str(message.get("Message-ID", "")).strip() or f"{at.isoformat()} {subject}"
    others = (*_addresses(message, "To"), *_addresses(message, "Cc"))
    return OutsideContact(
        outside_id, at.astimezone(dt.UTC), "email", senders[0], others, subject or "(no subject)"
    )


def _addresses(message: Message, field: str) -> list[str]:
    given = [str(one) for one in message.get_all(field, [])]
    return [address.casefold() for _, address in getaddresses(given) if "@" in address]


def _text(header: object) -> str:
    try:
        text = str(make_header(decode_header(str(header))))
    except (LookupError, UnicodeError):
        text = str(header)
    return " ".join(text.split())[:LONGEST]


def _meetings(path: Path) -> Iterator[OutsideContact]:
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(path.read_bytes())
    except (ValueError, IndexError, KeyError) as problem:
        raise InputError(f"{path} is no calendar: {problem}") from None
    for event in calendar.walk("VEVENT"):
        start = event.get("DTSTART")
        if start is None:
            continue
        people = [event.get("ORGANIZER"), *_listed(event.get("ATTENDEE"))]
        found = [str(one).casefold().removeprefix("mailto:") for one in people if one is not None]
        found = [one for one in found if "@" in one]
        if not found:
            continue
        at = _instant(start.dt)
        summary = " ".join(str(event.get("SUMMARY", "meeting")).split())[:LONGEST] or "meeting"
        outside_id = f"{event.get('UID', summary)} {at.isoformat()}"
        yield OutsideContact(outside_id, at, "meeting", found[0], tuple(found[1:]), summary)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _instant(value: dt.datetime | dt.date) -> dt.datetime:
    """A start in UTC; a whole day begins at midnight, a time without zone counts as UTC."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
