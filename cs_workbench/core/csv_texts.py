"""Texts in CSV files that spreadsheets open: none of them becomes a formula."""

import re
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_QUOTED: Final = re.compile(r'[",\r\n]')
_GUARDED: Final = re.compile(r"'(?=[=+\-@\t\r])")


def guarded(text: str) -> str:
    """The text; `'` stands before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """A text without the `'` that kept a spreadsheet from taking it for a formula."""
    return text[1:] if _GUARDED.match(text) else text


def quoted(text: str) -> str:
    """The text as a field: in quotation marks where it has a comma, a mark or an end of line.

    Python's csv module leaves a lone carriage return bare where lines end with a newline.
    """
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
