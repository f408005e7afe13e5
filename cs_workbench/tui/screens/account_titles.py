"""The lines above and below the list of accounts, for every width."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from textual.content import Content

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.dates import WEEKDAYS, with_weekday
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.money import short
from cs_workbench.store.refreshes import LastRefresh
from cs_workbench.tui.formats import (
    BAND_STYLES,
    LATE_STYLE,
    NOTHING,
    day_text,
    joined,
    safe,
    sums_text,
)
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.screens.account_book import Book
from cs_workbench.tui.session import Session
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.lines import between, fitting, spread

DOT: Final = joined((" · ", "dim"))
GAP: Final = safe("   ")
SORT_NAMES: Final[Mapping[str, str]] = {
    "band": "band, then ARR",
    "score": "score",
    "trend": "change in 28 d",
    "cov": "coverage",
    "name": "name",
    "arr": "ARR",
    "usage": "usage",
    "seats": "seats used",
    "days": "deadline",
    "end": "end date",
    "signals": "open signals",
    "stage": "stage",
    "csm": "CSM",
    "segment": "segment",
    "region": "region",
    "industry": "industry",
    "next": "next step's day",
    "id": "id",
}


@dataclass(frozen=True)
class Shown:
    """What the list shows now, in figures.

    Attributes:
        view: its name as a person knows it.
        count: accounts in the list, None until all of them are read.
        total: accounts in the whole book, 0 until it is read.
        base: the built-in view that a saved one is a part of.
        constant: what all rows say alike, by column.
    """

    view: str
    filter_text: str
    sort: str
    descending: bool
    count: int | None
    total: int
    marked: int = 0
    base: str = ""
    constant: Mapping[str, str | None] = field(default_factory=dict)


def title_line(session: Session, book: Book, width: int) -> Content:
    """The program, its modes, who, how fresh, and the day."""
    left = names_line("accounts", width)
    day = with_weekday(session.today)
    if session.standing is None:
        facts = [safe(day), _age(book.refreshed, session.today, session.glyphs), safe(session.me)]
    else:
        room = width - left.cell_length - 1
        facts = [_standing(session.standing.is_sample, day, room)]
    kept = fitting(facts, width - left.cell_length - 1, gap=DOT)
    return spread(left, joined(between(reversed(kept), DOT), " "), width)


def _standing(is_sample: bool, day: str, room: int) -> Content:  # noqa: FBT001 - one fact
    """Why today is not the clock's, in as many words as there is room for."""
    whys = ("sample data, today is fixed to ", "sample data, ")
    if not is_sample:
        whys = ("looking back, as on ", "as on ")
    found = [joined((why, "bold"), (day, "bold")) for why in whys]
    return next((one for one in found if one.cell_length <= room), found[-1])


def view_line(shown: Shown, book: Book, width: int, glyphs: Glyphs) -> Content:
    """The view, how much of the book it is, the order; the band totals where there is room."""
    narrow = width < NARROW
    arrow = glyphs.down if shown.descending else glyphs.up
    sort = SORT_NAMES.get(shown.sort, shown.sort)
    order = sort if shown.sort == "band" and not shown.descending else f"{sort} {arrow}"
    part_of = f" in {shown.base}" if shown.base not in {"", "all", shown.view} else ""
    view = joined((shown.view[:1].upper() + shown.view[1:], "bold"), (part_of, "dim"))
    count = joined(_count(shown), "" if narrow else " accounts")
    parts = [view, count, joined((order, "dim"))]
    if shown.filter_text:
        parts.insert(1, joined(("/", "bold"), shown.filter_text))
    if shown.marked:
        parts.insert(0, joined((f"{shown.marked} marked", "bold reverse")))
    left = joined(" ", between(parts, DOT))
    keys = joined(
        *(_hint(key, name) for key, name in (("/", "filter"), ("v", "view"), ("s", "sort")))
    )
    right = _compact_totals(book, glyphs) if narrow else keys
    if left.cell_length + right.cell_length >= width:
        right = NOTHING
    room = width - left.cell_length - right.cell_length - DOT.cell_length - 1
    same = fitting(_in_common(shown.constant), room, gap=DOT)
    return spread(between((left, *same), DOT), right, width)


def _in_common(constant: Mapping[str, str | None]) -> Iterator[Content]:
    """What is folded: `CSM Ana Ruiz`; a column that is empty in every row is not worth a word."""
    for column, value in constant.items():
        if value is not None:
            yield joined((f"{SORT_NAMES[column]} ", "dim"), value)


def band_line(book: Book, width: int, glyphs: Glyphs) -> Content:
    """Accounts and ARR by band, all together, and what moved since the refresh before."""
    by_band = {total.band: total for total in book.totals}
    parts = [
        joined(
            (f"{glyphs.bands[band]} {total.accounts:,} {band}", BAND_STYLES[band]),
            " ",
            sums_text(total.arr_by_currency),
        )
        for band in BANDS
        if (total := by_band.get(band))
    ]
    known = sums_text(book.arr, most=2)
    unpriced = f", of {book.unpriced:,} unknown" if 0 < book.unpriced < book.accounts else ""
    parts.append(joined(("all ", "dim"), known, (unpriced, "dim")))
    left = joined(" ", between(fitting(parts, width - 2, gap=GAP), GAP))
    right = _moved(book.refreshed)
    return spread(left, right if left.cell_length + right.cell_length < width else NOTHING, width)


def tail_line(shown: Shown) -> Content:
    """Under the last row: how many accounts can be left alone, or that nothing was found."""
    count = shown.count or 0
    left = shown.total - count
    if shown.filter_text and not count:
        return joined("  ", ("No account matches. esc clears the filter.", "bold"))
    if not shown.total and not count:
        return joined("  ", ("There are no accounts yet.", "bold"))
    if shown.view != "needs me" or shown.filter_text or left <= 0:
        return NOTHING
    accounts = "account does" if left == 1 else "accounts do"
    return joined(f"  {left:,} more {accounts} not need you today", (" · v 2 shows all", "dim"))


def _count(shown: Shown) -> str:
    """What is known of it by now: the list comes before its number, and the book after it."""
    of = f" of {shown.total:,}" if shown.total else ""
    return f"{'?' if shown.count is None else format(shown.count, ',')}{of}"


def _hint(key: str, name: str) -> Content:
    return joined((key, "bold"), (f" {name}  ", "dim"))


def _age(refreshed: LastRefresh | None, today: dt.date, glyphs: Glyphs) -> Content:
    if refreshed is None:
        return joined(("not refreshed yet", LATE_STYLE))
    days = (today - refreshed.as_of).days
    if days > 0:
        return joined((f"data of {day_text(refreshed.as_of, today)}, {days} d old", LATE_STYLE))
    return joined(("data ", "dim"), f"{refreshed.at.astimezone():%H:%M} {glyphs.fresh}")


def _moved(refreshed: LastRefresh | None) -> Content:
    if refreshed is None or refreshed.since is None or not (refreshed.up or refreshed.down):
        return NOTHING
    days = (refreshed.as_of - refreshed.since).days
    since = (
        WEEKDAYS[refreshed.since.weekday()]
        if days < 7
        else day_text(refreshed.since, refreshed.as_of)
    )
    return joined((f"since {since} ", "dim"), f" {refreshed.down} worse · {refreshed.up} better ")


def _compact_totals(book: Book, glyphs: Glyphs) -> Content:
    parts = [
        joined((f"{glyphs.bands[total.band]}{total.accounts:,} ", BAND_STYLES[total.band]))
        for total in book.totals
    ]
    sums = book.arr
    main = max(sums.items(), key=lambda item: item[1] or 0, default=("", 0))
    return joined(*parts, ("all ", "dim"), f"{short(main[1], main[0])} ")
