"""One page to read before a call: what is new since the last one, and what is owed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cs_workbench.core.account_page import AccountPage, PagePlay
from cs_workbench.core.account_records import in_points
from cs_workbench.core.cadence import contact_words
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.page_people import PagePromise
from cs_workbench.core.scorecards import POINT

CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines below it; there is always one."""

    title: str
    lines: tuple[str, ...]


def brief_sections(page: AccountPage) -> tuple[Section, ...]:
    """The page in the order in which one needs it, from what is new to what to ask first."""
    plays = [one for one in page.plays if one.is_active]
    return (
        Section(_since_title(page), page.since or (_nothing_new(page),)),
        Section("Speak again", (_contact(page),)),
        Section("Signals", tuple(one.evidence for one in page.speaking) or ("none open",)),
        Section("Champion", tuple(_champions(page)) or ("nobody known",)),
        Section("We owe", _promises(page, by_us=True)),
        Section("They owe", _promises(page, by_us=False)),
        Section("Play", tuple(_play(one, page.today) for one in plays) or ("none runs",)),
        Section("Next step", (_next_step(page),)),
        Section("Ask first", (page.question or _no_question(page),)),
    )


def brief_head(page: AccountPage) -> str:
    """The account's name and how it stands."""
    line = page.line
    if line.is_former:
        return f"{line.name} · no longer a customer"
    points = "no score" if line.points_e4 is None else f"score {line.points_e4 // POINT}"
    return f"{line.name} · {points} · {line.band}"


def brief_document(page: AccountPage) -> dict[str, Any]:
    """The page as JSON has it."""
    line = page.line
    return {
        "schema": "csw.brief/1",
        "as_of": page.today,
        "account_id": line.account_id,
        "name": line.name,
        "band": line.band,
        "score": in_points(line.points_e4),
        "spoke_on": page.spoke_on,
        "since": page.since,
        "contact_due": page.contact and page.contact.on,
        "contact_every_days": page.contact and page.contact.every_days,
        "signals": [{"kind": one.kind, "evidence": one.evidence} for one in page.speaking],
        "champions": [one.name for one in page.present if _is_champion(one.role)],
        "promises": [_promise_record(one, page.today) for one in page.promises],
        "plays": [
            {
                "play_id": one.play_id,
                "title": one.title,
                "standing": one.standing,
                "step": one.step,
                "due": one.due,
            }
            for one in page.plays
            if one.is_active
        ],
        "next_step": line.next_step,
        "next_step_due": line.next_step_due,
        "ask_first": page.question or None,
    }


def _promise_record(one: PagePromise, today: dt.date) -> dict[str, Any]:
    return {
        "by": "us" if one.by_us else "customer",
        "what": one.what,
        "owner": one.owner,
        "due": one.due_on,
        "is_late": _is_late(one, today),
    }


def _since_title(page: AccountPage) -> str:
    if page.spoke_on is None:
        return "Since you last spoke"
    days = (page.today - page.spoke_on).days
    return f"Since you last spoke ({with_weekday(page.spoke_on)}, {days} d)"


def _nothing_new(page: AccountPage) -> str:
    return "no talk with them is known" if page.spoke_on is None else "nothing new"


def _contact(page: AccountPage) -> str:
    return contact_words(page.contact, page.today) if page.contact else "no day is known"


def _champions(page: AccountPage) -> Iterator[str]:
    for one in page.present:
        if _is_champion(one.role):
            last = f"spoke {with_weekday(one.last_on)}" if one.last_on else "no talk is known"
            yield f"{one.name}, {last}"


def _is_champion(role: str | None) -> bool:
    return (role or "").casefold() == CHAMPION


def _promises(page: AccountPage, *, by_us: bool) -> tuple[str, ...]:
    found = (one for one in page.promises if one.by_us is by_us)
    return tuple(_promise(one, page.today) for one in found) or ("nothing",)


def _promise(one: PagePromise, today: dt.date) -> str:
    if one.due_on is None:
        return f"{one.what}, no date"
    late = f", {(today - one.due_on).days} d late" if _is_late(one, today) else ""
    return f"{one.what}, by {with_weekday(one.due_on)}{late}"


def _is_late(one: PagePromise, today: dt.date) -> bool:
    return one.due_on is not None and one.due_on < today


def _play(one: PagePlay, today: dt.date) -> str:
    if one.step is None:
        return f"{one.title}: no step is left, say what came of it"
    due = ""
    if one.due is not None:
        due = f", {'was ' if one.due < today else ''}due {with_weekday(one.due)}"
    return f"{one.title}: {one.step}{due} ({one.standing})"


def _next_step(page: AccountPage) -> str:
    line = page.line
    if line.next_step is None:
        return "none yet"
    due = f"by {with_weekday(line.next_step_due)}" if line.next_step_due else None
    return ", ".join(part for part in (line.next_step, line.next_step_owner, due) if part)


def _no_question(page: AccountPage) -> str:
    return "no red measure asks for anything" if page.health else "no score yet: refresh first"
