"""The variants of a scorecard: one for every profile and stretch of tenure."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cs_workbench.core.scorecards import Scorecard, ScoredMeasure, Variant


def variants_of(card: Scorecard) -> Mapping[Variant, Scorecard]:
    """A scorecard for every profile and stretch of tenure; none where all accounts are alike."""
    found = {}
    groups = [(None, card.measures), *((one.name, one.measures) for one in card.profiles)]
    limits = sorted({until for _, group in groups for one in group for until, _ in one.tenure})
    for profile, measures in groups:
        for until in (None, *limits):
            variant = Variant(profile, until)
            if variant == Variant():
                continue
            text = f"variant = {{ {_inline(variant)} }}\n{card.text}"
            found[variant] = replace(
                card,
                text=text,
                digest=hashlib.sha256(text.encode()).hexdigest(),
                measures=tuple(_at_tenure(one, until) for one in measures),
                variant=variant,
            )
    return MappingProxyType(found)


def _inline(variant: Variant) -> str:
    profile = None if variant.profile is None else f"profile = {_quoted(variant.profile)}"
    until = None if variant.until_month is None else f"until_month = {variant.until_month}"
    return ", ".join(part for part in (profile, until) if part)


def _quoted(text: str) -> str:
    """As a basic string of TOML, on one line and without what would end it."""
    signs = (
        sign if sign.isprintable() and sign not in '"\\{}' else f"\\U{ord(sign):08X}"
        for sign in text
    )
    return f'"{"".join(signs)}"'


def _at_tenure(one: ScoredMeasure, until: int | None) -> ScoredMeasure:
    if until is None:
        return one
    worth = next((worth for limit, worth in one.tenure if limit >= until), one.worth)
    return replace(one, worth=worth)
