"""What happened on an account, every kind of event told in one line."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.accounts import Band
from cs_workbench.core.dates import short_date
from cs_workbench.core.money import short, short_told
from cs_workbench.core.two_way import TWO_WAY

Kind = Literal[
    "contact",
    "ticket",
    "survey",
    "promise",
    "invoice",
    "churn",
    "forecast",
    "health",
    "judgement",
    "complaint",
    "concession",
    "goal",
    "request",
    "from us",
    "note",
    "change",
]
KINDS: tuple[Kind, ...] = (
    *("contact", "ticket", "survey", "promise", "invoice"),
    *("complaint", "goal", "request", "concession", "from us", "note"),
    *("churn", "forecast", "health", "judgement", "change"),
)
_NPS = ((9, "promoter"), (7, "passive"), (0, "detractor"))
_SURVEYS = {"nps": ("NPS", 10), "csat": ("CSAT", 5), "ces": ("CES", 7)}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline; `loud` where it asks for a person's attention."""

    on: dt.date
    kind: Kind
    text: str
    who: str | None = None
    loud: bool = False


def contact_entry(
    on: dt.date,
    *,
    channel: str,
    direction: str,
    kind: str | None,
    person: str | None,
    sentiment: int | None,
    summary: str | None,
    author: str | None,
) -> TimelineEntry:
    """A touchpoint: `call with Lena Voss: dispatch is down, sentiment 2 of 5`."""
    together = {channel.casefold(), (kind or "").casefold()} & TWO_WAY
    way = "with" if together else "from" if direction == "inbound" else "to"
    what = f"{channel} ({kind})" if kind and kind != channel else channel
    told = f"{what} {way} {person or 'the customer'}"
    text = _told(told, summary)
    if sentiment is not None:
        text += f", sentiment {sentiment} of 5"
    return TimelineEntry(on, "contact", text, author, sentiment is not None and sentiment <= 2)


def ticket_entry(
    on: dt.date, *, ticket_id: str, subject: str | None, priority: str, complaint: bool
) -> TimelineEntry:
    """A ticket that was opened."""
    name = "complaint" if complaint else "ticket"
    weight = f", {priority}" if priority in {"urgent", "high"} else ""
    text = _told(f"{name} {ticket_id} opened{weight}", subject)
    return TimelineEntry(on, "ticket", text, loud=complaint or priority == "urgent")


def ticket_closed_entry(
    on: dt.date, *, ticket_id: str, opened_on: dt.date, subject: str | None, csat: int | None
) -> TimelineEntry:
    """A ticket that was closed, after how many days, and what they thought of it."""
    days = (on - opened_on).days
    after = "the same day" if days == 0 else f"after {days} d"
    told = f"ticket {ticket_id} closed {after}"
    if csat is not None:
        told += f", CSAT {csat} of 5"
    return TimelineEntry(on, "ticket", _told(told, subject))


def survey_entry(
    on: dt.date, *, kind: str, score: int, person: str | None, comment: str | None
) -> TimelineEntry:
    """An answer to a survey: `NPS 3 of 10, detractor, Lena Voss: too slow`."""
    name, top = _SURVEYS[kind]
    told = f"{name} {score} of {top}"
    if kind == "nps":
        told += ", " + next(word for least, word in _NPS if score >= least)
    if person:
        told += f", {person}"
    loud = score <= 6 if kind == "nps" else score <= 2
    return TimelineEntry(on, "survey", _told(told, comment), loud=loud)


def promise_entries(
    *,
    by: str,
    what: str,
    made_on: dt.date,
    due_on: dt.date | None,
    kept_on: dt.date | None,
    state: str,
    today: dt.date,
) -> list[TimelineEntry]:
    """A promise being made, and what became of it."""
    giver = "we" if by == "us" else "they"
    entries = [TimelineEntry(made_on, "promise", f"{giver} promised: {what}")]
    if state == "kept" and kept_on is not None:
        late = due_on is not None and kept_on > due_on
        text = f"{giver} kept{' late' if late else ''}: {what}"
        entries.append(TimelineEntry(kept_on, "promise", text))
    if state in {"open", "broken"} and due_on is not None and due_on < today:
        text = f"{giver} missed: {what}"
        entries.append(TimelineEntry(due_on, "promise", text, loud=by == "us"))
    return entries


def invoice_entry(
    on: dt.date, *, invoice_id: str, amount_minor: int, currency: str, state: Literal["due", "paid"]
) -> TimelineEntry:
    """An invoice that was paid, or that was not when it was due."""
    told = f"invoice {invoice_id}, {short_told(amount_minor, currency)}"
    text = f"{told}, paid" if state == "paid" else f"{told}, not paid when due"
    return TimelineEntry(on, "invoice", text, loud=state == "due")


def credit_entry(
    on: dt.date, *, invoice_id: str, amount_minor: int, currency: str
) -> TimelineEntry:
    """A credit note: an invoice below zero, which the customer does not owe."""
    told = short_told(-amount_minor, currency)
    return TimelineEntry(on, "invoice", f"credit note {invoice_id}, {told}")


def churn_entry(
    on: dt.date, *, reason: str | None, feedback: str | None, reactivation: bool
) -> TimelineEntry:
    """A customer leaving, or coming back."""
    if reactivation:
        return TimelineEntry(on, "churn", _told("came back", reason))
    return TimelineEntry(on, "churn", _told(_told("left", reason), feedback), loud=True)


def forecast_entry(
    on: dt.date,
    *,
    category: str,
    before: str | None,
    amount_minor: int | None,
    currency: str,
    narrative: str | None,
    author: str,
) -> TimelineEntry:
    """What a person said about the renewal, and what was said before."""
    told = f"{before} → {category}" if before and before != category else category
    if amount_minor is not None:
        told += f" {short(amount_minor, currency)}"
    loud = category in {"at risk", "churn expected"}
    return TimelineEntry(on, "forecast", _told(f"forecast {told}", narrative), author, loud)


def band_entry(
    on: dt.date, *, before: Band, band: Band, points_before: int | None, points: int | None
) -> TimelineEntry:
    """A move from one band to another, with the scores in 1/10,000 of a point."""
    text = f"health {_scored(before, points_before)} → {_scored(band, points)}"
    return TimelineEntry(on, "health", text, loud=band == "red")


def override_entry(
    on: dt.date,
    *,
    band: str,
    points: int | None,
    reason: str,
    author: str,
    expires_on: dt.date,
) -> TimelineEntry:
    """A person's own call on the band: `override: yellow until 30 Dec 2026: new sponsor met`."""
    score = "" if points is None else f" {points // 10_000}"
    until = f"{short_date(expires_on)} {expires_on.year:04}"
    text = _told(f"override: {band}{score} until {until}", reason)
    return TimelineEntry(on, "judgement", text, author)


def withdrawn_entry(on: dt.date, *, band: str, who: str | None) -> TimelineEntry:
    """An override that was ended before its day."""
    return TimelineEntry(on, "judgement", f"override withdrawn: {band}", who)


def rating_entry(on: dt.date, *, rated: str, value: int, reason: str, author: str) -> TimelineEntry:
    """A rating: `sentiment 2 of 5: Lena is quiet`; 1 and 2 ask for attention."""
    text = _told(f"{rated} {value} of 5", reason)
    return TimelineEntry(on, "judgement", text, author, loud=value <= 2)


def change_entry(on: dt.date, *, summary: str, actor: str) -> TimelineEntry:
    """What a person did to the account's data."""
    return TimelineEntry(on, "change", summary, actor)


def _scored(band: Band, points_e4: int | None) -> str:
    return band if points_e4 is None else f"{band} {points_e4 // 10_000}"


def _told(what: str, detail: str | None) -> str:
    return f"{what}: {detail}" if detail else what
