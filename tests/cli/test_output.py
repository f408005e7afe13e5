import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import TextIO

import pytest

from cs_workbench.cli.output import (
    Column,
    cells,
    print_csv,
    print_json,
    print_json_list,
    print_table,
    say,
    shortened,
    warn,
)
from cs_workbench.core.points import Points
from tests.cli.terminals import shown_on_a_terminal

HOSTILE = "a\x1b]52;c;x\x07\x9b31m\u202eb\x7f\x00"
Capture = pytest.CaptureFixture[str]


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> str:
    """What `act` prints where stdout is a terminal."""

    def run(terminal: TextIO) -> None:
        monkeypatch.setattr("sys.stdout", terminal)
        act()

    return shown_on_a_terminal(run)


def test_a_table_aligns_wide_and_combining_characters(capsys: Capture) -> None:
    print_table(
        [Column("Name"), Column("n", "right")], [("東京", 1), ("e\u0301", 10), ("abc", None)]
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["Name   n", "東京   1", "e\u0301     10", "abc"]
    assert [cells(line) for line in lines[:3]] == [8, 8, 8]


def test_a_table_streams_rows_beyond_the_measured_ones(capsys: Capture) -> None:
    rows = ((number, "x" * (number // 100)) for number in range(1_000))
    print_table([Column("n"), Column("x")], rows)
    assert len(capsys.readouterr().out.splitlines()) == 1_001


def test_what_does_not_fit_beside_goes_on_below_under_its_heading(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    columns = [Column("Account"), Column("n", "right"), *map(Column, ("Why", "Seats", "CSM"))]
    row = ("東京データ", 1_000, "the champion has left and nobody came", "38 %", "Ana")
    monkeypatch.setenv("COLUMNS", "30")
    print_table(columns, [row])  # into a file every row stays a line
    assert len(capsys.readouterr().out.splitlines()) == 2
    monkeypatch.setenv("NO_COLOR", "1")
    shown = on_a_terminal(monkeypatch, lambda: print_table(columns, [row, ("b", 2, None, "", "")]))
    assert shown.replace("\r", "").splitlines() == [
        "Account        n",
        "東京データ  1000",
        "    Why: the champion has left",
        "    and nobody came",
        "    Seats: 38 %  CSM: Ana",
        "b              2",
    ]


def test_a_first_column_wider_than_the_terminal_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    monkeypatch.setenv("NO_COLOR", "1")
    columns = [Column("Name"), Column("")]
    shown = on_a_terminal(monkeypatch, lambda: print_table(columns, [("x" * 12, "a b")]))
    assert shown.replace("\r", "").splitlines() == ["Name", "x" * 12, "    a b"]


def test_nothing_a_terminal_would_obey_is_printed(capsys: Capture) -> None:
    print_table([Column(HOSTILE)], [(HOSTILE,), (b"\x1b[2J",)])
    say(HOSTILE)
    warn(HOSTILE)
    print_json({HOSTILE: HOSTILE})
    print_json_list({"a": HOSTILE}, "rows", [{"b": HOSTILE}])
    shown = capsys.readouterr()
    for sign in (shown.out + shown.err).replace("\n", ""):
        assert sign.isprintable()
        assert sign != "\u202e"


def test_csv_is_exact_in_a_file_and_clean_on_a_terminal(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_csv(["h"], [(HOSTILE,), ("two\nlines",)])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["h"], [HOSTILE], ["two\nlines"]]
    shown = on_a_terminal(monkeypatch, lambda: print_csv(["h"], [(HOSTILE,)]))
    assert "\x1b" not in shown
    assert "␛" in shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_text_is_never_a_formula(capsys: Capture, text: str) -> None:
    print_csv(["h"], [(text, -1, Decimal("-1.50"), True, None)])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert rows[1] == ["'" + text, "-1", "-1.50", "true", ""]


def test_json_has_plain_numbers(capsys: Capture) -> None:
    print_json({"a": Decimal("412000.00"), "b": Decimal("0.05"), "c": None, "d": (1, 2)})
    out = capsys.readouterr().out
    assert '"a": 412000,' in out
    assert json.loads(out) == {"a": 412_000, "b": 0.05, "c": None, "d": [1, 2]}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_json_list_is_one_document(capsys: Capture, count: int) -> None:
    print_json_list({"schema": "x/1"}, "rows", ({"n": n} for n in range(count)))
    document = json.loads(capsys.readouterr().out)
    assert document == {"schema": "x/1", "rows": [{"n": n} for n in range(count)]}


def test_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError, match="object has no place in JSON"):
        print_json({"a": object()})
    with pytest.raises(ValueError, match="nan"):
        print_json({"a": float("nan")})


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1", "TERM": "xterm"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    column = Column("Band", colour=lambda _: "red")
    shown = on_a_terminal(monkeypatch, lambda: print_table([column], [("x",)]))
    assert ("\x1b[31mx" in shown) is coloured


def test_a_long_text_is_cut_by_cells(capsys: Capture) -> None:
    assert shortened("東京データ", 10) == "東京データ"
    assert cells(shortened("東京データ", 9)) <= 9
    assert shortened("abcdef", 4).startswith("abc")


def test_points_keep_their_digits_and_text_cannot_pretend(capsys: Capture) -> None:
    print_json({"points": [Points(500), Points(-1)], "name": "0.5000", "mark": "\ue0001.0000"})
    shown = capsys.readouterr().out
    assert "0.0500," in shown
    assert "-0.0001" in shown
    assert '"0.5000"' in shown
    assert json.loads(shown)["mark"] == "\ue0001.0000"
