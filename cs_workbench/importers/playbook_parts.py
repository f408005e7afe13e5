"""The parts of a playbook from values of the right shape, checked for what they mean."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from cs_workbench.core.playbooks.conditions import Condition, parse_condition
from cs_workbench.core.playbooks.lint import Problem
from cs_workbench.core.playbooks.model import (
    ANCHORS,
    Audience,
    Branch,
    Due,
    Escalation,
    Exit,
    Field,
    Message,
    Outcome,
    Playbook,
    Record,
    Step,
    Trigger,
    Wait,
)
from cs_workbench.core.playbooks.templates import Template
from cs_workbench.core.toml_lines import Path
from cs_workbench.errors import InputError
from cs_workbench.importers.message_templates import parse_template

_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_DUE = re.compile(
    rf"({'|'.join(ANCHORS)})(?:\s*([+-])\s*(\d{{1,4}})\s+(business\s+)?days?)?", re.ASCII
)
# What a step of each kind needs beside what all have, and may not have otherwise.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "do": (),
    "ask": ("fields",),
    "draft": ("message",),
    "decide": ("branches",),
    "wait": ("wait",),
    "record": ("record", "values"),
}


class Reader:
    """Reads one playbook, and keeps what is wrong with its parts."""

    def __init__(self, given: Mapping[str, Any], digest: str, text: str, stem: str) -> None:
        self.given = given
        self.digest = digest
        self.text = text
        self.stem = stem
        self.problems: list[Problem] = []

    def read(self) -> Playbook:
        """The playbook; good for nothing where there are problems."""
        given = self.given
        self._id(given["id"], ("id",))
        if self.stem and given["id"] != self.stem:
            self._add(("id",), "id", f"the id must be the file's name, {self.stem!r}")
        trigger, leave = given["trigger"], given["exit"]
        audience = given.get("audience", {})
        return Playbook(
            playbook_id=given["id"],
            title=given["title"].strip(),
            version=given["version"],
            purpose=" ".join(given["purpose"].split()),
            audience=Audience(
                _folded(audience, "segment"),
                frozenset(audience.get("stage", ())),
                _folded(audience, "product"),
            ),
            trigger=Trigger(
                tuple(trigger.get("signals", ())),
                self._conditions(trigger.get("when", ()), ("trigger", "when")),
                trigger.get("manual", False),
                " ".join(trigger["because"].split()),
            ),
            exit=Exit(
                self._conditions(leave.get("when", ()), ("exit", "when")),
                " ".join(leave.get("evidence", "").split()),
            ),
            outcome=Outcome(**given["outcome"]),
            contacts=tuple(given.get("contacts", ())),
            steps=self._steps(given["steps"]),
            yields_to=tuple(given.get("yields_to", ())),
            hold_out=given.get("hold_out", 0.0),
            text=self.text,
            digest=self.digest,
        )

    def _steps(self, given: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
        seen: set[str] = set()
        steps = []
        for index, one in enumerate(given):
            path: Path = ("steps", index)
            if one["id"] in seen or one["id"] == "end":
                self._add((*path, "id"), "twice", f"a step called {one['id']!r} is there already")
            seen.add(one["id"])
            steps.append(self._step(one, path))
        return tuple(steps)

    def _step(self, given: Mapping[str, Any], path: Path) -> Step:
        self._id(given["id"], (*path, "id"))
        self._check_kind(given, path)
        escalate = given.get("escalate")
        return Step(
            step_id=given["id"],
            title=given["title"].strip(),
            owner=given["owner"],
            due=self._due(given["due"], (*path, "due")),
            kind=given["kind"],
            guidance=given.get("guidance", "").strip(),
            when=self._conditions(given.get("when", ()), (*path, "when")),
            is_optional=given.get("optional", False),
            evidence=given.get("evidence", "").strip(),
            escalation=Escalation(escalate["after_days"], escalate["to"]) if escalate else None,
            then=given.get("then", ""),
            fields=tuple(
                self._field(one, (*path, "fields", index))
                for index, one in enumerate(given.get("fields", ()))
            ),
            message=self._message(given.get("message"), (*path, "message")),
            branches=self._branches(given.get("branches", ()), (*path, "branches")),
            wait=self._wait(given.get("wait"), (*path, "wait")),
            record=self._record(given, path),
        )

    def _check_kind(self, given: Mapping[str, Any], path: Path) -> None:
        kind = given["kind"]
        for name in _NEEDS[kind]:
            if name not in given:
                self._add(path, "kind", f"a step of the kind {kind} needs `{name}`")
        for other, parts in _NEEDS.items():
            for name in parts:
                if other != kind and name in given and name not in _NEEDS[kind]:
                    self._add((*path, name), "kind", f"`{name}` is for steps of the kind {other}")

    def _field(self, given: Mapping[str, Any], path: Path) -> Field:
        self._id(given["id"], (*path, "id"))
        return Field(
            field_id=given["id"],
            label=given["label"].strip(),
            type=given["type"],
            choices=tuple(given.get("choices", ())),
            is_required=given.get("required", False),
            prefill=given.get("prefill", ""),
            is_internal=given.get("internal", False),
        )

    def _message(self, given: Mapping[str, Any] | None, path: Path) -> Message | None:
        if given is None:
            return None
        subject, body = (self._template(given[part], (*path, part)) for part in ("subject", "body"))
        return Message(given["to"].strip().casefold(), given["kind"], subject, body)

    def _branches(self, given: Sequence[Mapping[str, Any]], path: Path) -> tuple[Branch, ...]:
        branches = []
        for index, one in enumerate(given):
            at = (*path, index)
            if ("when" in one) == bool(one.get("otherwise")):
                self._add(at, "branch", "a branch has either `when`, or `otherwise: true`")
            if "when" not in one and index < len(given) - 1:
                self._add(at, "unreachable", "branches after `otherwise` are never taken")
            branches.append(Branch(self._conditions(one.get("when", ()), (*at, "when")), one["go"]))
        return tuple(branches)

    def _wait(self, given: Mapping[str, Any] | None, path: Path) -> Wait | None:
        if given is None:
            return None
        kinds = [name for name in ("days", "when", "reply") if given.get(name)]
        if len(kinds) != 1:
            self._add(path, "wait", "wait for one thing: `days`, `when` or `reply`")
        if "days" not in kinds and "at_most_days" not in given:
            self._add(path, "endless", "say how long to wait: `at_most_days`")
        return Wait(
            given.get("days"),
            self._conditions(given.get("when", ()), (*path, "when")),
            given.get("reply", False),
            given.get("at_most_days"),
        )

    def _record(self, given: Mapping[str, Any], path: Path) -> Record | None:
        if given["kind"] != "record" or "record" not in given:
            return None
        values = {
            name: self._template(text, (*path, "values", name))
            for name, text in given.get("values", {}).items()
        }
        return Record(given["record"], values)

    def _template(self, text: str, path: Path) -> Template:
        try:
            return parse_template(text)
        except InputError as problem:
            self._add(path, "template", str(problem))
            return Template(text, ())

    def _conditions(self, given: Sequence[str], path: Path) -> tuple[Condition, ...]:
        found = []
        for index, text in enumerate(given):
            condition = parse_condition(text)
            if condition is None:
                why = f"{text!r} is no condition; write `usage change <= -0.25`"
                self._add((*path, index), "condition", why)
            else:
                found.append(condition)
        return tuple(found)

    def _due(self, text: str, path: Path) -> Due:
        parts = _DUE.fullmatch(" ".join(text.split()))
        if parts is None:
            why = f"{text!r} is no due date; write `today + 2 business days`, `deadline - 30 days`"
            self._add(path, "due", f"{why}. Anchors: {', '.join(ANCHORS)}")
            return Due("today")
        days = int(f"{parts[2]}{parts[3]}") if parts[2] else 0
        anchor = next(one for one in ANCHORS if one == parts[1])
        return Due(anchor, days, business=bool(parts[4]))

    def _id(self, text: str, path: Path) -> None:
        if not _ID.fullmatch(text):
            self._add(path, "id", f"{text!r} is no id; use small letters, digits, - and _")

    def _add(self, path: Path, code: str, message: str) -> None:
        self.problems.append(Problem(path, code, message))


def _folded(given: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(one.casefold() for one in cast("Sequence[str]", given.get(name, ())))
