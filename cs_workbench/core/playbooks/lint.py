"""What is wrong with a well-formed playbook: roads that lead nowhere, words nobody knows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.memory import ROLES
from cs_workbench.core.playbooks.conditions import Condition, contradiction
from cs_workbench.core.playbooks.model import END, Field, Playbook, Step
from cs_workbench.core.playbooks.names import (
    ANSWER,
    CHOICES,
    CONTACT,
    FACTS,
    INTERNAL,
    MESSAGE_FIELDS,
    MESSAGE_LISTS,
    kind_of,
)
from cs_workbench.core.playbooks.records import RECORD_SHAPES
from cs_workbench.core.playbooks.templates import Template, names
from cs_workbench.core.toml_lines import Path

OUTCOMES = ("score", "retained ARR")
LONGEST_PURPOSE = 300


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where.

    Attributes:
        path: into the file: `("steps", 2, "when", 0)`.
        code: a short name of the rule, which scripts may rely on.
        is_warning: wrong only where `--strict` is asked for.
    """

    path: Path
    code: str
    message: str
    is_warning: bool = False


def problems_of(playbook: Playbook) -> tuple[Problem, ...]:
    """Everything that is wrong with it, in the order of the rules."""
    return tuple(problem for rule in _RULES for problem in rule(playbook))


def _trigger(playbook: Playbook) -> Iterator[Problem]:
    trigger = playbook.trigger
    if trigger.is_manual:
        if trigger.signals or trigger.when:
            yield Problem(
                ("trigger", "manual"), "trigger", "a manual trigger has no signals or conditions"
            )
        return
    if not trigger.signals and not any(one.is_threshold for one in trigger.when):
        yield Problem(
            ("trigger",),
            "no-threshold",
            "the trigger has no threshold: name a signal, or compare a measure with a number",
        )
    yield from _conditions(playbook, trigger.when, ("trigger", "when"), ())


def _exit(playbook: Playbook) -> Iterator[Problem]:
    if not playbook.exit.when and not playbook.exit.evidence:
        yield Problem(
            ("exit",), "no-exit", "say when it has done what it is for: `when`, or `evidence`"
        )
    asked = [one.field_id for one in playbook.asked()]
    yield from _conditions(playbook, playbook.exit.when, ("exit", "when"), asked)


def _outcome(playbook: Playbook) -> Iterator[Problem]:
    measure = playbook.outcome.measure
    if measure not in OUTCOMES and measure not in ALL_MEASURES:
        known = ", ".join((*OUTCOMES, *ALL_MEASURES))
        yield Problem(
            ("outcome", "measure"),
            "unknown-measure",
            f"no measure is called {measure!r}; there are: {known}",
        )


def _roads(playbook: Playbook) -> Iterator[Problem]:
    places = {one.step_id: place for place, one in enumerate(playbook.steps)}
    for place, step in enumerate(playbook.steps):
        for go, path in _goes(step, place):
            if go == END:
                continue
            if go not in places:
                yield Problem(path, "no-such-step", f"there is no step {go!r}")
            elif places[go] <= place:
                yield Problem(
                    path, "loop", f"{go!r} comes before this step: a play never goes back"
                )
    reached = _reached(playbook, places)
    for place, step in enumerate(playbook.steps):
        if step.step_id not in reached:
            yield Problem(
                ("steps", place, "id"),
                "unreachable",
                f"no way leads to the step {step.step_id!r}",
            )


def _goes(step: Step, place: int) -> Iterator[tuple[str, Path]]:
    if step.then:
        yield step.then, ("steps", place, "then")
    for index, branch in enumerate(step.branches):
        yield branch.go, ("steps", place, "branches", index, "go")


def _reached(playbook: Playbook, places: dict[str, int]) -> set[str]:
    reached: set[str] = set()
    ahead = [playbook.steps[0].step_id]
    while ahead:
        step_id = ahead.pop()
        if step_id == END or step_id in reached or step_id not in places:
            continue
        reached.add(step_id)
        step = playbook.steps[places[step_id]]
        ahead += [branch.go for branch in step.branches]
        if not any(not branch.when for branch in step.branches):
            ahead.append(playbook.next_of(step))
    return reached


def _step_conditions(playbook: Playbook) -> Iterator[Problem]:
    asked: list[str] = []
    for place, step in enumerate(playbook.steps):
        at: Path = ("steps", place)
        yield from _conditions(playbook, step.when, (*at, "when"), asked)
        for index, branch in enumerate(step.branches):
            yield from _conditions(playbook, branch.when, (*at, "branches", index, "when"), asked)
        if step.wait:
            yield from _conditions(playbook, step.wait.when, (*at, "wait", "when"), asked)
        asked += [field.field_id for field in step.fields]


def _conditions(
    playbook: Playbook, conditions: Sequence[Condition], path: Path, asked: Sequence[str]
) -> Iterator[Problem]:
    for index, one in enumerate(conditions):
        yield from _condition(playbook, one, (*path, index), asked)
    name = contradiction(conditions)
    if name:
        code = "impossible-exit" if path[0] == "exit" else "impossible"
        yield Problem(path, code, f"nothing can meet all conditions on {name!r}")


def _condition(
    playbook: Playbook, one: Condition, path: Path, asked: Sequence[str]
) -> Iterator[Problem]:
    if one.name.startswith(ANSWER):
        yield from _answer_condition(playbook, one, path, asked)
        return
    kind = kind_of(one.name)
    if kind is None:
        yield Problem(
            path,
            "unknown-field",
            f"no fact or measure is called {one.name!r}; `csw playbook fields` lists them",
        )
    elif kind == "number" and one.words:
        yield Problem(path, "not-a-number", f"{one.name} is compared with a number")
    elif kind == "word" and one.is_threshold:
        yield Problem(path, "not-a-word", f"{one.name} is a word, not a number")
    elif one.words and one.name in CHOICES:
        yield from _choices(one, CHOICES[one.name], path)


def _answer_condition(
    playbook: Playbook, one: Condition, path: Path, asked: Sequence[str]
) -> Iterator[Problem]:
    field_id = one.name.removeprefix(ANSWER)
    field = playbook.field(field_id)
    if field is None or field_id not in asked:
        where = "no step asks for it" if field is None else "it is asked only later"
        yield Problem(path, "unknown-answer", f"{one.name}: {where}")
    elif one.words and field.type in {"choice", "yes/no"}:
        yield from _choices(one, field.choices or ("yes", "no"), path)


def _choices(one: Condition, choices: Sequence[str], path: Path) -> Iterator[Problem]:
    known = {choice.casefold() for choice in choices}
    for word in one.words:
        if word not in known:
            yield Problem(
                path, "no-such-choice", f"{one.name} is never {word!r}: {', '.join(choices)}"
            )


def _fields(playbook: Playbook) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, step in enumerate(playbook.steps):
        for index, field in enumerate(step.fields):
            at: Path = ("steps", place, "fields", index)
            if field.field_id in seen:
                yield Problem(
                    (*at, "id"), "twice", f"{field.field_id!r} is asked before: never ask twice"
                )
            seen.add(field.field_id)
            if field.type == "choice" and not field.choices:
                yield Problem(at, "no-choices", f"{field.field_id} needs its choices")
            if field.prefill and not _is_prefill(field):
                told = f"{field.prefill!r} is no fact, no {ANSWER}FIELD, and no {CONTACT}ROLE"
                yield Problem((*at, "prefill"), "unknown-field", told)


def _is_prefill(field: Field) -> bool:
    """A fact, an answer given in an earlier play, or, for a contact, a role that somebody has."""
    if field.prefill.startswith(ANSWER):
        return len(field.prefill) > len(ANSWER)
    if field.prefill.startswith(CONTACT):
        return field.type == "contact" and field.prefill.removeprefix(CONTACT) in ROLES
    return field.prefill in FACTS


def _messages(playbook: Playbook) -> Iterator[Problem]:
    asked: list[str] = []
    for place, step in enumerate(playbook.steps):
        if step.message:
            for part in ("subject", "body"):
                path: Path = ("steps", place, "message", part)
                yield from _template(playbook, getattr(step.message, part), path, asked)
        if step.record:
            yield from _record_names(step, ("steps", place, "values"))
            for name, template in step.record.values.items():
                yield from _record_value(playbook, template, ("steps", place, "values", name))
        asked += [field.field_id for field in step.fields]


def _template(
    playbook: Playbook, template: Template, path: Path, asked: Sequence[str]
) -> Iterator[Problem]:
    for name in dict.fromkeys(names(template)):
        field = playbook.field(name.removeprefix(ANSWER)) if name.startswith(ANSWER) else None
        if name in INTERNAL or (field and (field.is_internal or field.type == "rating")):
            yield Problem(
                path, "internal-field", f"the customer must not read {name!r}: it is ours alone"
            )
        elif name.startswith(ANSWER):
            if field is None or field.field_id not in asked:
                yield Problem(path, "undefined", f"{{{{ {name} }}}}: no step before asks for it")
        elif not _is_message_field(name):
            yield Problem(
                path,
                "undefined",
                f"{{{{ {name} }}}} is not defined; `csw playbook fields` lists all",
            )


def _record_names(step: Step, path: Path) -> Iterator[Problem]:
    if step.record is None:
        return
    shape = RECORD_SHAPES[step.record.what]
    for name in step.record.values:
        if name not in shape.all:
            known = ", ".join(shape.all)
            yield Problem((*path, name), "record", f"{name} is no value of it; there are: {known}")
    for name in shape.needed:
        if name not in step.record.values:
            yield Problem(path, "record", f"a {step.record.what} needs the value {name}")


def _record_value(playbook: Playbook, template: Template, path: Path) -> Iterator[Problem]:
    for name in dict.fromkeys(names(template)):
        if name.startswith(ANSWER):
            if playbook.field(name.removeprefix(ANSWER)) is None:
                yield Problem(path, "undefined", f"{{{{ {name} }}}}: no step asks for it")
        elif not _is_message_field(name) and name not in FACTS:
            yield Problem(path, "undefined", f"{{{{ {name} }}}} is not defined")


def _is_message_field(name: str) -> bool:
    listed, dot, member = name.partition("[].")
    if dot:
        return member in MESSAGE_LISTS.get(listed, ())
    return name in MESSAGE_FIELDS or name in MESSAGE_LISTS


def _style(playbook: Playbook) -> Iterator[Problem]:
    if len(playbook.purpose) > LONGEST_PURPOSE or playbook.purpose.rstrip(".").count(". ") > 0:
        yield Problem(("purpose",), "purpose", "the purpose is one sentence", is_warning=True)
    if playbook.steps and all(step.is_optional for step in playbook.steps):
        yield Problem(("steps",), "all-optional", "every step is optional", is_warning=True)
    drafts = {step.message.kind for step in playbook.steps if step.message}
    missing = sorted(drafts - set(playbook.contacts))
    if missing:
        yield Problem(
            ("contacts",) if playbook.contacts else ("id",),
            "contacts",
            f"its messages are of the kind {', '.join(missing)}: say so in `contacts`",
            is_warning=True,
        )
    for place, step in enumerate(playbook.steps):
        if step.kind == "do" and not step.guidance:
            yield Problem(
                ("steps", place), "no-guidance", f"{step.step_id}: say how", is_warning=True
            )
        if step.owner == "customer" and step.escalation is None and not step.is_optional:
            yield Problem(
                ("steps", place),
                "no-escalation",
                f"{step.step_id} is up to the customer: say what happens when they do not",
                is_warning=True,
            )


_RULES: tuple[Callable[[Playbook], Iterator[Problem]], ...] = (
    *(_trigger, _exit, _outcome, _roads, _step_conditions, _fields, _messages, _style),
)
