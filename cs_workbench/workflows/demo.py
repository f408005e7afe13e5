"""A private copy of the sample portfolio, to look around in."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs_workbench.errors import NotFoundError
from cs_workbench.shipped import shipped
from cs_workbench.store.database import open_database
from cs_workbench.store.settings import setting

PREFIX = "csw-demo-"
STALE_SECONDS = 7 * 86_400


@contextmanager
def sample_copy() -> Iterator[Path]:
    """A fresh copy, readable by its owner alone and removed afterwards; the original is not opened.

    Raises:
        NotFoundError: the sample did not come with this installation.
    """
    original = shipped("sample.db")
    if not original.is_file():
        raise NotFoundError(f"The sample portfolio is missing: {original}. Install csw again.")
    _clear_away(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        copy = Path(folder) / "sample.db"
        copy.touch(mode=0o600)
        shutil.copyfile(original, copy)
        yield copy


def sample_person(copy: Path) -> str | None:
    """Whose book the sample tells of: the one to be while looking around in it."""
    with open_database(copy) as db:
        return setting(db, "sample_me")


def _clear_away(folder: Path) -> None:
    """Remove copies that demos left whose terminal was closed on them."""
    for old in folder.glob(f"{PREFIX}*"):
        state = old.lstat()
        is_stale = time.time() - state.st_mtime > STALE_SECONDS
        if is_stale and stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid():
            shutil.rmtree(old, ignore_errors=True)
