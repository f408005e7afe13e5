"""Playbook files, read strictly: what is not understood is an error with its file and line."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar, cast

from cs_workbench.core.playbooks import (
    ANCHORS,
    STEP_OWNERS,
    Anchor,
    Outcome,
    Playbook,
    Step,
    StepOwner,
    Trigger,
)
from cs_workbench.errors import InputError
from cs_workbench.importers.strict_yaml import Node, read_yaml

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DUE = re.compile(r"([a-z]+)(?:([+-])([0-9]{1,4}))?")

Word = TypeVar("Word", bound=str)


def read_playbook(path: Path) -> Playbook:
    """The playbook in the file, whose name is its id.

    Raises:
        InputError: the file breaks a rule; the message begins with file and line.
    """
    top = read_yaml(path)
    given = _fields(top, "id title version purpose trigger exit outcome steps")
    playbook_id = _id(given["id"])
    if playbook_id != path.stem:
        raise InputError(f"{given['id'].place}: the id must be the file's name, {path.stem!r}.")
    return Playbook(
        playbook_id=playbook_id,
        title=_text(given["title"]),
        version=_whole(given["version"]),
        purpose=_text(given["purpose"]),
        trigger=_trigger(given["trigger"]),
        exit_criterion=_text(given["exit"]),
        outcome=_outcome(given["outcome"]),
        steps=_steps(given["steps"]),
    )


def _trigger(node: Node) -> Trigger:
    given = _fields(node, "measure because", "above below")
    sides = [side for side in ("above", "below") if side in given]
    if len(sides) != 1:
        raise InputError(f"{node.place}: give the trigger one threshold, `above` or `below`.")
    return Trigger(
        measure=_text(given["measure"]),
        when="above" if sides == ["above"] else "below",
        threshold=_number(given[sides[0]]),
        because=_text(given["because"]),
    )


def _outcome(node: Node) -> Outcome:
    given = _fields(node, "measure change within_days")
    return Outcome(
        measure=_text(given["measure"]),
        change=_text(given["change"]),
        within_days=_whole(given["within_days"]),
    )


def _steps(node: Node) -> tuple[Step, ...]:
    if not isinstance(node.value, tuple) or not node.value:
        raise InputError(f"{node.place}: `steps` must be a list with at least one step.")
    steps: dict[str, Step] = {}
    for item in node.value:
        step = _step(item)
        if step.step_id in steps:
            raise InputError(f"{item.place}: a step called {step.step_id!r} is there already.")
        steps[step.step_id] = step
    return tuple(steps.values())


def _step(node: Node) -> Step:
    given = _fields(node, "id title owner due guidance")
    anchor, offset = _due(given["due"])
    return Step(
        step_id=_id(given["id"]),
        title=_text(given["title"]),
        owner=_one_of(given["owner"], cast("Sequence[StepOwner]", STEP_OWNERS)),
        anchor=anchor,
        offset_days=offset,
        guidance=_text(given["guidance"]),
    )


def _due(node: Node) -> tuple[Anchor, int]:
    parts = _DUE.fullmatch(_text(node))
    if parts is None:
        raise InputError(
            f"{node.place}: {node.value!r} is no due date. Write start+2, deadline-30."
        )
    anchor = _one_of(Node(node.place, parts[1]), ANCHORS)
    return anchor, int(f"{parts[2]}{parts[3]}") if parts[2] else 0


def _fields(node: Node, needed: str, optional: str = "") -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise InputError(f"{node.place}: expected fields ({needed.replace(' ', ', ')}).")
    known = [*needed.split(), *optional.split()]
    for name, field in node.value.items():
        if name not in known:
            raise InputError(f"{field.place}: unknown field {name!r}. Known: {', '.join(known)}.")
    for name in needed.split():
        if name not in node.value:
            raise InputError(f"{node.place}: {name!r} is missing.")
    return node.value


def _text(node: Node) -> str:
    if not isinstance(node.value, str):
        raise InputError(f"{node.place}: text is needed here; put it in quotes.")
    if not node.value.strip():
        raise InputError(f"{node.place}: this text is empty.")
    return node.value.strip()


def _id(node: Node) -> str:
    text = _text(node)
    if not _ID.fullmatch(text):
        raise InputError(f"{node.place}: {text!r} is no id. Use small letters, digits and -.")
    return text


def _number(node: Node) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise InputError(f"{node.place}: a number is needed here, without quotes.")
    return node.value


def _whole(node: Node) -> int:
    if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 1:
        raise InputError(f"{node.place}: a whole number from 1 is needed here, without quotes.")
    return node.value


def _one_of(node: Node, words: Sequence[Word]) -> Word:
    for word in words:
        if word == node.value:
            return word
    raise InputError(f"{node.place}: {node.value!r} is none of {', '.join(words)}.")
