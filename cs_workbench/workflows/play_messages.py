"""Drafts of plays: to whom, on which channel, what speaks against it; approved, sent, saved."""

import datetime as dt
from dataclasses import dataclass, replace

from cs_workbench.core.contact_caps import Outreach, free_again
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import Contact, Touchpoint
from cs_workbench.core.playbooks.model import Step
from cs_workbench.core.playbooks.templates import render
from cs_workbench.core.plays.messages import Message, gaps_in
from cs_workbench.core.tasks import one_line
from cs_workbench.errors import ConflictError, ContactCapError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, moment_on, write
from cs_workbench.store.kept import new_row, read_kept
from cs_workbench.store.messages import message_changes, message_of_step, new_message
from cs_workbench.store.outreach import has_opted_out, read_outreach
from cs_workbench.store.people import names_of
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.play_context import message_context
from cs_workbench.workflows.play_moments import Walk, open_walk
from cs_workbench.workflows.policies import contact_policy
from cs_workbench.workflows.remembering import checked
from cs_workbench.workflows.tasks import By
from cs_workbench.workflows.touching import TouchDraft, touch_warnings

DEFAULT_CHANNEL = "email"
LONGEST = 20_000


@dataclass(frozen=True)
class Drafted:
    """A message with what a person has to know before it goes out.

    Attributes:
        contact: whom it is for; None where nobody of that role is known.
        gaps: what is still to be filled.
        warnings: what speaks against it, in words.
        is_new: it was not saved yet.
    """

    message: Message
    contact: Contact | None
    gaps: tuple[str, ...]
    warnings: tuple[str, ...]
    is_new: bool


def draft_of(db: Database, by: By, walk: Walk) -> Drafted:
    """The message of the current step, as it was saved, or made from its template.

    Raises:
        ConflictError: the step drafts nothing.
    """
    step = _step(walk)
    saved = message_of_step(db, walk.play.play_id, step.step_id)
    message = saved or _made(db, by, walk, step)
    contact = _contact(db, message.account_key, message.contact_id)
    warnings = () if message.state == "sent" else _warnings(db, by, message)
    gaps = gaps_in(f"{message.subject}\n{message.body}")
    return Drafted(message, contact, gaps, warnings, saved is None)


def _warnings(db: Database, by: By, message: Message) -> tuple[str, ...]:
    """What speaks against sending it today."""
    draft = TouchDraft(
        summary=message.subject,
        contact_id=message.contact_id,
        channel=message.channel,
        kind=message.kind,
    )
    warnings = touch_warnings(db, Act(message.account_key, by.actor, by.today), draft)
    free_on = _free_on(db, message, by.today)
    if free_on is not None:
        warnings += (f"beyond the cap: free again on {with_weekday(free_on)}",)
    return warnings


def save_message(db: Database, by: By, play_id: str, *, subject: str, body: str) -> str:
    """Keep what was written; an approved one is a draft again. Returns that in words.

    Raises:
        UsageError: there is no subject, or too much text.
        ConflictError: the step drafts nothing, or it was sent.
    """
    walk = open_walk(db, play_id, by.today)
    drafted = _unsent(db, by, walk)
    line = one_line(subject, "what it is about")
    if len(body) > LONGEST:
        raise UsageError(f"A message has at most {LONGEST:,} characters.")
    after = replace(drafted.message, subject=line, body=body, state="draft", approved_by=None)
    return _save(db, by, drafted, after, f"draft: {line} · {walk.line.name}")


def approve_message(db: Database, by: By, play_id: str, *, override: str = "") -> str:
    """Say that it may go out; returns that in words.

    Args:
        db: the portfolio.
        by: who says so; nobody whose own messages need approval.
        play_id: the play.
        override: why it may go out beyond a cap; kept.

    Raises:
        ConflictError: gaps are open, it was sent, or this person's messages need somebody else's
            approval.
        ContactCapError: a cap is reached.
    """
    walk = open_walk(db, play_id, by.today)
    drafted = _unsent(db, by, walk)
    _refuse_gaps(drafted)
    if _needs_approval(db, by.actor):
        raise ConflictError(f"Messages of {by.actor} are approved by somebody else: ask for it.")
    reason = _refuse_beyond_cap(db, drafted.message, by.today, override)
    after = replace(drafted.message, state="approved", approved_by=by.actor, override_reason=reason)
    return _save(db, by, drafted, after, f"approved: {after.subject} · {walk.line.name}")


def send_message(db: Database, by: By, play_id: str, *, override: str = "") -> str:
    """Say that it went out, by the person's own mail program: it becomes a touchpoint.

    Args:
        db: the portfolio.
        by: who sent it, and when.
        play_id: the play.
        override: why it goes out beyond a cap; kept.

    Raises:
        ConflictError: gaps are open, nobody is named, they opted out, or it needs approval first.
        ContactCapError: a cap is reached; the message says when it is free again.
    """
    walk = open_walk(db, play_id, by.today)
    drafted = _unsent(db, by, walk)
    _refuse_gaps(drafted)
    message = drafted.message
    if drafted.contact is None:
        raise ConflictError("Nobody is named whom it is for. Name a contact with the role first.")
    if has_opted_out(db, drafted.contact.contact_id):
        name = drafted.contact.name
        raise ConflictError(f"{name} wants nothing from us that they did not ask for.")
    if message.state != "approved" and _needs_approval(db, by.actor):
        raise ConflictError(
            f"Messages of {by.actor} go out after somebody else approved them: "
            "`csw play draft PLAY --approve`, or approve on the screen of the play."
        )
    reason = _refuse_beyond_cap(db, message, by.today, override)
    after = replace(message, state="sent", sent_on=by.today, override_reason=reason)
    touch = new_row(checked(_touchpoint(message, by)), by.today)
    return _save(db, by, drafted, after, f"sent: {after.subject} · {walk.line.name}", touch)


def _touchpoint(message: Message, by: By) -> Touchpoint:
    return Touchpoint(
        touchpoint_id=new_id(),
        account_key=message.account_key,
        contact_id=message.contact_id,
        occurred_at=moment_on(by.today),
        channel=message.channel,
        direction="outbound",
        kind=message.kind,
        summary=message.subject,
        note=message.body,
        author=by.actor,
        origin=f"play {message.play_id}",
    )


def _made(db: Database, by: By, walk: Walk, step: Step) -> Message:
    """From the template: for whoever has the role, else whom the play names."""
    if step.message is None:
        raise ConflictError("This step drafts nothing.")
    contact = _chosen(db, walk, step.message.to)
    context = message_context(db, walk, contact, by.actor)
    subject, body = (
        render(part, context).text for part in (step.message.subject, step.message.body)
    )
    return Message(
        message_id=new_id(),
        account_key=walk.play.account_key,
        play_id=walk.play.play_id,
        step_id=step.step_id,
        contact_id=contact.contact_id if contact else None,
        channel=((contact.preferred_channel if contact else None) or DEFAULT_CHANNEL).casefold(),
        kind=step.message.kind,
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        state="draft",
        author=by.actor,
        drafted_on=by.today,
    )


def _chosen(db: Database, walk: Walk, role: str) -> Contact | None:
    """Whom the play names, if the role fits or nobody has it; else who has the role."""
    there = [
        one
        for one in read_kept(db, Contact, walk.play.account_key)
        if one.left_on is None or one.left_on > walk.moment.today
    ]
    asked = {field.field_id for field in walk.playbook.asked() if field.type == "contact"}
    named = {
        text
        for entry in walk.entries.values()
        for name, text in entry.answers.items()
        if name in asked
    }
    of_play = [one for one in there if one.contact_id in named]
    fitting = [one for one in of_play if one.role == role] or [
        one for one in there if one.role == role
    ]
    return next(iter(fitting or of_play), None)


def _contact(db: Database, account_key: int, contact_id: str | None) -> Contact | None:
    contacts = read_kept(db, Contact, account_key)
    return next((one for one in contacts if one.contact_id == contact_id), None)


def _step(walk: Walk) -> Step:
    current = walk.road.current
    if current is None or current.step.message is None:
        raise ConflictError("The step of this play that is due drafts nothing.")
    return current.step


def _unsent(db: Database, by: By, walk: Walk) -> Drafted:
    drafted = draft_of(db, by, walk)
    if drafted.message.state == "sent":
        day = with_weekday(drafted.message.sent_on) if drafted.message.sent_on else ""
        raise ConflictError(f"It was sent on {day}. The step is done with `csw play next`.")
    return drafted


def _refuse_gaps(drafted: Drafted) -> None:
    if drafted.gaps:
        raise ConflictError(f"Still to fill: {', '.join(drafted.gaps)}.")


def _refuse_beyond_cap(db: Database, message: Message, today: dt.date, override: str) -> str | None:
    """The reason for which a cap is passed; None where there is room and none is needed."""
    free = _free_on(db, message, today)
    reason = override.strip() or message.override_reason
    if free is not None and not reason:
        raise ContactCapError(
            f"The contact cap is reached; it is free again on {with_weekday(free)}. "
            "Give a reason to write all the same."
        )
    return reason


def _free_on(db: Database, message: Message, today: dt.date) -> dt.date | None:
    policy = contact_policy()
    before = read_outreach(db, message.account_key, today - dt.timedelta(policy.days))
    planned = Outreach(today, message.channel, message.contact_id, message.kind)
    return free_again(policy, before, planned)


def _needs_approval(db: Database, actor: str) -> bool:
    """Whether the policy says so of the person, by id or name."""
    wanted = contact_policy().needs_approval
    return any(name.casefold() in wanted for name in names_of(db, actor))


def _save(
    db: Database, by: By, drafted: Drafted, after: Message, summary: str, *also: Change
) -> str:
    changes = (
        [new_message(after)]
        if drafted.is_new
        else list(message_changes(drafted.message, after, by.today))
    )
    with write(db) as connection:
        apply_changes(connection, actor=by.actor, summary=summary, changes=[*changes, *also])
    return summary
