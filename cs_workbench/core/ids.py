"""Ids for rows that people create: UUID version 7 (RFC 9562), sortable by time."""

import datetime as dt
import os
import time
import uuid


def new_id() -> str:
    """A new id, later ones sorting after earlier ones down to the millisecond."""
    return _version_7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10)))


def id_of(moment: dt.datetime, number: int) -> str:
    """The id of the `number`-th thing of an invented past; the same for the same arguments."""
    return _version_7(int(moment.timestamp() * 1000), number)


def _version_7(milliseconds: int, rest: int) -> str:
    value = (milliseconds << 80) | rest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
