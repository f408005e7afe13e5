"""Files to import, written for one test."""

from pathlib import Path

from cs_workbench.core.records import Record, Reject
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.guesses import Guess
from cs_workbench.importers.guessing import guess
from cs_workbench.importers.records import Assumptions, RecordReader
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableRows, inspect_table

FIRMS = (
    "Firm;Customer No;Yearly fee;Renews on;Looked after by;Web;Remark\n"
    'Kestrel Logistics;K-1;"12.000,50 €";31.01.2027;Ana;kestrel.com;x\n'
    'Juniper Labs;K-2;"8.000,00 €";15.02.2027;Jon;juniper.io;\n'
)


def write(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> Path:
    """A file with that text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def read_rows(path: Path) -> tuple[list[list[str]], list[Reject]]:
    """The rows of a file, and those refused."""
    rejects: list[Reject] = []
    return list(TableRows(inspect_table(path), rejects.append)), rejects


def source(path: Path, mapping: Path | str | None = None) -> Source:
    """The file as an import would read it."""
    return plan_import([path], None if mapping is None else str(mapping)).sources[0]


def read_records(
    path: Path, mapping: Path | str | None = None, assumed: Assumptions | None = None
) -> tuple[list[dict[str, object]], list[Reject]]:
    """The records of a file as mappings with `id` and `account`, and the rows refused."""
    found = source(path, mapping)
    rejects: list[Reject] = []
    reader = RecordReader(found, assumed or Assumptions())
    rows = TableRows(found.table, rejects.append)
    return [_plain(reader, record) for record in reader.records(rows)], rejects


def _plain(reader: RecordReader, record: Record) -> dict[str, object]:
    values = dict(zip(reader.columns, record.values, strict=True))
    return {"id": record.key, "account": record.account_id, **values}


def guessed(folder: Path, text: str, name: str = "list.csv") -> Guess:
    """What a file with that text is taken for."""
    return guess(inspect_table(write(folder, name, text)))
