"""What is decided about an invented account before its rows are written."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

TODAY = dt.date(2026, 11, 23)  # a Monday
FIRST_DAY = dt.date(2025, 5, 26)  # 78 weeks before
SEED = 1
WORK_SHARE, QUIET_SHARE = 0.7, 0.08  # of the users of 28 days on a working day, and on others

Mood = Literal["thriving", "steady", "recovering", "wavering", "sinking", "silent", "gone"]
Row = dict[str, object]
Rows = dict[str, list[Row]]

# The order in which they are imported, and the headings of the native files.
HEADINGS: dict[str, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        "accounts": "account_id name domain segment industry region csm lifecycle_stage started_on "
        "currency parent_account_id",
        "subscriptions": "subscription_id account_id product plan seats arr currency start_date "
        "end_date term_months notice_days auto_renew cancelled_on signed_on discount",
        "contacts": "contact_id account_id name email role title preferred_channel opted_out "
        "left_on",
        "usage": "account_id date metric value",
        "tickets": "ticket_id account_id opened_at first_response_at closed_at priority driver "
        "channel reopened_count reassigned_count asked_again_count waiting_minutes is_complaint "
        "csat subject",
        "surveys": "response_id account_id contact_id answered_at kind score comment",
        "invitations": "invitation_id account_id contact_id kind sent_on",
        "touchpoints": "touchpoint_id account_id contact_id occurred_at channel direction kind "
        "sentiment summary author",
        "churn_events": "churn_event_id account_id churned_on reason feedback refund currency",
        "invoices": "invoice_id account_id amount currency issued_on due_on paid_on",
        "promises": "promise_id account_id contact_id promised_by what owner made_on due_on "
        "kept_on state evidence",
        "opportunities": "opportunity_id account_id category amount currency probability closes_on "
        "risk_category narrative next_step author made_at",
    }.items()
}


@dataclass(frozen=True)
class Turn:
    """From this day on (interpolated from the turn before) usage is this share of normal."""

    day: dt.date
    level: float


@dataclass(frozen=True)
class NextStep:
    """A next step that a person set; without text, that there is explicitly none."""

    text: str
    due: dt.date | None
    set_on: dt.date


@dataclass(frozen=True)
class Profile:
    """One invented account.

    Attributes:
        seats_used: people active in 28 days at level 1.
        turns: the course of usage; silent_from: the day from which no usage arrives.
        contact_every, last_contact: days between two-way contacts, and days since the last.
        tickets_a_year, nps: how much it needs support and what it answers (None: nothing).
        notice_days, auto_renew, end_date: the current term.
        cancelled_on: the first day without entitlement, for one that left.
        parent: the id of the account that it is part of.
        extra: rows of the story, beside the generated ones.
    """

    account_id: str
    name: str
    segment: str
    industry: str
    region: str
    csm: str
    stage: str
    started_on: dt.date
    end_date: dt.date
    arr: int
    seats: int
    seats_used: int
    mood: Mood
    currency: str = "USD"
    turns: tuple[Turn, ...] = ()
    silent_from: dt.date | None = None
    contact_every: int = 30
    last_contact: int = 10
    tickets_a_year: float = 4
    nps: int | None = 8
    notice_days: int = 60
    auto_renew: bool = True
    cancelled_on: dt.date | None = None
    champion: str = ""
    decides: str = ""
    parent: str = ""
    extra: Rows = field(default_factory=dict)
    next_step: NextStep | None = None

    @property
    def domain(self) -> str:
        """Their part of the invented internet."""
        return f"{self.account_id.lower()}.example"


def level(profile: Profile, day: dt.date) -> float:
    """The share of normal usage on that day."""
    before = Turn(FIRST_DAY, profile.turns[0].level if profile.turns else 1.0)
    for turn in profile.turns:
        if day < turn.day:
            part = (day - before.day) / (turn.day - before.day)
            return before.level + (turn.level - before.level) * part
        before = turn
    return before.level


def terms(profile: Profile) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each yearly term, oldest first."""
    found = []
    last = profile.end_date
    while last >= profile.started_on:
        first = _years_before(last + dt.timedelta(days=1), 1)
        found.append((max(first, profile.started_on), last))
        last = first - dt.timedelta(days=1)
    return found[::-1]


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
