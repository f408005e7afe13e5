"""Log a contact in seconds: with promises, the next step, and the complaint that it may be."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.complaints import answer_due
from cs_workbench.core.contact_caps import Outreach, cap_warnings, channel_of
from cs_workbench.core.ids import new_id
from cs_workbench.core.judgements import SENTIMENT
from cs_workbench.core.memory import (
    SEVERITIES,
    Complaint,
    ComplaintStep,
    Incident,
    Promise,
    Touchpoint,
)
from cs_workbench.errors import UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import new_row
from cs_workbench.store.next_steps import next_step_changes
from cs_workbench.store.outreach import (
    has_opted_out,
    open_complaints,
    preferred_channel,
    read_outreach,
)
from cs_workbench.store.ratings import new_rating
from cs_workbench.workflows.judgements import Act, make_rating
from cs_workbench.workflows.next_steps import make_step
from cs_workbench.workflows.policies import contact_policy
from cs_workbench.workflows.remembering import account_name, instant_on, one_line, remember

COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as it was made in a contact."""

    by_us: bool
    what: str
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NextWanted:
    """The next step that a contact ended with; `text` None is explicitly none."""

    text: str | None
    due: dt.date | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchDraft:
    """What was typed about a contact.

    Attributes:
        summary: what was said, in a line.
        contact_id: with whom.
        sentiment: 1 to 5 as heard, `reason` why.
        next: None where nothing was said about it.
        severity: of the complaint that it is.
        owner: the person who takes the complaint; the actor where nobody is named.
    """

    summary: str
    contact_id: str | None = None
    channel: str = "call"
    direction: str = "outbound"
    kind: str | None = None
    sentiment: int | None = None
    reason: str | None = None
    note: str | None = None
    on: dt.date | None = None
    next: NextWanted | None = None
    promises: Sequence[Promised] = field(default_factory=tuple)
    severity: str = "normal"
    owner: str | None = None


_DIRECTIONS = {"inbound": ("in", "th"), "outbound": ("out", "we", "us")}


def log_touch(db: Database, act: Act, draft: TouchDraft, clock: dt.datetime) -> str:
    """Log a contact with all that came of it, in one act; returns that in words.

    A contact of the kind *complaint* opens the complaint too. A sentiment with a reason is also a
    rating of the relationship.

    Raises:
        UsageError: no summary, a day to come, a value that is none of the known ones, or a
            complaint that ends without a next step.
        NotFoundError: the account is gone.
    """
    touch = _touch(act, draft, clock)
    rows: list[object] = [touch, *(_promise(act, touch, one) for one in draft.promises)]
    if draft.kind == COMPLAINT:
        rows += _complaint(act, touch, draft)
    also = [*_next(db, act, draft), *_rating(act, touch)]
    return remember(db, act, *rows, also=also)


def touch_warnings(db: Database, act: Act, draft: TouchDraft) -> tuple[str, ...]:
    """What speaks against a contact that we begin, in words: channel, caps, a complaint."""
    if draft.direction != "outbound":
        return ()
    said: list[str] = []
    wanted = preferred_channel(db, act.account_key, draft.contact_id)
    if wanted and channel_of(wanted) != channel_of(draft.channel):
        said.append(f"they prefer {wanted}")
    if draft.contact_id and has_opted_out(db, draft.contact_id):
        said.append("opted out: only what they asked for")
    if draft.kind != COMPLAINT and open_complaints(db, act.account_key):
        said.append("a complaint is open: nothing else goes out until it is solved")
    policy, on = contact_policy(), draft.on or act.today
    before = read_outreach(db, act.account_key, on - dt.timedelta(policy.days))
    planned = Outreach(on, draft.channel.strip(), draft.contact_id, draft.kind)
    return (*said, *cap_warnings(policy, before, planned))


def read_direction(text: str, kind: str | None) -> str:
    """Who began, as typed: we (out) or they (in); of nothing we did, but a complaint is theirs.

    Raises:
        UsageError: it is neither.
    """
    said = text.strip().casefold()
    if not said:
        return "inbound" if kind == COMPLAINT else "outbound"
    for direction, words in _DIRECTIONS.items():
        if said.startswith(words):
            return direction
    raise UsageError(f"Who began: out (we) or in (they); not {text.strip()!r}.")


def log_incident(
    db: Database, account_keys: Sequence[int], *, what: str, severity: str, act: Act
) -> str:
    """Note that one thing hit many accounts: a row each, in the queue of those not told yet.

    Raises:
        UsageError: nothing is said of it, no account is chosen, or there is no such severity.
    """
    line = one_line(what, "What happened")
    if severity not in SEVERITIES:
        raise UsageError(f"Severity is one of {', '.join(SEVERITIES)}; not {severity!r}.")
    if not account_keys:
        raise UsageError("No account is chosen.")
    shared = new_id()
    rows = [
        Incident(
            incident_id=new_id(),
            account_key=key,
            shared=shared,
            what=line,
            severity=severity,
            began_on=act.today,
            author=act.actor,
        )
        for key in account_keys
    ]
    count = len(account_keys)
    where = account_name(db, account_keys[0]) if count == 1 else f"{count} accounts"
    summary = f"incident, {severity}: {line} · {where}, not told yet"
    with write(db) as connection:
        changes = [new_row(one, act.today) for one in rows]
        apply_changes(connection, actor=act.actor, summary=summary, changes=changes)
    return summary


def read_promised(text: str, today: dt.date, *, by: str) -> Promised:
    """A promise as typed: `refund of the overage by fri`; without `by DATE` it has no day.

    Raises:
        UsageError: nothing stands before the day.
    """
    from cs_workbench.core.dates import read_date

    what, _, day = text.rpartition(" by ")
    try:
        due = read_date(day, today) if what else None
    except UsageError:
        what, due = text, None  # `by` belongs to the promise itself
    return Promised(by == "us", one_line(what or text, "A promise"), due)


def _touch(act: Act, draft: TouchDraft, clock: dt.datetime) -> Touchpoint:
    on = draft.on or act.today
    if on > act.today:
        raise UsageError("A contact is logged after it took place. Make it the next step instead.")
    if draft.sentiment is not None and not 1 <= draft.sentiment <= 5:
        raise UsageError("Sentiment is a number from 1 to 5.")
    return Touchpoint(
        touchpoint_id=new_id(),
        account_key=act.account_key,
        contact_id=draft.contact_id,
        occurred_at=instant_on(on, clock),
        channel=draft.channel.strip().casefold() or "call",
        direction=draft.direction,
        kind=draft.kind,
        sentiment=draft.sentiment,
        reason=draft.reason,
        summary=one_line(draft.summary, "What was said"),
        note=draft.note,
        author=act.actor,
    )


def _promise(act: Act, touch: Touchpoint, promised: Promised) -> Promise:
    return Promise(
        promise_id=new_id(),
        account_key=act.account_key,
        contact_id=touch.contact_id,
        promised_by="us" if promised.by_us else "customer",
        what=promised.what,
        owner=act.actor if promised.by_us else None,
        made_on=dt.date.fromisoformat(touch.occurred_at[:10]),
        due_on=promised.due,
        origin=f"touchpoint {touch.touchpoint_id}",
    )


def _complaint(act: Act, touch: Touchpoint, draft: TouchDraft) -> tuple[Complaint, ComplaintStep]:
    if draft.next is None or draft.next.text is None:
        raise UsageError("A complaint needs a next step: say what you do now, and by when.")
    if draft.severity not in SEVERITIES:
        raise UsageError(f"Severity is one of {', '.join(SEVERITIES)}; not {draft.severity!r}.")
    on = dt.date.fromisoformat(touch.occurred_at[:10])
    complaint = Complaint(
        complaint_id=new_id(),
        account_key=act.account_key,
        contact_id=touch.contact_id,
        what=touch.summary or "",
        severity=draft.severity,
        owner=draft.owner or act.actor,
        arrived_on=on,
        answer_due_on=answer_due(draft.severity, on),
        author=act.actor,
        origin=f"touchpoint {touch.touchpoint_id}",
    )
    return complaint, ComplaintStep(
        complaint_step_id=new_id(),
        account_key=act.account_key,
        complaint_id=complaint.complaint_id,
        state="received",
        reached_on=on,
        author=act.actor,
    )


def _next(db: Database, act: Act, draft: TouchDraft) -> Iterator[Change]:
    if draft.next is None:
        return
    if draft.next.text is None and open_complaints(db, act.account_key):
        raise UsageError("A complaint is open, so there is a next step: say what you do, and when.")
    step = make_step(
        text=draft.next.text,
        owner=draft.next.owner or act.actor,
        due=draft.next.due,
        today=act.today,
    )
    yield from next_step_changes([act.account_key], step, today=act.today)


def _rating(act: Act, touch: Touchpoint) -> Iterator[Change]:
    if touch.sentiment is None or not touch.reason:
        return
    on = dt.date.fromisoformat(touch.occurred_at[:10])
    rating = make_rating(act, rated=SENTIMENT, value=touch.sentiment, reason=touch.reason, on=on)
    yield new_rating(act.account_key, rating)
