"""What the screen of a play reads, and the form of the step that is due."""

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from cs_workbench.core.memory import Promise
from cs_workbench.core.playbooks import model
from cs_workbench.core.playbooks.model import Step
from cs_workbench.core.playbooks.records import RECORD_SHAPES
from cs_workbench.errors import ConflictError
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names, read_kept
from cs_workbench.tui.formats import joined
from cs_workbench.tui.screens.fields_form import Field, FieldSheet
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.play_lines import PlayPicture
from cs_workbench.workflows.play_messages import Drafted, draft_of
from cs_workbench.workflows.play_moments import Walk, open_walk
from cs_workbench.workflows.play_records import record_values
from cs_workbench.workflows.plays import finish_step
from cs_workbench.workflows.prefilling import Prefilled, prefilled, step_prefilled
from cs_workbench.workflows.tasks import By

EVIDENCE = "shown-by"
Kind = Literal["text", "date"]


def play_picture(db: Database, play_id: str, today: dt.date, me: str) -> PlayPicture:
    """All that the screen shows.

    Raises:
        NotFoundError: there is no such play.
    """
    walk = open_walk(db, play_id, today)
    drafted = _drafted(db, walk, By(me, today))
    known = step_prefilled(db, walk)
    key = walk.play.account_key
    return PlayPicture(
        name=walk.line.name,
        play=walk.play,
        playbook=walk.playbook,
        road=walk.road,
        today=today,
        answers=_answers(walk, contact_names(db, key), known),
        sources={name: one.source for name, one in known.items()},
        known=walk.moment.known,
        promises=[one for one in read_kept(db, Promise, key) if one.state == "open"],
        message=None if drafted is None else _message(drafted),
        warnings=() if drafted is None else drafted.warnings,
        gaps=() if drafted is None else drafted.gaps,
    )


def step_sheet(session: Session, picture: PlayPicture) -> FieldSheet | None:
    """The form of the current step; None where there is nothing to fill.

    Raises:
        NotFoundError: the play is gone.
    """
    walk = open_walk(session.db, picture.play.play_id, session.today)
    current = walk.road.current
    if current is None:
        return None
    step = current.step
    names = contact_names(session.db, walk.play.account_key)
    fields = _fields(session.db, walk, step, names)
    if step.evidence:
        first = current.entry.evidence if current.entry else ""
        fields = (*fields, Field(EVIDENCE, "Shown by", hint=step.evidence, first=first))
    if not fields:
        return None
    by = By(session.me, session.today, session.renewal_policy_file)

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        answers = dict(typed)
        evidence = answers.pop(EVIDENCE, "") if step.evidence else ""
        return finish_step(db, by, walk.play.play_id, answers=answers, evidence=evidence)

    return FieldSheet(
        form=f"play {step.step_id}",
        subject=walk.play.play_id,
        title=joined((step.title, "bold"), " · ", walk.line.name),
        fields=fields,
        apply=apply,
        long=_longest(fields),
    )


def _fields(db: Database, walk: Walk, step: Step, names: Mapping[str, str]) -> tuple[Field, ...]:
    current = walk.road.current
    answers = current.entry.answers if current and current.entry else {}
    if step.record is not None:
        values = record_values(walk, step, walk.entries)
        shape = RECORD_SHAPES[step.record.what]
        return tuple(
            Field(
                name,
                name.capitalize(),
                first=values.get(name, ""),
                is_folded=name in shape.optional,
            )
            for name in shape.all
        )
    known = prefilled(db, walk, step)
    return tuple(_field(one, answers, names, known.get(one.field_id)) for one in step.fields)


def _field(
    field: model.Field,
    answers: Mapping[str, str],
    names: Mapping[str, str],
    before: Prefilled | None,
) -> Field:
    known: tuple[str, ...] = field.choices
    hint = ", ".join(field.choices)
    if field.type == "contact":
        known, hint = tuple(names.values()), "a contact of theirs, by name"
    elif field.type == "yes/no":
        known, hint = ("yes", "no"), "yes or no"
    elif field.type == "rating":
        known, hint = ("1", "2", "3", "4", "5"), "1 to 5"
    first = answers.get(field.field_id, "")
    if not first and before is not None:
        first = before.text
        hint = f"{hint} · from {before.source}".lstrip(" ·")
    if field.type == "contact":
        first = names.get(first, first)
    kind: Kind = "date" if field.type == "date" else "text"
    mark = " *" if field.is_required else ""
    return Field(
        field.field_id, f"{field.label}{mark}", kind=kind, hint=hint, first=first, known=known
    )


def _longest(fields: tuple[Field, ...]) -> str:
    texts = [one.name for one in fields if one.kind == "text" and not one.known]
    return texts[-1] if texts else ""


def _answers(
    walk: Walk, names: Mapping[str, str], known: Mapping[str, Prefilled]
) -> dict[str, str]:
    current = walk.road.current
    told = {name: one.text for name, one in known.items()}
    if current is not None and current.entry is not None:
        told |= {name: text for name, text in current.entry.answers.items() if text}
    return {name: names.get(text, text) for name, text in told.items()}


def _drafted(db: Database, walk: Walk, by: By) -> Drafted | None:
    with suppress(ConflictError):
        return draft_of(db, by, walk)
    return None


def _message(drafted: Drafted) -> tuple[str, str, str]:
    one = drafted.message
    name = drafted.contact.name if drafted.contact else "nobody of that role is known"
    return f"{name} · {one.channel} · {one.state}", one.subject, one.body
