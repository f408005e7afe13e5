"""What happened to an account since its people and ours last spoke."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.charts import about
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.timeline import TimelineEntry

WORTH_SAYING = 0.1  # a usage level that moved less is as it was


@dataclass(frozen=True, slots=True)
class Since:
    """What is known of the time from `on`, the last two-way contact, to today.

    Attributes:
        urgent, complaints: of the `tickets` opened since.
        unanswered: messages of ours since, all without an answer.
        then, now: whole scores; None where there was none stored about that day.
    """

    on: dt.date
    today: dt.date
    usage: UsageHistory | None
    tickets: int
    urgent: int
    complaints: int
    contacts: Sequence[PageContact]
    promises: Sequence[PagePromise]
    answers: Sequence[TimelineEntry]
    unanswered: int
    then: int | None
    now: int | None


def tell_since(since: Since) -> tuple[str, ...]:
    """The short facts, in the order in which they matter in a call."""
    return tuple(_facts(since))


def _facts(since: Since) -> Iterator[str]:
    yield from _usage(since)
    if since.tickets:
        yield _tickets(since)
    for contact in since.contacts:
        if contact.left_on is not None and contact.left_on >= since.on:
            yield f"{contact.role or 'contact'} {contact.name} left"
    late = sum(1 for one in since.promises if one.by_us and one.due_on and one.due_on < since.today)
    if late:
        yield f"{late} {_plural('promise', late)} of ours late"
    for answer in since.answers:
        yield answer.text.split(":")[0]
    if since.then is not None and since.now is not None and since.then != since.now:
        yield f"score {since.then} → {since.now}"
    if since.unanswered:
        yield f"no answer to {since.unanswered} {_plural('message', since.unanswered)}"


def _usage(since: Since) -> Iterator[str]:
    if since.usage is None:
        return
    then, now = since.usage.level_before(since.on), since.usage.level_before(since.today)
    if then is None or now is None:
        return
    if abs(now - then) <= WORTH_SAYING * max(abs(then), abs(now)):
        yield f"{since.usage.label} as before ({about(now)})"
    else:
        yield f"{since.usage.label} {about(then)} → {about(now)}"


def _tickets(since: Since) -> str:
    if since.urgent == since.tickets and not since.complaints:
        return f"{since.urgent} urgent {_plural('ticket', since.urgent)}"
    kinds = [f"{since.urgent} urgent"] if since.urgent else []
    if since.complaints:
        kinds.append(f"{since.complaints} {_plural('complaint', since.complaints)}")
    told = f"{since.tickets} {_plural('ticket', since.tickets)}"
    return f"{told} ({', '.join(kinds)})" if kinds else told


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
