"""The part of `V` that holds the figures before a dated change against those after it."""

import datetime as dt
from collections.abc import Iterator

from textual.content import Content

from cs_workbench.core.dates import near_date, with_weekday
from cs_workbench.core.measure_words import plural
from cs_workbench.core.voice import (
    WINDOW,
    BeforeAfter,
    Figure,
    change_span,
    change_text,
    value_text,
)
from cs_workbench.store.database import Database
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.screens.voice_rows import Row, Rows, head
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.workflows import voicing

LABEL, CELL, TOLD = 6, 16, 24  # cells


def changed(db: Database, today: dt.date, account_key: int | None, *, day: dt.date | None) -> Rows:
    """The figures around a day, else around the latest change we know of; then such changes."""
    known = voicing.known_changes(db, today=today, account_key=account_key)
    on = day or (known[0].on if known else None)
    found = []
    if on is not None:
        found = voicing.compare(db, on=on, days=WINDOW, account_key=account_key)

    def rows(width: int) -> Iterator[Row]:
        if on is None:
            yield head("No change is known here yet")
            yield Row(safe("c asks for its day: a price, a release, a new process."))
        else:
            yield from _figures(found, on, today)
        if known:
            yield Row(NOTHING)
            yield head(f"What we changed · {len(known):,} · ⏎ compares around that day")
        for one in known:
            left = joined((f"{near_date(one.on, today):>11}  ", "dim"), f"{one.kind}: {one.what}")
            right = joined(("  " + plural(one.accounts, "account"), "dim"))
            yield Row(spread(left, right, width), ref=one.on.isoformat())

    return rows


def _figures(found: list[BeforeAfter], on: dt.date, today: dt.date) -> Iterator[Row]:
    over = min(WINDOW, (today - on).days + 1)
    left = "" if over == WINDOW else f", {over} of which are over"
    yield Row(joined((with_weekday(on), "bold"), f" · {WINDOW} days before and after{left}"))
    titles = f"{'':{LABEL}}{'before':<{CELL}}{'after':<{CELL}}{'change':<{TOLD}}95 % interval"
    yield Row(safe(titles, "dim"))
    for one in found:
        label = joined((f"{one.before.kind.upper():<{LABEL}}", "bold"))
        told = (f"{change_text(one):<{TOLD}}", "bold" if one.is_clear else "")
        yield Row(joined(label, _cell(one.before), _cell(one.after), told, change_span(one)))


def _cell(one: Figure) -> Content:
    value = value_text(one, one.value)
    return joined(value, (f"  n {one.n:,}".ljust(CELL - len(value)), "dim"))
