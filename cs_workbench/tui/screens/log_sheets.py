"""What `l` and `P` ask: a contact with all that came of it, an incident of many, a promise."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.memory import SEVERITIES, TOUCH_KINDS
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names
from cs_workbench.store.outreach import preferred_channel
from cs_workbench.tui.formats import LATE_STYLE, joined, safe
from cs_workbench.tui.screens.fields_form import Field, FieldSheet
from cs_workbench.tui.session import Session
from cs_workbench.workflows.drafts import INCIDENT, LOG, PROMISE
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.promising import make_promise
from cs_workbench.workflows.remembering import account_name, find_contact
from cs_workbench.workflows.touching import (
    COMPLAINT,
    NextWanted,
    Promised,
    TouchDraft,
    log_incident,
    log_touch,
    read_direction,
    read_promised,
    touch_warnings,
)

CHANNELS: Final = ("call", "email", "meeting", "video", "chat", "phone", "visit", "letter")
NONE: Final = frozenset({"-", "none"})


def touch_sheet(session: Session, account_key: int) -> FieldSheet:
    """The form of a contact: four fields, the rest folded.

    Raises:
        NotFoundError: the account is gone.
    """
    db, act = session.db, Act(account_key, session.me, session.today)
    names = tuple(contact_names(db, account_key).values())

    def watch(fields: Mapping[str, str]) -> Content:
        try:
            draft = read_touch(db, act, fields)
        except WorkbenchError:
            return safe("")  # said when it is set
        said = touch_warnings(db, act, draft)
        return joined(*(one for text in said for one in (("! ", LATE_STYLE), text, "  ")))

    def apply(own: Database, fields: Mapping[str, str]) -> str:
        return log_touch(own, act, read_touch(own, act, fields), dt.datetime.now(dt.UTC))

    return FieldSheet(
        form=LOG,
        subject=str(account_key),
        title=joined(("Log a contact", "bold"), " · ", account_name(db, account_key)),
        fields=_touch_fields(names),
        apply=apply,
        watch=watch,
        unfolds=lambda fields: fields["kind"].strip().casefold() == COMPLAINT,
        long="note",
    )


def read_touch(db: Database, act: Act, fields: Mapping[str, str]) -> TouchDraft:
    """A contact from what was typed.

    Raises:
        UsageError: something of it cannot be understood; the message says what.
        NotFoundError: there is no such contact.
    """
    given = {name: text.strip() for name, text in fields.items()}
    sentiment, reason = read_mood(given["mood"])
    kind = given["kind"].casefold() or None
    who = find_contact(db, act.account_key, given["who"]) if given["who"] else None
    return TouchDraft(
        summary=given["summary"],
        contact_id=who,
        channel=given["channel"] or preferred_channel(db, act.account_key, who) or "call",
        direction=read_direction(given["direction"], kind),
        kind=kind,
        sentiment=sentiment,
        reason=reason,
        note=given["note"] or None,
        on=read_past_date(given["on"], act.today) if given["on"] else None,
        next=_next(given, act.today),
        promises=[
            read_promised(given[name], act.today, by=by)
            for name, by in (("ours", "us"), ("theirs", "customer"))
            if given[name]
        ],
        severity=given["severity"].casefold() or "normal",
        owner=given["owner"] or None,
    )


def read_mood(text: str) -> tuple[int | None, str | None]:
    """A sentiment with its reason, as typed: `2 worried, not leaving`; nothing for nothing.

    Raises:
        UsageError: it does not begin with a number from 1 to 5.
    """
    if not text:
        return None, None
    value, _, reason = text.partition(" ")
    if value not in {"1", "2", "3", "4", "5"}:
        raise UsageError("Begin the mood with a number from 1 to 5: 2 worried, not leaving.")
    return int(value), reason.strip() or None


def incident_sheet(session: Session, account_keys: Sequence[int]) -> FieldSheet:
    """The form of one thing that hit all marked accounts."""
    count = len(account_keys)
    act = Act(account_keys[0], session.me, session.today)

    def apply(db: Database, fields: Mapping[str, str]) -> str:
        severity = fields["severity"].strip().casefold() or "high"
        return log_incident(db, account_keys, what=fields["what"], severity=severity, act=act)

    return FieldSheet(
        form=INCIDENT,
        subject=",".join(map(str, sorted(account_keys))),
        title=joined(("Log an incident", "bold"), f" · {count} accounts"),
        now=joined(("each account gets its own row and waits to be told", "dim")),
        fields=(
            Field("what", "What", hint="outage of the API, 40 minutes"),
            Field("severity", "Severity", hint=", ".join(SEVERITIES), first="high"),
        ),
        apply=apply,
    )


def promise_sheet(session: Session, account_key: int) -> FieldSheet:
    """The form of a promise, by us or by them.

    Raises:
        NotFoundError: the account is gone.
    """
    act = Act(account_key, session.me, session.today)

    def apply(db: Database, fields: Mapping[str, str]) -> str:
        given = {name: text.strip() for name, text in fields.items()}
        by_us = not given["by"].casefold().startswith(("c", "th"))
        due = read_date(given["due"], session.today) if given["due"] else None
        who = find_contact(db, account_key, given["who"]) if given["who"] else None
        promised = Promised(by_us, given["what"], due)
        return make_promise(db, act, promised, contact_id=who, owner=given["owner"] or None)

    names = tuple(contact_names(session.db, account_key).values())
    return FieldSheet(
        form=PROMISE,
        subject=str(account_key),
        title=joined(("Promise", "bold"), " · ", account_name(session.db, account_key)),
        fields=(
            Field("by", "Promised by", hint="us or customer", first="us", known=("us", "customer")),
            Field("what", "What"),
            Field("due", "By when", "date"),
            Field("who", "To or by", hint="which contact", known=names, is_folded=True),
            Field("owner", "Who of us", hint="else you", is_folded=True),
        ),
        apply=apply,
    )


def _touch_fields(names: tuple[str, ...]) -> tuple[Field, ...]:
    kinds = ", ".join(TOUCH_KINDS[:4])
    return (
        Field("who", "With", hint="name, or a part of it", known=names),
        Field("summary", "What was said"),
        Field("next", "Next step", hint="- for explicitly none"),
        Field("due", "By when", "date"),
        Field("channel", "Channel", hint="else theirs, or a call", known=CHANNELS, is_folded=True),
        Field("direction", "Who began", hint="out (we) or in (they)", is_folded=True),
        Field("kind", "Kind", hint=f"{kinds}, complaint", known=TOUCH_KINDS, is_folded=True),
        Field("mood", "Mood", hint="1 to 5 and why: 2 worried", is_folded=True),
        Field("ours", "We promise", hint="refund by fri", is_folded=True),
        Field("theirs", "They promise", hint="list of leavers by 27 nov", is_folded=True),
        Field("on", "On", "past date", is_folded=True),
        Field("severity", "Severity", hint="of a complaint", known=SEVERITIES, is_folded=True),
        Field("owner", "Its owner", hint="of a complaint; else you", is_folded=True),
        Field("note", "Note", hint="ctrl+e writes it in your editor", is_folded=True),
    )


def _next(given: Mapping[str, str], today: dt.date) -> NextWanted | None:
    text = given["next"]
    if not text:
        return None
    if text.casefold() in NONE:
        return NextWanted(None)
    return NextWanted(text, read_date(given["due"], today) if given["due"] else None)
