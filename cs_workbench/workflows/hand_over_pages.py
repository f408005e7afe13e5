"""One page for each account of a hand-over, saved in a folder."""

import datetime as dt
from pathlib import Path

from cs_workbench.core.briefs import brief_head
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.hand_over_pages import hand_over_sections
from cs_workbench.core.hand_overs import HandedAccount, HandOverPlan
from cs_workbench.errors import UsageError
from cs_workbench.exporters.hand_over_page import page_markdown, page_name
from cs_workbench.store.database import Database
from cs_workbench.workflows.briefing import read_page


def save_pages(db: Database, plan: HandOverPlan, folder: Path, today: dt.date) -> list[Path]:
    """Write the page of every account of the plan; returns their files.

    Raises:
        UsageError: the folder holds something already; what lies there is not overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty. Name a new folder for the pages.")
    folder.mkdir(parents=True, exist_ok=True)
    return [_save(db, plan, one, folder, today) for one in plan.accounts]


def page_text(db: Database, plan: HandOverPlan, account: HandedAccount, today: dt.date) -> str:
    """The page of one account, as Markdown."""
    key = account.entry.account_key
    page = read_page(db, key, today=today, me=plan.taker.name)
    until = f" until {with_weekday(plan.until)}" if plan.until else ""
    intro = f"From {plan.giver.name} to {plan.taker.name}, {with_weekday(plan.begins_on)}{until}"
    sections = hand_over_sections(page, account)
    return page_markdown(brief_head(page), intro, sections)


def _save(
    db: Database, plan: HandOverPlan, account: HandedAccount, folder: Path, today: dt.date
) -> Path:
    path = folder / page_name(account.entry.account_id, account.entry.account_key)
    path.write_text(page_text(db, plan, account, today), encoding="utf-8")
    return path
