import gzip
import json
from pathlib import Path

import pytest

from cs_workbench.errors import InputError
from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.tables import TableRows
from tests.importers.sources import write

RECORDS = [
    {"Id": 1, "plan": {"name": "team", "seats": None}, "tags": ["a", "b"]},
    {"id": 2, "plan": {"name": "x"}, "more": [{"k": 1}], "is": True, "part": 0.5},
]


def read(path: Path) -> tuple[tuple[str, ...], list[list[str]], list[int]]:
    table = inspect_tables(path)[0]
    rows = TableRows(table, lambda _: None)
    found = [(list(row), rows.line) for row in rows]
    return table.headings, [row for row, _ in found], [line for _, line in found]


@pytest.mark.parametrize("form", ["lines", "list", "packed"])
def test_every_field_of_any_record_is_a_column(tmp_path: Path, form: str) -> None:
    lines = "\n\n".join(map(json.dumps, RECORDS)).encode()
    data = {"lines": lines, "list": json.dumps(RECORDS).encode(), "packed": gzip.compress(lines)}
    name = {"lines": "a.jsonl", "list": "a.json", "packed": "a.json.gz"}[form]
    headings, rows, numbers = read(write(tmp_path, name, data[form]))
    assert headings == ("Id", "plan.name", "plan.seats", "tags", "more", "is", "part")
    assert rows == [
        ["1", "team", "", "a;b", "", "", ""],
        ["2", "x", "", "", '[{"k": 1}]', "true", "0.5"],
    ]
    assert numbers == ([1, 2] if form == "list" else [1, 3])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\nno\n', "line 2: this is no JSON record"),
        ("[1]", "record 1: a list of records"),
        ("1\n", "line 1: a record"),
        ("[{", "this is no JSON"),
        ("\n", "holds no records"),
        ("[" * 100_000, "this is no JSON"),
    ],
)
def test_what_is_no_record_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        inspect_tables(write(tmp_path, "a.json", text))


def test_a_file_with_a_field_for_every_record_is_no_table(tmp_path: Path) -> None:
    record = json.dumps({f"f{n}": n for n in range(2_001)})
    with pytest.raises(InputError, match="more than 2,000 fields"):
        inspect_tables(write(tmp_path, "a.jsonl", record))
