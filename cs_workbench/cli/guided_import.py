"""`csw import --interactive` and `--guess`: files with unknown headings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cs_workbench.cli.output import Column, print_table, say, warn
from cs_workbench.cli.session import Session
from cs_workbench.errors import WorkbenchError
from cs_workbench.importers.mapping import MappingSet
from cs_workbench.importers.records import Assumptions
from cs_workbench.workflows.guided import (
    Guessed,
    corrected,
    guesses,
    is_clear,
    keep,
    mapping_of,
    preview,
)
from cs_workbench.workflows.previews import Preview

SHOWN_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Unknown:
    """Files to look at, of which no mapping may know some.

    Attributes:
        session: of the command.
        paths: as they were given.
        date_formats: the order of day and month, if it was said.
        keeps: whether what is confirmed is kept beside the data; a dry run writes nothing.
    """

    session: Session
    paths: Sequence[Path]
    date_formats: tuple[str, ...] = ()
    keeps: bool = True

    @property
    def assumed(self) -> Assumptions:
        """What is taken where a file does not say."""
        return Assumptions(self.session.config.currency, today=self.session.today())

    def confirm(self, decide: Callable[[Guessed], Guessed | None]) -> list[MappingSet]:
        """The mappings of all files that `decide` confirms; those that it reads too are skipped."""
        confirmed: list[MappingSet] = []
        for one in guesses(self.paths, self.session.path, self.date_formats):
            found = None if is_clear(one, confirmed) else decide(one)
            if found is not None:
                confirmed.append(mapping_of(found))
                if self.keeps:
                    warn(f"Kept as {keep(found)}; the next import finds it.")
        return confirmed


def ask_about(unknown: Unknown) -> list[MappingSet]:
    """Ask about every file that no mapping knows; the mappings that were confirmed.

    Raises:
        click.Abort: the person quits; what was confirmed before stays.
    """
    asked: list[Guessed] = []

    def ask(found: Guessed) -> Guessed | None:
        asked.append(found)
        return _ask(found, unknown.assumed)

    confirmed = unknown.confirm(ask)
    if not asked:
        say("How all files are to be read is clear.")
    return confirmed


def take_guesses(unknown: Unknown, answers: Sequence[str]) -> list[MappingSet]:
    """Take what is guessed of every file that no mapping knows, with answers given in advance.

    A file of which something has to be asked all the same is told of and left as it is.
    """

    def take(found: Guessed) -> Guessed | None:
        try:
            for answer in answers:
                found = corrected(found, answer)
            preview(found, unknown.assumed)
        except WorkbenchError as problem:
            warn(f"{found.table.name} cannot be guessed: {problem} Answer with --say.")
            return None
        warn(f"{found.table.name} is taken for {found.kind}: {found.writing}; {found.rest}.")
        return found

    return unknown.confirm(take)


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
