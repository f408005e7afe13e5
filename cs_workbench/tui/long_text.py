"""A long text in the person's own editor, while the screens wait."""

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from cs_workbench.errors import UsageError


def edited_outside(app: App[Any], text: str) -> str:
    """What the person made of a text in `VISUAL` or `EDITOR`, with line breaks kept.

    Raises:
        UsageError: no editor is set, it cannot be started, it fails, or there is no terminal.
    """
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not command:
        raise UsageError("No editor is set. Say which in EDITOR, such as export EDITOR=vim.")
    with TemporaryDirectory(prefix="csw-") as folder:
        path = Path(folder) / "note.md"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                result = subprocess.run([*command, str(path)], check=False)  # noqa: S603 - theirs
        except (OSError, SuspendNotSupported) as problem:
            raise UsageError(f"{command[0]} cannot be started here: {problem}") from None
        if result.returncode:
            raise UsageError(f"{command[0]} ended with {result.returncode}; the note is as it was.")
        try:
            return path.read_text(encoding="utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError) as problem:
            raise UsageError(f"What {command[0]} wrote cannot be read: {problem}") from None
