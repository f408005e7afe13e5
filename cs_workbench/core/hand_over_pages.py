"""The page that somebody gets who takes an account over: the brief, and what stands behind it."""

import datetime as dt
from collections.abc import Iterable, Iterator

from cs_workbench.core.account_page import AccountPage, customer_for
from cs_workbench.core.briefs import Section, brief_sections
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.hand_overs import HandedAccount

LAST_CONTACTS = 5


def hand_over_sections(page: AccountPage, account: HandedAccount) -> tuple[Section, ...]:
    """What to talk over first, then the brief, then people, contracts, goals and what was said."""
    contacts = [one for one in page.timeline if one.kind == "contact"][:LAST_CONTACTS]
    tasks = (one.what for one in account.moving if one.kind == "task")
    return (
        Section("Talk over with your colleague", account.human or ("nothing stands out",)),
        *brief_sections(page),
        _section("Tasks that come with it", tasks, "none"),
        _section("People", _people(page), "nobody is known"),
        _section("Contract", _contract(page), "none is known"),
        _section("What they want to reach", _goals(page), "nothing was written down"),
        _section("What we did to them", _imposed(page), "nothing in the last year"),
        _section(
            "Last contacts",
            (f"{with_weekday(one.on)}: {one.text}" for one in contacts),
            "none is known",
        ),
    )


def _section(title: str, lines: Iterable[str], otherwise: str) -> Section:
    return Section(title, tuple(lines) or (otherwise,))


def _people(page: AccountPage) -> Iterator[str]:
    for one in page.present:
        spoke = f"spoke {with_weekday(one.last_on)}" if one.last_on else "not spoken with"
        wants = f"by {one.preferred_channel}" if one.preferred_channel else ""
        opted = "opted out" if one.opted_out else ""
        parts = (one.name, one.role, one.title, wants, opted, spoke)
        yield ", ".join(part for part in parts if part)


def _contract(page: AccountPage) -> Iterator[str]:
    if page.started_on is not None:
        yield customer_for(page.started_on, page.today)
    for one in page.subscriptions:
        held = one.contract
        if not one.in_force:
            continue
        until = f"to {with_weekday(held.end_date)}" if held.end_date else "open-ended"
        yield ", ".join((held.product or held.subscription_id, one.price_told, until))
    if page.renewal is not None:
        yield f"the last day to act is {with_weekday(page.renewal.deadline)}"


def _goals(page: AccountPage) -> Iterator[str]:
    for one in page.memory.goals:
        if one.state != "open":
            continue
        numbers = "" if one.target is None else f": now {_number(one.now_value)} of {one.target:g}"
        yield f"{one.what}{numbers}{_by(one.due_on)}"


def _imposed(page: AccountPage) -> Iterator[str]:
    for one in page.memory.imposed_lately(page.today):
        yield f"{one.kind}: {one.what}, told {with_weekday(one.announced_on)}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"


def _by(day: dt.date | None) -> str:
    return f", by {with_weekday(day)}" if day else ""
