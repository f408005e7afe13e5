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


def changed(
    db: Database, today: dt.date, account_key: int | None, *, around: dt.date | int = 0
) -> Rows:
    """The figures around a day, or around a change we know of: of those whom it hit.

    Args:
        db: the portfolio.
        today: the day.
        account_key: of one account alone; None: of all.
        around: a day, or which of the known changes, the latest first.
    """
    known = voicing.known_changes(db, today=today, account_key=account_key)
    change = known[around] if isinstance(around, int) and around < len(known) else None
    on = change.on if change else around if isinstance(around, dt.date) else None
    hit = change.accounts if change else None
    found = []
    if on is not None:
        found = voicing.compare(db, on=on, days=WINDOW, account_key=account_key, accounts=hit)

    def rows(width: int) -> Iterator[Row]:
        if on is None:
            yield head("No change is known here yet")
            yield Row(safe("c asks for its day: a price, a release, a new process."))
        else:
            of = "" if hit is None else f" · {plural(len(hit), 'account')} it hit"
            yield from _figures(found, on, today, of)
        if known:
            yield Row(NOTHING)
            yield head(f"What we changed · {len(known):,} · ⏎ compares around that day")
        for place, one in enumerate(known):
            left = joined((f"{near_date(one.on, today):>11}  ", "dim"), f"{one.kind}: {one.what}")
            right = joined(("  " + plural(len(one.accounts), "account"), "dim"))
            yield Row(spread(left, right, width), ref=str(place))

    return rows


def _figures(found: list[BeforeAfter], on: dt.date, today: dt.date, of: str) -> Iterator[Row]:
    over = min(WINDOW, (today - on).days + 1)
    left = "" if over == WINDOW else f", {over} of them over"
    yield Row(joined((with_weekday(on), "bold"), f" · {WINDOW} d before and after{left}{of}"))
    titles = f"{'':{LABEL}}{'before':<{CELL}}{'after':<{CELL}}{'change':<{TOLD}}95 % interval"
    yield Row(safe(titles, "dim"))
    for one in found:
        label = joined((f"{one.before.kind.upper():<{LABEL}}", "bold"))
        told = (f"{change_text(one):<{TOLD}}", "bold" if one.is_clear else "")
        yield Row(joined(label, _cell(one.before), _cell(one.after), told, change_span(one)))


def _cell(one: Figure) -> Content:
    value = value_text(one, one.value)
    return joined(value, (f"  n {one.n:,}".ljust(CELL - len(value)), "dim"))
