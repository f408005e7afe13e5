"""Files that people write for the program: read as text, with a sentence where that fails."""

from pathlib import Path

from cs_workbench.errors import InputError, NotFoundError


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
