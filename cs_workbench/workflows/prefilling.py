"""What is known already and need not be asked: each answer with where it is from, and when."""

from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.memory import Contact
from cs_workbench.core.playbooks.model import Field, Step
from cs_workbench.core.playbooks.names import ANSWER, CONTACT
from cs_workbench.core.plays.answers import fact_text
from cs_workbench.store.database import Database
from cs_workbench.store.kept import read_kept
from cs_workbench.store.plays import earlier_answer
from cs_workbench.workflows.play_moments import Walk


@dataclass(frozen=True)
class Prefilled:
    """An answer in the form in which it is kept, and its source in words."""

    text: str
    source: str


def prefilled(db: Database, walk: Walk, step: Step) -> dict[str, Prefilled]:
    """What fields of a step are answered by, by field; those of which nothing is known are left."""
    return {
        field.field_id: found
        for field in step.fields
        if field.prefill and (found := next(_known(db, walk, field), None)) is not None
    }


def step_prefilled(db: Database, walk: Walk) -> dict[str, Prefilled]:
    """What fields of the current step are answered by; nothing where there is no step."""
    current = walk.road.current
    return {} if current is None else prefilled(db, walk, current.step)


def _known(db: Database, walk: Walk, field: Field) -> Iterator[Prefilled]:
    today, key = walk.moment.today, walk.play.account_key
    day = with_weekday(today)
    if field.prefill.startswith(ANSWER):
        earlier = earlier_answer(db, walk.play, field.prefill.removeprefix(ANSWER))
        if earlier is not None:
            yield Prefilled(earlier.text, f"{earlier.title}, {with_weekday(earlier.on)}")
    elif field.prefill.startswith(CONTACT):
        role = field.prefill.removeprefix(CONTACT)
        for one in read_kept(db, Contact, key):
            if one.role == role and (one.left_on is None or one.left_on > today):
                yield Prefilled(one.contact_id, f"the {role} {one.name}, {day}")
    else:
        value = walk.moment.known.get(field.prefill)
        if value is not None:
            source = f"the account: {field.prefill}, {day}"
            yield Prefilled(fact_text(value), source)
