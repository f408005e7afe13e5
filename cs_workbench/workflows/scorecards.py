"""Scorecard files: which one holds, reading it, and making a copy to change."""

import hashlib
import json
from pathlib import Path

from cs_workbench.core.scorecard_files import Mistake, check_scorecard, read_scorecard
from cs_workbench.core.scorecard_schema import SCORECARD_SCHEMA
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import ConflictError
from cs_workbench.workflows.scoring import default_scorecard
from cs_workbench.workflows.text_files import text_of, write_new

DEFAULT = "default"
SCHEMA_FILE = "scorecard.schema.json"


def scorecard_at(path: Path | None) -> Scorecard:
    """The scorecard of a file; without one, that which comes with the program.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no scorecard.
    """
    return (
        default_scorecard()
        if path is None
        else read_scorecard(text_of(path, "scorecard"), str(path))
    )


def find_mistakes(path: Path) -> tuple[Mistake, ...]:
    """Everything that is wrong with a file, by line.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no text.
    """
    return check_scorecard(text_of(path, "scorecard"))[1]


def copy_scorecard(source: Path, target: Path) -> None:
    """Copy a scorecard to change it, with the schema beside it for editors.

    Raises:
        ConflictError: there is a file already.
    """
    _write_new(text_of(source, "scorecard"), target)


def save_scorecard(text: str, target: Path, *, in_place_of: str | None) -> Path | None:
    """Write a scorecard to where it is used from, with the schema beside it.

    Args:
        text: the scorecard.
        target: its file.
        in_place_of: the text of the file that it replaces; None where there is none yet.

    Returns:
        Where the file that was there is kept.

    Raises:
        ConflictError: there is a file already though none was expected.
        ConflictError: the file has another text than `in_place_of`.
    """
    if in_place_of is None:
        _write_new(text, target)
        return None
    if text_of(target, "scorecard") != in_place_of:
        raise ConflictError(f"{target} was edited meanwhile. Look at it, and try again.")
    number = hashlib.sha256(in_place_of.encode()).hexdigest()[:8]
    kept = target.with_name(f"{target.stem}-before-{number}{target.suffix}")
    kept.write_text(in_place_of, encoding="utf-8")
    fresh = target.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    _write_new(text, fresh)
    fresh.replace(target)  # at no moment is there no scorecard, or half of one
    return kept


def _write_new(text: str, target: Path) -> None:
    if not text.startswith("#:schema "):
        text = f"#:schema ./{SCHEMA_FILE}\n{text}"
    write_new(text, target)
    (target.parent / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")


def schema_text() -> str:
    """The JSON Schema as it is shipped."""
    return json.dumps(SCORECARD_SCHEMA, indent=2) + "\n"
