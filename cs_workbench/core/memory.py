"""What people remember of an account, as rows: the fields are the columns of their tables.

`origin` says where a row was made, as `touchpoint ID`, `play ID` or `review ID`; None: by itself.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("low", "normal", "high", "urgent")
TOUCH_KINDS: Final = ("give", "ask", "fix", "check-in", "qbr", "kickoff", "training", "complaint")
DIRECTIONS: Final = ("inbound", "outbound")
CONCESSION_KINDS: Final = ("refund", "credit", "discount", "right-sizing", "exit help", "other")
ROLES: Final = ("champion", "sponsor", "decision maker", "user", "detractor")
COMPLAINT_STATES: Final = (
    *("received", "acknowledged", "investigating", "solution offered", "resolved"),
    *("followed up", "closed"),
)
# What a column takes, by table and column; the tables refuse anything else.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "account.fit": ("good", "fair", "poor"),
    "account.advocacy": ("willing", "reference", "case study", "referral", "no"),
    "contact.role": ROLES,
    "goal.state": ("open", "reached", "missed", "dropped"),
    "concession.kind": CONCESSION_KINDS,
    "concession.state": ("proposed", "approved", "declined", "given"),
    "imposed_change.kind": ("price", "product", "CSM", "terms", "support", "other"),
    "product_request.state": ("open", "planned", "shipped", "declined"),
    "complaint.severity": SEVERITIES,
    "complaint.state": COMPLAINT_STATES,
    "complaint.verdict": ("advocate", "satisfied", "unhappy"),
    "complaint_step.state": COMPLAINT_STATES,
    "exit_reason.view": ("stated", "diagnosed"),
    "exit_reason.reason": (
        *("product", "price", "support", "better deal", "people", "adoption", "company", "other"),
    ),
    "incident.severity": SEVERITIES,
    "promise.promised_by": ("us", "customer"),
    "promise.state": ("open", "kept", "broken", "renegotiated"),
    "touchpoint.direction": DIRECTIONS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchpoint:
    """One contact with the customer.

    Attributes:
        occurred_at: a UTC instant.
        sentiment: 1 to 5, as heard, and `reason` why.
        note: everything that does not fit a line.
    """

    touchpoint_id: str
    account_key: int
    contact_id: str | None = None
    occurred_at: str
    channel: str
    direction: str
    kind: str | None = None
    sentiment: int | None = None
    reason: str | None = None
    summary: str | None = None
    note: str | None = None
    author: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Who promised what by when; `follows` is the promise that it took the place of."""

    promise_id: str
    account_key: int
    contact_id: str | None = None
    promised_by: str
    what: str
    owner: str | None = None
    made_on: dt.date
    due_on: dt.date | None = None
    kept_on: dt.date | None = None
    state: str = "open"
    evidence: str | None = None
    follows: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the customer wants to reach, in their words.

    Attributes:
        measure, unit: how it is measured, and in what.
        baseline, target, now_value: numbers of that unit; `now_on` is the day of the last.
        contact_id: who said so; `confirmed_by` the contact who confirmed it.
    """

    goal_id: str
    account_key: int
    what: str
    measure: str | None = None
    unit: str | None = None
    baseline: float | None = None
    target: float | None = None
    now_value: float | None = None
    now_on: dt.date | None = None
    due_on: dt.date | None = None
    contact_id: str | None = None
    confirmed_by: str | None = None
    confirmed_on: dt.date | None = None
    state: str = "open"
    said_on: dt.date
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPoint:
    """What hurts them, in their words."""

    pain_point_id: str
    account_key: int
    what: str
    contact_id: str | None = None
    said_on: dt.date
    solved_on: dt.date | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """What we give up for them.

    Attributes:
        cost_minor: in the smallest unit of the currency.
        limit_role, limit_minor: the author's role, and what it may give alone; None: no limit.
        decided_by: who approved or declined it; the author within the limit.
        outcome: what came of it later.
    """

    concession_id: str
    account_key: int
    kind: str
    reason: str
    cost_minor: int
    currency: str
    state: str
    asked_on: dt.date
    limit_role: str | None = None
    limit_minor: int | None = None
    decided_by: str | None = None
    decided_on: dt.date | None = None
    given_on: dt.date | None = None
    outcome: str | None = None
    outcome_on: dt.date | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImposedChange:
    """What we did to them, and from when it holds."""

    imposed_change_id: str
    account_key: int
    kind: str
    what: str
    announced_on: dt.date
    effective_on: dt.date | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRequest:
    """What they want of the product; `told_on` is when they heard of the decision."""

    product_request_id: str
    account_key: int
    contact_id: str | None = None
    what: str
    theme: str | None = None
    asked_on: dt.date
    state: str = "open"
    decided_on: dt.date | None = None
    told_on: dt.date | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint and where it stands; its past is in its steps."""

    complaint_id: str
    account_key: int
    contact_id: str | None = None
    ticket_id: str | None = None
    what: str
    severity: str
    owner: str
    state: str = "received"
    arrived_on: dt.date
    answer_due_on: dt.date | None = None
    resolved_on: dt.date | None = None
    follow_up_on: dt.date | None = None
    closed_on: dt.date | None = None
    verdict: str | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintStep:
    """A state that a complaint reached, and when and how the customer was told of it."""

    complaint_step_id: str
    account_key: int
    complaint_id: str
    state: str
    reached_on: dt.date
    told_on: dt.date | None = None
    told_how: str | None = None
    note: str | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitReason:
    """Why they left or may leave: as they `stated` it, or as we `diagnosed` it."""

    exit_reason_id: str
    account_key: int
    view: str
    reason: str
    detail: str | None = None
    said: str | None = None
    contact_id: str | None = None
    competitor: str | None = None
    noted_on: dt.date
    win_back_on: dt.date | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wants to be remembered; not a contact."""

    note_id: str
    account_key: int
    contact_id: str | None = None
    written_on: dt.date
    text: str
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One account's part in something that hit many; `shared` is the same for all of them."""

    incident_id: str
    account_key: int
    shared: str
    what: str
    severity: str
    began_on: dt.date
    told_on: dt.date | None = None
    told_by: str | None = None
    author: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person on the customer's side."""

    contact_id: str
    account_key: int
    name: str
    email: str | None = None
    role: str | None = None
    title: str | None = None
    preferred_channel: str | None = None
    opted_out: bool = False
    left_on: dt.date | None = None
