"""Files that hold all rows of their source: what all of them together lack is removed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from cs_workbench.core.records import KINDS
from cs_workbench.store.database import Database
from cs_workbench.store.imports import Pen, SeenIds
from cs_workbench.store.removed_rows import REMOVABLE, missing_rows, remove_missing
from cs_workbench.workflows.import_families import MergedFile

Pair = tuple[str, str]  # source and kind: one source may spread a kind over several files


@dataclass(slots=True)
class FullFiles:
    """The ids met in the files of an import, until all of them are in.

    Attributes:
        db, pen: where rows are removed.
        remove_many: more than a twentieth of a source's rows too.
        kept_back: how often so many were missing, and stayed.
    """

    db: Database
    pen: Pen
    remove_many: bool
    kept_back: int = 0
    _seen: dict[Pair, list[SeenIds]] = field(default_factory=lambda: defaultdict(list))
    _stack: ExitStack = field(default_factory=ExitStack)

    def seen(self, pair: Pair) -> SeenIds:
        """Where the ids of one more file are noted."""
        noted = self._stack.enter_context(SeenIds())
        self._seen[pair].append(noted)
        return noted

    def close(self) -> None:
        """Forget the ids."""
        self._stack.close()

    def settle(self, files: Sequence[MergedFile]) -> Iterator[str]:
        """Remove what the files lack, and say so; the last file of each kind counts it."""
        groups: dict[Pair, list[MergedFile]] = defaultdict(list)
        for one in files:
            groups[one.run.source, one.run.kind].append(one)
        for pair, group in groups.items():
            if pair[1] in REMOVABLE:
                yield from self._settle(pair, group)

    def _settle(self, pair: Pair, group: Sequence[MergedFile]) -> Iterator[str]:
        names, last = ", ".join(one.name for one in group), group[-1]
        if any(one.counts.rejected for one in group):
            yield f"{names}: rows were refused, so none of the others is removed."
            return
        kind = KINDS[pair[1]]
        missing = missing_rows(self.db.connection, last.run, kind, self._seen[pair])
        if missing.are_many and not self.remove_many:
            self.kept_back += 1
            yield (
                f"{names}: lacks {len(missing.ids):,} of {missing.known:,} {kind.name}, more than "
                "5 %; none is removed. If the file is whole, say --yes."
            )
            return
        last.counts.removed = remove_missing(self.pen, last.run, kind, missing)
        if last.counts.removed:
            yield (
                f"{names}: removed what it lacks, {last.counts.removed:,} of the {kind.name}; "
                "the log keeps it."
            )
