"""Markdown that stays text: nothing from data becomes a heading, a link or a table's edge."""

import re
from collections.abc import Iterable, Sequence

from cs_workbench.core.reports import word_columns
from cs_workbench.core.text import visible

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def literal(text: object) -> str:
    """Text as it stands, on one line."""
    return _ACTIVE.sub(r"\\\1", visible(" ".join(str(text).split())))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column and those of words to the left, the others to the right."""
    cells = [[literal(cell) for cell in row] for row in rows]
    words = word_columns(cells) | {0}
    marks = ("---" if at in words else "--:" for at in range(len(headings)))
    lines = ["| " + " | ".join(headings) + " |", "|" + "|".join(marks) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join(lines)
