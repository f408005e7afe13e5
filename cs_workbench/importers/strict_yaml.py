"""YAML as people mean it: `no`, `12:30` and `007` are text, nothing is repeated, nothing hidden.

Parsed by the C library from its events, so that every value keeps its line and the size and depth
of a hostile file are known before anything is built.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from cs_workbench.errors import InputError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """A value and the place it stands; fields are keyed by name, items are in order."""

    place: str
    value: "Scalar | dict[str, Node] | tuple[Node, ...]"


def read_text(path: Path) -> str:
    """The text of a file that is not too large.

    Raises:
        InputError: not readable, too large, or not UTF-8; the message begins with the file, and the
            line where there is one.
    """
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(f"{path}: cannot be read (not a file).")
            content = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise InputError(f"{path}: cannot be read ({problem.strerror}).") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path}: larger than {MAX_BYTES // 1024} kB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise InputError(f"{path}:{line}: not UTF-8. Save the file as UTF-8.") from None


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting, as a pipe would, for somebody who writes."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def parse_yaml(text: str, name: str) -> Node:
    """The one document of a text; `name` stands for the file in messages.

    Raises:
        InputError: not YAML, or YAML that could mean something else than it shows; the message
            begins with name and line.
    """
    try:
        events = _checked(yaml.parse(text, Loader=yaml.CSafeLoader), name)
        started = [event for event in events if not _is_frame(event)]
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        if "nesting depth" in str(
            problem.problem
        ):  # the C library reads ahead to a limit of its own
            raise InputError(_too_deep(f"{name}:{line}")) from None
        raise InputError(f"{name}:{line}: not YAML: {problem.problem}.") from None
    except yaml.YAMLError as problem:
        raise InputError(f"{name}:1: not YAML: {problem}.") from None
    if not started:
        raise InputError(f"{name}:1: the file is empty.")
    return _node(iter(started), name)


def _is_frame(event: Event) -> bool:
    return type(event).__name__.startswith(("Stream", "Document"))


def _checked(events: Iterator[Event], name: str) -> Iterator[Event]:
    depth = documents = 0
    for event in events:
        place = _place(event, name)
        documents += isinstance(event, DocumentStartEvent)
        if documents > 1:
            raise InputError(f"{place}: a second document. Keep one playbook in one file.")
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise InputError(f"{place}: anchors and aliases (& and *) are not allowed.")
        if getattr(event, "tag", None):
            raise InputError(f"{place}: tags (!) are not allowed.")
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputError(_too_deep(place))
        yield event


def _too_deep(place: str) -> str:
    return f"{place}: nested deeper than {MAX_DEPTH} levels."


def _place(event: Event, name: str) -> str:
    return f"{name}:{event.start_mark.line + 1 if event.start_mark else 1}"


def _node(events: Iterator[Event], name: str) -> Node:
    return _from(next(events), events, name)


def _from(event: Event, events: Iterator[Event], name: str) -> Node:
    place = _place(event, name)
    if isinstance(event, ScalarEvent):
        return Node(place, _scalar(event))
    if isinstance(event, SequenceStartEvent):
        return Node(place, tuple(_items(events, name)))
    return Node(place, _fields(events, name))


def _items(events: Iterator[Event], name: str) -> Iterator[Node]:
    while not isinstance(event := next(events), SequenceEndEvent):
        yield _from(event, events, name)


def _fields(events: Iterator[Event], name: str) -> dict[str, Node]:
    fields: dict[str, Node] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        place = _place(event, name)
        if not isinstance(event, ScalarEvent):
            raise InputError(f"{place}: the name of a field must be plain text.")
        if event.value in fields:
            first = fields[event.value].place.rpartition(":")[2]
            raise InputError(f"{place}: {event.value!r} stands here again (first: line {first}).")
        fields[event.value] = Node(place, _node(events, name).value)
    return fields


def _scalar(event: ScalarEvent) -> Scalar:
    text = event.value
    if not event.implicit[0]:  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
