"""Complaints: open one, take it a step on, tell the customer; the queue by severity and ARR."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from cs_workbench.core import complaints
from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import Complaint, ComplaintStep
from cs_workbench.core.memory_words import cut
from cs_workbench.core.money import ranked_by
from cs_workbench.errors import UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database
from cs_workbench.store.kept import amendments, new_row, read_kept, read_one
from cs_workbench.store.typical_arr import typical_arr
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import account_name, apply_act, remember, revise


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """A complaint with its account and its steps, oldest first.

    Attributes:
        late: what is overdue, in words.
        untold: states of which the customer was not told yet, in it and since they last were.
    """

    account_id: str
    name: str
    arr_minor: int | None
    currency: str
    complaint: Complaint
    steps: tuple[ComplaintStep, ...]
    late: str | None
    untold: tuple[str, ...]


def open_complaint(
    db: Database,
    act: Act,
    *,
    what: str,
    severity: str,
    owner: str | None,
    contact_id: str | None = None,
    ticket_id: str | None = None,
    told_how: str | None = None,
) -> str:
    """Open a complaint with a human owner; returns it in words.

    Raises:
        UsageError: nothing is said of it, or there is no such severity.
    """
    if severity not in complaints.ANSWER_WITHIN:
        known = ", ".join(complaints.ANSWER_WITHIN)
        raise UsageError(f"Severity is one of {known}; not {severity!r}.")
    row = Complaint(
        complaint_id=new_id(),
        account_key=act.account_key,
        contact_id=contact_id,
        ticket_id=ticket_id,
        what=what,
        severity=severity,
        owner=owner or act.actor,
        arrived_on=act.today,
        answer_due_on=complaints.answer_due(severity, act.today),
        author=act.actor,
    )
    told = complaints.Move("received", told_how is not None, told_how)
    return remember(db, act, row, _step(act, row.complaint_id, told))


def move_complaint(db: Database, act: Act, complaint_id: str, move: complaints.Move) -> str:
    """Take a complaint to its next state; returns that in words.

    Raises:
        NotFoundError: there is no such complaint.
        UsageError: it cannot go there, or an answer is missing.
    """
    before = read_one(db, Complaint, complaint_id)
    after = complaints.moved(before, move, act.today)
    told = "customer told" if move.told else "customer not told yet"
    verdict = f", {move.verdict}" if move.verdict else ""
    name = account_name(db, before.account_key)
    summary = f"complaint {move.state}{verdict}, {told}: {cut(before.what)} · {name}"
    step = _step(act, complaint_id, move)
    apply_act(db, act, summary, [*amendments(before, after, act.today), new_row(step, act.today)])
    return summary


def tell_customer(db: Database, act: Act, complaint_id: str, *, how: str | None) -> str:
    """Say that the customer was told of the state reached; returns that in words.

    Raises:
        NotFoundError: there is no such complaint.
        UsageError: they were told of it before.
    """
    complaint = read_one(db, Complaint, complaint_id)
    last = complaint_steps(db, complaint.account_key)[complaint_id][-1]
    if last.told_on is not None:
        raise UsageError(f"They were told of {last.state!r} on {last.told_on.isoformat()} already.")
    after = replace(last, told_on=act.today, told_how=how)
    return revise(db, act, last, after, f"customer told: complaint {last.state}")


def hand_complaint(db: Database, act: Act, complaint_id: str, owner: str) -> str:
    """Give a complaint to another human; returns that in words.

    Raises:
        NotFoundError: there is no such complaint.
        UsageError: nobody is named.
    """
    before = read_one(db, Complaint, complaint_id)
    after = replace(before, owner=owner)
    return revise(db, act, before, after, f"complaint goes to {owner}: {cut(before.what)}")


def list_complaints(
    db: Database, *, today: dt.date, account_key: int | None = None, everything: bool
) -> list[ComplaintLine]:
    """The queue: severity × ARR, largest first; closed ones last, where they are wanted.

    An ARR that is not known counts as the middle of the known ones.
    """
    found = [
        one
        for one in read_kept(db, Complaint, account_key)
        if everything or complaints.is_open(one)
    ]
    keys = sorted({one.account_key for one in found})
    accounts = {line.account_key: line for line in account_lines(db, keys, today=today, me="")}
    steps = complaint_steps(db, account_key)
    lines = [_line(one, accounts[one.account_key], steps, today) for one in found]
    typical = typical_arr(db)

    def place(one: ComplaintLine) -> tuple[bool, Decimal, dt.date]:
        arr = ranked_by(one.arr_minor, one.currency, typical)
        urgency = complaints.urgency(one.complaint, arr)
        return not complaints.is_open(one.complaint), -urgency, one.complaint.arrived_on

    return sorted(lines, key=place)


def complaint_steps(
    db: Database, account_key: int | None = None
) -> dict[str, tuple[ComplaintStep, ...]]:
    """By complaint, its steps, oldest first."""
    found: dict[str, list[ComplaintStep]] = defaultdict(list)
    for one in reversed(read_kept(db, ComplaintStep, account_key)):
        found[one.complaint_id].append(one)
    return {key: tuple(steps) for key, steps in found.items()}


def _line(
    complaint: Complaint,
    account: AccountLine,
    steps: dict[str, tuple[ComplaintStep, ...]],
    today: dt.date,
) -> ComplaintLine:
    own = steps.get(complaint.complaint_id, ())
    return ComplaintLine(
        account_id=account.account_id,
        name=account.name,
        arr_minor=account.arr_minor,
        currency=account.currency,
        complaint=complaint,
        steps=own,
        late=complaints.lateness(complaint, own, today),
        untold=tuple(one.state for one in complaints.untold(own)),
    )


def _step(act: Act, complaint_id: str, move: complaints.Move) -> ComplaintStep:
    return ComplaintStep(
        complaint_step_id=new_id(),
        account_key=act.account_key,
        complaint_id=complaint_id,
        state=move.state,
        reached_on=act.today,
        told_on=act.today if move.told else None,
        told_how=move.told_how,
        note=move.note,
        author=act.actor,
    )
