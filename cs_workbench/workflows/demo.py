"""A private copy of the sample portfolio, to look around in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs_workbench.errors import NotFoundError
from cs_workbench.shipped import shipped


@contextmanager
def sample_copy() -> Iterator[Path]:
    """A fresh copy, readable by its owner alone and removed afterwards; the original is not opened.

    Raises:
        NotFoundError: the sample did not come with this installation.
    """
    original = shipped("sample.db")
    if not original.is_file():
        raise NotFoundError(f"The sample portfolio is missing: {original}. Install csw again.")
    with tempfile.TemporaryDirectory(prefix="csw-demo-") as folder:
        copy = Path(folder) / "sample.db"
        copy.touch(mode=0o600)
        shutil.copyfile(original, copy)
        yield copy
