"""Write what a closed review leaves: six files, all of one snapshot."""

import json
from pathlib import Path
from typing import Any

from cs_workbench.errors import ConflictError, ReadOnlyPlaceError
from cs_workbench.exporters.review_minutes import minutes
from cs_workbench.exporters.review_page import page
from cs_workbench.exporters.review_tables import (
    decisions_json,
    forecast_csv,
    forecast_xlsx,
    tasks_ics,
)
from cs_workbench.store.database import Database
from cs_workbench.store.reviews import Review, number_of_day, read_snapshot


def load_snapshot(db: Database, review: Review) -> dict[str, Any]:
    """The snapshot of a closed review.

    Raises:
        ConflictError: it still goes on.
    """
    text = read_snapshot(db, review.review_id)
    if text is None:
        raise ConflictError(f"The review “{review.name}” still goes on. Close it first.")
    found: dict[str, Any] = json.loads(text)
    return found


def export_review(db: Database, review: Review, folder: Path) -> list[Path]:
    """Write minutes, page, snapshot, decisions and tasks; again gives identical bytes.

    The files are called by the day, from the second meeting of a day on with its number.

    Raises:
        ConflictError: the review still goes on.
        ReadOnlyPlaceError: the folder cannot be written.
    """
    snapshot = load_snapshot(db, review)
    number = number_of_day(db, review)
    stem = f"review-{review.day.isoformat()}{f'-{number}' if number > 1 else ''}"
    files = {
        f"{stem}.md": minutes(snapshot).encode(),
        f"{stem}.html": page(snapshot).encode(),
        f"{stem}-forecast.csv": forecast_csv(snapshot).encode(),
        f"{stem}-forecast.xlsx": forecast_xlsx(snapshot),
        f"{stem}-decisions.json": decisions_json(snapshot).encode(),
        f"{stem}-tasks.ics": tasks_ics(snapshot),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise ReadOnlyPlaceError(f"{folder} cannot be written: {problem.strerror}.") from None
    return [folder / name for name in files]
