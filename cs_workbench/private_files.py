"""Files that only their owner may read: what leaves a portfolio, and settings."""

import os
from pathlib import Path
from typing import Literal, TextIO


def open_private(path: Path, mode: Literal["w", "x"] = "w") -> TextIO:
    """Open a text file in UTF-8 for writing, line ends as given; "x" refuses one that is there.

    A file that is there already keeps its permissions.

    Raises:
        OSError: it cannot be written.
    """
    return open(path, mode, encoding="utf-8", newline="", opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
