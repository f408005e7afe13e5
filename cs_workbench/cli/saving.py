"""Files that a command writes where a person says."""

from pathlib import Path

from cs_workbench.cli.output import warn
from cs_workbench.workflows.text_files import export_new


def save_new(content: str | bytes, path: Path) -> None:
    """Write a file that is not there yet, for its owner alone, and say so on stderr.

    Raises:
        ConflictError: there is a file already.
        ReadOnlyPlaceError: none can be written there.
    """
    export_new(content, path)
    warn(f"Wrote {path}, for you alone to read.")
