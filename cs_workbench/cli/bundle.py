"""`csw bundle`: colleagues' rows from their own files, merged into this one."""

from pathlib import Path

import click

from cs_workbench.cli.output import Column, print_json, print_raw, print_table, say
from cs_workbench.cli.output import warn as tell
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.bundles import Conflict, read_bundle, write_bundle
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.plurals import counted
from cs_workbench.errors import InputError
from cs_workbench.store.bundles import BundleReport, merge_acts, read_acts_since


@click.group()
def bundle() -> None:
    """Exchange what people wrote between portfolios: each keeps a file of their own."""


@bundle.command("export")
@click.option("--since", required=True, metavar="DATE", help="From this day on.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Else stdout.")
@pass_session
def export_command(session: Session, /, since: str, *, out: Path | None) -> None:
    """Write what people did here from a day on; imports and scores stay out."""
    with session.open() as db:
        day = read_past_date(since, session.reading_day(db)).isoformat()
        acts = read_acts_since(db, day)
    text = write_bundle(acts, since=day, made_by=session.config.me)
    if out is None:
        print_raw(text + "\n")
        return
    save_new(text + "\n", out)
    tell(f"{counted(len(acts), 'act')} since {day} written.")


@bundle.command("import")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would come, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def import_command(session: Session, /, path: Path, *, dry_run: bool, as_json: bool) -> None:
    """Merge a colleague's bundle: importing it twice changes nothing.

    A field that was changed on both sides keeps the value that it has here; both are listed, and
    `csw differences` keeps them until you decide.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None
    acts = read_bundle(text, str(path))
    with session.open() as db:
        report = merge_acts(db, acts, dry_run=dry_run)
    if as_json:
        print_json(_record(report))
    else:
        _print(report, dry_run=dry_run)


def _record(report: BundleReport) -> dict[str, object]:
    return {
        "schema": "csw.bundle.import/1",
        "merged": report.merged,
        "known": report.known,
        "conflicts": [
            {
                "entity": one.entity,
                "entity_id": one.entity_id,
                "field": one.field,
                "mine": one.mine,
                "by_me": one.by_me,
                "theirs": one.theirs,
                "by_them": one.by_them,
            }
            for one in report.conflicts
        ],
        "refused": [{"what": what, "why": why} for what, why in report.refused],
    }


def _print(report: BundleReport, *, dry_run: bool) -> None:
    verb = "would come" if dry_run else "came"
    say(f"{counted(report.merged, 'act')} {verb} in, {report.known:,} here already.")
    for what, why in report.refused:
        tell(f"Not taken: {what} ({why}).")
    if report.conflicts:
        headings = ("What", "Field", "Here", "By", "There", "By")
        print_table([Column(one) for one in headings], [_row(one) for one in report.conflicts])


def _row(one: Conflict) -> tuple[object, ...]:
    return (f"{one.entity} {one.entity_id}", one.field, one.mine, one.by_me, one.theirs,
            one.by_them)  # fmt: skip
