"""Columns of JSON objects in delimited files, as warehouses export events."""

import json
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.tables import TableRows
from tests.importers.sources import write


def read(path: Path) -> tuple[tuple[str, ...], list[list[str]], list[Reject]]:
    (table,) = inspect_tables(path)
    rejects: list[Reject] = []
    return table.headings, list(TableRows(table, rejects.append)), rejects


def test_every_field_inside_is_a_column(tmp_path: Path) -> None:
    text = (
        "id,groups,at\n"
        '1,"{""company"": [""K1""], ""plan"": {""name"": ""pro""}}",x\n'
        "2,,y\n"
        '3,"{""Company"": ""K2"", ""seats"": 5}",z\n'
    )
    headings, rows, rejects = read(write(tmp_path, "a.csv", text))
    assert headings == ("id", "at", "groups.company", "groups.plan.name", "groups.seats")
    assert rows == [["1", "x", "K1", "pro", ""], ["2", "y", "", "", ""], ["3", "z", "K2", "", "5"]]
    assert rejects == []


def test_a_later_cell_that_is_no_object_is_refused_with_its_line(tmp_path: Path) -> None:
    good = '1,"{""a"": 1}"\n' * 20
    headings, rows, rejects = read(write(tmp_path, "a.csv", f"id,o\n{good}2,many\n3,\n1,2,3\n"))
    assert (headings, len(rows)) == (("id", "o.a"), 21)
    assert [(one.line, one.column) for one in rejects] == [(22, "o"), (24, "")]


def test_a_cell_is_taken_apart_once_each_time_the_rows_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (table,) = inspect_tables(write(tmp_path, "a.csv", 'id,o\n1,"{""a"": 1}"\n2,"{""a"": 2}"\n'))
    loads = json.loads
    read: list[str] = []

    def counted(text: str) -> object:
        read.append(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", counted)
    assert list(TableRows(table, lambda _: None)) == [["1", "1"], ["2", "2"]]
    assert read == ['{"a": 1}', '{"a": 2}']


@pytest.mark.parametrize("cell", ["{draft}", "[1]", "5", '"{""a"": 1} x"'])
def test_other_texts_stay_as_they_are(tmp_path: Path, cell: str) -> None:
    headings, rows, _ = read(write(tmp_path, "a.csv", f"id,o\n1,{cell}\n"))
    assert headings == ("id", "o")
    assert len(rows) == 1


def test_events_of_a_warehouse_are_known_by_the_fields_inside(tmp_path: Path) -> None:
    text = (
        "uuid,event_type,event_time,user_id,groups\n"
        'e1,open,2026-11-01 10:00:00,u1,"{""company"": [""K1""]}"\n'
    )
    (source,) = plan_import([write(tmp_path, "events.csv", text)]).sources
    assert (source.mapping.name, source.file.kind.name) == ("amplitude", "usage")
