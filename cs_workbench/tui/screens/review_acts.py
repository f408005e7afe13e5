"""What is decided in a review: forms, menus and the close."""

from collections.abc import Mapping
from dataclasses import replace
from textwrap import shorten
from typing import Any

from textual.app import App

from cs_workbench.core.authority import limits_told
from cs_workbench.core.dates import read_date
from cs_workbench.core.money import short
from cs_workbench.core.typed_amounts import read_money
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.reviews import ReviewItem, find_review
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.screens.fields_form import Field, FieldSheet
from cs_workbench.tui.screens.memory_sheets import concession_fields
from cs_workbench.tui.screens.renewal_sheets import (
    commitment_sheet,
    forecast_sheet,
    notice_sheet,
    read_forecast,
)
from cs_workbench.tui.screens.review_plays import suggested_plays
from cs_workbench.tui.session import Session
from cs_workbench.workflows.drafts import REVIEW_CONCESSION, REVIEW_ESCALATION, REVIEW_STEP
from cs_workbench.workflows.pipeline import own_rates
from cs_workbench.workflows.policies import authorities
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.review_exports import export_review
from cs_workbench.workflows.reviews import (
    Sitting,
    close_review,
    decide,
    decide_concession,
    decide_forecast,
    decide_play,
    decide_step,
    entry_of,
    undecided,
)
from cs_workbench.workflows.scorecards import scorecard_at


def unchanged(session: Session, sitting: Sitting, item: ReviewItem) -> str:
    """*No change*, said explicitly."""
    with open_database(session.db.path) as db:
        return decide(db, sitting, item, "no change", "")


def review_forecast_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of a forecast; what it says is a decision of the meeting."""
    policy = own_rates(session.db, sitting.review.day, policy_at(session.renewal_policy_file))
    entry = entry_of(session.db, sitting, item, policy)
    sheet = forecast_sheet(session, entry, policy, sitting.speaker)

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        one = read_forecast(entry, sitting.speaker, typed)
        return decide_forecast(db, sitting, item, one, policy)

    return replace(sheet, apply=apply)


def review_commitment_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of a commitment, given at the meeting."""
    policy = policy_at(session.renewal_policy_file)
    entry = entry_of(session.db, sitting, item, policy)
    return commitment_sheet(session, entry, policy, sitting.speaker)


def review_notice_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of a notice, told at the meeting."""
    policy = policy_at(session.renewal_policy_file)
    entry = entry_of(session.db, sitting, item, policy)
    return notice_sheet(session, entry, policy, sitting.speaker)


def step_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of a next step."""
    policy = policy_at(session.renewal_policy_file)
    account = entry_of(session.db, sitting, item, policy).account

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        due = typed["due"].strip()
        return decide_step(
            db,
            sitting,
            item,
            what=typed["what"],
            owner=typed["owner"],
            due_on=read_date(due, sitting.review.day) if due else None,
        )

    owner = account.csm_name or session.me
    return FieldSheet(
        form=REVIEW_STEP,
        subject=str(item.account_key),
        title=joined(("Next step", "bold"), " · ", account.name),
        fields=(
            Field("what", "What"),
            Field("due", "By", kind="date", first="+7"),
            Field("owner", "Who", first=owner),
        ),
        apply=apply,
    )


def escalation_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of an escalation: filled in, so that ⏎ is enough."""
    policy = policy_at(session.renewal_policy_file)
    account = entry_of(session.db, sitting, item, policy).account

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        return decide_step(
            db,
            sitting,
            item,
            what=typed["what"],
            owner=typed["owner"],
            due_on=read_date(typed["due"].strip() or "+2", sitting.review.day),
            kind="escalate",
        )

    return FieldSheet(
        form=REVIEW_ESCALATION,
        subject=str(item.account_key),
        title=joined(("Escalate", "bold"), " · ", account.name),
        fields=(
            Field("what", "What", first=shorten(f"Escalated: {item.why}", 90, placeholder=" …")),
            Field("owner", "To", first=sitting.review.chair),
            Field("due", "By", kind="date", first="+2"),
        ),
        apply=apply,
    )


def concession_sheet(session: Session, sitting: Sitting, item: ReviewItem) -> FieldSheet:
    """The form of a concession: within the author's authority it is approved at once."""
    policy = policy_at(session.renewal_policy_file)
    entry = entry_of(session.db, sitting, item, policy)
    money, due = entry.renewal.currency, entry.renewal.due_minor

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        return decide_concession(
            db,
            sitting,
            item,
            kind=typed["kind"].strip(),
            reason=typed["reason"].strip(),
            cost_minor=read_money(typed["cost"], money),
        )

    return FieldSheet(
        form=REVIEW_CONCESSION,
        subject=str(item.account_key),
        title=joined(("Concession", "bold"), " · ", entry.account.name),
        fields=concession_fields("12k" if due is None else f"12k, of {short(due, money)}"),
        apply=apply,
        now=joined(("limits a year  ", "dim"), limits_told(authorities())),
    )


async def start_suggested(
    app: App[Any], session: Session, sitting: Sitting, item: ReviewItem
) -> str | None:
    """Choose among the suggested plays, and start one.

    Raises:
        WorkbenchError: it cannot be started.
    """
    from cs_workbench.tui.screens.menu import Choice, Menu
    from cs_workbench.workflows.playbooks import playbook_at

    found = suggested_plays(session.db, item.account_key)
    if not found:
        return "No play is suggested here."
    choices = [
        Choice(str(number), safe(title), playbook)
        for number, (playbook, title) in enumerate(found, start=1)
    ]
    chosen = await app.push_screen_wait(Menu(joined("Start which play?"), choices))
    if chosen is None:
        return None
    with open_database(session.db.path) as db:
        return decide_play(db, sitting, item, playbook_at(chosen.value))


async def park(app: App[Any], session: Session, sitting: Sitting, item: ReviewItem) -> str | None:
    """Ask what is parked."""
    from cs_workbench.tui.screens.prompt import Prompt

    text = await app.push_screen_wait(Prompt(joined("Park what?")))
    if not text:
        return None
    with open_database(session.db.path) as db:
        return decide(db, sitting, item, "parked", text)


async def asked_to_close(app: App[Any], session: Session, sitting: Sitting) -> str:
    """Ask before a meeting ends with items undecided: `close`, `back` to them, or empty."""
    from cs_workbench.tui.screens.menu import Choice, Menu

    left = undecided(session.db, sitting)
    if not left:
        return "close"
    choices = (
        Choice("b", joined("go back to the first of them"), "back"),
        Choice("c", joined("close all the same; they stay as they were"), "close"),
    )
    title = f"{len(left)} of {len(sitting.items)} items are not decided yet"
    chosen = await app.push_screen_wait(Menu(joined((title, "bold")), choices))
    return chosen.value if chosen else ""


def close_and_export(session: Session, sitting: Sitting) -> str:
    """Close the meeting, and write its files beside the portfolio.

    Raises:
        WorkbenchError: it is closed already, or the folder cannot be written.
    """
    with open_database(session.db.path) as db:
        policy, card = policy_at(session.renewal_policy_file), scorecard_at(session.scorecard_file)
        told = close_review(db, sitting, policy, card)
        folder = session.db.path.parent / "reviews"
        export_review(db, find_review(db, sitting.review.review_id), folder)
    return f"{told}; its files are in {folder}"
