"""Files that a command writes where a person says."""

from pathlib import Path

from cs_workbench.cli.output import say
from cs_workbench.errors import ConflictError, ReadOnlyPlaceError


def save_new(content: str | bytes, path: Path) -> None:
    """Write a file that is not there yet, and say so; text as UTF-8.

    Raises:
        ConflictError: there is a file already.
        ReadOnlyPlaceError: none can be written there.
    """
    try:
        with path.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except FileExistsError:
        raise ConflictError(f"{path} is there already and was left alone.") from None
    except OSError as problem:
        raise ReadOnlyPlaceError(f"{path} cannot be written: {problem.strerror}.") from None
    say(f"Wrote {path}.")
