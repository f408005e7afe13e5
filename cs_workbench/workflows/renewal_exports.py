"""Write the renewals that a screen shows to a file."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from cs_workbench.core.money import to_major
from cs_workbench.core.pipeline_entries import Grouping, ordered
from cs_workbench.core.plurals import counted
from cs_workbench.core.renewal_records import renewal_record
from cs_workbench.errors import UsageError
from cs_workbench.exporters.review_tables import Workbook, renewals_csv, renewals_xlsx
from cs_workbench.store.database import utc_now
from cs_workbench.workflows.pipeline import Pipeline
from cs_workbench.workflows.review_snapshots import plain
from cs_workbench.workflows.text_files import export_new


def export_renewals(
    pipeline: Pipeline, grouping: Grouping, path: Path, *, narrowed: str = ""
) -> str:
    """Write a pipeline in the order of its groups; returns that in words.

    Args:
        pipeline: what is shown.
        grouping: the order.
        path: a new file, `.csv` or `.xlsx`.
        narrowed: the filter as it was typed, for the workbook's second sheet.

    Raises:
        UsageError: the file has another ending.
        ConflictError: there is a file already.
        ReadOnlyPlaceError: it cannot be written.
    """
    if path.suffix.casefold() not in {".csv", ".xlsx"}:
        raise UsageError(f"{path.name}: name a file that ends in .csv or .xlsx.")
    day = pipeline.window.day
    entries = ordered(pipeline.entries, day, grouping)
    said = [renewal_record(one, day, pipeline.policy) for one in entries]
    records: list[dict[str, Any]] = json.loads(json.dumps(said, default=plain))
    if path.suffix.casefold() == ".csv":
        content = renewals_csv(records).encode()
    else:
        content = renewals_xlsx(records, _about(pipeline, narrowed))
    export_new(content, path)
    return f"{counted(len(records), 'renewal')} written to {path}"


def _about(pipeline: Pipeline, narrowed: str) -> Workbook:
    window, totals, money = pipeline.window, pipeline.totals, pipeline.currency or "USD"
    facts = (
        ("day", window.day.isoformat()),
        ("deadline within days", str(window.days)),
        ("filter", narrowed),
        ("currency of the sums", money),
        ("weighted", _amount(totals.weighted_minor, money)),
        (
            "standard deviation, renewals taken as independent",
            _amount(totals.sd_minor, money),
        ),
    )
    made_at = dt.datetime.fromisoformat(utc_now()).replace(tzinfo=None)
    return Workbook("Renewals", made_at, facts)


def _amount(minor: int | None, currency: str) -> str:
    return "not known" if minor is None else str(to_major(minor, currency))
