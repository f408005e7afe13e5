"""Ids for rows that people create: UUID version 7 (RFC 9562), sortable by time."""

import os
import time
import uuid


def new_id() -> str:
    """A new id, later ones sorting after earlier ones down to the millisecond."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (stamp << 80) | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
