"""`csw import --interactive` and `--guess`: files with unknown headings."""

from collections.abc import Callable, Sequence

import click

from cs_workbench.cli.output import Column, print_table, say, warn
from cs_workbench.errors import ReadOnlyPlaceError, WorkbenchError
from cs_workbench.importers.mapping import MappingSet
from cs_workbench.importers.records import Assumptions
from cs_workbench.workflows.guided import (
    Guessed,
    corrected,
    is_clear,
    keep,
    mapping_of,
    preview,
)
from cs_workbench.workflows.previews import Preview

SHOWN_COLUMNS = 7


def ask_about(
    found: Sequence[Guessed], assumed: Assumptions, *, keeps: bool = True
) -> list[MappingSet]:
    """Ask about files that no mapping knows; the mappings that were confirmed.

    Args:
        found: what is guessed of each.
        assumed: what is taken where a file does not say.
        keeps: whether what is confirmed is kept beside the data; a dry run writes nothing.

    Raises:
        click.Abort: the person quits; what was confirmed before stays.
    """
    if not found:
        say("How all files are to be read is clear.")
    return _confirmed(found, lambda one: _ask(one, assumed), keeps=keeps)


def take_guesses(
    found: Sequence[Guessed], assumed: Assumptions, answers: Sequence[str], *, keeps: bool = True
) -> list[MappingSet]:
    """Take what is guessed of files that no mapping knows, with answers given in advance.

    A file of which something has to be asked all the same is told of and left as it is.
    """
    return _confirmed(found, lambda one: _taken(one, assumed, answers), keeps=keeps)


def _confirmed(
    found: Sequence[Guessed], decide: Callable[[Guessed], Guessed | None], *, keeps: bool
) -> list[MappingSet]:
    """The mappings of files that `decide` confirms; others that these read too are passed over."""
    mappings: list[MappingSet] = []
    for one in found:
        decided = None if is_clear(one, mappings) else decide(one)
        if decided is not None:
            mappings.append(mapping_of(decided))
            if keeps:
                _keep(decided)
    return mappings


def _keep(found: Guessed) -> None:
    """Keep what was confirmed; where nothing can be written, it holds for this import."""
    try:
        warn(f"Kept as {keep(found)}; the next import finds it.")
    except ReadOnlyPlaceError as problem:
        warn(f"{problem} Until then it holds for this import alone.")


def _taken(found: Guessed, assumed: Assumptions, answers: Sequence[str]) -> Guessed | None:
    try:
        for answer in answers:
            found = corrected(found, answer)
        refused = next((one for one in preview(found, assumed) if one.is_refused), None)
    except WorkbenchError as problem:
        warn(f"{found.table.name} cannot be guessed: {problem} Answer with --say.")
        return None
    if refused is not None:
        warn(
            f"{found.table.name} cannot be guessed: all rows would be refused as {refused.kind}, "
            f"{refused.problems[0]}. Answer with --say."
        )
        return None
    warn(f"{found.table.name} is taken for {found.kind}: {found.writing}; {found.rest}.")
    return found


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
    say(f"Read as {found.writing}.")
    say(f"{found.rest[0].upper()}{found.rest[1:]}.")
    try:
        previews = preview(found, assumed)
    except WorkbenchError as problem:
        warn(str(problem))
        return False
    for one in previews:
        _print(one)
    return True


def _print(one: Preview) -> None:
    """As many columns as are wide enough to be read."""
    say(f"\nAs {one.kind}:")
    print_table(
        [Column(name, is_data=True) for name in one.headings[:SHOWN_COLUMNS]],
        (row[:SHOWN_COLUMNS] for row in one.rows),
    )
    for note in one.notes:
        say(f"  {note}")
    for problem in one.problems:
        warn(f"  would be refused, {problem}")
