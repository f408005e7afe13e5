"""A mapping held against the headings of one file: which of several names a column has there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from string import Formatter

from cs_workbench.core.periods import read_period
from cs_workbench.importers.mapping import FileMapping, MetricRule, Rule

OR = "|"
PERIODS = 2  # columns of days, weeks or months that make a table of them


def resolved(file: FileMapping, headings: Sequence[str], *, lenient: bool) -> FileMapping | None:
    """The part of a mapping with the names of this file's columns; None if another is meant.

    Args:
        file: as the mapping says it.
        headings: of the file.
        lenient: leave rules out whose columns the file lacks; else they stay, to be complained of.
    """
    there = _Headings({name.casefold(): name for name in headings}, lenient)
    known = [there.find(name) for name in file.headings]
    if None in known or any(there.is_there(name) for name in file.without):
        return None
    periods = [name for name in headings if file.period_columns and read_period(name)]
    if file.period_columns and len(periods) < PERIODS:
        return None
    rules = {name: there.rule(rule) for name, rule in file.rules.items()}
    names = {name: there.rule(rule) for name, rule in file.names.items()}
    told = {name for name, rule in rules.items() if rule is not None}
    told |= {"account_id"} if any(names.values()) else set()
    needed = {name for name in file.kind.required if _is_needed(file.rules.get(name))}
    if lenient and not needed <= told:
        return None
    return replace(
        file,
        headings=(*(name for name in known if name), *periods),
        rules={name: rule for name, rule in rules.items() if rule is not None},
        names={name: rule for name, rule in names.items() if rule is not None},
        people=there.rule(file.people) if file.people else None,
        metrics=tuple(metric for one in file.metrics if (metric := there.metric(one))),
        event_id=there.name(file.event_id),
        only=there.keys(file.only),
        skip=there.keys(file.skip),
    )


def _is_needed(rule: Rule | None) -> bool:
    return rule is not None and not rule.unknown_if_empty


def alternatives(name: str) -> list[str]:
    """The names that a column may have."""
    return [part.strip() for part in name.split(OR)]


def heading_of(name: str, headings: Sequence[str]) -> str | None:
    """The heading that a file has of the names of a column; None if it has none of them."""
    return _Headings({one.casefold(): one for one in headings}, lenient=True).find(name)


@dataclass(frozen=True, slots=True)
class _Headings:
    """The headings of a file, by their folded text."""

    known: Mapping[str, str]
    lenient: bool

    def is_there(self, name: str) -> bool:
        """Whether a file has a column of that name, or one that a pattern like `*nps*` means."""
        if "*" in name:
            return any(fnmatchcase(one, name.casefold()) for one in self.known)
        return self.find(name) is not None

    def find(self, name: str) -> str | None:
        """The heading that the file has of these names."""
        if name.casefold() in self.known:
            return self.known[name.casefold()]
        parts = (self.known.get(part.casefold()) for part in alternatives(name))
        return next((part for part in parts if part), None)

    def name(self, name: str | None) -> str | None:
        """The same; a strict mapping keeps a name that is not there."""
        if name is None:
            return None
        return self.find(name) or (None if self.lenient else name)

    def rule(self, rule: Rule) -> Rule | None:
        """The rule with this file's names; of one that says nothing here, what it has besides."""
        otherwise = self.rule(rule.otherwise) if rule.otherwise else None
        columns = tuple(name for one in rule.columns if (name := self.name(one)))
        conditions = {self.name(key): text for key, text in rule.when.items()}
        later = self.name(rule.plus_minutes), self.name(rule.plus_hours)
        template = None if rule.template is None else self._template(rule.template)
        is_later = rule.plus_minutes is not None or rule.plus_hours is not None
        is_lost = (
            (rule.columns and not columns)
            or template == ""
            or None in conditions
            or (is_later and later == (None, None))
        )
        if is_lost:
            return otherwise or (Rule(constant=rule.default) if rule.default else None)
        return replace(
            rule,
            columns=columns,
            template=template,
            when={key: text for key, text in conditions.items() if key},
            otherwise=otherwise,
            times_by=tuple(by for one in rule.times_by if (by := self.rule(one))),
            plus_minutes=later[0],
            plus_hours=later[1],
        )

    def _template(self, template: str) -> str:
        """The template with this file's names; empty when it has none of them."""
        written, found = "", False
        for literal, name, _, _ in Formatter().parse(template):
            written += literal
            if name and (there := self.name(name)):
                written, found = f"{written}{{{there}}}", True
        return written if found else ""

    def metric(self, metric: MetricRule) -> MetricRule | None:
        """The metric with this file's names."""
        value, counted = self.name(metric.value), self.name(metric.count_distinct)
        if (metric.value and not value) or (metric.count_distinct and not counted):
            return None
        return replace(metric, value=value, count_distinct=counted)

    def keys(self, given: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Conditions by this file's names."""
        found = {self.name(key): texts for key, texts in given.items()}
        return {key: texts for key, texts in found.items() if key}
