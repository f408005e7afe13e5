"""Tables of usage as spreadsheets have them: a column for each metric, or for each period.

What is measured for a week or a month is spread over its days, as usage is kept by the day: a sum
in equal parts, so that the days add up to it; a level (mean, max or last) as it is, on every day.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.periods import Period, Span, around, days_of, period_between, read_period
from cs_workbench.core.records import Reject
from cs_workbench.core.usage_metrics import Rollup, known_name, usage_metric
from cs_workbench.errors import InputError
from cs_workbench.importers.choosing import kept_rows
from cs_workbench.importers.mapping import FileMapping, MetricRule, Rule
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableRows, first_rows
from cs_workbench.importers.values import Reading, is_number, plain_number, read_day, read_number

SAMPLED = 200  # rows by which a column is known to hold numbers
LONG = ("account_id", "date", "metric", "value")


def spread(source: Source, today: dt.date | None) -> Source:
    """A table of usage as the reader takes it; any other file as it is.

    Args:
        source: a file and its mapping.
        today: the last day over which a period is spread.

    Raises:
        InputError: the mapping expects columns of metrics or periods, and there are none.
    """
    file = source.file
    if file.other_metrics:
        file = _with_other_metrics(source)
    if file.period_columns is not None:
        return _by_periods(source, file, today)
    if file.period == "day":
        return replace(source, file=file)
    return _by_days(source, file, today)


def lacks_metrics(source: Source) -> bool:
    """Whether columns of metrics are expected, and none of the file's holds numbers."""
    file = source.file
    return file.other_metrics and not file.metrics and not _number_columns(source)


def _number_columns(source: Source) -> list[str]:
    """The columns of numbers that nothing else is made of."""
    ignored = set(source.ignored)
    rows = first_rows(source.table, SAMPLED)
    return [
        name
        for at, name in enumerate(source.table.headings)
        if name in ignored and _all_numbers([row[at] for row in rows], source)
    ]


def _with_other_metrics(source: Source) -> FileMapping:
    """Each column of numbers that nothing else is made of, as a metric."""
    columns = _number_columns(source)
    names = [known_name(_metric_name(name)) for name in columns]
    found = tuple(
        MetricRule(replace(usage_metric(as_known), label=name), value=name)
        if names.count(as_known) == 1
        else MetricRule(replace(usage_metric(_metric_name(name)), label=name), value=name)
        for name, as_known in zip(columns, names, strict=True)
    )
    if not found and not source.file.metrics:
        raise InputError(f"{source.table.path}: no column of numbers is left to be a metric.")
    return replace(source.file, metrics=(*source.file.metrics, *found))


def _metric_name(heading: str) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in heading.casefold()).split()
    return "_".join(words) or heading


def _all_numbers(texts: Sequence[str], source: Source) -> bool:
    given = [text for text in texts if text.strip()]
    return bool(given) and all(is_number(text, source.mapping.numbers) for text in given)


def _by_periods(source: Source, file: FileMapping, today: dt.date | None) -> Source:
    """One row for each account and column of a period, as long usage."""
    name = file.period_columns or ""
    if name == "*":
        name = _metric_name(source.table.part or source.table.path.stem)
    spans = _spans(source.table.headings, file.period)
    if not spans:
        raise InputError(f"{source.table.path}: no heading is a day, week or month.")
    rule = file.rules.get("metric")
    columns = [
        rule.columns[0] if rule and rule.columns else None,
        file.rules["account_id"].columns[0],
    ]
    index = {heading.casefold(): at for at, heading in enumerate(source.table.headings)}
    metric_at, account_at = (index[one.casefold()] if one else None for one in columns)
    wide = _Wide(source, spans, account_at or 0, metric_at, name)
    rules = {one: Rule(columns=(one,)) for one in LONG}
    rules["account_id"] = replace(file.rules["account_id"], columns=("account_id",))
    if rule is not None:
        rules["metric"] = replace(rule, columns=("metric",), constant=None)
    table = replace(source.table, headings=LONG, cells=lambda: wide.rows(today))
    return replace(
        source, table=table, file=replace(file, rules=rules, headings=LONG, only={}, skip={})
    )


def _spans(headings: Sequence[str], period: Period) -> dict[int, Span]:
    """The periods that headings name, by their place; plain dates tell it by their distance."""
    spans = {
        at: span
        for at, heading in enumerate(headings)
        if (span := read_period(heading, period)) is not None
    }
    if all(first == last for first, last in spans.values()):
        period = period_between([first for first, _ in spans.values()])
        return {at: around(first, period) for at, (first, _) in spans.items()}
    return spans


@dataclass(frozen=True, slots=True)
class _Wide:
    """A table with a column for each period."""

    source: Source
    spans: dict[int, Span]
    account_at: int
    metric_at: int | None
    metric: str

    def rows(self, today: dt.date | None) -> Iterator[tuple[int, list[str]] | Reject]:
        """Account, day, metric and value, with the number of the row that it stands in."""
        refused: list[Reject] = []
        rows = TableRows(self.source.table, refused.append, keep=kept_rows(self.source))
        for row in rows:
            metric = row[self.metric_at].strip() if self.metric_at is not None else self.metric
            rollup = usage_metric(metric or self.metric).rollup
            for at, span in self.spans.items():
                text = plain_number(row[at].strip(), self.source.mapping.numbers)
                days = list(days_of(span, today))
                if not text or not days:
                    continue
                part = _part(text, len(days), rollup)
                for day in days:
                    yield rows.line, [row[self.account_at], day.isoformat(), metric, part]
        yield from refused


def _by_days(source: Source, file: FileMapping, today: dt.date | None) -> Source:
    """The same columns with a row for each day of the period in the column of dates."""
    index = {heading.casefold(): at for at, heading in enumerate(source.table.headings)}
    date = file.rules["date"]
    day_at = index[date.columns[0].casefold()]
    rollups = {
        index[rule.value.casefold()]: rule.metric.rollup for rule in file.metrics if rule.value
    }
    if not file.metrics:
        rollups[index[file.rules["value"].columns[0].casefold()]] = "sum"
    reading = Reading(date.date_formats or source.mapping.date_formats)

    def cells() -> Iterator[tuple[int, list[str]] | Reject]:
        refused: list[Reject] = []
        rows = TableRows(source.table, refused.append)
        for row in rows:
            span = _span(row[day_at], file.period, reading)
            if span is None:
                yield rows.line, row
                continue
            days = list(days_of(span, today))
            for day in days:
                one = list(row)
                one[day_at] = day.isoformat()
                for at, rollup in rollups.items():
                    text = plain_number(row[at].strip(), source.mapping.numbers)
                    one[at] = _part(text, len(days), rollup)
                yield rows.line, one
        yield from refused

    rules = {**file.rules, "date": replace(date, date_formats=())}
    mapping = replace(source.mapping, date_formats=())
    table = replace(source.table, cells=cells)
    return replace(source, mapping=mapping, table=table, file=replace(file, rules=rules))


def _span(text: str, period: Period, reading: Reading) -> Span | None:
    """The period that a cell names; None where it names none, which the reader then refuses."""
    found = read_period(text, period)
    if found is not None:
        return found
    try:
        return read_period(read_day(text.strip(), reading).isoformat(), period)
    except ValueError:
        return None


def _part(text: str, days: int, rollup: Rollup) -> str:
    """What a day has of a period's value; what is no number stays, to be refused."""
    try:
        number = read_number(text)
    except ValueError:
        return text
    return repr(number / days) if rollup == "sum" else text
