"""Playbook files: those that come with the program, and a team's own, which come first by id."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.config import own_playbooks
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.playbooks.schema import PLAYBOOK_SCHEMA
from cs_workbench.errors import InputError, NotFoundError, UsageError
from cs_workbench.importers.playbook_files import FileProblem, check_playbook, read_playbook
from cs_workbench.shipped import shipped
from cs_workbench.workflows.text_files import write_new

MOST_FILES = 500
SCHEMA_FILE = "playbook.schema.json"


@dataclass(frozen=True)
class PlaybookFile:
    """A playbook and where it is from."""

    path: Path
    playbook: Playbook
    is_own: bool


def playbook_files() -> tuple[tuple[Path, bool], ...]:
    """The files that hold, and whether each is the team's own, by id.

    Raises:
        InputError: the team's folder holds more files than anybody wrote.
    """
    found = {path.stem: (path, False) for path in _yaml_in(shipped("playbooks"))}
    found |= {path.stem: (path, True) for path in _yaml_in(own_playbooks())}
    return tuple(found[name] for name in sorted(found))


def list_playbooks() -> tuple[PlaybookFile, ...]:
    """All playbooks, by id.

    Raises:
        InputError: one of the files breaks a rule.
    """
    return tuple(
        PlaybookFile(path, read_playbook(path), is_own) for path, is_own in playbook_files()
    )


def find_playbook(playbook_id: str) -> PlaybookFile:
    """The playbook of that id; only its own file is read.

    Raises:
        NotFoundError: there is none; the message names those that are there.
        InputError: its file breaks a rule.
    """
    files = {path.stem: (path, is_own) for path, is_own in playbook_files()}
    if playbook_id not in files:
        raise NotFoundError(f"There is no playbook {playbook_id!r}. There is: {', '.join(files)}.")
    path, is_own = files[playbook_id]
    return PlaybookFile(path, read_playbook(path), is_own)


def playbook_at(name: str) -> Playbook:
    """The playbook of an id, or of a file where the name is a path.

    Raises:
        NotFoundError: there is none.
        InputError: its file breaks a rule.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name:
        return read_playbook(Path(name))
    return find_playbook(name).playbook


def lint_playbooks(paths: Sequence[Path], *, strict: bool) -> tuple[FileProblem, ...]:
    """What is wrong with these files, or with all files of these folders; warnings if strict.

    Without a path: the playbooks that hold.

    Raises:
        NotFoundError: a path is not there, or a folder has no playbooks.
    """
    files = list(_named(paths)) if paths else [path for path, _ in playbook_files()]
    found = [problem for path in files for problem in check_playbook(path)[1]]
    for folder in [path for path in paths if path.is_dir()] if paths else [own_playbooks()]:
        found += [FileProblem(str(path), 1, "link", _LINKED) for path in _links_in(folder)]
    return tuple(sorted(one for one in found if strict or not one.is_warning))


def new_playbook(playbook_id: str, target: Path | None) -> Path:
    """Write a playbook to begin with, and the schema for editors beside it; returns its file.

    Raises:
        UsageError: the id is none.
        ConflictError: the file is there already.
    """
    from cs_workbench.importers.playbook_files import check_text

    text = _BEGINNING.format(id=playbook_id)
    problems = check_text(text, f"{playbook_id}.yaml", playbook_id)[1]
    if any(not one.is_warning for one in problems):
        raise UsageError(f"{playbook_id!r} is no id; use small letters, digits and -.")
    path = target or own_playbooks() / f"{playbook_id}.yaml"
    write_new(text, path, other="id")
    (path.parent / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
    return path


def schema_text() -> str:
    """The JSON Schema as it is shipped."""
    return json.dumps(PLAYBOOK_SCHEMA, indent=2) + "\n"


def _named(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"There is nothing at {path}.")
        if not path.is_dir():
            yield path
            continue
        files = _yaml_in(path)
        if not files and not _links_in(path):
            raise NotFoundError(f"There are no playbooks (*.yaml) in {path}.")
        yield from files


def _yaml_in(folder: Path) -> list[Path]:
    """The files of a folder, never what a link in it points at elsewhere."""
    links = _links_in(folder)
    files = sorted(path for path in folder.glob("*.yaml") if path not in links)
    if len(files) > MOST_FILES:
        raise InputError(f"{folder}: more than {MOST_FILES} playbooks. Is it the right folder?")
    return files


def _links_in(folder: Path) -> list[Path]:
    """The links in a folder that lead out of it, or nowhere."""
    links = sorted(path for path in folder.glob("*.yaml") if path.is_symlink())
    return [
        path
        for path in links
        if Path(os.path.realpath(path)).parent != folder.resolve() or not path.exists()
    ]


_LINKED = "a link that leads out of the folder, or nowhere; it is not followed."
_BEGINNING = """\
# yaml-language-server: $schema=./playbook.schema.json
id: {id}
title: What it is called on screen
version: 1
purpose: One sentence that says what it is for.

trigger:
  when:
    - days since contact > 30
  because: Why it is suggested, in a sentence.

exit:
  evidence: What shows that it has done what it is for.

outcome:
  measure: score
  change: up
  within_days: 56

contacts: [check-in]

steps:
  - id: prepare
    title: The first thing to do
    owner: csm
    due: today + 1 business day
    kind: do
    guidance: |
      How, in a few lines.
  - id: talk
    title: What we want to know
    owner: csm
    due: today + 3 business days
    kind: ask
    fields:
      - {{id: learned, label: What did you learn?, type: text, required: true}}
"""
