"""A play as text and as JSON."""

from collections.abc import Iterator, Mapping

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.plays.road import SIGNS, Road, RoadStep
from cs_workbench.workflows.play_moments import Walk
from cs_workbench.workflows.play_records import record_values
from cs_workbench.workflows.prefilling import Prefilled

Known = Mapping[str, Prefilled]


def walk_text(walk: Walk, known: Known, names: Mapping[str, str]) -> Iterator[str]:
    """Where the play is, its road, and what its step asks.

    Args:
        walk: the play.
        known: what needs no asking.
        names: of contacts by id; the answers have the ids.
    """
    play, road = walk.play, walk.road
    how = road.standing if play.state == "active" else play.state
    yield f"{walk.line.name} · {walk.line.title} v{play.version} · {how} · {play.play_id[-8:]}"
    if play.evidence:
        yield f"because {play.evidence}"
    yield ""
    for one in road.steps:
        if one.is_work or one.state in {"done", "passed"}:
            yield _step_line(one)
    if road.current is not None and play.state == "active":
        yield ""
        yield from _current(walk, road, known, names)
    elif play.reason:
        yield f"{play.state}: {play.reason}"


def walk_document(walk: Walk, known: Known) -> dict[str, object]:
    """The play as JSON has it."""
    play, road = walk.play, walk.road
    current = road.current
    return {
        "play_id": play.play_id,
        "account_id": walk.line.account_id,
        "name": walk.line.name,
        "playbook_id": play.playbook_id,
        "title": walk.line.title,
        "version": play.version,
        "playbook_hash": play.digest,
        "state": play.state,
        "standing": road.standing if play.state == "active" else play.state,
        "days_late": road.days_late,
        "evidence": play.evidence or None,
        "owner": play.owner,
        "started_on": play.started_on,
        "ended_on": play.ended_on,
        "reason": play.reason or None,
        "current": None if current is None else current.step.step_id,
        "asks": [] if current is None else _asks(walk, current, known),
        "road": [_step_document(one) for one in road.steps],
    }


def _asks(walk: Walk, current: RoadStep, known: Known) -> list[dict[str, object]]:
    answers = current.entry.answers if current.entry else {}
    if current.step.record:
        values = record_values(walk, current.step, walk.entries)
        return [{"field": name, "answer": text} for name, text in values.items()]
    return [
        {
            "field": one.field_id,
            "label": one.label,
            "type": one.type,
            "choices": one.choices,
            "required": one.is_required,
            **_answer(answers.get(one.field_id), known.get(one.field_id)),
        }
        for one in current.step.fields
    ]


def _answer(answer: str | None, before: Prefilled | None) -> dict[str, str | None]:
    if answer or before is None:
        return {"answer": answer, "source": None}
    return {"answer": before.text, "source": before.source}


def _step_document(one: RoadStep) -> dict[str, object]:
    entry = one.entry
    return {
        "step_id": one.step.step_id,
        "title": one.step.title,
        "kind": one.step.kind,
        "owner": (entry.owner if entry else None) or one.step.owner,
        "state": one.state,
        "due": one.due,
        "done_on": entry.done_on if entry else None,
        "why": one.why or None,
        "evidence": entry.evidence or None if entry else None,
        "answers": dict(entry.answers) if entry else {},
    }


def _step_line(one: RoadStep) -> str:
    when = ""
    if one.entry is not None and one.entry.done_on is not None:
        when = one.entry.done_on.isoformat()
    elif one.due is not None and one.state in {"current", "ahead"}:
        when = f"due {with_weekday(one.due)}"
    parts = (when, one.why if one.state != "ahead" else "")
    told = " · ".join(part for part in parts if part)
    number = f"{one.number:>2}" if one.is_work else "  "
    return f"{SIGNS[one.state]} {number} {one.step.title}{f'  ({told})' if told else ''}"


def _current(walk: Walk, road: Road, known: Known, names: Mapping[str, str]) -> Iterator[str]:
    current = road.current
    if current is None:
        return
    step = current.step
    late = f", {road.days_late} days late" if road.days_late else ""
    yield f"{current.number} {step.title} ({step.kind}, {step.owner}{late})"
    yield from (f"  {line}".rstrip() for line in step.guidance.splitlines())
    for ask in _asks(walk, current, known):
        choices = ask.get("choices")
        shown = (
            f" ({', '.join(map(str, choices))})" if isinstance(choices, tuple) and choices else ""
        )
        needed = " *" if ask.get("required") else ""
        answer = str(ask["answer"] or "…")
        told = names.get(answer, answer)
        if ask.get("source"):
            told += f" (from {ask['source']})"
        yield f"  {ask['field']}{needed}: {ask.get('label', '')}{shown} = {told}"
    if step.evidence:
        yield f"  shown by: {step.evidence}"
