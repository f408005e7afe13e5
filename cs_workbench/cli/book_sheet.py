"""`csw import` of the book itself, edited in a spreadsheet: the edits are shown, then made."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.output import Column, is_terminal, print_json, print_table, say, warn
from cs_workbench.cli.session import Session
from cs_workbench.core.plurals import counted
from cs_workbench.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from cs_workbench.core.book_sheets import CellEdit
    from cs_workbench.importers.tables import TableFile
    from cs_workbench.workflows.book_sheets import SheetPlan

SCHEMA = "csw.book/1"


def sheets_among(paths: Sequence[Path]) -> "list[TableFile]":
    """The files that are the book as `csw accounts --csv` wrote it.

    Raises:
        UsageError: other files stand beside them.
    """
    from cs_workbench.workflows.book_sheets import sheet_of

    found = [sheet for path in paths if (sheet := sheet_of(path)) is not None]
    if found and len(found) < len(paths):
        raise UsageError("Import the edited book by itself, without other files.")
    return found


def import_sheets(
    session: Session, sheets: "Sequence[TableFile]", *, dry_run: bool, as_json: bool
) -> None:
    """Show what was edited in each, and change that alone; a person at a terminal is asked first.

    Raises:
        FindingsError: some edits could not be made.
    """
    from cs_workbench.workflows.book_sheets import apply_sheet, plan_sheet
    from cs_workbench.workflows.judgements import Act

    left = 0
    for sheet in sheets:
        with session.open() as db:
            act = Act(0, session.config.me, session.reading_day(db))
            plan = plan_sheet(db, sheet, act)
            if as_json:
                print_json(_document(plan, kept=not dry_run))
            else:
                _print(plan)
            if not dry_run and plan.edits and (as_json or _is_wanted(plan)):
                apply_sheet(db, act, plan)
                warn(f"{plan.told}; z on the screens takes it back.")
        left += len(plan.conflicts) + len(plan.refused)
    if dry_run:
        warn("Nothing was written: this was a dry run.")
    if left:
        raise FindingsError(f"{left:,} edits were not made; they are listed above.")


def _is_wanted(plan: "SheetPlan") -> bool:
    import sys

    if not is_terminal(sys.stdin):
        return True
    return click.confirm(f"Change {counted(len(plan.edits), 'cell')}?", default=True, err=True)


def _print(plan: "SheetPlan") -> None:
    if plan.edits:
        _table(plan.edits, ("Account", "Field", "Was", "Becomes"))
    else:
        say("Nothing was edited.")
    if plan.conflicts:
        warn("Changed here too since the sheet was written; left as they are here:")
        _table(plan.conflicts, ("Account", "Field", "Here", "Sheet"))
    for line, reason in plan.refused:
        warn(f"{plan.name}, line {line}: {reason}")


def _table(edits: "Sequence[CellEdit]", headings: Sequence[str]) -> None:
    columns = [Column(one, is_data=True) for one in headings]
    print_table(columns, [(one.account, one.heading, one.before, one.after) for one in edits])


def _edit(one: "CellEdit") -> dict[str, str]:
    return {
        "account": one.account,
        "field": one.heading,
        "before": one.before,
        "after": one.after,
    }


def _document(plan: "SheetPlan", *, kept: bool) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "file": plan.name,
        "edits": [_edit(one) for one in plan.edits],
        "conflicts": [_edit(one) for one in plan.conflicts],
        "refused": [{"line": line, "reason": reason} for line, reason in plan.refused],
        "kept": kept,
    }
