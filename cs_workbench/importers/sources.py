"""A file to import, and the part of a mapping by which it is read."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches

from cs_workbench.importers.mapping import FileMapping, MappingSet
from cs_workbench.importers.tables import TableFile

MEANT = 0.66  # how alike two headings are that were meant for one: `cms` and `csm` just are


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import, and how it is read.

    Attributes:
        table: the file.
        mapping, file: the mapping, and the part of it that fits the file.
        until: the last day of which there can be usage; None does not say.
    """

    table: TableFile
    mapping: MappingSet
    file: FileMapping
    until: dt.date | None = None

    @property
    def hand(self) -> int:
        """At which it tells of contracts: 1 its own, 2 bills with ids of theirs, 3 a mere list."""
        if not self.mapping.fills_only:
            return 1
        ids = [one.rules.get("subscription_id") for one in self.mapping.files]
        are_made = any(rule is not None and (rule.template or rule.prefix) for rule in ids)
        return 3 if are_made else 2

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that nothing is made of."""
        used = {name.casefold() for rule in self.file.rules.values() for name in rule.used}
        used |= {name.casefold() for rule in self.file.names.values() for name in rule.used}
        used |= {name.casefold() for name in (self.file.people.used if self.file.people else ())}
        used |= {name.casefold() for name in (*self.file.only, *self.file.skip)}
        used |= {name.casefold() for rule in self.file.metrics for name in (rule.value,) if name}
        used |= {
            name.casefold()
            for name in (self.file.event_id, *(rule.count_distinct for rule in self.file.metrics))
            if name
        }
        return tuple(name for name in self.table.headings if name.casefold() not in used)

    def meant(self) -> dict[str, str]:
        """Of the ignored headings, those that were meant for one of ours that the file lacks."""
        words = {heading: _letters(heading) for heading in self.table.headings}
        there = Counter(words.values())
        headings = {heading.casefold() for heading in self.table.headings}
        rules = {
            _letters(name): name
            for name, rule in self.file.rules.items()
            if rule.used and headings.isdisjoint(column.casefold() for column in rule.used)
        }
        found = {}
        for heading in self.ignored:
            word = words[heading]
            lacking = [one for one in rules if there[one] == (one == word)]
            if near := get_close_matches(word, lacking, 1, MEANT):
                found[heading] = rules[near[0]]
        return found


def _letters(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())
