"""A playbook that was run dry, as text and as JSON."""

from collections.abc import Iterator

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.plays.rehearsal import RehearsedStep
from cs_workbench.workflows.rehearsing import Rehearsal


def rehearsal_text(one: Rehearsal) -> Iterator[str]:
    """The path with its days, and what it lacks."""
    title = f"{one.playbook.title} v{one.playbook.version}"
    yield f"{one.name} · {title} · run dry from {with_weekday(one.today)}"
    yield ""
    for step in one.path:
        sign = "·" if step.state == "passed" else "✓"
        told = " · ".join(_told(step))
        line = f"{with_weekday(step.on):<16} {sign} {step.step.title} ({step.step.kind})"
        yield f"{line}: {told}" if told else line
    yield ""
    yield f"It ends on {with_weekday(one.ends_on)}. Nothing was written."


def rehearsal_document(one: Rehearsal) -> dict[str, object]:
    """The rehearsal as JSON has it."""
    return {
        "schema": "csw.playbook-test/1",
        "as_of": one.today,
        "account_id": one.account_id,
        "name": one.name,
        "playbook_id": one.playbook.playbook_id,
        "version": one.playbook.version,
        "ends_on": one.ends_on,
        "path": [
            {
                "step_id": step.step.step_id,
                "title": step.step.title,
                "kind": step.step.kind,
                "owner": step.step.owner,
                "state": step.state,
                "on": step.on,
                "due": step.due,
                "why": step.why or None,
                "go": step.go or None,
                "lacking": step.lacking,
            }
            for step in one.path
        ],
    }


def _told(step: RehearsedStep) -> Iterator[str]:
    if step.go:
        yield f"→ {step.go}"
    if step.why:
        yield step.why
    if step.due is None:
        yield "its day is not known"
    elif step.due < step.on and step.state == "done" and step.step.kind not in {"decide", "record"}:
        yield f"was due {with_weekday(step.due)}"
    if step.lacking:
        yield f"not answered: {', '.join(step.lacking)}"
