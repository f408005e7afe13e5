"""A report as a workbook: a sheet of sentences, and one for each table. Text stays text."""

import io
import re
from typing import Any

from cs_workbench.core.reports import Cell, Figure, Report, Table, shown_cell
from cs_workbench.core.text import visible
from cs_workbench.errors import InputError

LONGEST = 32_767  # characters of a cell
SHEET = 31  # characters of a sheet's name
PLAIN = {"text_wrap": True, "valign": "top"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def report_xlsx(report: Report) -> bytes:
    """The workbook as bytes.

    Raises:
        InputError: a cell could not be written.
    """
    import xlsxwriter

    file = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1}),
            "plain": book.add_format(PLAIN),
        }
        _words(book.add_worksheet("About"), report, styles)
        used = {"about"}
        for section in report.sections:
            if section.table is not None:
                sheet = book.add_worksheet(_name(section.title, used))
                for form in _forms(section.table):
                    styles.setdefault(form, book.add_format({**PLAIN, "num_format": form}))
                _table(sheet, section.table, styles)
    return file.getvalue()


def _words(sheet: Any, report: Report, styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100)
    sheet.set_paper(9)
    _write(sheet, (0, 0), report.title, styles["title"])
    row = 1
    lines: list[tuple[str, str]] = [(line, "plain") for line in report.about]
    for section in report.sections:
        if section.text:
            lines.append((section.title, "head"))
            lines += [(line, "plain") for line in section.text]
    for text, style in lines:
        _write(sheet, (row, 0), text, styles[style])
        row += 1


def _table(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    for column, heading in enumerate(table.headings):
        _write(sheet, (0, column), heading, styles["head"])
        longest = max((len(shown_cell(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(60, max(len(heading), longest) + 2))
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            form = value.form if isinstance(value, Figure) else "plain"
            _write(sheet, (number, column), value, styles[form])


def _forms(table: Table) -> set[str]:
    return {cell.form for row in table.rows for cell in row if isinstance(cell, Figure)}


def _write(sheet: Any, place: tuple[int, int], value: Cell, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        text = visible(value)[:LONGEST]
        done = sheet.write_string(*place, text, style)
    else:
        number = value.number if isinstance(value, Figure) else float(value)
        done = sheet.write_number(*place, number, style)
    if done:
        raise InputError(f"The workbook has no room for row {place[0] + 1}. Ask for less at once.")


def _name(title: str, used: set[str]) -> str:
    """A sheet's name: short, allowed, and no other sheet's."""
    name = _FORBIDDEN.sub(" ", visible(title)).strip("' ")[:SHEET] or "Table"
    tried, number = name, 2
    while tried.casefold() in used:
        mark = f" {number}"
        tried, number = name[: SHEET - len(mark)] + mark, number + 1
    used.add(tried.casefold())
    return tried
