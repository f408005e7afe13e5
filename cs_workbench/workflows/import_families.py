"""Say which account is part of which, once every file of accounts is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.store.account_parents import ParentsSet, Refusals, set_parents
from cs_workbench.store.database import Database
from cs_workbench.store.imports import Counts, ImportRun, Pen


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A file whose rows are in; its run is not ended yet."""

    name: str
    run: ImportRun
    counts: Counts


def link_families(db: Database, pen: Pen, files: Sequence[MergedFile]) -> list[str]:
    """Set the parents that the files named, and count them; what is worth saying comes back."""
    done = set_parents(db, pen, [file.run for file in files])
    said: list[str] = []
    for file in files:
        outcome = done.get(file.run.import_id, ParentsSet())
        file.counts.changed += outcome.changed
        file.counts.same -= outcome.changed
        said.extend(_sayings(file.name, outcome))
    return said


def _sayings(name: str, outcome: ParentsSet) -> Iterator[str]:
    if outcome.unknown.count:
        yield (
            f"{name}: {_told(outcome.unknown)} parent_account_id that no account has; the rest of "
            "the row is in. Import the parent, then this file again."
        )
    if outcome.circular.count:
        yield (
            f"{name}: {_told(outcome.circular)} parent_account_id that would make an account part "
            "of itself; the rest of the row is in, and the parent stays as it was."
        )


def _told(refusals: Refusals) -> str:
    more = ", …" if refusals.count > len(refusals.examples) else ""
    rows = "1 row names a" if refusals.count == 1 else f"{refusals.count:,} rows name a"
    return f"{', '.join(refusals.examples)}{more}: {rows}"
