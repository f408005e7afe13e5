"""What messages and records of a play may fill in: facts of the account, answers, promises."""

import datetime as dt
from collections.abc import Mapping

from cs_workbench.core.dates import short_date
from cs_workbench.core.memory import Contact, Goal, Promise
from cs_workbench.core.playbooks.names import ANSWER
from cs_workbench.core.playbooks.templates import Context, Listed, Scalar
from cs_workbench.core.plays.model import Entry
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names, read_kept
from cs_workbench.store.play_dates import contract_words, open_ticket_words
from cs_workbench.workflows.play_moments import Walk


def record_context(walk: Walk, entries: Mapping[str, Entry]) -> dict[str, "Scalar | Listed"]:
    """For what is written to the account: facts and answers as they are kept."""
    facts = {name: _plain(value) for name, value in walk.moment.known.items() if value is not None}
    return {**facts, **_answers(walk, entries), "account.name": walk.line.name}


def message_context(db: Database, walk: Walk, contact: Contact | None, me: str) -> Context:
    """For what a customer reads: nothing of it is ours alone, dates are in words."""
    key, today = walk.play.account_key, walk.moment.today
    names = contact_names(db, key)
    answers = {
        name: _told(text, name, walk, names) for name, text in _answers(walk, walk.entries).items()
    }
    product, seats, start, end, notice = contract_words(db, key, today)
    promises = [one for one in read_kept(db, Promise, key) if one.state == "open"]
    goals = [one for one in read_kept(db, Goal, key) if one.state == "open"]
    return {
        **answers,
        "account.name": walk.line.name,
        "contact.name": contact.name if contact else None,
        "contact.first_name": contact.name.split()[0] if contact else None,
        "me": me,
        "today": short_date(today),
        "product": product,
        "seats": seats,
        "start_date": _day(start),
        "end_date": _day(end),
        "notice_date": _day(notice),
        "signal": None,
        "our_promises": _promised(promises, "us"),
        "their_promises": _promised(promises, "customer"),
        "open_tickets": [
            {"subject": subject, "opened": _day(opened)}
            for subject, opened in open_ticket_words(db, key)
        ],
        "goals": [
            {"goal": one.what, "now": _number(one.now_value), "target": _number(one.target)}
            for one in goals
        ],
    }


def _answers(walk: Walk, entries: Mapping[str, Entry]) -> dict[str, str]:
    asked = {field.field_id for field in walk.playbook.asked()}
    return {
        f"{ANSWER}{name}": text
        for entry in entries.values()
        for name, text in entry.answers.items()
        if name in asked and text
    }


def _told(text: str, name: str, walk: Walk, names: Mapping[str, str]) -> str:
    """An answer as a person reads it."""
    field = walk.playbook.field(name.removeprefix(ANSWER))
    if field is not None and field.type == "contact":
        return names.get(text, text)
    if field is not None and field.type == "date":
        return short_date(dt.date.fromisoformat(text))
    return text


def _promised(promises: list[Promise], by: str) -> Listed:
    return [
        {"what": one.what, "due": _day(one.due_on)} for one in promises if one.promised_by == by
    ]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _day(day: dt.date | None) -> str | None:
    return None if day is None else short_date(day)
