from cs_workbench.core.reports import Report, Section, Table
from cs_workbench.exporters.report_html import report_html


def page(*rows: tuple[str | int | None, ...], headings: tuple[str, ...]) -> str:
    table = Table(headings, rows, links=("there",))
    return report_html(Report("R", (), (Section("S", table=table),)))


def test_sentences_are_read_from_the_left_and_dates_stay_on_one_line() -> None:
    said = "forecast at risk: sponsor unknown since the champion left"
    text = page(("2026-11-20", "forecast", said), headings=("Day", "Kind", "What"))
    assert '<th scope="col" class="words">What</th>' in text
    assert f'<td class="words">{said}</td>' in text
    assert '<th scope="row" class="short"><a href="#there">2026-11-20</a></th>' in text
    assert '<td class="words short">forecast</td>' in text
    assert '<td class="short">96.8 %</td>' in page(("GRR", "96.8 %"), headings=("Figure", "Value"))


def test_a_wide_table_may_break_its_cells_rather_than_leave_the_page() -> None:
    text = page(("2026-Q1", *range(16)), headings=("Began", *(f"q{at}" for at in range(16))))
    assert 'class="short"' not in text
    assert "<td>15</td>" in text


def test_a_table_of_one_page_is_not_cut_by_its_end() -> None:
    short, long = (
        page(*((str(at), at) for at in range(n)), headings=("At", "n")) for n in (30, 31)
    )
    assert '<div class="whole"><table>' in short
    assert "<div><table>" in long


def test_cells_are_text_whatever_they_hold() -> None:
    text = page(("<b>", "<script>alert(1)</script>", None), headings=("A", "B", "C"))
    assert "<script" not in text
    assert "<b>" not in text
    assert '<td class="words">&lt;script' in text
