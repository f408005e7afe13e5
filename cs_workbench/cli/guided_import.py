"""`csw import --interactive`: files with unknown headings, looked at together."""

from collections.abc import Sequence
from pathlib import Path

import click

from cs_workbench.cli.output import Column, print_table, say, warn
from cs_workbench.cli.session import Session
from cs_workbench.errors import WorkbenchError
from cs_workbench.importers.records import Assumptions
from cs_workbench.workflows.guided import (
    Guessed,
    Preview,
    corrected,
    guesses,
    is_clear,
    keep,
    preview,
)

SHOWN_COLUMNS = 7


def confirm_unknown(session: Session, paths: Sequence[Path]) -> None:
    """Ask about every file that no mapping knows, and keep what was confirmed beside it.

    Raises:
        click.Abort: the person quits; what was confirmed before stays.
    """
    assumed = Assumptions(session.config.currency, today=session.today())
    found = guesses(paths, session.path)
    if not found:
        say("How all files are to be read is clear.")
    for one in found:
        confirmed = None if is_clear(one) else _ask(one, assumed)
        if confirmed is not None:
            say(f"Kept as {keep(confirmed)}; the next import finds it.")


def _ask(found: Guessed, assumed: Assumptions) -> Guessed | None:
    """Show, listen, show again; None where the file is to be left out."""
    ways = f"Enter takes it · {found.answers} · skip · quit"
    while True:
        is_ready = _show(found, assumed)
        said = click.prompt(ways, default="", show_default=False, prompt_suffix=" > ").strip()
        if said == "quit":
            raise click.Abort
        if said == "skip":
            return None
        if not said and is_ready:
            return found
        try:
            found = corrected(found, said) if said else found
        except WorkbenchError as problem:
            warn(str(problem))


def _show(found: Guessed, assumed: Assumptions) -> bool:
    """Print the guess and the first rows; whether they can be read."""
    say(f"\n{found.table.name}: how it is to be read is not clear. It looks like {found.kind}.")
    columns = [
        Column("Field"),
        Column("is taken from", is_data=True),
        Column("as in", is_data=True),
    ]
    print_table(columns, found.told)
    say(f"Read as {found.writing}; {found.rest}.")
    try:
        previews = preview(found, assumed)
    except WorkbenchError as problem:
        warn(str(problem))
        return False
    for one in previews:
        _print(one)
    return True


def _print(one: Preview) -> None:
    """The columns that hold anything, as many as are wide enough to be read."""
    used = [at for at in range(len(one.headings)) if any(row[at] for row in one.rows)]
    say(f"\nAs {one.kind}:")
    print_table(
        [Column(one.headings[at], is_data=True) for at in used[:SHOWN_COLUMNS]],
        ([row[at] for at in used[:SHOWN_COLUMNS]] for row in one.rows),
    )
    for note in one.notes:
        say(f"  {note}")
    for problem in one.problems:
        warn(f"  would be refused, {problem}")
