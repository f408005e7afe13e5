import itertools
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.importers import parts as parts_module
from cs_workbench.importers.parts import parts
from cs_workbench.importers.tables import TableRows, inspect_table
from tests.importers.sources import write


def test_each_group_is_whole_in_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "PART", 30)
    text = "id,note\n" + "".join(f'{n % 5},"n{n}, 1"\n' for n in range(20)) + "bad\n"
    table = inspect_table(write(tmp_path, "a.csv", text))
    rejects: list[Reject] = []
    rows = TableRows(table, rejects.append)
    found: list[set[str]] = []
    notes: list[str] = []
    for part in parts(rows, 0, int, rejects.append):
        ids = set()
        for row in itertools.chain.from_iterable(part.blocks()):
            ids.add(row[0])
            notes.append(row[1])
            if row[1] == "n7, 1":
                part.reject_row(row, "note", "why")
        found.append(ids)
    assert sorted(one for ids in found for one in ids) == list("01234")
    assert len(found) > 2
    assert sorted(notes) == sorted(f"n{n}, 1" for n in range(20))
    assert [(reject.line, reject.column) for reject in rejects] == [(22, ""), (9, "note")]


def test_rows_are_dealt_some_at_a_time_and_know_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "PART", 30)
    monkeypatch.setattr(parts_module, "DEALT", 3)
    lines = [f'{n % 3},"two\nlines {n}"' if n % 4 == 0 else f"{n % 3},{n}" for n in range(30)]
    text = "id,note\n" + "\n".join(lines) + "\n"
    table = inspect_table(write(tmp_path, "a.csv", text))
    for keep in (None, lambda row: row[0] != "2"):
        rejects: list[Reject] = []
        rows = TableRows(table, rejects.append, keep=keep)
        for part in parts(rows, 0, int, rejects.append):
            for block in part.blocks():
                for row in block:
                    part.reject_row(row, "note", row[1].split()[-1])
        begins = {reject.reason: reject.line for reject in rejects}
        expected, at = {}, 2
        for number, line in enumerate(lines):
            if keep is None or number % 3 != 2:
                expected[str(number)] = at
            at += line.count("\n") + 1
        assert begins == expected


def test_a_refused_row_of_a_part_can_be_read_as_it_was(tmp_path: Path) -> None:
    table = inspect_table(write(tmp_path, "a.csv", 'id;note\n1;"a; b"\n'))
    rejects: list[Reject] = []
    for part in parts(TableRows(table, rejects.append), 0, int, rejects.append):
        for row in itertools.chain.from_iterable(part.blocks()):
            part.reject_row(row, "note", "why")
    assert rejects == [Reject(2, "note", "why", '1;"a; b"')]
