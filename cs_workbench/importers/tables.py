"""Read delimited text as it comes: any usual encoding and separator, never a shifted row.

A file is inspected once from end to end (encoding, NULs, lines without end, hash), then streamed.
"""

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.importers.encodings import CHUNK, inspect_bytes

SEPARATORS = (",", ";", "\t", "|")
SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
BLOCK = 300  # rows at most; they stay in the processor's cache
BLOCK_CELLS, BLOCK_LETTERS = 100_000, 4_000_000  # and so much of wide or long ones
FIRST_BLOCK = 20
TEXTS_HELD = 300_000
FIELD_LIMIT = 131_072  # of the csv module: a quotation mark is missing long before it
if TYPE_CHECKING:
    from _csv import Reader as CsvReader

RejectRow = Callable[[Reject], None]
Cells = Callable[[], Iterator[tuple[int, list[str]] | Reject]]
Keep = Callable[[list[str]], bool]


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
        part: the sheet of a workbook that is meant.
        has_siblings: whether the file holds other tables too.
        cells: gives each row's number and its texts, or says why it is refused, of files that are
            not simply delimited text.
    """

    path: Path
    encoding: str
    separator: str
    headings: tuple[str, ...]
    heading_lines: int
    size: int
    digest: str
    has_nul: bool
    part: str = ""
    cells: Cells | None = None
    has_siblings: bool = False

    @property
    def own_name(self) -> str:
        """What its mapping is called, and ids that are made of its rows begin with."""
        stem = self.path.stem
        return f"{stem}-{self.part}" if self.has_siblings else stem

    @property
    def name(self) -> str:
        """The file as reports name it."""
        return f"{self.path.name} [{self.part}]" if self.part else self.path.name


def inspect_table(path: Path) -> TableFile:
    """Look through the file and read its headings.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is not delimited text with one heading for each column.
    """
    try:
        digest, size, encoding, has_nul = inspect_bytes(path)
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
        return line[4], re.split("\r\n|\r|\n", line, maxsplit=1)[-1]
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
    """The rows of a file, block by block or one after the other; says where a row stands."""

    def __init__(
        self,
        table: TableFile,
        reject: RejectRow,
        tick: Callable[[int], None] | None = None,
        keep: Keep | None = None,
    ) -> None:
        """`tick` is told now and then how many bytes are read; `keep` which rows are meant."""
        self.table = table
        self.left_out = 0  # rows that are not meant
        self._reject = reject
        self._tick = tick
        self._keep = keep
        self._rows: list[list[str]] = []  # of this block, the wrong ones too
        self._lines: list[str] = []  # of this block, as they stand in the file
        self._begins: Sequence[int] = ()  # which of them begins each row
        self._numbers: list[int] = []  # of the rows of a file that is no text
        self._first = 0  # the line on which the block begins
        self._at = 0

    def __iter__(self) -> Iterator[list[str]]:
        """The rows that have a field for every heading; the others are rejected here."""
        for block in self.blocks():
            for row in block:
                self._find(row)
                yield row

    def blocks(self) -> Iterator[list[list[str]]]:
        """The same rows, many at once; a row can be found and rejected until the next come."""
        blocks = self._delimited() if self.table.cells is None else self._converted()
        if self._keep is None:
            yield from blocks
            return
        for block in blocks:
            kept = list(filter(self._keep, block))
            self.left_out += len(block) - len(kept)
            if kept:
                yield kept

    def _converted(self) -> Iterator[list[list[str]]]:
        """The rows of a file that is no text, of which the numbers are known."""
        cells = (self.table.cells or _nothing)()
        while found := list(itertools.islice(cells, BLOCK)):
            numbered = [one for one in found if not isinstance(one, Reject)]
            self._rows = [row for _, row in numbered]
            self._numbers = [number for number, _ in numbered]
            self._at = 0
            for one in found:
                if isinstance(one, Reject):
                    self._reject(one)
            if self._rows:
                yield self._rows

    def _delimited(self) -> Iterator[list[list[str]]]:
        with _open(self.table.path, self.table.encoding) as file:
            for _ in range(self.table.heading_lines):
                file.readline()
            lines, copy = itertools.tee(file)
            reader = self._csv(lines)
            self._first, problem = self.table.heading_lines + 1, None
            size = FIRST_BLOCK
            while True:
                before, self._rows = reader.line_num, []
                self._first += len(self._lines)
                try:
                    # what came before a row that cannot be read stays in the list
                    self._rows.extend(itertools.islice(reader, size))
                    problem = None
                except csv.Error as found:
                    problem = _said(found)
                self._lines = list(itertools.islice(copy, reader.line_num - before))
                if not self._lines:
                    return
                self._at, self._begins = 0, self._beginnings()
                size = self._next_size(size)
                yield from self._right_ones()
                if problem is not None:
                    self._at = len(self._rows)
                    self.reject("", problem)
                if self._tick is not None:
                    self._tick(file.buffer.tell())

    def _next_size(self, size: int) -> int:
        """How many rows the next block may have, by how long those of this one were."""
        fitting = size * BLOCK_LETTERS // max(sum(map(len, self._lines)), 1)
        widest = BLOCK_CELLS // len(self.table.headings)
        return max(1, min(fitting, 4 * size, widest, BLOCK))

    @property
    def line(self) -> int:
        """The line on which the last row begins."""
        if self._numbers:
            return self._numbers[self._at]
        return self._first + self._begins[self._at]

    def lines_of(self, block: Sequence[list[str]]) -> Sequence[int]:
        """The lines on which the rows of the block that came last begin, before any is refused."""
        if self._keep is not None:
            return [self._line_of(row) for row in block]
        some = slice(self._at, self._at + len(block))
        return self._numbers[some] or [self._first + at for at in self._begins[some]]

    def _line_of(self, row: list[str]) -> int:
        self._find(row)
        return self.line

    @property
    def text(self) -> str:
        """The last row as it stands in the file."""
        if self._numbers:
            return as_line(self._rows[self._at], self.table.separator)
        begin, end = self._begins[self._at], self._begins[self._at + 1]
        return "".join(self._lines[begin:end]).rstrip("\r\n")

    def reject(self, column: str, reason: str) -> None:
        """Refuse the last row."""
        self._reject(Reject(self.line, column, reason, self.text))

    def reject_row(self, row: list[str], column: str, reason: str) -> None:
        """Refuse a row of this block; they are refused in their order."""
        self._find(row)
        self.reject(column, reason)

    def _find(self, row: list[str]) -> None:
        while self._rows[self._at] is not row:
            self._at += 1

    def _csv(self, lines: Iterable[str]) -> "CsvReader":
        return csv.reader(lines, delimiter=self.table.separator, strict=True)

    def _beginnings(self) -> Sequence[int]:
        """Which line of the block begins each row, and at last where they end."""
        many = len(self._lines)
        if many == len(self._rows):
            return range(many + 1)
        again = self._csv(self._lines)
        begins = [0]
        for _ in self._rows:
            next(again)
            begins.append(again.line_num)
        return [*begins, many]

    def _right_ones(self) -> Iterator[list[list[str]]]:
        """The block without its wrong rows, which are refused in their place."""
        rows, width = self._rows, len(self.table.headings)
        begin = 0
        if self.table.has_nul or set(map(len, rows)) != {width}:
            for at, row in enumerate(rows):
                self._at = at
                if len(row) == width and not (self.table.has_nul and "\0" in self.text):
                    continue
                if at > begin:
                    self._at = begin
                    yield rows[begin:at]
                self._at = at
                self._refuse(row)
                begin = at + 1
            self._at = begin
        if begin < len(rows):
            yield rows[begin:]

    def _refuse(self, row: list[str]) -> None:
        if not row or (len(row) == 1 and not row[0].strip()):
            return  # an empty line says nothing
        width = len(self.table.headings)
        if len(row) == width:
            self.reject("", "holds a NUL character")
        else:
            self.reject("", f"has {len(row)} fields where the headings are {width}")


def first_rows(table: TableFile, count: int) -> list[list[str]]:
    """So many rows at most; those that cannot be read are told of when all are."""
    return list(itertools.islice(TableRows(table, lambda _: None), count))


def as_line(row: Sequence[str], separator: str) -> str:
    """A row as a line of delimited text, without its end."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="").writerow(row)
    return text.getvalue()


def _nothing() -> Iterator[tuple[int, list[str]] | Reject]:
    return iter(())


def texts_in_one_run(table: TableFile, column: int) -> Set[str] | None:
    """The texts of a column, if each stands in one run of rows; None if not, or hard to say."""
    if table.cells is not None:
        return None
    seen: dict[str, None] = {}
    last: str | None = None
    try:
        for runs in _runs(table, column):
            new = runs[1:] if runs[:1] == [last] else runs
            before = len(seen)
            seen.update(dict.fromkeys(new))
            if len(seen) != before + len(new) or before > TEXTS_HELD:
                return None
            last = runs[-1] if runs else last
    except (csv.Error, IndexError):
        return None
    return seen.keys()


def _runs(table: TableFile, column: int) -> Iterator[list[str]]:
    """The texts of a column without their spaces, once for each run of rows; many at once."""
    separator = re.escape(table.separator)
    run = re.compile(rf"^([^{separator}\n]*){separator}.*\n(?:\1{separator}.*\n)*", re.MULTILINE)
    with _open(table.path, table.encoding) as file:
        for _ in range(table.heading_lines):
            file.readline()
        while text := file.read(CHUNK) + file.readline():
            if column or '"' in text or text.count("\r") != text.count("\r\n"):
                break  # the lines are not simply the rows
            yield [found.strip() for found in run.findall(f"{text}\n")]
        else:
            return
        lines = itertools.chain(io.StringIO(text, newline=""), file)
        rows = csv.reader(lines, delimiter=table.separator, strict=True)
        texts = itertools.groupby(map(itemgetter(column), rows))
        while block := [text.strip() for text, _ in itertools.islice(texts, BLOCK)]:
            yield block


def _said(problem: csv.Error) -> str:
    text = str(problem)
    if "field limit" in text:
        return f"a field is longer than {FIELD_LIMIT:,} characters: is a quotation mark missing?"
    if "unexpected end" in text:
        return "a quotation mark is opened and never closed"
    return f"the quotation marks do not match: {text}"
