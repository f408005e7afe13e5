"""Bring files into the portfolio: read, check, merge, and say exactly what became of every row."""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cs_workbench.core.findings import Finding
from cs_workbench.core.records import Record, Reject
from cs_workbench.errors import BusyError, DiskFullError, ReadOnlyPlaceError, UsageError
from cs_workbench.importers.detection import Plan, Source, listed, plan_import
from cs_workbench.importers.mapping import NATIVE
from cs_workbench.importers.records import Assumptions, RecordReader, zone_of
from cs_workbench.importers.rejects import RejectsFile
from cs_workbench.importers.tables import RejectRow, TableRows
from cs_workbench.store.backup import put_in_place
from cs_workbench.store.database import Database, open_database, utc_now
from cs_workbench.store.files import is_blank, make_folder, translated
from cs_workbench.store.import_records import Incoming, merge_records
from cs_workbench.store.imports import (
    Counts,
    ImportRun,
    Pen,
    SeenIds,
    begin_run,
    copy_portfolio,
    end_run,
    have_runs,
    is_first_load,
    one_piece,
)
from cs_workbench.store.quality import find_contradictions
from cs_workbench.workflows.import_families import MergedFile, link_families
from cs_workbench.workflows.import_usage import UsageImport

Progress = Callable[[int, int], None]
USUAL = Assumptions()


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's rows; `rows` is the sum of the other counts."""

    file: str
    kind: str
    mapping: str
    rows: int
    new: int
    changed: int
    same: int
    rejected: int


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
    """

    files: tuple[FileReport, ...]
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    rejects: Path | None
    examples: tuple[str, ...]
    kept: bool
    longest_lock: float

    @property
    def rejected(self) -> int:
        """How many rows were refused, in all files."""
        return sum(file.rejected for file in self.files)


@dataclass(frozen=True, slots=True)
class ImportWishes:
    """How an import is to go.

    Attributes:
        actor: who imports.
        assumed: what is taken where files do not say.
        strict: all rows or none.
        dry_run: nothing is written at all.
        rejects: where refused rows are written; by default beside the portfolio.
    """

    actor: str
    assumed: Assumptions = USUAL
    strict: bool = False
    dry_run: bool = False
    rejects: Path | None = None


def import_paths(
    db: Database,
    paths: Sequence[Path],
    *,
    actor: str,
    mapping: str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files and folders with what is usual; `run_import` takes all wishes.

    Raises:
        NotFoundError, InputError: a path or mapping is not there or not right; nothing is written.
    """
    wishes = ImportWishes(actor, strict=strict, dry_run=dry_run)
    return run_import(db.path, plan_import(paths, mapping), wishes, progress)


def run_import(
    path: Path, plan: Plan, wishes: ImportWishes, progress: Progress | None = None
) -> ImportReport:
    """Import what was planned into the portfolio at `path`, which is made if it is not there.

    What a progress callback raises breaks the import off; the chunks already merged stay, and the
    same import resumes.

    Raises:
        DiskFullError, BusyError, ReadOnlyPlaceError: as named; here too the merged chunks stay,
            unless the import is strict.
    """
    _check(path, plan, wishes)
    with _portfolio(path, wishes) as db, ExitStack() as stack:
        rejects = RejectsFile(_rejects_path(path, wishes))
        stack.callback(rejects.close)
        task = _Task(db, plan, wishes, rejects, progress)
        try:
            with one_piece(db) if wishes.strict else ExitStack():
                task.all_files()
        except _NothingKeptError:
            return task.report(kept=False)
        except (BusyError, DiskFullError, ReadOnlyPlaceError) as problem:
            if wishes.strict or wishes.dry_run:
                raise
            raise type(problem)(f"{problem} {_GOES_ON}") from problem
        return task.report(kept=not wishes.dry_run)


def _check(path: Path, plan: Plan, wishes: ImportWishes) -> None:
    """What is wrong with the wishes is told before there is a portfolio."""
    kept = {path.resolve(), *(source.table.path.resolve() for source in plan.sources)}
    if wishes.rejects is not None and wishes.rejects.resolve() in kept:
        raise UsageError(f"{wishes.rejects} is read here; name another file for the rejects.")
    for source in plan.sources:
        zone_of(source, wishes.assumed)


_GOES_ON = "What was imported before that stays; the same import again goes on from there."


class _NothingKeptError(Exception):
    """Takes a strict import back."""


@contextmanager
def _portfolio(path: Path, wishes: ImportWishes) -> Iterator[Database]:
    """The portfolio; a copy to be thrown away; or a new one that is put in place if rows stay."""
    is_new = is_blank(path)
    if not wishes.dry_run and not (wishes.strict and is_new):
        with open_database(path, create=True) as db:
            yield db
        return
    with _folder(path, wishes) as folder:
        copy = Path(folder) / "portfolio.db"
        if not is_new:
            copy_portfolio(path, copy)
        with open_database(copy, create=True) as db:
            yield db
            if not wishes.dry_run and have_runs(db):
                put_in_place(db, path)


def _folder(path: Path, wishes: ImportWishes) -> "tempfile.TemporaryDirectory[str]":
    if wishes.dry_run:
        return tempfile.TemporaryDirectory(prefix="csw-dry-run-")
    make_folder(path)
    with translated(path):
        return tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)


def _rejects_path(path: Path, wishes: ImportWishes) -> Path | None:
    if wishes.dry_run:
        return None
    stamp = utc_now().replace("-", "").replace(":", "")
    return wishes.rejects or path.with_name(f"{path.name}.rejects-{stamp}.csv")


@dataclass(slots=True)
class _Task:
    """One import under way."""

    db: Database
    plan: Plan
    wishes: ImportWishes
    rejects: RejectsFile
    progress: Progress | None
    files: list[FileReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pen: Pen = field(init=False)
    first: set[tuple[str, str]] = field(init=False)
    total: int = field(init=False)
    read: int = 0

    def __post_init__(self) -> None:
        self.pen = Pen(self.db, whole=self.wishes.strict)
        names = {(s.mapping.name, s.file.kind.name) for s in self.plan.sources}
        self.first = {pair for pair in names if is_first_load(self.db, *pair)}
        self.total = sum(source.table.size for source in self.plan.sources)
        for path in self.plan.skipped:
            self.warnings.append(f"{path} is left out: no mapping knows its headings.")

    def all_files(self) -> None:
        """Read and merge them in order; a strict import that lost rows is taken back."""
        accounts = [one for one in self.plan.sources if one.file.kind.name == "accounts"]
        if accounts:
            self._accounts(accounts)
        for source in self.plan.sources[len(accounts) :]:  # accounts come first
            self._end(self._merge(source))
        if self.wishes.strict and self.rejects.count:
            raise _NothingKeptError

    def _accounts(self, sources: Sequence[Source]) -> None:
        """Files of accounts end together: a parent may stand in a later one."""
        with self.pen.merging_index():
            merged = [self._merge(source) for source in sources]
            self.warnings.extend(link_families(self.db, self.pen, merged))
        for one in merged:
            self._end(one)

    def _merge(self, source: Source) -> MergedFile:
        """Read and merge one file."""
        name, kind = source.table.path.name, source.file.kind.name
        wanted = ImportRun(
            0,
            source.mapping.name,
            kind,
            self.wishes.actor,
            utc_now(),
            (source.mapping.name, kind) in self.first,
        )
        run = begin_run(self.pen, wanted, file_name=name, file_hash=source.table.digest)
        self.pen.turn()
        self._say_about(source, run)
        counts = Counts()
        rejected_before = self.rejects.count
        with SeenIds() as seen:
            rows = TableRows(source.table, self.rejects.into(name), self.tick)
            if kind == "usage":
                usage = UsageImport(self.db, self.pen, run, source, counts)
                self.warnings.extend(usage.read(rows, seen, self.rejects.into(name)))
            else:
                self._records(source, run, rows, seen, counts)
        counts.rejected = self.rejects.count - rejected_before
        counts.rows = counts.new + counts.changed + counts.same + counts.rejected
        self.read += source.table.size
        self.tick(0)
        return MergedFile(name, run, counts)

    def _end(self, merged: MergedFile) -> None:
        """Note what came of a file."""
        counts = merged.counts
        end_run(self.pen, merged.run, counts)
        shown = (counts.rows, counts.new, counts.changed, counts.same, counts.rejected)
        self.files.append(FileReport(merged.name, merged.run.kind, merged.run.source, *shown))

    def tick(self, position: int) -> None:
        """Tell how far the reading is."""
        if self.progress is not None:
            self.progress(min(self.read + position, self.total), self.total)

    def report(self, *, kept: bool) -> ImportReport:
        """What became of it."""
        findings = tuple(find_contradictions(self.db)) if kept or self.wishes.dry_run else ()
        contradictions = [_sentence(finding) for finding in findings]
        return ImportReport(
            tuple(self.files),
            tuple(self.warnings + contradictions),
            findings,
            self.rejects.written,
            tuple(self.rejects.examples),
            kept,
            self.pen.longest,
        )

    def _records(
        self, source: Source, run: ImportRun, rows: TableRows, seen: SeenIds, counts: Counts
    ) -> None:
        reader = RecordReader(source, self.wishes.assumed)
        if reader.currency_assumed:
            self.warnings.append(
                f"{source.table.path.name}: names no currency; {self.wishes.assumed.currency} "
                "is assumed."
            )
        refuse = self.rejects.into(source.table.path.name)
        records = self._each_once(reader.records(rows), seen, refuse, counts)
        incoming = Incoming(run, source.file.kind, reader.columns, reader.account_lookup)
        while batch := list(itertools.islice(records, self.pen.size)):
            with self.pen.chunk(len(batch)) as connection:
                merged = merge_records(connection, incoming, batch)
            counts.new += merged.new
            counts.changed += merged.changed
            counts.same += merged.same
            for record, reason in merged.refused:
                refuse(_refused(record, "account_id", reason))

    def _each_once(
        self, records: Iterator[Record], seen: SeenIds, refuse: RejectRow, counts: Counts
    ) -> Iterator[Record]:
        """Each id once: the same row again is the same, another one under its id is refused."""
        for record in records:
            content = repr((record.account_id, record.values, record.parent_id))
            verdict = seen.meet(record.key, content)
            if verdict == "new":
                yield record
            elif verdict == "same":
                counts.same += 1
            else:
                refuse(_refused(record, "", f"{record.key!r} stands above with other content"))

    def _say_about(self, source: Source, run: ImportRun) -> None:
        name = source.table.path.name
        if run.resumed:
            self.warnings.append(f"{name}: goes on with an import that was broken off.")
        if source.table.encoding == "cp1252":
            self.warnings.append(f"{name}: is not UTF-8; read as Windows-1252.")
        if source.mapping.name == NATIVE:
            self.warnings.extend(_unknown_headings(source))
        has_times = any(field.type == "instant" for field in source.file.kind.fields)
        declared = self.wishes.assumed.timezone or source.mapping.timezone
        if has_times and not declared and zone_of(source, self.wishes.assumed):
            self.warnings.append(
                f"{name}: times without a zone are taken as UTC; declare another with --timezone."
            )


def _unknown_headings(source: Source) -> Iterator[str]:
    """What is left out of a file, and what may have been meant."""
    name, meant = source.table.path.name, source.meant()
    for heading, ours in meant.items():
        yield (
            f"{name}, line 1: the heading {heading!r} is not known and left out; "
            f"did you mean {ours!r}?"
        )
    others = [heading for heading in source.ignored if heading not in meant]
    if others:
        yield f"{name}, line 1: headings not known and left out: {listed(others)}."


def _refused(record: Record, column: str, reason: str) -> Reject:
    return Reject(record.line, column, reason, record.text)


def _sentence(finding: Finding) -> str:
    """The finding with its count, as in `Tickets were …: 36 (T-1, …)`."""
    more = ", …" if finding.count > len(finding.examples) else ""
    shown = f" ({', '.join(finding.examples)}{more})" if finding.examples else ""
    return f"{finding.message.rstrip('.')}: {finding.count:,}{shown}."
