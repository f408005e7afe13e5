"""What can be read as a table, whatever its format."""

from pathlib import Path

from cs_workbench.errors import NotFoundError
from cs_workbench.importers.dated_headings import with_iso_days
from cs_workbench.importers.json_columns import with_json_columns
from cs_workbench.importers.json_files import JSONS, inspect_json
from cs_workbench.importers.parquet_files import PARQUETS, inspect_parquet
from cs_workbench.importers.tables import SUFFIXES, TableFile, inspect_table
from cs_workbench.importers.workbooks import WORKBOOKS, inspect_workbook

READABLE = SUFFIXES | WORKBOOKS | JSONS | PARQUETS
PACKED = ".gz"  # JSON alone may be packed, as event exports come


def is_readable(path: Path) -> bool:
    """Whether the name is one of a file that can be read; an open workbook's lock file is not."""
    return _suffix(path) in READABLE and not path.name.startswith(("~$", "."))


def inspect_tables(path: Path) -> tuple[TableFile, ...]:
    """The tables of a file: one, or the sheets of a workbook.

    Raises:
        NotFoundError: there is no such file.
        InputError: it cannot be read as what its name says.
        MissingExtraError: its format needs an extra that is not installed.
    """
    if not path.exists():
        raise NotFoundError(f"There is no file {path}.")
    suffix = _suffix(path)
    if suffix in WORKBOOKS:
        return tuple(map(with_json_columns, inspect_workbook(path)))
    if suffix in JSONS:
        return inspect_json(path)
    if suffix in PARQUETS:
        return tuple(map(with_json_columns, inspect_parquet(path)))
    return (with_iso_days(with_json_columns(inspect_table(path))),)


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    inner = path.with_suffix("").suffix.lower()
    return inner if suffix == PACKED and inner in JSONS else suffix
