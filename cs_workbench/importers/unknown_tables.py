"""What is said of tables that no mapping knows."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from cs_workbench.importers.mapping import FileMapping, MappingSet
from cs_workbench.importers.resolving import alternatives
from cs_workbench.importers.tables import TableFile

SHOWN = 12  # headings
ALIKE = 3  # headings of which all but one have to be there, for a file to be nearly known
WAYS = (
    "`csw import` looks at it with you (--interactive), takes what it looks like (--guess), or "
    "reads it by a mapping of yours (--mapping FILE.toml): docs/importing.md."
)


def listed(headings: Sequence[str]) -> str:
    """The headings in a sentence; of very many the first, and how many more there are."""
    more = len(headings) - SHOWN
    return ", ".join(headings[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def left_out_note(table: TableFile, mappings: Iterable[MappingSet]) -> str:
    """That a file is left out; where one heading would have made it known, which."""
    near, lacking = _nearest(table, mappings)
    told = f"{_shown(table)} is left out: no mapping knows its headings"
    if len(lacking) > 1 or len(near.headings) < ALIKE:
        return f"{told}; --interactive asks what it is."
    return f"{told}; with {lacking[0]} it would be {near.kind.name}."


def unknown_note(table: TableFile, mappings: Iterable[MappingSet]) -> str:
    """That no mapping knows a file that was named; what the nearest one lacks, and what to do."""
    near, lacking = _nearest(table, mappings)
    return (
        f"{_shown(table)}: no mapping knows its headings ({listed(table.headings)}). "
        f"Nearest is {near.kind.name}, which also needs {', '.join(lacking)}. {WAYS}"
    )


def no_metric_note(table: TableFile) -> str:
    """That a table of usage has no metric, and what to do."""
    return f"{_shown(table)}: no column of numbers is left to be a metric. {WAYS}"


def _shown(table: TableFile) -> str:
    return f"{table.path} [{table.part}]" if table.part else str(table.path)


def _nearest(table: TableFile, mappings: Iterable[MappingSet]) -> tuple[FileMapping, list[str]]:
    """The file that it is most like, and the headings that it lacks of it."""
    headings = {name.casefold() for name in table.headings}
    near = max(
        (
            file
            for mapping in mappings
            for file in mapping.files
            if not all(_is_there(name, headings) for name in file.headings)
        ),
        key=lambda file: sum(_is_there(n, headings) for n in file.headings) / len(file.headings),
    )
    return near, [
        _with_near(name, headings) for name in near.headings if not _is_there(name, headings)
    ]


def _is_there(name: str, headings: Collection[str]) -> bool:
    """Whether the folded headings have one of the names of a column."""
    return any(part.casefold() in headings for part in (name, *alternatives(name)))


def _with_near(name: str, headings: Iterable[str]) -> str:
    """The heading that is needed, and the one that may be meant for it."""
    near = get_close_matches(name.casefold(), list(headings), 1, 0.75)
    shown = " or ".join(alternatives(name)[:3])
    return f"{shown} (is {near[0]!r} meant for it?)" if near else shown
