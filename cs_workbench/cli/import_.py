"""`csw import`: files into the portfolio."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from cs_workbench.cli.import_options import dates_option
from cs_workbench.cli.output import Column, print_json, print_table, say, warn
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from cs_workbench.importers.mapping import MappingSet
    from cs_workbench.importers.records import Assumptions
    from cs_workbench.workflows.import_reports import ImportReport
    from cs_workbench.workflows.importing import ImportWishes

COUNTS = ("rows", "new", "changed", "same", "rejected")


class ImportOptions(TypedDict):
    """What the command takes besides paths."""

    shows_log: bool
    full: bool
    yes: bool
    mapping: str | None
    dates: str | None
    interactive: bool
    guess: bool
    say: tuple[str, ...]
    dry_run: bool
    strict: bool
    timezone: str | None
    rejects: Path | None
    as_json: bool


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--log", "shows_log", is_flag=True, help="What every import brought; imports nothing."
)
@click.option("--full", is_flag=True, help="Files are whole: remove what a source's file lacks.")
@click.option("--yes", is_flag=True, help="With --full: remove more than 5 % too.")
@click.option("--mapping", metavar="NAME|FILE.toml", help="How the files are read; else detected.")
@click.option(
    "--interactive",
    is_flag=True,
    help="Look together at files whose headings are not known, then import.",
)
@click.option(
    "--guess",
    is_flag=True,
    help="Take what such files look like, where nothing has to be asked: for scripts.",
)
@click.option(
    "--say",
    multiple=True,
    metavar="ANSWER",
    help="With --guess: what would be answered, as arr='Yearly fee' or dates=dmy; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing at all.")
@click.option("--strict", is_flag=True, help="All rows or none.")
@dates_option
@click.option("--timezone", metavar="ZONE", help="Of times that name none, as Europe/Madrid.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that are refused are written; else beside the portfolio.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def import_command(
    session: Session, paths: tuple[Path, ...], **options: Unpack[ImportOptions]
) -> None:
    """Load files, or those of a folder, into the portfolio.

    CSV, Excel, JSON lines and Parquet; exports of the usual tools are known by their headings. The
    book of `csw accounts --csv`, edited in a spreadsheet, changes its edited cells alone.

    Rows that cannot be read are written to a rejects file; the others go in.
    """
    if options["shows_log"]:
        from cs_workbench.cli.import_log import print_log

        print_log(session, as_json=options["as_json"])
        return
    if not paths:
        raise UsageError("Which files? csw import PATH…, or csw import --log.")
    if not options["mapping"]:
        from cs_workbench.cli.book_sheet import import_sheets, sheets_among

        if sheets := sheets_among(paths):
            dry_run, as_json = options["dry_run"], options["as_json"]
            import_sheets(session, sheets, dry_run=dry_run, as_json=as_json)
            return
    report = _run(session, paths, options)
    if options["as_json"]:
        print_json(_document(report))
    else:
        _print(report)
    for warning in _all(report):
        warn(warning)
    _judge(report, dry_run=options["dry_run"])


def _assumed(session: Session, options: ImportOptions) -> "Assumptions":
    from cs_workbench.importers.records import Assumptions

    return Assumptions(session.config.currency, options["timezone"], session.today())


def _wishes(session: Session, options: ImportOptions) -> "ImportWishes":
    from cs_workbench.workflows.importing import ImportWishes

    return ImportWishes(
        session.config.me,
        _assumed(session, options),
        options["strict"],
        options["dry_run"],
        options["rejects"],
        options["full"],
        options["yes"],
    )


def _judge(report: "ImportReport", *, dry_run: bool) -> None:
    """End with a code where something needs a person."""
    from cs_workbench.workflows.import_reports import refused

    if report.rejected:
        raise FindingsError(refused(report, dry_run=dry_run))
    if report.kept_back:
        raise FindingsError("Rows that files lack were not removed; all others are in.")
    if dry_run:
        warn("Nothing was written: this was a dry run.")


def _run(session: Session, paths: tuple[Path, ...], options: ImportOptions) -> "ImportReport":
    from cs_workbench.importers.detection import plan_import
    from cs_workbench.workflows.importing import run_import

    formats = (options["dates"],) if options["dates"] else ()
    beside = _confirmed(session, paths, options, formats)
    plan = plan_import(
        paths, options["mapping"], date_formats=formats, today=session.today(), beside=beside
    )
    with progress_line("Importing") as progress:
        return run_import(session.path, plan, _wishes(session, options), progress)


def _confirmed(
    session: Session, paths: tuple[Path, ...], options: ImportOptions, formats: tuple[str, ...]
) -> "list[MappingSet]":
    """The mappings of files that no mapping knows, if they are to be asked about or guessed."""
    wishes = [bool(options["mapping"]), options["interactive"], options["guess"]]
    if sum(wishes) > 1:
        raise UsageError("One of --interactive, --guess and --mapping says how files are read.")
    if options["say"] and not options["guess"]:
        raise UsageError("--say answers what --guess would have to ask.")
    if not options["interactive"] and not options["guess"]:
        return []
    from cs_workbench.cli.guided_import import ask_about, take_guesses
    from cs_workbench.workflows.guided import guesses

    found, assumed = guesses(paths, session.path, formats), _assumed(session, options)
    keeps = not options["dry_run"]
    if options["guess"]:
        return take_guesses(found, assumed, options["say"], keeps=keeps)
    return ask_about(found, assumed, keeps=keeps)


def _print(report: "ImportReport") -> None:
    columns = [Column("File", is_data=True), Column("Kind"), Column("Mapping")]
    columns += [Column(name.capitalize(), "right") for name in COUNTS]
    print_table(
        columns,
        (
            (file.file, file.kind, file.mapping, *(f"{getattr(file, n):,}" for n in COUNTS))
            for file in report.files
        ),
    )
    if not report.kept:
        say("Nothing of this is in the portfolio; the counts are what would have come.")
    elif not any(file.new or file.changed or file.removed for file in report.files):
        say("Nothing changed.")


def _document(report: "ImportReport") -> dict[str, object]:
    return {
        "schema": "csw.import/1",
        "files": [asdict(file) for file in report.files],
        "warnings": _all(report),
        "kept": report.kept,
        "rejects": None if report.rejects is None else str(report.rejects),
    }


def _all(report: "ImportReport") -> list[str]:
    return [*report.warnings, *report.examples]
