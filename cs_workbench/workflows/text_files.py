"""Files that people write for the program, or have written by it; a sentence where that fails."""

from pathlib import Path

from cs_workbench.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    ReadOnlyPlaceError,
    UsageError,
)
from cs_workbench.private_files import open_private


def text_of(path: Path, what: str) -> str:
    """The text of a file in UTF-8, with or without a mark of it in front; `what` it is to be.

    Raises:
        NotFoundError: there is no such file.
        InputError: it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(f"There is no {what} at {path}.") from None
    except UnicodeDecodeError as problem:
        at = f"byte {problem.start + 1}"
        raise InputError(f"{path} is not text in UTF-8: see {at}. Save it as UTF-8.") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}.") from None


def write_new(text: str, path: Path, *, other: str = "place") -> None:
    """Write a file that is not there yet; `other` is what else could be named.

    Raises:
        ConflictError: there is a file already.
        UsageError: none can be there.
    """
    refuse_existing(path, f"Name another {other}, or edit it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_private(path, "x") as file:
            file.write(text)
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.") from None


def export_new(content: str | bytes, path: Path) -> None:
    """Write what was asked for into a file that is not there yet, in a folder that is.

    Only its owner may read it; text is written in UTF-8.

    Raises:
        ConflictError: there is a file already.
        ReadOnlyPlaceError: it cannot be written.
    """
    refuse_existing(path)
    try:
        with open_private(path, "x") as file:
            file.buffer.write(content.encode() if isinstance(content, str) else content)
    except OSError as problem:
        raise ReadOnlyPlaceError(f"{path} cannot be written: {problem.strerror}.") from None


def refuse_existing(path: Path, advice: str = "Name another file.") -> None:
    """See that no file is there yet: what a person keeps is never written over.

    Raises:
        ConflictError: there is one.
    """
    if path.exists():
        raise ConflictError(f"{path} is there already and was left alone. {advice}")
