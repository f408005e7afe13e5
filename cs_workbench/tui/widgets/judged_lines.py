"""What people say beside the score: an override that stands, and ratings that have not faded."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from cs_workbench.core.dates import near_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.judgements import Override, counts_on, rating_text
from cs_workbench.tui.formats import BAND_STYLES, joined, points

if TYPE_CHECKING:
    from cs_workbench.core.account_page import AccountPage


def override_head(override: Override, glyphs: Glyphs = UNICODE, *, who: str) -> Content:
    """`Ana Ruiz says ◆ yellow`, with the score if there is one."""
    score = "" if override.points_e4 is None else f" {points(override.points_e4)}"
    band = f"{glyphs.bands[override.band]}{score} {override.band}"
    return joined((f"{who} says ", "dim"), (band, BAND_STYLES[override.band]))


def override_text(override: Override, today: dt.date, glyphs: Glyphs = UNICODE) -> Content:
    """`Ana Ruiz says ◆ yellow until 30 Dec: new sponsor met`."""
    until = near_date(override.expires_on, today)
    head = override_head(override, glyphs, who=override.author)
    return joined(head, (f" until {until}: ", "dim"), override.reason)


def judged_lines(page: "AccountPage", width: int, glyphs: Glyphs = UNICODE) -> Iterator[Content]:
    """The override, then each rating; wrapped to the width."""
    if page.line.override is not None:
        yield from override_text(page.line.override, page.today, glyphs).wrap(max(1, width))
    for rating in page.ratings:
        if counts_on(rating, page.today):
            day = near_date(rating.rated_on, page.today)
            told = joined(
                (f"{rating.rated} ", "dim"),
                rating_text(rating.value),
                (f" · {rating.author}, {day}: ", "dim"),
                rating.reason,
            )
            yield from told.wrap(max(1, width))
