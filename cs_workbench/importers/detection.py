"""Which files there are to import, what each is, and in which order they are read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from cs_workbench.core.records import KINDS
from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.importers.mapping import (
    NATIVE,
    FileMapping,
    MappingSet,
    native_mapping,
    read_mapping,
)
from cs_workbench.importers.tables import SUFFIXES, TableFile, inspect_table

MEANT = 0.66  # how alike two headings are that were meant for one: `cms` and `csm` just are
SHOWN = 12
_ORDER = {name: number for number, name in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import, and how it is read.

    Attributes:
        table: the file.
        mapping, file: the mapping, and the part of it that fits the file.
    """

    table: TableFile
    mapping: MappingSet
    file: FileMapping

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that nothing is made of."""
        used = {name.casefold() for rule in self.file.rules.values() for name in rule.used}
        used |= {name.casefold() for rule in self.file.metrics for name in (rule.value,) if name}
        used |= {
            name.casefold()
            for name in (self.file.event_id, *(rule.count_distinct for rule in self.file.metrics))
            if name
        }
        return tuple(name for name in self.table.headings if name.casefold() not in used)

    def meant(self) -> dict[str, str]:
        """Of the ignored headings, those that were meant for one of ours that the file lacks."""
        words = {heading: _letters(heading) for heading in self.table.headings}
        there = Counter(words.values())
        rules = {_letters(name): name for name in self.file.rules}
        found = {}
        for heading in self.ignored:
            word = words[heading]
            lacking = [one for one in rules if there[one] == (one == word)]
            if near := get_close_matches(word, lacking, 1, MEANT):
                found[heading] = rules[near[0]]
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import is going to read, in order; and the files of a folder left out."""

    sources: tuple[Source, ...]
    skipped: tuple[Path, ...] = ()


def shipped_mappings() -> dict[str, Path]:
    """The mappings that come with the program, by name."""
    folder = Path(str(files("cs_workbench.importers"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def choose_mappings(given: str | None) -> tuple[MappingSet, ...]:
    """The mapping of that name or file; without one, all that the program knows.

    Raises:
        NotFoundError: there is no such mapping.
        InputError: its file is wrong.
    """
    shipped = shipped_mappings()
    if given is None:
        return (native_mapping(), *map(read_mapping, shipped.values()))
    if given == NATIVE:
        return (native_mapping(),)
    if given in shipped:
        return (read_mapping(shipped[given]),)
    path = Path(given).expanduser()
    if path.is_file():
        return (read_mapping(path),)
    known = ", ".join((NATIVE, *shipped))
    raise NotFoundError(f"There is no mapping {given!r}. Known: {known}; or name a TOML file.")


def plan_import(paths: Sequence[Path], mapping: str | None = None) -> Plan:
    """Look at the files, and at those of folders; nothing is written.

    Raises:
        NotFoundError: a path or the mapping is not there.
        InputError: a file cannot be read, or no mapping (or more than one) fits its headings.
    """
    mappings = choose_mappings(mapping)
    sources: list[Source] = []
    skipped: list[Path] = []
    for path, named in _files(paths):
        try:
            table = inspect_table(path)
        except InputError:
            if named or path.suffix.lower() != ".txt":
                raise
            skipped.append(path)  # a note that lies beside the data
            continue
        found = _fitting(table, mappings)
        if found is not None:
            sources.append(found)
        elif named:
            raise InputError(_unknown(table, mappings))
        else:
            skipped.append(path)
    if not sources:
        where = ", ".join(map(str, paths))
        raise InputError(
            f"{where}: no file has headings that a mapping knows. See docs/importing.md for ours, "
            "or write a mapping and name it with --mapping FILE.toml."
        )
    sources.sort(key=lambda source: (_ORDER[source.file.kind.name], str(source.table.path)))
    return Plan(tuple(sources), tuple(skipped))


def _files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """The files, each once, and whether it was named itself."""
    found: dict[Path, tuple[Path, bool]] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
            if not inside:
                raise InputError(f"{path} holds no file that ends in .csv, .tsv or .txt.")
            for one in inside:
                found.setdefault(one.resolve(), (one, False))
        elif path.exists():
            found[path.resolve()] = (path, True)
        else:
            raise NotFoundError(f"There is no file or folder {path}.")
    return list(found.values())


def _fitting(table: TableFile, mappings: Iterable[MappingSet]) -> Source | None:
    """The mapping whose demands are met by the headings; of several the most demanding."""
    headings = {name.casefold() for name in table.headings}
    fitting = [
        (len(file.headings), Source(table, mapping, file))
        for mapping in mappings
        for file in mapping.files
        if all(name.casefold() in headings for name in file.headings)
    ]
    if not fitting:
        return None
    best = max(score for score, _ in fitting)
    winners = [source for score, source in fitting if score == best]
    if len(winners) > 1:
        names = " and ".join(f"{s.mapping.name} ({s.file.kind.name})" for s in winners)
        raise InputError(f"{table.path}: {names} fit its headings equally. Name one: --mapping.")
    _check_columns(winners[0], headings)
    return winners[0]


def _check_columns(source: Source, headings: set[str]) -> None:
    """A mapping's columns must be there; of native files all that is not required may lack."""
    if source.mapping.name == NATIVE:
        return
    rules, metrics = source.file.rules, source.file.metrics
    wanted = [(name, column) for name, rule in rules.items() for column in rule.used]
    wanted += [(m.metric.name, c) for m in metrics for c in (m.value, m.count_distinct) if c]
    wanted += [("event_id", source.file.event_id)] if source.file.event_id else []
    for name, column in wanted:
        if column.casefold() not in headings:
            raise InputError(
                f"{source.table.path}: the mapping {source.mapping.name} takes {name} from the "
                f"column {column!r}, which is not there. Its columns are: "
                f"{listed(source.table.headings)}."
            )


def listed(headings: Sequence[str]) -> str:
    """The headings in a sentence; of very many the first, and how many more there are."""
    more = len(headings) - SHOWN
    return ", ".join(headings[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _letters(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


def _unknown(table: TableFile, mappings: Iterable[MappingSet]) -> str:
    headings = {name.casefold() for name in table.headings}
    near = max(
        (file for mapping in mappings for file in mapping.files),
        key=lambda file: sum(n.casefold() in headings for n in file.headings) / len(file.headings),
    )
    lacking = [
        _with_near(name, headings) for name in near.headings if name.casefold() not in headings
    ]
    return (
        f"{table.path}: no mapping knows its headings ({listed(table.headings)}). "
        f"Nearest is {near.kind.name}, which also needs {', '.join(lacking)}. "
        "Name a mapping with --mapping NAME or FILE.toml."
    )


def _with_near(name: str, headings: Iterable[str]) -> str:
    """The heading that is needed, and the one that may be meant for it."""
    near = get_close_matches(name.casefold(), list(headings), 1, 0.75)
    return f"{name} (is {near[0]!r} meant for it?)" if near else name
