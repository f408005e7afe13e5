"""A report as Markdown; charts are left out, their tables say the same."""

from collections.abc import Iterator

from cs_workbench.core.reports import Report, shown_cell
from cs_workbench.exporters.markdown import literal, table


def report_markdown(report: Report) -> str:
    """The whole text."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# {literal(report.title)}"
    if report.about:
        yield "\n".join(f"- {literal(line)}" for line in report.about)
    for section in report.sections:
        yield f"## {literal(section.title)}"
        yield from (literal(line) for line in section.text)
        given = section.table
        if given is not None:
            if given.caption:
                yield literal(given.caption)
            rows = [[shown_cell(one) for one in row] for row in given.rows]
            yield table([literal(one) for one in given.headings], rows)
