"""The text that a rule makes of a row, before it is read as a value."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from string import Formatter

from cs_workbench.core.account_matching import domain_of, salesforce_id
from cs_workbench.importers.mapping import Form, Rule

Row = list[str]
Texts = Callable[[Row], str]

_FORMS: Mapping[Form, Callable[[str], str]] = {
    "salesforce_id": salesforce_id,
    "domain": lambda text: domain_of(text) or "",
}


def rule_texts(rule: Rule, index: Mapping[str, int]) -> Texts:
    """The reader of a rule's text.

    It raises `ValueError` for a word that the mapping has no word of ours for.

    Args:
        rule: with names that are headings of the file.
        index: the position of each heading, in lower case.
    """
    base = _base(rule, index)
    conditions = tuple(
        (index[name.casefold()], text.casefold()) for name, text in rule.when.items()
    )
    otherwise = rule_texts(rule.otherwise, index) if rule.otherwise else None

    def texts(row: Row) -> str:
        text = ""
        if all(row[at].strip().casefold() == wanted for at, wanted in conditions):
            text = _formed(rule, base(row))
        if not text and otherwise is not None:
            text = otherwise(row)
        return text or rule.default or ""

    plain = not (
        conditions
        or rule.values
        or rule.default
        or rule.split
        or rule.form
        or rule.prefix
        or otherwise
    )
    return base if plain else texts


def chain(rule: Rule) -> list[Rule]:
    """A rule, and what is taken where it makes no text, each by itself."""
    rules = []
    following: Rule | None = rule
    while following is not None:
        rules.append(replace(following, otherwise=None))
        following = following.otherwise
    return rules


def _formed(rule: Rule, text: str) -> str:
    if rule.split:
        text = text.split(rule.split, 1)[0].strip()
    if text and rule.form:
        text = _FORMS[rule.form](text)
    if text and rule.values:
        text = _ours(rule, text)
    return f"{rule.prefix}{text}" if text and rule.prefix else text


def _base(rule: Rule, index: Mapping[str, int]) -> Texts:
    if rule.constant is not None:
        constant = rule.constant
        return lambda _row: constant
    if rule.template is not None:
        return _template(rule.template, index)
    positions = tuple(index[name.casefold()] for name in rule.columns)
    if len(positions) == 1:
        only = positions[0]
        return lambda row: row[only].strip()
    if (between := rule.join) is not None:
        return lambda row: between.join(text for at in positions if (text := row[at].strip()))
    return lambda row: next((text for at in positions if (text := row[at].strip())), "")


def _template(template: str, index: Mapping[str, int]) -> Texts:
    parts = [
        (literal, index[name.casefold()] if name else None)
        for literal, name, _, _ in Formatter().parse(template)
    ]

    def texts(row: Row) -> str:
        filled = [literal + (row[at].strip() if at is not None else "") for literal, at in parts]
        empty = all(not row[at].strip() for _, at in parts if at is not None)
        return "" if empty else "".join(filled).strip()

    return texts


def _ours(rule: Rule, text: str) -> str:
    known = rule.values.get(text.casefold(), rule.other)
    if known is None:
        raise ValueError(f"{text!r} has no word in the mapping's values")
    return known
