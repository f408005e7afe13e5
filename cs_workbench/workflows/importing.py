"""Bring files into the portfolio: read, check, merge, and say exactly what became of every row."""

import datetime as dt
import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from cs_workbench.core.records import Record, Reject
from cs_workbench.errors import BusyError, DiskFullError, ReadOnlyPlaceError, UsageError
from cs_workbench.importers.choosing import kept_rows
from cs_workbench.importers.detection import Plan, plan_import
from cs_workbench.importers.mapping import NATIVE
from cs_workbench.importers.records import Assumptions, RecordReader, zone_of
from cs_workbench.importers.rejects import OWN, RejectsFile
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import RejectRow, TableRows
from cs_workbench.store.account_filling import Filling
from cs_workbench.store.account_matching import AccountMatcher, have_other_sources
from cs_workbench.store.backup import put_in_place
from cs_workbench.store.database import Database, open_database, utc_now
from cs_workbench.store.files import is_blank, make_folder, translated
from cs_workbench.store.import_records import merge_records
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
from cs_workbench.store.incoming_rows import Incoming
from cs_workbench.store.quality import find_contradictions
from cs_workbench.workflows.currencies import with_currency
from cs_workbench.workflows.declaring_fields import declare_columns
from cs_workbench.workflows.full_files import FullFiles
from cs_workbench.workflows.import_families import MergedFile, link_families
from cs_workbench.workflows.import_reports import (
    FileReport,
    ImportReport,
    sentence,
    told,
    unknown_headings,
)
from cs_workbench.workflows.import_usage import UsageImport

Progress = Callable[[int, int], None]
USUAL = Assumptions()


@dataclass(frozen=True, slots=True)
class ImportWishes:
    """How an import is to go.

    Attributes:
        actor: who imports.
        assumed: what is taken where files do not say.
        strict: all rows or none.
        dry_run: nothing is written at all.
        full: files hold all rows of their source; those that they lack are removed,
        remove_many: even where that is more than a twentieth of them.
        rejects: where refused rows are written; by default beside the portfolio.
    """

    actor: str
    assumed: Assumptions = USUAL
    strict: bool = False
    dry_run: bool = False
    rejects: Path | None = None
    full: bool = False
    remove_many: bool = False


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
        stack.callback(task.full.close)
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
    if wishes.rejects:
        return wishes.rejects
    stamp = utc_now().replace("-", "").replace(":", "")
    again = itertools.chain(
        [""], (f"-{number}" for number in itertools.count(2))
    )  # imports of the same second
    names = (path.with_name(f"{path.name}{OWN}{stamp}{one}.csv") for one in again)
    return next(name for name in names if not name.exists())


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
    full: FullFiles = field(init=False)
    read: int = 0

    def __post_init__(self) -> None:
        self.pen = Pen(self.db, whole=self.wishes.strict)
        self.full = FullFiles(self.db, self.pen, self.wishes.remove_many)
        names = {(s.mapping.name, s.file.kind.name) for s in self.plan.sources}
        self.first = {pair for pair in names if is_first_load(self.db, *pair)}
        assumed = with_currency(self.db, self.plan.sources, self.wishes.assumed)
        self.wishes = replace(self.wishes, assumed=assumed)
        self.total = sum(source.table.size for source in self.plan.sources)
        self.warnings.extend(self.plan.skipped)

    def all_files(self) -> None:
        """Read and merge them in order; a strict import that lost rows is taken back."""
        accounts = [one for one in self.plan.sources if one.file.kind.name == "accounts"]
        if accounts:
            self._accounts(accounts)
        others = self.plan.sources[len(accounts) :]  # accounts come first
        if self.wishes.full:
            merged = [self._merge(source) for source in others]
            self.warnings.extend(self.full.settle(merged))
            for one in merged:
                self._end(one)
        else:
            for source in others:
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
        name, kind = source.table.name, source.file.kind.name
        wanted = ImportRun(
            0,
            source.mapping.name,
            kind,
            self.wishes.actor,
            utc_now(),
            (source.mapping.name, kind) in self.first,
            source.hand,
        )
        run = begin_run(self.pen, wanted, file_name=name, file_hash=source.table.digest)
        self.pen.turn()
        self._say_about(source, run)
        counts = Counts()
        rejected_before = self.rejects.count
        with self._seen(run) as seen:
            refuse = self.rejects.into(name)
            rows = TableRows(source.table, refuse, self.tick, kept_rows(source))
            if kind == "usage":
                usage = UsageImport(self.db, self.pen, run, source, counts)
                self.warnings.extend(usage.read(rows, seen, refuse))
            else:
                self._records(source, run, rows, seen, counts)
        counts.rejected = self.rejects.count - rejected_before
        counts.left_out = rows.left_out
        counts.rows = counts.new + counts.changed + counts.same + counts.rejected
        self.read += source.table.size
        self.tick(0)
        return MergedFile(name, run, counts)

    def _seen(self, run: ImportRun) -> AbstractContextManager[SeenIds]:
        """The ids of a file; of a full one they are kept until all files are in."""
        if self.wishes.full:
            return nullcontext(self.full.seen((run.source, run.kind)))
        return SeenIds()

    def _end(self, merged: MergedFile) -> None:
        """Note what came of a file."""
        counts = merged.counts
        with self.pen.chunk() as connection:
            end_run(connection, merged.run, counts)
        shown = (counts.rows, counts.new, counts.changed, counts.same, counts.rejected)
        besides = (counts.besides, counts.removed)
        self.files.append(
            FileReport(merged.name, merged.run.kind, merged.run.source, *shown, *besides)
        )
        self.warnings.extend(told(merged.name, counts))

    def tick(self, position: int) -> None:
        """Tell how far the reading is."""
        if self.progress is not None:
            self.progress(min(self.read + position, self.total), self.total)

    def report(self, *, kept: bool) -> ImportReport:
        """What became of it."""
        today = self.wishes.assumed.today or dt.date.fromisoformat(utc_now()[:10])
        findings = tuple(find_contradictions(self.db, today)) if kept or self.wishes.dry_run else ()
        contradictions = [sentence(finding) for finding in findings]
        return ImportReport(
            tuple(self.files),
            tuple(dict.fromkeys((*self.warnings, *contradictions))),
            findings,
            self.rejects.written,
            tuple(self.rejects.examples),
            kept,
            self.pen.longest,
            self.full.kept_back,
        )

    def _records(
        self, source: Source, run: ImportRun, rows: TableRows, seen: SeenIds, counts: Counts
    ) -> None:
        named = source.file.kind.name != "accounts" or have_other_sources(
            self.db.connection, run.source
        )
        assumed = self.wishes.assumed
        own = declare_columns(self.db, self.pen, source, self.plan.sources, assumed)
        self.warnings.extend(own.told)
        reader = RecordReader(source, assumed, named=named, custom=own.columns)
        name = source.table.name
        if reader.currency_assumed:
            self.warnings.append(f"{name}: names no currency; {assumed.currency} is assumed.")
        refuse = self.rejects.into(name)
        repeat = None if source.file.first_counts else refuse
        records = self._each_once(reader.records(rows), seen, repeat, counts)
        incoming = replace(
            self._incoming(source, run, reader, named=named),
            custom=tuple(one.field.field_id for one in own.columns),
        )
        while batch := list(itertools.islice(records, self.pen.size)):
            with self.pen.chunk(len(batch)) as connection:
                merged = merge_records(connection, incoming, batch)
            counts.new += merged.new
            counts.changed += merged.changed
            counts.same += merged.same
            counts.linked += merged.linked
            for record, reason in merged.refused:
                refuse(_refused(record, reader.account_columns, reason))
        counts.to_come = reader.to_come

    def _incoming(
        self, source: Source, run: ImportRun, reader: RecordReader, *, named: bool
    ) -> Incoming:
        """What the file brings; more is asked of it where several systems tell of accounts."""
        incoming = Incoming(run, source.file.kind, reader.columns, reader.account_lookup)
        if source.file.kind.name != "accounts":
            matcher = AccountMatcher(run.source, of_accounts=False) if source.file.names else None
            people = source.file.people is not None
            return replace(incoming, matcher=matcher, names_people=people)
        if not named:
            return incoming
        return replace(
            incoming,
            matcher=AccountMatcher(run.source, of_accounts=True, once=run.hand == 1),
            filling=Filling(run.source, run.hand > 1),
        )

    def _each_once(
        self, records: Iterator[Record], seen: SeenIds, refuse: RejectRow | None, counts: Counts
    ) -> Iterator[Record]:
        """Each id once: the same row again is the same, another one under its id is refused.

        Without `refuse` the first one counts.
        """
        for record in records:
            said = record.account_id, record.values, record.parent_id, record.custom, record.people
            content = repr(said)
            verdict = seen.meet(record.key, content)
            if verdict == "new":
                yield record
            elif verdict == "same" or refuse is None:
                counts.same += 1
            else:
                refuse(_refused(record, "", f"{record.key!r} stands above with other content"))

    def _say_about(self, source: Source, run: ImportRun) -> None:
        name = source.table.name
        if run.resumed:
            self.warnings.append(f"{name}: goes on with an import that was broken off.")
        if source.table.encoding == "cp1252":
            self.warnings.append(f"{name}: is not UTF-8; read as Windows-1252.")
        if source.mapping.name == NATIVE:
            self.warnings.extend(unknown_headings(source))
        if source.file.note:
            self.warnings.append(f"{name}: {source.file.note}")
        has_times = any(field.type == "instant" for field in source.file.kind.fields)
        zone = zone_of(source, self.wishes.assumed)
        is_declared = source.mapping.timezone and not source.mapping.timezone_is_assumed
        if has_times and zone and not (self.wishes.assumed.timezone or is_declared):
            self.warnings.append(
                f"{name}: times without a zone are taken as {zone}; declare another with "
                "--timezone."
            )


def _refused(record: Record, column: str, reason: str) -> Reject:
    return Reject(record.line, column, reason, record.text)
