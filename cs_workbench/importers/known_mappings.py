"""The mappings that there are: those that come with the program, and those beside the data."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from cs_workbench.errors import NotFoundError, ReadOnlyPlaceError
from cs_workbench.importers.mapping import NATIVE, MappingSet, native_mapping
from cs_workbench.importers.mapping_files import read_mapping
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableFile
from cs_workbench.private_files import open_private

SAVED = ".mapping.toml"


def shipped_mappings() -> dict[str, Path]:
    """The mappings that come with the program, by name."""
    folder = Path(str(files("cs_workbench.importers"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


@cache
def shipped_mapping(path: Path) -> MappingSet:
    """A mapping that comes with the program, read once."""
    return read_mapping(path)


def choose_mappings(given: str | None) -> tuple[MappingSet, ...]:
    """The mapping of that name or file; without one, all that the program knows.

    Raises:
        NotFoundError: there is no such mapping.
        InputError: its file is wrong.
    """
    shipped = shipped_mappings()
    if given is None:
        return (native_mapping(), *map(shipped_mapping, shipped.values()))
    if given == NATIVE:
        return (native_mapping(),)
    if given in shipped:
        return (shipped_mapping(shipped[given]),)
    path = Path(given).expanduser()
    if path.is_file():
        return (read_mapping(path),)
    known = ", ".join((NATIVE, *shipped))
    raise NotFoundError(f"There is no mapping {given!r}. Known: {known}; or name a TOML file.")


def saved_mappings(
    paths: Iterable[Path], confirmed: Iterable[MappingSet] = ()
) -> Collection[MappingSet]:
    """The mappings that lie beside the data, made by a person who confirmed a guess.

    Those that were `confirmed` just now go before what lies in their place.
    """
    folders = dict.fromkeys(path.absolute().parent for path in paths)
    kept = [read_mapping(one) for folder in folders for one in sorted(folder.glob(f"*{SAVED}"))]
    return {Path(one.place).absolute(): one for one in (*kept, *confirmed)}.values()


def is_confirmed(sources: Sequence[Source]) -> bool:
    """Whether a person confirmed how a table is read."""
    return any(source.mapping.place.endswith(SAVED) for source in sources)


def place_beside(table: TableFile) -> Path:
    """Where a mapping of the file is kept, where later imports of it find it."""
    name = f"{table.path.stem}-{table.part}" if table.part else table.path.stem
    return table.path.with_name("".join(s if s not in "/\\:" else "_" for s in name) + SAVED)


def save_mapping(path: Path, text: str) -> Path:
    """Write a mapping beside the data.

    Raises:
        ReadOnlyPlaceError: it cannot be written there.
    """
    try:
        with open_private(path) as file:
            file.write(text)
    except OSError as problem:
        raise ReadOnlyPlaceError(
            f"{path}: the mapping cannot be written here ({problem.strerror}). Copy the data to a "
            "folder of yours."
        ) from None
    return path
