"""Read delimited text as it comes: any usual encoding and separator, never a shifted row.

A file is inspected once from end to end (encoding, NULs, lines without end, hash), then streamed.
"""

import codecs
import csv
import hashlib
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError, NotFoundError

SEPARATORS = (",", ";", "\t", "|")
SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
CHUNK = 1 << 20
BLOCK = 1_000
TEXTS_HELD = 300_000
FIELD_LIMIT = 131_072  # of the csv module: a quotation mark is missing long before it
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database"),
)

RejectRow = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A delimited file that can be read.

    Attributes:
        path: where it is.
        encoding: Python's name of it.
        separator: between the fields.
        headings: as written, without the spaces around.
        heading_lines: how many lines stand before the first row.
        size: bytes.
        digest: SHA-256 of the bytes, in hexadecimal.
        has_nul: whether any NUL is in it.
    """

    path: Path
    encoding: str
    separator: str
    headings: tuple[str, ...]
    heading_lines: int
    size: int
    digest: str
    has_nul: bool


def inspect_table(path: Path) -> TableFile:
    """Look through the file and read its headings.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is not delimited text with one heading for each column.
    """
    try:
        digest, size, encoding, has_nul = _inspect_bytes(path)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}.") from None
    first, lines = _first_line(path, encoding)
    separator, first = _separator(first)
    if not first.strip():
        raise InputError(f"{path}: the first line must hold the headings; it is empty.")
    try:
        headings = next(csv.reader([first], delimiter=separator, strict=True))
    except csv.Error as problem:
        raise InputError(f"{path}, line {lines}: the headings cannot be read: {problem}.") from None
    names = tuple(heading.strip() for heading in headings)
    _check_headings(path, names)
    return TableFile(path, encoding, separator, names, lines, size, digest, has_nul)


def _inspect_bytes(path: Path) -> tuple[str, int, str, bool]:
    digest, size, has_nul, unended = hashlib.sha256(), 0, False, 0
    readings: list[_Reading] = []
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if not size:
                readings = _possible(path, chunk)
            digest.update(chunk)
            size += len(chunk)
            has_nul = has_nul or b"\x00" in chunk
            unended = 0 if b"\n" in chunk or b"\r" in chunk else unended + 1
            if unended > 3:
                raise InputError(f"{path}: a line is longer than 3 MB; this is no table.")
            readings = [reading for reading in readings if reading.goes_on(chunk)]
            if not readings:
                raise InputError(
                    f"{path}: the text is neither UTF-8, UTF-16 nor Windows-1252 "
                    f"(around byte {size - len(chunk):,}). Save it as UTF-8."
                )
    if not size:
        raise InputError(f"{path} is empty: not even headings. Export it again.")
    readings = [reading for reading in readings if reading.goes_on(b"", final=True)]
    if not readings:
        raise InputError(f"{path}: the text breaks off inside a character. Export it again.")
    return digest.hexdigest(), size, readings[0].encoding, has_nul


class _Reading:
    """One encoding that the bytes may be in, as long as they fit."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def goes_on(self, chunk: bytes, *, final: bool = False) -> bool:
        """Whether these bytes fit too."""
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            return False
        return True


def _possible(path: Path, start: bytes) -> list[_Reading]:
    for magic, name in _FORMATS:
        if start.startswith(magic):
            raise InputError(f"{path} is {name}, not delimited text. Export it as CSV.")
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            if encoding == "utf-32":
                raise InputError(f"{path} is UTF-32 text. Save it as UTF-8.")
            return [_Reading(encoding)]
    if start[:200].count(0) * 3 > len(start[:200]):
        raise InputError(f"{path} looks like UTF-16 without a byte order mark. Save it as UTF-8.")
    return [_Reading("utf-8"), _Reading("cp1252")]


def _open(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def _first_line(path: Path, encoding: str) -> tuple[str, int]:
    """The line of headings (a line `sep=;` before it stays), and how many lines that took."""
    with _open(path, encoding) as file:
        line, count = file.readline(), 1
        if line[:4].casefold() == "sep=":
            line, count = line + file.readline(), 2
        while line.count('"') % 2 and count < 100 and (more := file.readline()):
            line, count = line + more, count + 1
    return line, count


def _separator(line: str) -> tuple[str, str]:
    """The separator in use, and the line of headings alone."""
    if line[:4].casefold() == "sep=" and line[4:5] in SEPARATORS:
        return line[4], line.split("\n", 1)[-1]
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count), line


def _check_headings(path: Path, names: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names, 1):
        if not name:
            raise InputError(f"{path}, line 1: column {number} has no heading. Give it one.")
        if name.casefold() in seen:
            raise InputError(f"{path}, line 1: the heading {name!r} stands twice. Rename one.")
        seen.add(name.casefold())


class TableRows:
    """The rows of a file, one after the other; says where the last one stands."""

    def __init__(
        self, table: TableFile, reject: RejectRow, tick: Callable[[int], None] | None = None
    ) -> None:
        """`tick` is told now and then how many bytes are read."""
        self.table = table
        self._reject = reject
        self._tick = tick
        self._reader = csv.reader(())
        self._copy: Iterator[str] = iter(())  # the lines again, for the text of a refused row
        self._copied = self._end = 0
        self._text = (-1, "")

    def __iter__(self) -> Iterator[list[str]]:
        """The rows that have a field for every heading; the others are rejected here."""
        width, clean = len(self.table.headings), not self.table.has_nul
        with _open(self.table.path, self.table.encoding) as file:
            for _ in range(self.table.heading_lines):
                file.readline()
            lines, self._copy = itertools.tee(file)
            self._reader = csv.reader(lines, delimiter=self.table.separator, strict=True)
            before = -1
            while before != self._reader.line_num:
                before = self._reader.line_num
                try:
                    for row in itertools.islice(self._reader, BLOCK):
                        if len(row) == width and (clean or "\0" not in self.text):
                            yield row
                        else:
                            self._refuse(row)
                        self._end = self._reader.line_num
                except csv.Error as problem:
                    self.reject("", _said(problem))
                    self._end = self._reader.line_num
                self._forget()
                if self._tick is not None:
                    self._tick(file.buffer.tell())

    @property
    def line(self) -> int:
        """The line on which the last row begins."""
        return self._end + 1 + self.table.heading_lines

    @property
    def text(self) -> str:
        """The last row as it stands in the file."""
        if self._text[0] != self._end:
            self._forget()
            many = self._reader.line_num - self._end
            text = "".join(itertools.islice(self._copy, many))
            self._copied += many
            self._text = (self._end, text.rstrip("\r\n"))
        return self._text[1]

    def reject(self, column: str, reason: str) -> None:
        """Refuse the last row."""
        self._reject(Reject(self.line, column, reason, self.text))

    def _forget(self) -> None:
        """Let go of the lines before the last row."""
        many = self._end - self._copied
        if many > 0:
            deque(itertools.islice(self._copy, many), maxlen=0)
            self._copied = self._end

    def _refuse(self, row: list[str]) -> None:
        if not row or (len(row) == 1 and not row[0].strip()):
            return  # an empty line says nothing
        width = len(self.table.headings)
        if len(row) == width:
            self.reject("", "holds a NUL character")
        else:
            self.reject("", f"has {len(row)} fields where the headings are {width}")


def keeps_together(table: TableFile, column: int) -> bool:
    """Whether each text of the column stands in one run of rows, as far as that is easy to say."""
    seen: set[str] = set()
    with _open(table.path, table.encoding) as file:
        for _ in range(table.heading_lines):
            file.readline()
        rows = csv.reader(file, delimiter=table.separator, strict=True)
        try:
            for text, _ in itertools.groupby(map(itemgetter(column), rows)):
                if text in seen or len(seen) >= TEXTS_HELD:
                    return False
                seen.add(text)
        except (csv.Error, IndexError):
            return False
    return True


def _said(problem: csv.Error) -> str:
    text = str(problem)
    if "field limit" in text:
        return f"a field is longer than {FIELD_LIMIT:,} characters: is a quotation mark missing?"
    if "unexpected end" in text:
        return "a quotation mark is opened and never closed"
    return f"the quotation marks do not match: {text}"
