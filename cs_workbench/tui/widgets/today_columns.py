"""The columns of the day's queue, for every width."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.today import Queued
from cs_workbench.tui.formats import (
    LATE_STYLE,
    NOTHING,
    band_text,
    due_text,
    joined,
    money_text,
    safe,
)
from cs_workbench.tui.widgets.columns import Column

NAME: Final = 24
KIND: Final = 9
FACTORS: Final = 40


@dataclass(frozen=True)
class Heading:
    """The line above a section, and how many things are in it."""

    title: str
    count: int
    is_late: bool = False


TodayRow = Queued | Heading


def today_columns(width: int, today: dt.date, glyphs: Glyphs) -> tuple[Column[TodayRow], ...]:
    """When, band, account, what, ARR, kind; where there is room how its place came about."""
    has_factors = width >= 150
    taken = 2 + 7 + 2 + NAME + 1 + 1 + 6 + 1 + KIND + 1  # with their gaps
    rest = width - taken - (FACTORS + 1 if has_factors else 0)
    columns: list[Column[TodayRow]] = [
        Column("", "Due", 7, lambda row: _due(row, today), gap=2),
        Column("", "", 2, lambda row: _band(row, glyphs), gap=0),
        Column("", "Account", NAME, _name, gap=0),
        Column("", "What", max(12, rest), _what),
        Column("", "ARR", 6, _arr, right=True),
        Column("", "Kind", KIND, _kind),
    ]
    if has_factors:
        columns.append(Column("", "At stake", FACTORS, _factors))
    return tuple(columns)


def _due(row: TodayRow, today: dt.date) -> Content:
    if isinstance(row, Heading):
        return joined((f"{row.count:>3}", "dim"))
    item = row.item
    if item.at is not None:
        return joined((f"{item.at:%H:%M}", "bold"))
    return due_text(item.due, today) if item.due else NOTHING


def _band(row: TodayRow, glyphs: Glyphs) -> Content:
    if isinstance(row, Heading) or row.item.account_key is None:
        return NOTHING
    return band_text(row.item.band, None, glyphs)[:1]


def _name(row: TodayRow) -> Content:
    if isinstance(row, Heading):
        return joined((row.title, LATE_STYLE if row.is_late else "bold"))
    return safe(row.item.name or "")


def _what(row: TodayRow) -> Content:
    if isinstance(row, Heading):
        return NOTHING
    mark = joined(("! ", LATE_STYLE)) if row.section == "late" else NOTHING
    return mark + safe(row.item.what)


def _arr(row: TodayRow) -> Content:
    if isinstance(row, Heading) or not row.item.currency:
        return NOTHING
    return money_text(row.item.arr_minor, row.item.currency)


def _kind(row: TodayRow) -> Content:
    return NOTHING if isinstance(row, Heading) else joined((row.item.kind, "dim"))


def _factors(row: TodayRow) -> Content:
    return NOTHING if isinstance(row, Heading) else joined((row.factors, "dim"))
