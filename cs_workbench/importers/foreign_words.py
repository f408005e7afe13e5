"""Words of a file that its mapping has no word of ours for, and what becomes of them."""

from collections.abc import Iterator

from cs_workbench.core.records import Field
from cs_workbench.importers.mapping import Rule
from cs_workbench.importers.records import heading_index
from cs_workbench.importers.rule_texts import rule_texts
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import first_rows

LOOKED_AT = 200  # rows
SHOWN = 3  # words


def foreign_words(source: Source) -> Iterator[str]:
    """A sentence for each column of words with others than the mapping knows, in its first rows."""
    rows = first_rows(source.table, LOOKED_AT)
    index = heading_index(source)
    for name, rule in source.file.rules.items():
        if rule.values:
            read = rule_texts(Rule(columns=rule.columns), index)
            texts = dict.fromkeys(text for row in rows if (text := read(row)))
            foreign = [repr(text) for text in texts if text.casefold() not in rule.values]
            if foreign:
                words = ", ".join(foreign[:SHOWN]) + (" …" if len(foreign) > SHOWN else "")
                becomes = _becomes(source.file.kind.field(name), rule)
                yield f"{name}: {words} not known, {becomes}"


def _becomes(field: Field, rule: Rule) -> str:
    if rule.other is None:
        return "such rows would be refused"
    usual = field.empty if not rule.other else rule.other
    if field.type == "flag":
        usual = "yes" if usual else "no"
    return f"read as {usual}" if usual else "left empty"
