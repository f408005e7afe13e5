"""A report as one HTML file: nothing is loaded from elsewhere, and nothing in it runs.

It prints on A4 and Letter (heads repeat, rows are never cut), follows light and dark, and can be
read by ear: landmarks, captions, scopes, and charts with a title and a description.
"""

from collections.abc import Iterator, Sequence

from cs_workbench.core.reports import Cell, Report, Section, Table, shown_cell, word_columns
from cs_workbench.exporters.svg import DARK, STYLE, clean

PAGE = """
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--rule:#d0d7de;
--link:#0550ae}
@media(prefers-color-scheme:dark){
:root{--ink:#e6edf3;--dim:#9da7b3;--paper:#0d1117;--rule:#30363d;--link:#79b8ff}}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;
margin:0 auto;padding:1.5rem}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
p{margin:.4rem 0;overflow-wrap:anywhere}.about{color:var(--dim)}
a{color:var(--link)}a:focus-visible{outline:2px solid var(--link)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--dim);padding:.2rem 0}
th,td{padding:.25rem .45rem .25rem 0;border-bottom:1px solid var(--rule);text-align:right;
vertical-align:top;overflow-wrap:anywhere}
th:first-child,td:first-child,.words{text-align:left}
td.words,thead th.words:not(:first-child){padding-left:1rem}.short{white-space:nowrap}
th[scope=row]{font-weight:400}
thead th{color:var(--dim);font-weight:600}
figure{margin:0}svg{max-width:100%;height:auto;display:block;margin:.6rem 0}
.wide{overflow-x:auto}
@page{margin:16mm}
@media print{
:root{--ink:#000;--dim:#444;--paper:#fff;--rule:#bbb;--link:#000}
body{max-width:none;padding:0;font-size:10.5pt}
thead{display:table-header-group}tr,svg,figure,.whole{break-inside:avoid}
h2{break-after:avoid}.wide{overflow:visible}.skip,nav{display:none}
table{font-size:9.5pt}
}
"""
_SHORT = 14  # characters up to which a cell stays on one line: a date, an amount
_NARROW = 8  # columns up to which there is room for that
_LONG = 3  # columns from which a table may be wider than a phone
_FITS = 30  # rows up to which a table stays on one page


def report_html(report: Report) -> str:
    """The whole page."""
    return "".join(_page(report))


def _page(report: Report) -> Iterator[str]:
    title = clean(report.title)
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    yield "style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title><style>{PAGE}{STYLE}{DARK}</style></head><body>"
    yield '<a class="skip" href="#content">To the content</a>'
    yield f"<header><h1>{title}</h1>"
    yield from (f'<p class="about">{clean(line)}</p>' for line in report.about)
    yield '</header><main id="content">'
    for number, section in enumerate(report.sections):
        yield from _section(section, section.anchor or f"part-{number}")
    yield "</main></body></html>\n"


def _section(section: Section, anchor: str) -> Iterator[str]:
    name = clean(anchor)
    yield f'<section id="{name}" aria-labelledby="{name}-title">'
    yield f'<h2 id="{name}-title">{clean(section.title)}</h2>'
    yield from (f"<p>{clean(line)}</p>" for line in section.text)
    yield from (f"<figure>{chart}</figure>" for chart in section.charts)
    if section.table is not None:
        yield from _table(section.table)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    is_wide, fits = len(table.headings) > _LONG, len(table.rows) <= _FITS
    yield f"<div{_class('wide' if is_wide else '', 'whole' if fits else '')}><table>"
    if table.caption:
        yield f"<caption>{clean(table.caption)}</caption>"
    words = word_columns([[_cell(one) for one in row] for row in table.rows])
    heads = "".join(
        f'<th scope="col"{_class("words" if at in words else "")}>{clean(one)}</th>'
        for at, one in enumerate(table.headings)
    )
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    is_wide = len(table.headings) > _NARROW
    for number, row in enumerate(table.rows):
        link = table.links[number] if number < len(table.links) else ""
        yield f"<tr>{''.join(_cells(row, words, link, is_wide=is_wide))}</tr>"
    yield "</tbody></table></div>"


def _cells(row: Sequence[Cell], words: set[int], link: str, *, is_wide: bool) -> Iterator[str]:
    for at, value in enumerate(row):
        text = _cell(value)
        is_short = not is_wide and len(text) <= _SHORT
        kind = _class("words" if at in words else "", "short" if is_short else "")
        if at:
            yield f"<td{kind}>{text}</td>"
        else:
            label = f'<a href="#{clean(link)}">{text}</a>' if link else text
            yield f'<th scope="row"{kind}>{label}</th>'


def _class(*names: str) -> str:
    given = " ".join(name for name in names if name)
    return f' class="{given}"' if given else ""


def _cell(value: Cell) -> str:
    return clean(shown_cell(value))
