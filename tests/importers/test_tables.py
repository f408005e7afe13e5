import codecs
import re
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.importers import tables
from cs_workbench.importers.tables import (
    FIELD_LIMIT,
    TableRows,
    inspect_table,
    texts_in_one_run,
)
from tests.importers.sources import read_rows, write

TEXT = "id,name\n1,Müller & Söhne\n2,東京\n"
LATIN = "id,name\n1,Müller €\n"


@pytest.mark.parametrize(
    ("data", "encoding", "name"),
    [
        (TEXT.encode(), "utf-8", "Müller & Söhne"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig", "Müller & Söhne"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16", "Müller & Söhne"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16", "Müller & Söhne"),
        (LATIN.encode("cp1252"), "cp1252", "Müller €"),
    ],
)
def test_any_usual_encoding_is_read(tmp_path: Path, data: bytes, encoding: str, name: str) -> None:
    path = write(tmp_path, "a.csv", data)
    table = inspect_table(path)
    rows, rejects = read_rows(path)
    assert (table.encoding, table.headings) == (encoding, ("id", "name"))
    assert rows[0] == ["1", name]
    assert rejects == []


def test_what_is_not_utf8_only_at_the_end_is_windows_text(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"id,name\n" + b"1,plain\n" * 300_000 + b"2,M\xfcller\n")
    assert inspect_table(path).encoding == "cp1252"
    assert read_rows(path)[0][-1] == ["2", "Müller"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = f"id{separator}name\n1{separator}Acme\n"
    assert read_rows(write(tmp_path, "a.csv", text))[0] == [["1", "Acme"]]


def test_a_separator_inside_quotes_is_not_one(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'id;"name, legal, full"\n1;Acme\n')
    assert inspect_table(path).headings == ("id", "name, legal, full")


def test_the_separator_that_excel_states_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "sep=;\nid;a,b,c,d\n1;x,y\n1;x;y\n")
    rows, rejects = read_rows(path)
    assert rows == [["1", "x,y"]]
    assert [reject.line for reject in rejects] == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, end: str) -> None:
    rows, rejects = read_rows(write(tmp_path, "a.csv", f"id,name{end}1,a{end}2{end}3,c"))
    assert rows == [["1", "a"], ["3", "c"]]
    assert rejects == [Reject(3, "", "has 1 fields where the headings are 2", "2")]


def test_a_line_break_inside_quotes_belongs_to_the_field(tmp_path: Path) -> None:
    text = 'id,name\n1,"two\nlines, ""so"""\n\n2,b,extra\n3,"x\ny",z\n4,d\n'
    rows, rejects = read_rows(write(tmp_path, "a.csv", text))
    assert rows == [["1", 'two\nlines, "so"'], ["4", "d"]]
    assert [(r.line, r.text) for r in rejects] == [(5, "2,b,extra"), (6, '3,"x\ny",z')]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('2,"never closed', "never closed"),
        ('2,"closed" early', "do not match"),
        ("2,nul\0inside", "NUL"),
        ("2", "has 1 fields"),
        ("2,b,c", "has 3 fields"),
        ("2," + "x" * (FIELD_LIMIT + 1), "longer than 131,072"),
    ],
)
def test_a_bad_row_is_refused_and_shifts_no_other(tmp_path: Path, row: str, reason: str) -> None:
    after = "" if "never" in row else "\n3,c\n"
    rows, rejects = read_rows(write(tmp_path, "a.csv", f"id,name\n1,a\n{row}{after}"))
    assert rows == [["1", "a"], *([["3", "c"]] if after else [])]
    assert [(reject.line, reject.text) for reject in rejects] == [(3, row)]
    assert reason in rejects[0].reason


def test_an_unclosed_quote_takes_no_later_row_apart(tmp_path: Path) -> None:
    text = 'id,name\n1,"open\n2,b\n3,"c"\n4,"d"\n'
    rows, rejects = read_rows(write(tmp_path, "a.csv", text))
    assert rows == [["4", "d"]]
    assert [(r.line, r.text) for r in rejects] == [(2, '1,"open\n2,b\n3,"c"')]


def test_positions_hold_far_into_a_file(tmp_path: Path) -> None:
    text = "id,name\n" + "1,a\n" * 2_500 + "bad\n" + "2,b\n" * 2_500 + 'x,"y\nz"\nworse\n'
    rows, rejects = read_rows(write(tmp_path, "a.csv", text))
    assert len(rows) == 5_001
    assert [(r.line, r.text) for r in rejects] == [(2_502, "bad"), (5_005, "worse")]


def test_a_row_says_where_it_stands(tmp_path: Path) -> None:
    table = inspect_table(write(tmp_path, "a.csv", 'id,name\n1,"a\nb"\n2,c\n'))
    told: list[int] = []
    rows = TableRows(table, lambda _reject: None, told.append)
    assert [(rows.line, rows.text) for _ in rows] == [(2, '1,"a\nb"'), (4, "2,c")]
    assert told[-1] == table.size


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\n1,2\n", "headings"),
        (b"id,id\n", "stands twice"),
        (b"id,ID \n", "stands twice"),
        (b"id,,name\n", "column 2 has no heading"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x1f\x8brest", "gzip"),
        ("id,name\n".encode("utf-16-le"), "UTF-16 without"),
        ("id,name\n".encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF16_LE + "id".encode("utf-16-le") + b"\x00", "breaks off"),
        (b"id,\x81name\n", "neither UTF-8"),
        (b'id,"name\n', "headings cannot be read"),
        (b"x" * (5 << 20), "longer than 3 MB"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        inspect_table(write(tmp_path, "a.csv", data))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no\.csv"):
        inspect_table(tmp_path / "no.csv")


def test_headings_alone_are_a_table_without_rows(tmp_path: Path) -> None:
    assert read_rows(write(tmp_path, "a.csv", "id,name\n")) == ([], [])


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ("aabbc", "abc"),
        ("", ""),
        ("aba", None),
        ('aa"b"bc', "abc"),
        ('aa"b"ba', None),
    ],
)
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_whether_rows_keep_accounts_together(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    ids: str,
    found: str | None,
    column: int,
    end: str,
    chunk: int,
) -> None:
    texts = re.findall(r'".*?"|.', ids)
    lines = ["id,n", "n,id"][column] + end
    lines += "".join((f"{one},x", f"x,{one}")[column] + end for one in texts)
    table = inspect_table(write(tmp_path, "a.csv", lines))
    monkeypatch.setattr(tables, "CHUNK", chunk)
    assert texts_in_one_run(table, column) == (None if found is None else set(found))


def test_a_row_without_the_column_keeps_nothing_together(tmp_path: Path) -> None:
    table = inspect_table(write(tmp_path, "a.csv", "n,id\nx,a\nshort\n"))
    assert texts_in_one_run(table, 1) is None


def test_spaces_do_not_hide_that_an_account_comes_again(tmp_path: Path) -> None:
    table = inspect_table(write(tmp_path, "a.csv", "id,n\na,1\nb,1\n a,2\n"))
    assert texts_in_one_run(table, 0) is None


def test_wrong_rows_stand_in_their_place_among_the_right_ones(tmp_path: Path) -> None:
    text = 'id,name\n1,a\nbad\n2,"b\nb"\n\n3,c\n4,d\nworse\n'
    table = inspect_table(write(tmp_path, "a.csv", text))
    rejects: list[Reject] = []
    rows = TableRows(table, rejects.append)
    for block in rows.blocks():
        for row in block:
            rows.reject_row(row, "name", "seen")
    assert [(r.line, r.column, r.text) for r in rejects] == [
        (2, "name", "1,a"),
        (3, "", "bad"),
        (4, "name", '2,"b\nb"'),
        (7, "name", "3,c"),
        (8, "name", "4,d"),
        (9, "", "worse"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_of_the_separator_may_end_in_any_way(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, "a.csv", f"sep=;{end}id;name{end}1;a{end}")
    assert inspect_table(path).headings == ("id", "name")
    assert read_rows(path) == ([["1", "a"]], [])


@pytest.mark.parametrize(("columns", "letters"), [(10_000, 1), (4, 100_000)])
def test_wide_and_long_rows_come_in_small_blocks(
    tmp_path: Path, columns: int, letters: int
) -> None:
    lines = [",".join(f"c{at}" for at in range(columns))]
    lines += [",".join(["x" * letters] * columns)] * 40
    rows = TableRows(inspect_table(write(tmp_path, "a.csv", "\n".join(lines))), lambda _: None)
    sizes = [len(block) for block in rows.blocks()]
    assert sum(sizes) == 40
    assert max(sizes) <= 20
    assert max(sizes[1:]) <= 10


def test_blocks_of_usual_rows_grow(tmp_path: Path) -> None:
    table = inspect_table(write(tmp_path, "a.csv", "id,name\n" + "1,a\n" * 5_000))
    sizes = [len(block) for block in TableRows(table, lambda _: None).blocks()]
    assert (sum(sizes), max(sizes)) == (5_000, tables.BLOCK)
