"""The order of day and month where a file's own dates tell it: `1/31/2027` has but one."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from cs_workbench.importers.day_orders import ORDERS, orders_of
from cs_workbench.importers.mapping import FileMapping, Rule
from cs_workbench.importers.records import heading_index
from cs_workbench.importers.rule_texts import chain, rule_texts
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import first_rows
from cs_workbench.importers.values import Reading, read_day

LOOKED_AT = 1_000  # rows
_IN_WORDS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


def with_told_order(source: Source) -> Source:
    """The source with the one order that all dates of its first rows have, which its note says.

    Where both orders fit, the note says how to tell; ISO and what the mapping says stay.
    """
    texts = list(_unread(source))
    orders = orders_of(texts)
    if not orders:
        return source
    if len(orders) > 1:
        said = f"dates as {texts[0]} may have two orders: say --dates dmy or --dates mdy."
        return replace(source, file=_noted(source, said))
    (order,) = orders
    shown = next(text for text in texts if len(orders_of([text])) == 1)
    mapping = replace(source.mapping, date_formats=(*source.mapping.date_formats, order))
    said = f"dates are read as {_IN_WORDS[order]}, as {shown} tells."
    return replace(source, mapping=mapping, file=_noted(source, said))


def unsure_dates(source: Source) -> tuple[str, ...]:
    """The dates of a file, where they may have two orders."""
    texts = tuple(_unread(source))
    return texts if len(orders_of(texts)) > 1 else ()


def _noted(source: Source, said: str) -> FileMapping:
    return replace(source.file, note=" ".join(filter(None, (source.file.note, said))))


def _unread(source: Source) -> Iterator[str]:
    """Dates of the first rows whose order the mapping does not say; none where it says one."""
    if set(source.mapping.date_formats) & set(ORDERS):
        return  # a date that does not fit it is refused, never read in another order
    index = heading_index(source)
    fields = {one.name for one in source.file.kind.fields if one.type in {"date", "instant"}}
    rules = [
        one
        for name, rule in source.file.rules.items()
        if name in fields
        for one in chain(rule)
        if one.columns and not one.date_formats and all(c.casefold() in index for c in one.used)
    ]
    readers = [rule_texts(Rule(columns=one.columns, join=one.join), index) for one in rules]
    if not readers:
        return
    reading = Reading(source.mapping.date_formats)
    rows = first_rows(source.table, LOOKED_AT)
    for row, read in itertools.product(rows, readers):
        if (text := read(row)) and orders_of([text]) and not _is_read(text, reading):
            yield text


def _is_read(text: str, reading: Reading) -> bool:
    try:
        read_day(text, reading)
    except ValueError:
        return False
    return True
