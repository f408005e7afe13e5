"""Playbook files, read strictly: every mistake in one is found, with its line."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cs_workbench.core.playbooks.lint import Problem, problems_of
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.playbooks.schema import PLAYBOOK_SCHEMA
from cs_workbench.core.scorecard_schema import structure_mistakes
from cs_workbench.core.toml_lines import Path as At
from cs_workbench.core.toml_lines import line_of
from cs_workbench.errors import InputError
from cs_workbench.importers.playbook_parts import Reader
from cs_workbench.importers.strict_yaml import Node, parse_yaml, read_text

_PLACE = re.compile(r":(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, order=True)
class FileProblem:
    """A problem at its place in a file; what is a warning is wrong only where that is asked for."""

    file: str
    line: int
    code: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.code}]"


def read_playbook(path: Path) -> Playbook:
    """The playbook in the file, whose name is its id.

    Raises:
        InputError: the file breaks a rule; the message begins with file and line.
    """
    return sound(*check_playbook(path))


def sound(playbook: Playbook | None, problems: tuple[FileProblem, ...]) -> Playbook:
    """The playbook where nothing but warnings was found.

    Raises:
        InputError: the first problem, and how many more there are.
    """
    errors = [one for one in problems if not one.is_warning]
    if playbook is None or errors:
        more = f" ({len(errors) - 1} more: `csw playbook lint`)" if len(errors) > 1 else ""
        raise InputError(f"{errors[0]}{more}")
    return playbook


def check_playbook(path: Path) -> tuple[Playbook | None, tuple[FileProblem, ...]]:
    """The playbook of a file, where it can be read at all, and everything that is wrong with it."""
    try:
        text = read_text(path)
    except InputError as problem:
        return None, (_file_problem(str(path), problem, "unreadable"),)
    return check_text(text, str(path), path.stem)


@lru_cache(maxsize=64)  # a refresh, and each screen of plays, reads the same files again
def check_text(
    text: str, name: str, stem: str = ""
) -> tuple[Playbook | None, tuple[FileProblem, ...]]:
    """As `check_playbook`, from text.

    Args:
        text: the file's.
        name: what stands for the file in messages.
        stem: what the id has to be; empty where any will do.
    """
    try:
        tree = parse_yaml(text, name)
    except InputError as problem:
        return None, (_file_problem(name, problem, "yaml"),)
    lines: dict[At, int] = {}
    given = _plain(tree, (), lines)
    shape = [
        Problem(path, "shape", why) for path, why in structure_mistakes(given, PLAYBOOK_SCHEMA)
    ]
    if shape:
        return None, _placed(name, lines, shape)
    reader = Reader(given, hashlib.sha256(text.encode()).hexdigest(), text, stem)
    playbook = reader.read()
    found = reader.problems or list(problems_of(playbook))
    return (None if reader.problems else playbook), _placed(name, lines, found)


def _placed(name: str, lines: Mapping[At, int], problems: list[Problem]) -> tuple[FileProblem, ...]:
    return tuple(
        sorted(
            FileProblem(name, line_of(lines, one.path), one.code, one.message, one.is_warning)
            for one in problems
        )
    )


def _plain(node: Node, path: At, lines: dict[At, int]) -> Any:
    """The values alone, and the line of each by its path."""
    lines[path] = int(node.place.rpartition(":")[2])
    if isinstance(node.value, dict):
        return {key: _plain(one, (*path, key), lines) for key, one in node.value.items()}
    if isinstance(node.value, tuple):
        return [_plain(one, (*path, index), lines) for index, one in enumerate(node.value)]
    return node.value


def _file_problem(name: str, problem: InputError, code: str) -> FileProblem:
    told = str(problem).removeprefix(name)
    parts = _PLACE.fullmatch(told)
    if parts is None:
        return FileProblem(name, 1, code, told.removeprefix(": "))
    return FileProblem(name, int(parts[1]), code, parts[2])
