"""The one way to print: data to stdout, talk to stderr, nothing a terminal would obey."""

import json
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain, islice
from shutil import get_terminal_size
from typing import Any, Literal, TextIO

import click

from cs_workbench.core.csv_texts import guarded, quoted
from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs, in_letters
from cs_workbench.core.points import Points
from cs_workbench.core.text import visible
from cs_workbench.errors import DiskFullError

GAP = 2  # cells between two columns
INDENT = 4  # of what does not fit beside the first columns
MEASURED_ROWS = 200  # a table's widths come from its first rows, so that it can stream
_COLOURS = {"red": "31", "yellow": "33", "green": "32", "dim": "2", "bold": "1"}


@dataclass(frozen=True)
class Column:
    """A column of a printed table.

    Attributes:
        is_data: its cells are a customer's, to the letter; others may stand in letters.
    """

    heading: str
    align: Literal["left", "right"] = "left"
    colour: Callable[[str], str | None] | None = None
    is_data: bool = False


def say(text: str) -> None:
    """Print text for reading on stdout."""
    with _told_of_stdout():
        _lines(text, sys.stdout)


def warn(text: str) -> None:
    """Tell the person something, on stderr."""
    _lines(text, sys.stderr)


def print_raw(text: str) -> None:
    """Print text that is ours to the letter, such as a script, on stdout.

    Raises:
        DiskFullError: stdout is a file that takes no more.
        BrokenPipeError: its reader went away.
    """
    with _told_of_stdout():
        sys.stdout.write(text)


def end_of_data() -> None:
    """Hand on what is still buffered for stdout; it raises as `print_raw` does."""
    with _told_of_stdout():
        sys.stdout.flush()


def drop_data() -> None:
    """Forget what waits for a stdout that takes no more; else Python complains at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(document: Mapping[str, Any]) -> None:
    """Print one document; decimals as plain numbers, dates as ISO text."""
    print_raw(json_text(document))


def json_text(document: Mapping[str, Any]) -> str:
    """What `print_json` prints, the line's end included."""
    return _json(document, indent=2) + "\n"


def print_json_list(head: Mapping[str, Any], name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one document whose last key holds a list, row by row, however long."""
    opening = _json({**head, name: []})
    print_raw(opening[: -len("]}")])
    separator = "\n"
    for row in rows:
        print_raw(separator + _json(row))
        separator = ",\n"
    print_raw("]}\n")


def print_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print CSV that a spreadsheet takes for text: `'` before what it would take for a formula.

    A file is UTF-8 whatever the locale, so that it holds every name as it is.
    """
    clean = is_terminal(sys.stdout)
    if not clean and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    for row in chain([headings], rows):
        print_raw(",".join(_csv_cell(value, clean=clean) for value in row) + "\n")


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns under their headings; colour on a terminal only.

    On a terminal that is too narrow each row goes on below its first columns, indented, every cell
    after its heading.
    """
    letters = [wants_letters() and not column.is_data for column in columns]
    texts = (
        [in_letters(shown(value)) if lettered else shown(value) for value, lettered in cells_of]
        for cells_of in (zip(row, letters, strict=True) for row in rows)
    )
    first = list(islice(texts, MEASURED_ROWS))
    widths = [max((cells(row[index]) for row in first), default=0) for index in range(len(columns))]
    widths = [max(cells(c.heading), width) for c, width in zip(columns, widths, strict=True)]
    headings = [visible(column.heading) for column in columns]
    colourful = has_colour(sys.stdout)
    room = get_terminal_size().columns if is_terminal(sys.stdout) else sys.maxsize
    beside = _beside(widths, room)
    shape = columns[:beside], widths[:beside]
    _print_row(*shape, headings[:beside], style="dim" if colourful else None)
    for row in chain(first, texts):
        _print_row(*shape, row[:beside], colourful=colourful)
        below = zip(headings[beside:], row[beside:], strict=True)
        pieces = [f"{name}: {text}" if name else text for name, text in below if text]
        for line in folded(pieces, room):
            print_raw(line + "\n")


def _beside(widths: Sequence[int], room: int) -> int:
    """How many of the columns fit into one line; the first one always does."""
    taken = 0
    for count, width in enumerate(widths):
        taken += width + (GAP if count else 0)
        if taken > room and count:
            return count
    return len(widths)


def folded(pieces: Iterable[str], room: int) -> list[str]:
    """Pieces of text on indented lines of so many cells: several on one, or one on several."""
    room -= INDENT
    lines: list[str] = []
    for piece in pieces:
        if lines and lines[-1] and cells(lines[-1]) + GAP + cells(piece) <= room:
            lines[-1] += " " * GAP + piece
        else:
            lines.extend(_wrapped(piece, room))
            if cells(piece) > room:
                lines.append("")  # nothing goes on beside the end of a long one
    return [" " * INDENT + line for line in lines if line]


def _wrapped(text: str, room: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and cells(lines[-1]) + 1 + cells(word) > room:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def shown(value: object) -> str:
    """A value as a cell of a table; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return visible(str(value))


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(sign) for sign in text)


def shortened(text: str, width: int) -> str:
    """The text cut to so many columns of a terminal."""
    clean = visible(text)
    if cells(clean) <= width:
        return clean
    while cells(clean) >= width:
        clean = clean[:-1]
    return clean + ("…" if can_show("…") and not wants_letters() else "~")


def can_show(text: str) -> bool:
    """Whether stdout's encoding has these characters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _told_of_stdout() -> Iterator[None]:
    """Keep an error of stdout from being taken for one of the portfolio's file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        drop_data()
        raise DiskFullError(f"The output cannot be written: {problem.strerror}.") from None


def is_terminal(stream: TextIO) -> bool:
    """Whether a person is reading at the other end."""
    return stream.isatty()


def has_colour(stream: TextIO) -> bool:
    """Whether colour is wanted: a terminal that has it, and no `NO_COLOR`."""
    dumb = os.environ.get("TERM", "dumb") == "dumb"
    return is_terminal(stream) and not dumb and not os.environ.get("NO_COLOR")


def signs_shown() -> Glyphs:
    """The signs that stdout can show, or letters where they are wanted."""
    return ASCII if wants_letters() or not can_show(UNICODE.all) else UNICODE


def wants_letters() -> bool:
    """Whether letters are to stand for signs: `CSW_ASCII`, or `ascii` in the settings."""
    context = click.get_current_context(silent=True)
    session = context.obj if context else None
    if session is not None:
        return bool(session.config.ascii)
    return os.environ.get("CSW_ASCII", "0") not in {"", "0"}


def _lines(text: str, stream: TextIO) -> None:
    shown_text = in_letters(text) if wants_letters() else text
    for line in shown_text.split("\n"):
        stream.write(visible(line) + "\n")


def _cell(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def _print_row(
    columns: Sequence[Column],
    widths: Sequence[int],
    row: Sequence[str],
    *,
    style: str | None = None,
    colourful: bool = False,
) -> None:
    parts = []
    for column, width, text in zip(columns, widths, row, strict=True):
        gap = " " * (width - cells(text))
        part = gap + text if column.align == "right" else text + gap
        colour = style or (column.colour(text) if colourful and column.colour else None)
        parts.append(f"\x1b[{_COLOURS[colour]}m{part}\x1b[0m" if colour else part)
    print_raw((" " * GAP).join(parts).rstrip() + "\n")


def _csv_cell(value: object, *, clean: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return shown(value)
    safe = guarded(value)
    return quoted(visible(safe) if clean else safe)


def _json(value: object, indent: int | None = None) -> str:
    # A number that Python's writer would pass through float is marked, then bared; no text in the
    # data can know the mark.
    mark = secrets.token_hex(8)

    def plain(one: object) -> object:
        return f"{mark}{one}" if isinstance(one, Points) else _plain(one)

    text = json.dumps(value, default=plain, indent=indent, allow_nan=False)
    text = re.sub(rf'"{mark}([-0-9.]+)"', r"\1", text)
    return text.replace("\x7f", "\\u007f")  # the one control character that JSON lets through


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | set | frozenset | Iterator):
        return list(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
