"""Files that a command writes where a person says."""

from pathlib import Path

from cs_workbench.cli.output import say
from cs_workbench.workflows.text_files import export_new


def save_new(content: str | bytes, path: Path) -> None:
    """Write a file that is not there yet, and say so; text as UTF-8.

    Raises:
        ConflictError: there is a file already.
        ReadOnlyPlaceError: none can be written there.
    """
    export_new(content.encode() if isinstance(content, str) else content, path)
    say(f"Wrote {path}.")
