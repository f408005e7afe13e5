"""A playbook in words, for people."""

from collections.abc import Iterable, Iterator, Mapping

from cs_workbench.core.playbooks.conditions import Condition, Operator
from cs_workbench.core.playbooks.model import Due, Playbook, Step, Trigger, Wait
from cs_workbench.core.playbooks.names import ANSWER
from cs_workbench.core.plurals import counted

OPERATORS: Mapping[Operator, str] = {
    "<": "below",
    "<=": "at most",
    "=": "is",
    "!=": "is not",
    ">=": "at least",
    ">": "above",
}


def in_words(conditions: Iterable[Condition]) -> str:
    """Conditions as a person says them: `usage change at least -10% and reached is no answer`."""
    return " and ".join(_condition(one) for one in conditions)


def _condition(one: Condition) -> str:
    name = one.name.removeprefix(ANSWER).replace("_", " ")
    if one.operator not in OPERATORS:
        return f"{name} {one.operator}"
    value = one.text.partition(one.operator)[2].strip()
    return f"{name} {OPERATORS[one.operator]} {value.replace('|', ' or ')}"


def due_text(due: Due) -> str:
    """When a step is due: `30 days before the deadline`, `2 business days after the start`."""
    place = "the start" if due.anchor == "today" else f"the {due.anchor}"
    if due.days == 0:
        return f"on the day of {place}"
    days = abs(due.days)
    side = "after" if due.days > 0 else "before"
    kind = "business day" if due.business else "day"
    return f"{days} {kind}{'s' if days > 1 else ''} {side} {place}"


def trigger_text(trigger: Trigger) -> str:
    """What suggests the playbook, by signals and conditions."""
    if trigger.is_manual:
        return "when a person starts it"
    parts = [" or ".join(trigger.signals)] if trigger.signals else []
    parts += [in_words([one]) for one in trigger.when]
    return ", and ".join(parts)


def step_lines(step: Step) -> Iterator[str]:
    """What a step asks for, below its title."""
    if step.when:
        yield f"only if {', and '.join(one.text for one in step.when)}"
    yield from step.guidance.splitlines()
    for field in step.fields:
        choices = f" ({', '.join(field.choices)})" if field.choices else ""
        yield f"? {field.label}{choices}{'' if field.is_required else ', if known'}"
    if step.message:
        yield f"To: {step.message.to}"
        yield f"Subject: {step.message.subject.source}"
        yield from step.message.body.source.splitlines()
    for branch in step.branches:
        reason = ", and ".join(one.text for one in branch.when) or "otherwise"
        yield f"→ {branch.go}: {reason}"
    if step.wait:
        yield _wait_text(step.wait)
    if step.record:
        yield f"writes to the account: {step.record.what}"
    if step.evidence:
        yield f"shown by: {step.evidence}"
    if step.escalation:
        days = step.escalation.after_days
        yield f"overdue by {counted(days, 'day')}: {step.escalation.to} is told"


def playbook_lines(playbook: Playbook) -> Iterator[str]:
    """The whole playbook."""
    yield f"{playbook.title}  ({playbook.playbook_id}, version {playbook.version})"
    yield playbook.purpose
    yield ""
    yield f"Suggested    {trigger_text(playbook.trigger)}"
    yield f"Because      {playbook.trigger.because}"
    ends = [one.text for one in playbook.exit.when]
    ends += [f"evidence: {playbook.exit.evidence}"] if playbook.exit.evidence else []
    yield f"Ends when    {' · '.join(ends)}"
    outcome = playbook.outcome
    yield f"Judged by    {outcome.measure} {outcome.change} within {outcome.within_days} days"
    for number, step in enumerate(playbook.steps, start=1):
        optional = ", optional" if step.is_optional else ""
        yield ""
        yield f"{number}  {step.title}  ({step.kind}, {step.owner}, {due_text(step.due)}{optional})"
        yield from (f"   {line}".rstrip() for line in step_lines(step))


def _wait_text(wait: Wait) -> str:
    if wait.days is not None:
        return f"waits {wait.days} days"
    what = "a reply" if wait.reply else ", and ".join(one.text for one in wait.when)
    return f"waits for {what}, at most {wait.at_most_days} days"
