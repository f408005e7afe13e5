"""What *record* steps of plays write to the account, along with the step that came before."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cs_workbench.core.ids import new_id
from cs_workbench.core.judgements import SENTIMENT
from cs_workbench.core.memory import Contact, ExitReason, Goal, Promise, Touchpoint
from cs_workbench.core.memory_words import tell
from cs_workbench.core.money import to_minor
from cs_workbench.core.playbooks.model import Recorded, Step
from cs_workbench.core.playbooks.records import RECORD_SHAPES
from cs_workbench.core.playbooks.templates import without_gaps
from cs_workbench.core.plays.model import Entry
from cs_workbench.errors import UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database, moment_on
from cs_workbench.store.kept import amendments, new_row, read_kept
from cs_workbench.store.next_steps import next_step_changes
from cs_workbench.store.ratings import new_rating
from cs_workbench.workflows.conceding import proposal
from cs_workbench.workflows.judgements import Act, make_rating
from cs_workbench.workflows.next_steps import make_step, step_text
from cs_workbench.workflows.play_context import record_context
from cs_workbench.workflows.play_forecasts import commitment_made, forecast_made
from cs_workbench.workflows.play_moments import Walk
from cs_workbench.workflows.remembering import checked, find_contact
from cs_workbench.workflows.tasks import By


@dataclass(frozen=True)
class Recording:
    """What is written, and in words."""

    changes: tuple[Change, ...]
    told: str


@dataclass(frozen=True)
class _Given:
    """The values of one record, and whose they are."""

    db: Database
    act: Act
    values: Mapping[str, str]
    origin: str
    by: By

    def text(self, name: str) -> str | None:
        """A value, None where there is none."""
        return self.values.get(name)

    def day(self, name: str) -> dt.date | None:
        """A value that is a date."""
        text = self.values.get(name)
        try:
            return None if text is None else dt.date.fromisoformat(text)
        except ValueError:
            raise UsageError(f"{name}: {text!r} is no date.") from None

    def number(self, name: str) -> float | None:
        """A value that is a number."""
        text = self.values.get(name)
        try:
            return None if text is None else float(text)
        except ValueError:
            raise UsageError(f"{name}: {text!r} is no number.") from None

    def contact(self, name: str = "contact") -> str | None:
        """The id of the contact that a value means."""
        text = self.values.get(name)
        return None if text is None else find_contact(self.db, self.act.account_key, text)


def recorded(
    db: Database, by: By, walk: Walk, step: Step, entries: Mapping[str, Entry]
) -> Recording | None:
    """What a step writes; None where a value that it needs is not known, and a person is asked.

    Raises:
        UsageError: a value is none that can be written.
        ConflictError, NotFoundError: what it is about is decided already, or is not there.
    """
    values = record_values(walk, step, entries)
    if step.record is None or any(
        name not in values for name in RECORD_SHAPES[step.record.what].needed
    ):
        return None
    act = Act(walk.play.account_key, by.actor, by.today)
    given = _Given(db, act, values, f"play {walk.play.play_id}", by)
    return _WRITERS[step.record.what](given)


def record_values(walk: Walk, step: Step, entries: Mapping[str, Entry]) -> dict[str, str]:
    """The values of a record as far as they are known; what was typed for the step comes first."""
    if step.record is None:
        return {}
    context = record_context(walk, entries)
    values = {}
    for name, template in step.record.values.items():
        text = " ".join(without_gaps(template, context).split())
        if any(sign.isalnum() for sign in text):
            values[name] = text
    entry = entries.get(step.step_id)
    typed = entry.answers if entry else {}
    return {**values, **{name: text for name, text in typed.items() if text}}


def _touchpoint(given: _Given) -> Recording:
    sentiment = given.number("sentiment")
    row = Touchpoint(
        touchpoint_id=new_id(),
        account_key=given.act.account_key,
        contact_id=given.contact(),
        occurred_at=moment_on(given.act.today),
        channel=given.values["channel"],
        direction=given.values["direction"],
        kind=given.text("kind"),
        sentiment=None if sentiment is None else int(sentiment),
        reason=given.text("reason"),
        summary=given.values["summary"],
        author=given.act.actor,
        origin=given.origin,
    )
    return _row(given, row)


def _promise(given: _Given) -> Recording:
    by_us = given.values["by"].casefold() == "us"
    row = Promise(
        promise_id=new_id(),
        account_key=given.act.account_key,
        contact_id=given.contact(),
        promised_by="us" if by_us else "customer",
        what=given.values["what"],
        owner=given.text("owner") or (given.act.actor if by_us else None),
        made_on=given.act.today,
        due_on=given.day("due"),
        origin=given.origin,
    )
    return _row(given, row)


def _goal(given: _Given) -> Recording:
    confirmed = given.contact("confirmed_by")
    row = Goal(
        goal_id=new_id(),
        account_key=given.act.account_key,
        what=given.values["what"],
        measure=given.text("measure"),
        unit=given.text("unit"),
        baseline=given.number("baseline"),
        target=given.number("target"),
        due_on=given.day("due"),
        contact_id=given.contact(),
        confirmed_by=confirmed,
        confirmed_on=given.act.today if confirmed else None,
        said_on=given.act.today,
        author=given.act.actor,
        origin=given.origin,
    )
    return _row(given, row)


def _exit_reason(given: _Given) -> Recording:
    row = ExitReason(
        exit_reason_id=new_id(),
        account_key=given.act.account_key,
        view=given.values["view"],
        reason=given.values["reason"],
        detail=given.text("detail"),
        said=given.text("said"),
        competitor=given.text("competitor"),
        noted_on=given.act.today,
        author=given.act.actor,
        origin=given.origin,
    )
    return _row(given, row)


def _concession(given: _Given) -> Recording:
    (account,) = account_lines(
        given.db, [given.act.account_key], today=given.act.today, me=given.act.actor
    )
    row = proposal(
        given.db,
        given.act,
        kind=given.values["kind"],
        reason=given.values["reason"],
        cost_minor=read_amount(given.values["cost"], account.currency),
    )
    return _row(given, replace(row, origin=given.origin))


def _contact_role(given: _Given) -> Recording:
    contact_id = given.contact()
    before = next(
        one
        for one in read_kept(given.db, Contact, given.act.account_key)
        if one.contact_id == contact_id
    )
    after = checked(replace(before, role=given.values["role"]))
    changes = tuple(amendments(before, after, given.act.today))
    return Recording(changes, f"{after.name} is {after.role}")


def _sentiment(given: _Given) -> Recording:
    value = given.number("value")
    rating = make_rating(
        given.act,
        rated=SENTIMENT,
        value=None if value is None else int(value),
        reason=given.values["reason"],
        on=None,
    )
    return Recording((new_rating(given.act.account_key, rating),), f"sentiment {rating.value}")


def _next_step(given: _Given) -> Recording:
    step = make_step(
        text=given.values["text"],
        owner=given.text("owner") or given.act.actor,
        due=given.day("due"),
        today=given.act.today,
    )
    changes = next_step_changes([given.act.account_key], step, today=given.act.today)
    return Recording(tuple(changes), f"next step: {step_text(step)}")


def _forecast(given: _Given) -> Recording:
    change, told = forecast_made(given.db, given.by, given.act.account_key, given.values)
    return Recording((change,), told)


def _commitment(given: _Given) -> Recording:
    change, told = commitment_made(given.db, given.by, given.act.account_key, given.values)
    return Recording((change,), told)


def read_amount(text: str, currency: str) -> int:
    """An amount in minor units.

    Raises:
        UsageError: it is no amount of that currency.
    """
    try:
        return to_minor(text, currency)
    except ValueError as problem:
        raise UsageError(f"{problem}.") from None


def _row(given: _Given, row: Any) -> Recording:
    sound = checked(row)
    return Recording((new_row(sound, given.act.today),), tell(sound))


_WRITERS: Mapping[Recorded, Callable[[_Given], Recording]] = {
    "touchpoint": _touchpoint,
    "promise": _promise,
    "forecast": _forecast,
    "commitment": _commitment,
    "goal": _goal,
    "exit reason": _exit_reason,
    "concession": _concession,
    "contact role": _contact_role,
    "sentiment": _sentiment,
    "next step": _next_step,
}
