"""What one version of a playbook does differently from another, in words."""

from collections.abc import Iterator

from cs_workbench.core.playbooks.model import Playbook, Step
from cs_workbench.core.playbooks.words import due_text, step_lines, trigger_text


def differences(before: Playbook, after: Playbook) -> Iterator[str]:
    """What changed, from the head to the last step."""
    if before.version != after.version:
        yield f"version {before.version} → {after.version}"
    yield from _head(before, after)
    old = {one.step_id: one for one in before.steps}
    new = {one.step_id: one for one in after.steps}
    for name, step in old.items():
        if name not in new:
            yield f"step {name} ({step.title}) is gone"
    for place, (name, step) in enumerate(new.items(), start=1):
        if name not in old:
            yield f"step {name} ({step.title}) is new, as number {place}"
        else:
            yield from _step(old[name], step)
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    if kept_before != kept_after:
        yield f"the order of steps is {', '.join(kept_after)} (was {', '.join(kept_before)})"


def _head(before: Playbook, after: Playbook) -> Iterator[str]:
    pairs = (
        ("title", before.title, after.title),
        ("purpose", before.purpose, after.purpose),
        ("suggested", trigger_text(before.trigger), trigger_text(after.trigger)),
        ("because", before.trigger.because, after.trigger.because),
        ("for", _audience(before), _audience(after)),
        ("ends when", _exit(before), _exit(after)),
        ("judged by", _outcome(before), _outcome(after)),
        ("contacts", ", ".join(before.contacts), ", ".join(after.contacts)),
        ("yields to", ", ".join(before.yields_to), ", ".join(after.yields_to)),
        ("left alone", f"{before.hold_out:.0%}", f"{after.hold_out:.0%}"),
    )
    for name, old, new in pairs:
        if old != new:
            yield f"{name}: {new or 'nothing'} (was {old or 'nothing'})"


def _step(before: Step, after: Step) -> Iterator[str]:
    pairs = (
        ("title", before.title, after.title),
        ("kind", before.kind, after.kind),
        ("owner", before.owner, after.owner),
        ("due", due_text(before.due), due_text(after.due)),
        ("optional", str(before.is_optional).lower(), str(after.is_optional).lower()),
        ("then", before.then or "the next", after.then or "the next"),
    )
    for name, old, new in pairs:
        if old != new:
            yield f"step {after.step_id}, {name}: {new} (was {old})"
    old_lines, new_lines = list(step_lines(before)), list(step_lines(after))
    for line in old_lines:
        if line not in new_lines:
            yield f"step {after.step_id}: − {line}"
    for line in new_lines:
        if line not in old_lines:
            yield f"step {after.step_id}: + {line}"


def _audience(one: Playbook) -> str:
    some = (one.audience.segments, one.audience.stages, one.audience.products)
    return "; ".join(", ".join(sorted(part)) for part in some if part)


def _exit(one: Playbook) -> str:
    parts = [condition.text for condition in one.exit.when]
    return ", ".join([*parts, one.exit.evidence] if one.exit.evidence else parts)


def _outcome(one: Playbook) -> str:
    return f"{one.outcome.measure} {one.outcome.change} within {one.outcome.within_days} days"
