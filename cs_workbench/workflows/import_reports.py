"""What became of an import, in counts and in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.findings import Finding
from cs_workbench.importers.sources import Source
from cs_workbench.importers.unknown_tables import listed
from cs_workbench.store.imports import Counts


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's rows; `rows` is the sum of the next four counts.

    Rows that its mapping does not mean are `left_out` besides; those that went, as a full file
    lacked them, are `removed`.
    """

    file: str
    kind: str
    mapping: str
    rows: int
    new: int
    changed: int
    same: int
    rejected: int
    left_out: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import.

    Attributes:
        files: in the order in which they were read.
        warnings: sentences for the person, contradictions included.
        findings: the contradictions, to be counted.
        rejects: where the refused rows are, if there are any and they were written.
        examples: a few refused rows, as sentences.
        kept: False when nothing was written: `dry_run`, or `strict` and rows were refused.
        longest_lock: how long the write lock was held at most, in seconds.
        kept_back: files of which too many rows were missing to remove them unasked.
    """

    files: tuple[FileReport, ...]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    rejects: Path | None
    examples: tuple[str, ...]
    kept: bool
    longest_lock: float
    kept_back: int = 0

    @property
    def rejected(self) -> int:
        """How many rows were refused, in all files."""
        return sum(file.rejected for file in self.files)


def refused(report: ImportReport, *, dry_run: bool = False) -> str:
    """How many rows were refused, what that means for the others, and where they can be read."""
    rows = "1 row was" if report.rejected == 1 else f"{report.rejected:,} rows were"
    where = f" See {report.rejects}." if report.rejects else ""
    if dry_run:
        return f"{rows} refused. Nothing was written: this was a dry run."
    if not report.kept:
        return f"{rows} refused, so nothing was imported (--strict).{where}"
    return f"{rows} refused; the others are in.{where}"


def told(name: str, counts: Counts) -> Iterator[str]:
    """What is worth saying of a file that is in."""
    if counts.left_out:
        yield f"{name}: {_rows(counts.left_out)} not meant by the mapping and left out."
    if counts.to_come:
        yield f"{name}: {_rows(counts.to_come)} still to come and left out until then."
    if counts.linked:
        yield f"{name}: {_rows(counts.linked)} of accounts that were there already."


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def unknown_headings(source: Source) -> Iterator[str]:
    """What is left out of a file, and what may have been meant, as sentences."""
    name, meant = source.table.name, source.meant()
    for heading, ours in meant.items():
        yield (
            f"{name}, line 1: the heading {heading!r} is not known and left out; "
            f"did you mean {ours!r}?"
        )
    own = source.file.kind.name == "accounts"  # its other columns are fields of a team's own
    others = [] if own else [heading for heading in source.ignored if heading not in meant]
    if others:
        yield f"{name}, line 1: headings not known and left out: {listed(others)}."


def sentence(finding: Finding) -> str:
    """The finding with its count, as in `Tickets were …: 36 (T-1, …)`."""
    more = ", …" if finding.count > len(finding.examples) else ""
    shown = f" ({', '.join(finding.examples)}{more})" if finding.examples else ""
    return f"{finding.message.rstrip('.')}: {finding.count:,}{shown}."
