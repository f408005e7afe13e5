"""Markdown that stays text: nothing from data becomes a heading, a link or a table's edge."""

import re
from collections.abc import Iterable, Sequence

from cs_workbench.core.text import visible

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def literal(text: object) -> str:
    """Text as it stands, on one line."""
    return _ACTIVE.sub(r"\\\1", visible(" ".join(str(text).split())))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the first column to the left, the others to the right."""
    lines = [
        "| " + " | ".join(headings) + " |",
        "|---|" + "--:|" * (len(headings) - 1),
    ]
    lines += ["| " + " | ".join(literal(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)
