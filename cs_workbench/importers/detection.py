"""Which files there are to import, what each is, and in which order they are read."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cs_workbench.core.records import KINDS
from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.importers.formats import inspect_tables, is_readable
from cs_workbench.importers.known_mappings import choose_mappings, is_confirmed, saved_mappings
from cs_workbench.importers.mapping import NATIVE, MappingSet, Rule
from cs_workbench.importers.rejects import OWN
from cs_workbench.importers.resolving import resolved
from cs_workbench.importers.sources import Source
from cs_workbench.importers.spreading import lacks_metrics, spread
from cs_workbench.importers.tables import TableFile
from cs_workbench.importers.told_orders import unsure_dates, with_told_order
from cs_workbench.importers.unknown_tables import (
    WAYS,
    left_out_note,
    listed,
    no_metric_note,
    unknown_note,
)

MAIL = frozenset({".mbox", ".mbx", ".ics"})
_ORDER = {name: number for number, name in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import is going to read, in order; and a sentence for each file it leaves out."""

    sources: tuple[Source, ...]
    skipped: tuple[str, ...] = ()


def plan_import(
    paths: Sequence[Path],
    mapping: str | None = None,
    *,
    date_formats: tuple[str, ...] = (),
    today: dt.date | None = None,
    beside: Iterable[MappingSet] = (),
) -> Plan:
    """Look at the files, and at those of folders; nothing is written.

    Args:
        paths: of files and folders.
        mapping: the name of one, or its file; else every one that the program knows is tried.
        date_formats: how dates are written that are not ISO, besides what the mapping says.
        today: the last day over which what was measured for a week or a month is spread; usage of
            a day is known up to the next, which it is already further east.
        beside: what was confirmed just now and goes before what lies beside the data.

    Raises:
        NotFoundError: a path or the mapping is not there.
        InputError: a file cannot be read, or no mapping (or more than one) fits its headings.
        MissingExtraError: a file's format needs what is not installed.
    """
    files = _files(paths)
    kept = [] if mapping else saved_mappings((path for path, _ in files), beside)
    mappings = _with_formats((*choose_mappings(mapping), *kept), date_formats)
    sources, skipped = _look_at_all(files, mappings)
    if not sources:
        where = ", ".join(map(str, paths))
        raise InputError(f"{where}: no file has headings that a mapping knows. {WAYS}")
    until = today + dt.timedelta(days=1) if today else None
    if not date_formats:
        sources = list(map(with_told_order, sources))
    sources = [replace(spread(source, today), until=until) for source in sources]
    sources.sort(key=_place)
    return Plan(tuple(sources), tuple(skipped))


def _look_at_all(
    files: Iterable[tuple[Path, bool]], mappings: Sequence[MappingSet]
) -> tuple[list[Source], list[str]]:
    """What all files hold, and what is said of those that nobody knows."""
    sources: list[Source] = []
    skipped: list[str] = []
    for path, named in files:
        found, unknown = _look(path, mappings, named=named)
        if named and not found:
            raise InputError(_not_known(unknown[0], mappings))
        sources.extend(found)
        skipped.extend(left_out_note(table, mappings) for table in unknown)
        if not found and not unknown:
            skipped.append(f"{path} is left out: no mapping knows its headings.")
    return sources, skipped


def _not_known(table: TableFile, mappings: Sequence[MappingSet]) -> str:
    is_usage = any(map(lacks_metrics, _by_headings(table, mappings)))
    return no_metric_note(table) if is_usage else unknown_note(table, mappings)


def _place(source: Source) -> tuple[int, bool, str]:
    """By what is needed first; systems that only fill what others leave empty go last."""
    return _ORDER[source.file.kind.name], source.mapping.fills_only, str(source.table.path)


def looked_at(
    paths: Sequence[Path], date_formats: tuple[str, ...] = ()
) -> list[tuple[TableFile, list[Source]]]:
    """The tables of these files and folders, and what is known of each: nothing of some.

    Args:
        paths: of files and folders.
        date_formats: as `plan_import`.

    Raises:
        NotFoundError, InputError: as `plan_import`.
    """
    files = _files(paths)
    kept = saved_mappings(path for path, _ in files)
    mappings = _with_formats((*choose_mappings(None), *kept), date_formats)
    found: list[tuple[TableFile, list[Source]]] = []
    for path, named in files:
        sources, unknown = _look(path, mappings, named=named)
        found += [(table, []) for table in unknown]
        tables = dict.fromkeys(source.table for source in sources)
        found += [(table, [one for one in sources if one.table == table]) for table in tables]
    return found


def is_unclear(sources: Sequence[Source]) -> bool:
    """Whether a table has to be asked about: no mapping knows it, or its dates have two orders.

    What a tool exports has one order, which its mapping knows.
    """
    own = (one for one in sources if one.mapping.own_columns or one.mapping.name == NATIVE)
    asked = sources if is_confirmed(sources) else own
    return not sources or any(map(unsure_dates, asked))


def _with_formats(
    mappings: Iterable[MappingSet], date_formats: tuple[str, ...]
) -> list[MappingSet]:
    return [replace(one, date_formats=(*date_formats, *one.date_formats)) for one in mappings]


def _look(
    path: Path, mappings: Sequence[MappingSet], *, named: bool
) -> tuple[list[Source], list[TableFile]]:
    """What a file holds, and the tables of it that no mapping knows."""
    if named and path.suffix.casefold() in MAIL:
        raise InputError(f"{path} is no table: `csw mailbox {path.name}` logs its contacts.")
    try:
        tables = inspect_tables(path)
    except InputError:
        if named or path.suffix.lower() != ".txt":
            raise
        return [], []  # a note that lies beside the data
    found: list[Source] = []
    unknown: list[TableFile] = []
    for table in tables:
        sources = fitting_sources(table, mappings)
        found.extend(sources)
        if not sources:
            unknown.append(table)
    return found, unknown


def _files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """The files, each once, and whether it was named itself."""
    found: dict[Path, tuple[Path, bool]] = {}
    for path in paths:
        if path.is_dir():
            readable = (p for p in path.iterdir() if is_readable(p) and p.is_file())
            inside = sorted(p for p in readable if OWN not in p.name)
            if not inside:
                raise InputError(
                    f"{path} holds no file that can be read: .csv, .tsv, .txt, .xlsx, .jsonl, "
                    ".parquet."
                )
            for one in inside:
                found.setdefault(one.resolve(), (one, False))
        elif path.exists():
            found[path.resolve()] = (path, True)
        else:
            raise NotFoundError(f"There is no file or folder {path}.")
    return list(found.values())


def fitting_sources(table: TableFile, mappings: Iterable[MappingSet]) -> list[Source]:
    """The mapping whose demands are met by the headings; of several the most demanding.

    Of two that demand as much, what a person confirmed goes before what is shipped, and for this
    file before what was confirmed for one with the same headings. Where one mapping reads several
    kinds out of the same file, each is a source of its own.
    """
    fitting = [
        one
        for one in _by_headings(table, mappings)
        if not lacks_metrics(one) and not _is_of_another_sheet(one, table)
    ]
    if not fitting:
        return []
    most = max(_demands(source) for source in fitting)
    best = [source for source in fitting if _demands(source) == most]
    by_mapping: dict[str, list[Source]] = {}
    for source in best:
        by_mapping.setdefault(source.mapping.place, []).append(source)
    rivals = list(by_mapping.values())
    confirmed = list(filter(is_confirmed, rivals))
    fewest = min(map(_left, confirmed or rivals))
    tied = [sources for sources in confirmed or rivals if _left(sources) == fewest]
    chosen = min(tied, key=lambda one: one[0].mapping.name != table.own_name)
    kinds = {source.file.kind.name for source in chosen}
    if (len(tied) > 1 and not confirmed) or len(kinds) < len(chosen):
        names = " and ".join(f"{s.mapping.name} ({s.file.kind.name})" for s in best)
        raise InputError(f"{table.path}: {names} fit its headings equally. Name one: --mapping.")
    for source in chosen:
        _check_columns(source, {name.casefold() for name in table.headings})
    return chosen


def _is_of_another_sheet(source: Source, table: TableFile) -> bool:
    """Whether a mapping that makes ids was kept for another sheet of the same workbook.

    By it the rows of both would have the same ids, and each import the last one's values.
    """
    name = source.mapping.name
    is_other = name.startswith(f"{table.path.stem}-") and name != table.own_name
    makes_ids = any(rule.prefix for one in source.mapping.files for rule in one.rules.values())
    return table.has_siblings and is_other and makes_ids and is_confirmed([source])


def _by_headings(table: TableFile, mappings: Iterable[MappingSet]) -> Iterator[Source]:
    """Whatever a table may be by its headings alone."""
    for mapping in mappings:
        for given in mapping.files:
            file = resolved(given, table.headings, lenient=_is_lenient(mapping))
            if file is not None:
                yield Source(table, mapping, file)


def _is_lenient(mapping: MappingSet) -> bool:
    return mapping.lenient and mapping.name != NATIVE


def _left(sources: Sequence[Source]) -> int:
    """How many headings none of them makes anything of."""
    return len(set.intersection(*(set(source.ignored) for source in sources)))


def _demands(source: Source) -> int:
    """How many headings of the file its mapping asks for."""
    return len({name.casefold() for name in source.file.headings})


def _check_columns(source: Source, headings: set[str]) -> None:
    """A mapping's columns must be there; of native files all that is not required may lack."""
    if source.mapping.name == NATIVE:
        return
    rules, metrics = source.file.rules, source.file.metrics
    wanted = [(name, column) for name, rule in rules.items() for column in rule.used]
    wanted += [(m.metric.name, c) for m in metrics for c in (m.value, m.count_distinct) if c]
    wanted += [("people", column) for column in (source.file.people or Rule()).used]
    wanted += [("event_id", source.file.event_id)] if source.file.event_id else []
    for name, column in wanted:
        if column.casefold() not in headings:
            raise InputError(
                f"{source.table.path}: the mapping {source.mapping.name} takes {name} from the "
                f"column {column!r}, which is not there. Its columns are: "
                f"{listed(source.table.headings)}."
            )
