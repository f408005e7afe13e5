"""A review's forecast snapshot as CSV and XLSX, its decisions as JSON, its tasks as ICS."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cs_workbench.core.csv_texts import guarded, quoted
from cs_workbench.core.renewal_records import RENEWAL_KEYS
from cs_workbench.errors import InputError

LONGEST_CELL: Final = 32_767  # characters; a spreadsheet takes no more
PRODUCT: Final = "-//cs-workbench//csw review//EN"


Record = Mapping[str, Any]


@dataclass(frozen=True)
class Workbook:
    """What a workbook says of itself: a title, when it was made (UTC), and facts by name."""

    title: str
    made_at: dt.datetime
    facts: tuple[tuple[str, str], ...]


def forecast_csv(snapshot: Mapping[str, Any]) -> str:
    """One line for each renewal; `'` stands before what a spreadsheet would take for a formula."""
    return renewals_csv(snapshot["renewals"])


def renewals_csv(records: Iterable[Record]) -> str:
    """Renewals under `RENEWAL_KEYS`, as JSON has them, one line for each."""
    rows = [RENEWAL_KEYS, *_rows(records)]
    return "".join(",".join(_csv(cell) for cell in row) + "\r\n" for row in rows)


def forecast_xlsx(snapshot: Mapping[str, Any]) -> bytes:
    """The same as a workbook; the file's dates are the meeting's."""
    about = Workbook(
        "Forecast snapshot",
        dt.datetime.fromisoformat(snapshot["review"]["closed_at"]).replace(tzinfo=None),
        tuple(_about(snapshot)),
    )
    return renewals_xlsx(snapshot["renewals"], about)


def renewals_xlsx(records: Iterable[Record], about: Workbook) -> bytes:
    """Renewals under `RENEWAL_KEYS` as a workbook; texts are texts, whatever they begin with."""
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": about.title, "created": about.made_at})
        sheet = book.add_worksheet("forecast")
        bold = book.add_format({"bold": True})
        for column, key in enumerate(RENEWAL_KEYS):
            _check(sheet.write_string(0, column, key, bold))
        for number, row in enumerate(_rows(records), start=1):
            for column, cell in enumerate(row):
                _write(sheet, (number, column), cell)
        sheet.freeze_panes(1, 2)
        second = book.add_worksheet("about")
        for number, (name, value) in enumerate(about.facts):
            _check(second.write_string(number, 0, name))
            _check(second.write_string(number, 1, _fitting(value)))
    return target.getvalue()


def decisions_json(snapshot: Mapping[str, Any]) -> str:
    """What was decided, by item, and the tasks."""
    document = {
        "schema": "csw.review-decisions/1",
        "snapshot_id": snapshot["snapshot_id"],
        "review": snapshot["review"],
        "decisions": [
            {
                "number": item["number"],
                "account_id": (item["renewal"] or {}).get("account_id"),
                "name": (item["renewal"] or {}).get("name"),
                "end_date": (item["renewal"] or {}).get("end_date"),
                "why": item["why"],
                "seconds": item["seconds"],
                **made,
            }
            for item in snapshot["items"]
            for made in item["decisions"]
        ],
        "tasks": snapshot["tasks"],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def tasks_ics(snapshot: Mapping[str, Any]) -> bytes:
    """The tasks as to-dos; those without a day have none."""
    from icalendar import Calendar, Todo

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    stamp = dt.datetime.fromisoformat(snapshot["review"]["closed_at"])
    for one in snapshot["tasks"]:
        todo = Todo()
        todo.add("uid", f"task-{one['task_id']}@csw")
        todo.add("dtstamp", stamp)
        if one["due_on"]:
            todo.add("due", dt.date.fromisoformat(one["due_on"]))
        account = f"{one['account']}: " if one["account"] else ""
        todo.add("summary", _line(f"{account}{one['what']}"))
        todo.add("description", _line(f"Owner: {one['owner']}"))
        calendar.add_component(todo)
    return bytes(calendar.to_ical())


def _rows(records: Iterable[Record]) -> Iterator[Sequence[object]]:
    for one in records:
        yield [_cell(one[key]) for key in RENEWAL_KEYS]


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _csv(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(guarded(value)) if isinstance(value, str) else str(value)


def _write(sheet: Any, place: tuple[int, int], value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        _check(sheet.write_boolean(*place, value))
    elif isinstance(value, int | float):
        _check(sheet.write_number(*place, value))
    else:
        _check(sheet.write_string(*place, _fitting(str(value))))


def _fitting(text: str) -> str:
    """As much as a cell takes: xlsxwriter would drop a longer text without a word."""
    clean = "".join(sign if sign >= " " or sign in "\n\t" else "\ufffd" for sign in text)
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def _check(code: int) -> None:
    if code:
        raise InputError("A value does not fit into the workbook; use the CSV file.")


def _about(snapshot: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    review, totals = snapshot["review"], snapshot["totals"]
    yield "review", review["name"]
    yield "day", review["day"]
    yield "snapshot", snapshot["snapshot_id"]
    yield "currency of the sums", snapshot["currency"]
    yield "weighted", _known(totals["weighted"])
    yield "standard deviation, renewals taken as independent", _known(totals["sd"])


def _known(value: object) -> str:
    return "not known" if value is None else str(value)


def _line(text: str) -> str:
    return " ".join(text.split())
