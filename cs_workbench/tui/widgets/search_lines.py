"""What a search found: a line for each row, and the whole text of the one under the cursor."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import near_date
from cs_workbench.core.searching import Found, excerpt, places
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.columns import Column

LEAST_TEXT: Final = 20
_GAP: Final = Column[Found]("", "", 2, lambda _: NOTHING, gap=0)


def found_columns(
    width: int, words: Sequence[str], today: dt.date, *, named: bool
) -> tuple[Column[Found], ...]:
    """Day, account where it is `named`, kind of row, and the words in their sentence."""
    account, kind = (16, 10) if width < NARROW else (26, 16)
    on = Column[Found](
        "", "On", 11, lambda one: safe(near_date(one.on, today), "dim"), gap=0, right=True
    )
    name = Column[Found]("", "Account", account, lambda one: safe(one.account), gap=2)
    where = Column[Found]("", "Where", kind, lambda one: safe(kind_of(one), "dim"), gap=2)
    first = (_GAP, on, name, where) if named else (_GAP, on, where)
    room = max(LEAST_TEXT, width - sum(column.space for column in first) - 2)
    text = Column[Found]("", "Text", room, lambda one: marked(one.text, words, room), gap=2)
    return (*first, text)


def kind_of(one: Found) -> str:
    """The kind of row that was found, in words."""
    return one.source.replace("_", " ")


def marked(text: str, words: Sequence[str], cells: int) -> Content:
    """The part of a text that has the first word that was found, all of them in bold."""
    line, end = excerpt(text, words, cells), 0
    parts: list[object] = []
    for start, stop in places(line, words):
        parts += [line[end:start], (line[max(start, end) : stop], "bold")]
        end = max(end, stop)
    return joined(*parts, line[end:])


def whole_text(one: Found, words: Sequence[str], size: tuple[int, int]) -> list[Content]:
    """Whose it is, and as much of the text about its words as the room holds."""
    width, height = size
    head = joined((one.account, "bold"), (f" · {kind_of(one)} · {one.on:%a} {one.on.day} ", "dim"))
    head = joined(head, (f"{one.on:%b %Y}", "dim")).truncate(width, ellipsis=True)
    lines = marked(one.text, words, max(1, width * (height - 1) - width // 4)).wrap(max(1, width))
    return [head, *lines][:height]
