"""What people wrote down, as lines of the timeline."""

import datetime as dt
from collections.abc import Iterator

from cs_workbench.core.dates import short_date
from cs_workbench.core.goals import span_text
from cs_workbench.core.money import short_told
from cs_workbench.core.page_memory import PageMemory
from cs_workbench.core.timeline import TimelineEntry


def memory_entries(held: PageMemory, today: dt.date) -> Iterator[TimelineEntry]:
    """Everything of it that has a day up to today."""
    made = (
        *_complaints(held),
        *_concessions(held),
        *_from_us(held),
        *_goals(held),
        *_requests(held),
        *_others(held),
    )
    yield from (one for one in made if one.on <= today)


def _complaints(held: PageMemory) -> Iterator[TimelineEntry]:
    what = {one.complaint_id: one.what for one in held.complaints}
    for complaint_id, steps in held.steps.items():
        for one in steps:
            told = "customer told" if one.told_on else "customer not told"
            text = f"complaint {one.state}, {told}: {one.note or what.get(complaint_id, '')}"
            loud = one.state == "received" or one.told_on is None
            yield TimelineEntry(one.reached_on, "complaint", text, one.author, loud)


def _concessions(held: PageMemory) -> Iterator[TimelineEntry]:
    for one in held.concessions:
        what = f"{one.kind} {short_told(one.cost_minor, one.currency)}"
        yield TimelineEntry(
            one.asked_on, "concession", f"{what} proposed: {one.reason}", one.author
        )
        if one.given_on is not None:
            yield TimelineEntry(one.given_on, "concession", f"{what} given", one.decided_by)
        elif one.state == "declined" and one.decided_on is not None:
            yield TimelineEntry(one.decided_on, "concession", f"{what} declined", one.decided_by)
        if one.outcome_on is not None:
            text = f"what came of {one.kind}: {one.outcome}"
            yield TimelineEntry(one.outcome_on, "concession", text)


def _from_us(held: PageMemory) -> Iterator[TimelineEntry]:
    for one in held.imposed:
        later = one.effective_on
        start = f" from {short_date(later)} {later.year}" if later else ""
        text = f"we announced, {one.kind}: {one.what}{start}"
        yield TimelineEntry(one.announced_on, "from us", text, one.author)
    for incident in held.incidents:
        told = "" if incident.told_on else ", not told yet"
        text = f"incident, {incident.severity}: {incident.what}{told}"
        loud = incident.told_on is None
        yield TimelineEntry(incident.began_on, "from us", text, incident.author, loud)


def _goals(held: PageMemory) -> Iterator[TimelineEntry]:
    for one in held.goals:
        text = f"{one.what} {span_text(one)}".rstrip()
        yield TimelineEntry(one.said_on, "goal", f"goal: {text}", one.author)
        if one.confirmed_on is not None:
            who = held.names.get(one.confirmed_by or "", "the customer")
            yield TimelineEntry(one.confirmed_on, "goal", f"goal confirmed by {who}: {text}")
    for pain in held.pains:
        yield TimelineEntry(pain.said_on, "goal", f"pain point: {pain.what}", pain.author)
        if pain.solved_on is not None:
            yield TimelineEntry(pain.solved_on, "goal", f"pain point solved: {pain.what}")


def _requests(held: PageMemory) -> Iterator[TimelineEntry]:
    for one in held.requests:
        yield TimelineEntry(one.asked_on, "request", f"they want: {one.what}", one.author)
        if one.decided_on is not None:
            told = "" if one.told_on else ", not told yet"
            text = f"request {one.state}{told}: {one.what}"
            yield TimelineEntry(one.decided_on, "request", text, None, one.told_on is None)


def _others(held: PageMemory) -> Iterator[TimelineEntry]:
    for one in held.notes:
        line = " ".join(one.text.split())
        yield TimelineEntry(one.written_on, "note", f"note: {line}", one.author)
    for exit_reason in held.exits:
        detail = f", {exit_reason.detail}" if exit_reason.detail else ""
        text = f"exit reason {exit_reason.view}: {exit_reason.reason}{detail}"
        yield TimelineEntry(exit_reason.noted_on, "churn", text, exit_reason.author)
