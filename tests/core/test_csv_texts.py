import csv
import io

import pytest

from cs_workbench.core.csv_texts import guarded, quoted, unguarded


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_reckon_with_is_text(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Kestrel", "'tis", "5 - 3", "a=b", "'"])
def test_other_texts_stay_what_they_are(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@pytest.mark.parametrize("text", ['a "b"', "a,b", "a\nb", "a\rb", "plain", ""])
def test_a_field_is_read_as_it_was(text: str) -> None:
    line = f"{quoted(text)},end\n"
    assert list(csv.reader(io.StringIO(line, newline=""))) == [[text, "end"]]
