"""Contacts out of mail, calendar and chat files, with nobody yet; nothing is left out silently."""

import datetime as dt
import mailbox
from collections import Counter
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from cs_workbench.core.outside_contacts import (
    LONGEST,
    NO_ADDRESS,
    NO_DAY,
    OutsideContact,
    OutsideFile,
)
from cs_workbench.errors import InputError


def read_outside(path: Path, until: dt.date) -> OutsideFile:
    """The contacts of an `.mbox`, `.ics` or `.csv` file; repeated meetings up to a day.

    Raises:
        InputError: the file cannot be read, or is none of these.
    """
    if not path.is_file():
        raise InputError(f"{path} cannot be read: there is no such file.")
    left_out: Counter[str] = Counter()
    kind = path.suffix.casefold()
    if kind in {".mbox", ".mbx"}:
        return OutsideFile(_messages(path, left_out), left_out)
    if kind == ".ics":
        from cs_workbench.importers.meetings import read_meetings

        return OutsideFile(read_meetings(path, left_out, until), left_out)
    if kind == ".csv":
        from cs_workbench.importers.chats import read_chats

        return OutsideFile(read_chats(path, left_out), left_out)
    raise InputError(f"{path} is neither .mbox nor .ics nor .csv.")


def _messages(path: Path, left_out: Counter[str]) -> list[OutsideContact]:
    box = mailbox.mbox(path, create=False)
    try:
        if not len(box) and path.stat().st_size:
            raise InputError(f"{path} holds no message: each begins with a line `From …`.")
        return [one for message in box if (one := _message(message, left_out)) is not None]
    finally:
        box.close()


def _message(message: Message, left_out: Counter[str]) -> OutsideContact | None:
    senders = _addresses(message, "From")
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
        at = (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        left_out[NO_DAY] += 1
        return None
    if not senders:
        left_out[NO_ADDRESS] += 1
        return None
    subject = _text(message.get("Subject", ""))
    outside_id = str(message.get("Message-ID", "")).strip() or f"{at.isoformat()} {subject}"
    others = (*_addresses(message, "To"), *_addresses(message, "Cc"))
    return OutsideContact(outside_id, at, "email", senders[0], others, subject or "(no subject)")


def _addresses(message: Message, field: str) -> list[str]:
    given = [str(one) for one in message.get_all(field, [])]
    return [address.casefold() for _, address in getaddresses(given) if "@" in address]


def _text(header: object) -> str:
    try:
        text = str(make_header(decode_header(str(header))))
    except (LookupError, UnicodeError):
        text = str(header)
    return " ".join(text.split())[:LONGEST]
