"""The page of an account with what the store alone cannot tell: its plays, and when to speak."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from cs_workbench.core.account_page import AccountPage, PagePlay
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database
from cs_workbench.store.plays import PlayQuery
from cs_workbench.workflows.cadence import contact_due_of
from cs_workbench.workflows.play_lists import ListedPlay, listed_plays

ENDED = 5  # how many plays that are over are told


def read_page(db: Database, account_key: int, *, today: dt.date, me: str) -> AccountPage:
    """Everything about one account, with its plays and the day of the next contact.

    Raises:
        NotFoundError: there is no such account.
    """
    page = load_account_page(db, account_key, today=today, me=me)
    plays = tuple(_plays(db, account_key, today))
    return replace(page, plays=plays, contact=contact_due_of(db, account_key, today))


def _plays(db: Database, account_key: int, today: dt.date) -> Iterator[PagePlay]:
    query = PlayQuery(account_key=account_key, everything=True)
    ended = 0
    for one in listed_plays(db, query, today):
        ended += one.line.play.ended_on is not None
        if ended <= ENDED:
            yield _told(one)


def _told(one: ListedPlay) -> PagePlay:
    play, current = one.line.play, one.current
    return PagePlay(
        play_id=play.play_id,
        title=one.line.title,
        state=play.state,
        standing=one.standing,
        step=current.step.title if current else None,
        number=current.number if current else 0,
        steps=one.steps or 0,
        due=current.due if current else None,
        owner=one.line.owner_name,
        told=play.reason if play.ended_on else play.evidence,
        on=play.ended_on or play.started_on or play.suggested_on,
    )
