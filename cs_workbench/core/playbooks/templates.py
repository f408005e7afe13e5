"""Messages with gaps: text, fields, conditions and lists, and nothing that could act.

A template is a tree of four kinds of parts; there is no other way for it to do anything. A field
that is not known is a gap that a person fills, never empty text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Scalar = str | None
Listed = Sequence[Mapping[str, Scalar]]
Context = Mapping[str, "Scalar | Listed"]
GAP = "▢ {{{{ {name} }}}}"
LONGEST_LIST = 50


@dataclass(frozen=True)
class Text:
    """Words as they stand."""

    text: str


@dataclass(frozen=True)
class Field:
    """The value of a field, `promise.what` inside a list of promises."""

    name: str


@dataclass(frozen=True)
class If:
    """One part where a field is known (and yes), another where it is not."""

    name: str
    then: tuple["Part", ...]
    otherwise: tuple["Part", ...]


@dataclass(frozen=True)
class For:
    """Once for each thing in a list."""

    variable: str
    name: str
    each: tuple["Part", ...]


Part = Text | Field | If | For


@dataclass(frozen=True)
class Template:
    """A message's subject or body, or a value of a record.

    Attributes:
        source: as it was written.
    """

    source: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Rendered:
    """The text, and the names of the gaps in it, in order."""

    text: str
    gaps: tuple[str, ...]


def render(template: Template, context: Context) -> Rendered:
    """Fill a template; what is not known stays a gap that says what is missing."""
    gaps: list[str] = []
    text = "".join(_drawn(template.parts, context, gaps))
    return Rendered(text, tuple(gaps))


def without_gaps(template: Template, context: Context) -> str:
    """The text with what is not known left out: for what is written to the account."""
    gaps: list[str] = []
    text = "".join(_drawn(template.parts, context, gaps))
    for name in gaps:
        text = text.replace(GAP.format(name=name), "", 1)
    return text


def names(template: Template) -> Iterator[str]:
    """Every field that it names; those of a list's members as `list[].field`."""
    yield from _names(template.parts, {})


def _drawn(parts: Sequence[Part], context: Context, gaps: list[str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Text):
            yield part.text
        elif isinstance(part, Field):
            yield _value(part.name, context, gaps)
        elif isinstance(part, If):
            chosen = part.then if _is_so(context.get(part.name)) else part.otherwise
            yield from _drawn(chosen, context, gaps)
        else:
            yield from _each(part, context, gaps)


def _each(part: For, context: Context, gaps: list[str]) -> Iterator[str]:
    members = context.get(part.name)
    if members is None or isinstance(members, str):
        return
    for member in members[:LONGEST_LIST]:
        inner = {f"{part.variable}.{key}": value for key, value in member.items()}
        yield from _drawn(part.each, {**context, **inner}, gaps)


def _value(name: str, context: Context, gaps: list[str]) -> str:
    value = context.get(name)
    if isinstance(value, str) and value.strip():
        return value
    gaps.append(name)
    return GAP.format(name=name)


def _is_so(value: "Scalar | Listed") -> bool:
    return bool(value) and value not in {"no", "0"} if isinstance(value, str) else bool(value)


def _names(parts: Sequence[Part], listed: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Field):
            yield _told(part.name, listed)
        elif isinstance(part, If):
            yield _told(part.name, listed)
            yield from _names((*part.then, *part.otherwise), listed)
        elif isinstance(part, For):
            yield _told(part.name, listed)
            yield from _names(part.each, {**listed, part.variable: part.name})


def _told(name: str, listed: Mapping[str, str]) -> str:
    head, dot, rest = name.partition(".")
    return f"{listed[head]}[].{rest}" if dot and head in listed else name
