"""Short forms for the rows that a story writes by hand; days are `MM-DD` of the sample's year."""

import datetime as dt

from cs_workbench.workflows.sample.profile import TODAY, Row

YEAR = TODAY.year


def day(text: str) -> dt.date:
    """The day of `MM-DD`, or of a whole ISO date."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"{YEAR}-{text}")


def contact(account_id: str, number: int, name: str, role: str, title: str, **more: object) -> Row:
    """A person with a name that matters."""
    return {
        "contact_id": f"{account_id}-C{number}",
        "account_id": account_id,
        "name": name,
        "email": f"c{number}@{account_id.lower()}.example",
        "role": role,
        "title": title,
        "preferred_channel": "email",
        "opted_out": 0,
        **more,
    }


def ticket(account_id: str, number: int, opened: str, subject: str, **more: object) -> Row:
    """A ticket answered within the hour, closed the same day unless `more` says otherwise."""
    return {
        "ticket_id": f"#{number}",
        "account_id": account_id,
        "opened_at": f"{day(opened)}T09:12:00Z",
        "first_response_at": f"{day(opened)}T10:05:00Z",
        "closed_at": f"{day(opened)}T16:40:00Z",
        "priority": "normal",
        "driver": "bug",
        "channel": "email",
        "reopened_count": 0,
        "is_complaint": 0,
        "subject": subject,
        **more,
    }


def call(account_id: str, number: int, on: str, person: int, summary: str, **more: object) -> Row:
    """A talk with somebody there."""
    return {
        "touchpoint_id": f"{account_id}-K{number}",
        "account_id": account_id,
        "contact_id": f"{account_id}-C{person}",
        "occurred_at": f"{day(on)}T13:00:00Z",
        "channel": "call",
        "direction": "outbound",
        "kind": "check-in",
        "summary": summary,
        "author": "Ana Ruiz",
        **more,
    }


def mail(account_id: str, number: int, on: str, person: int, summary: str, **more: object) -> Row:
    """A mail of ours that was not answered; an answer has `direction="inbound"`."""
    return call(account_id, number, on, person, summary, **{"channel": "email", **more})


def promise(account_id: str, number: int, by: str, what: str, **more: object) -> Row:
    """A promise by `us` or by the `customer`; open, unless `more` says otherwise."""
    return {
        "promise_id": f"{account_id}-Q{number}",
        "account_id": account_id,
        "contact_id": f"{account_id}-C2",
        "promised_by": by,
        "what": what,
        "owner": "Ana Ruiz" if by == "us" else None,
        "state": "open",
        **more,
    }


def forecast(account_id: str, number: int, on: str, category: str, **more: object) -> Row:
    """What Ana said about the renewal on that day."""
    return {
        "opportunity_id": f"{account_id}-O{number}",
        "account_id": account_id,
        "category": category,
        "currency": "USD",
        "author": "Ana Ruiz",
        "made_at": f"{day(on)}T15:30:00Z",
        **more,
    }


def answer(account_id: str, number: int, on: str, score: int, comment: str) -> Row:
    """An NPS answer of the first contact."""
    return {
        "response_id": f"{account_id}-V{number}",
        "account_id": account_id,
        "contact_id": f"{account_id}-C1",
        "answered_at": day(on),
        "kind": "nps",
        "score": score,
        "comment": comment,
    }
