"""Scorecard files: which one holds, reading it, and making a copy to change."""

import json
from importlib.resources import files
from pathlib import Path

from cs_workbench.core.scorecard_files import Mistake, check_scorecard, read_scorecard
from cs_workbench.core.scorecard_schema import SCORECARD_SCHEMA
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import InputError, NotFoundError, UsageError
from cs_workbench.workflows.scoring import default_scorecard

DEFAULT = "default"
SCHEMA_FILE = "scorecard.schema.json"


def shipped_scorecard() -> Path:
    """The file of the scorecard that comes with the program."""
    return Path(str(files("cs_workbench"))) / "scorecards" / "default.toml"


def scorecard_at(path: Path | None) -> Scorecard:
    """The scorecard of a file; without one, that which comes with the program.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no scorecard.
    """
    return default_scorecard() if path is None else read_scorecard(_text_of(path), str(path))


def find_mistakes(path: Path) -> tuple[Mistake, ...]:
    """Everything that is wrong with a file, by line.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no text.
    """
    return check_scorecard(_text_of(path))[1]


def copy_scorecard(source: Path, target: Path) -> None:
    """Copy a scorecard to change it, with the schema beside it for editors.

    Raises:
        UsageError: there is a file already.
    """
    text = _text_of(source)
    if not text.startswith("#:schema "):
        text = f"#:schema ./{SCHEMA_FILE}\n{text}"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{target} is there already. Name another place, or edit it.") from None
    (target.parent / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")


def schema_text() -> str:
    """The JSON Schema as it is shipped."""
    return json.dumps(SCORECARD_SCHEMA, indent=2) + "\n"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"There is no scorecard at {path}.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None
