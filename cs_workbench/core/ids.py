"""Ids for rows that people create: UUID version 7 (RFC 9562), sortable by time."""

import datetime as dt
import os
import threading
import time
import uuid

_CHANCE = 74  # bits of an id that are neither its moment nor fixed by the standard


class _Ids:
    """The ids of this process, each after the one before it (RFC 9562, 6.2, method 2)."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._last = 0  # moment and chance of the newest id

    def next(self) -> str:
        with self._turn:
            moment = time.time_ns() // 1_000_000
            if moment > self._last >> _CHANCE:
                # The first bit of chance is left free: counting on from here does not run over.
                self._last = moment << _CHANCE | int.from_bytes(os.urandom(10)) >> 7
            else:
                self._last += 1 + int.from_bytes(os.urandom(4))
            moment, chance = divmod(self._last, 1 << _CHANCE)
            return _version_7(moment, chance >> 62 << 64 | chance & (1 << 62) - 1)


_IDS = _Ids()


def new_id() -> str:
    """A new id that sorts after all earlier ones of this process, whatever its clock does.

    The ids of two processes are in order down to the millisecond.
    """
    return _IDS.next()


def id_of(moment: dt.datetime, number: int) -> str:
    """The id of the `number`-th thing of an invented past; the same for the same arguments."""
    return _version_7(int(moment.timestamp() * 1000), number)


def _version_7(milliseconds: int, rest: int) -> str:
    value = (milliseconds << 80) | rest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
