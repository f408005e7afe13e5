import io
import zipfile
from decimal import Decimal

from python_calamine import CalamineWorkbook

from cs_workbench.core.reports import Figure, Report, Section, Table
from cs_workbench.exporters.report_xlsx import report_xlsx

SHARE = Figure(0.9684, "0.0 %", "96.8 %")
MONEY = Figure(412_345.5, '#,##0.00 "EUR"', "412k EUR")


def workbook(*rows: tuple[str | int | Decimal | Figure | None, ...]) -> bytes:
    table = Table(("Figure", "Value"), rows)
    return report_xlsx(Report("Review", (), (Section("Key figures", table=table),)))


def test_figures_are_numbers_with_their_unit_as_format() -> None:
    made = workbook(("GRR", SHARE), ("CLV", MONEY), ("n", 126), ("told", "--"), ("none", None))
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    rows = book.get_sheet_by_name("Key figures").to_python()
    assert rows[1:] == [
        ["GRR", 0.9684],
        ["CLV", 412_345.5],
        ["n", 126.0],
        ["told", "--"],
        ["none", ""],
    ]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        styles = parts.read("xl/styles.xml").decode()
    assert 'formatCode="0.0 %"' in styles
    assert 'formatCode="#,##0.00 &quot;EUR&quot;"' in styles


def test_text_that_looks_like_a_formula_stays_text() -> None:
    made = workbook(("=1+1|cmd", "+4"), ("@x", "-"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("Key figures")
    assert rows.to_python()[1:] == [["=1+1|cmd", "+4"], ["@x", "-"]]
