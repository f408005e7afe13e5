"""A play with all that is known of it today: its playbook, its road, its account."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.playbooks.model import Anchor, Playbook
from cs_workbench.core.plays.model import Entry, Play
from cs_workbench.core.plays.road import Moment, Road, road_of
from cs_workbench.errors import ConflictError
from cs_workbench.importers.playbook_files import check_text, sound
from cs_workbench.store.database import Database
from cs_workbench.store.play_dates import PlayDates, play_dates
from cs_workbench.store.play_facts import known_facts
from cs_workbench.store.plays import PlayLine, entries_of, find_play, kept_text
from cs_workbench.workflows.working_calendars import holidays_of


@dataclass(frozen=True)
class Walk:
    """A play as a person walks it."""

    line: PlayLine
    playbook: Playbook
    entries: dict[str, Entry]
    moment: Moment
    road: Road

    @property
    def play(self) -> Play:
        """The play itself."""
        return self.line.play


def open_walk(db: Database, play_id: str, today: dt.date) -> Walk:
    """The play of an id, or of a part of it that no other has.

    Raises:
        NotFoundError: there is none, or several.
    """
    return walk_of(db, find_play(db, play_id), today)


def play_is_over(walk: Walk) -> ConflictError:
    """Why nothing can be done in a play any more."""
    day = with_weekday(walk.play.ended_on) if walk.play.ended_on else ""
    return ConflictError(f"This play was {walk.play.state} on {day}: {walk.play.reason}.")


def walk_of(db: Database, line: PlayLine, today: dt.date) -> Walk:
    """The play of a line."""
    playbook = kept_playbook(db, line.play.digest)
    entries = entries_of(db, line.play.play_id)
    moment = moment_of(db, line.play, today)
    return Walk(line, playbook, entries, moment, road_of(playbook, entries, moment))


def kept_playbook(db: Database, digest: str) -> Playbook:
    """The playbook that plays rest on, as its file was then."""
    return sound(*check_text(kept_text(db, digest), "the kept playbook"))


def moment_of(db: Database, play: Play, today: dt.date) -> Moment:
    """What is known of the play's account today."""
    started = play.started_on or play.suggested_on or today
    return account_moment(db, play.account_key, today, started_on=started, signal_on=play.signal_on)


def account_moment(
    db: Database,
    account_key: int,
    today: dt.date,
    *,
    started_on: dt.date,
    signal_on: dt.date | None,
) -> Moment:
    """What is known of an account today, for a play that began on a day."""
    dates = play_dates(db, account_key, today)
    return Moment(
        today=today,
        known=known_facts(db, account_key, today),
        anchors=anchors_of(dates, started_on, signal_on),
        started_on=started_on,
        is_holiday=holidays_of(dates.region),
        replied_on=dates.replied_on,
    )


def anchors_of(
    dates: PlayDates, started: dt.date, signal_on: dt.date | None
) -> dict[Anchor, dt.date | None]:
    """The days that due dates count from."""
    return {
        "today": started,
        "contract start": dates.contract_start,
        "deadline": dates.deadline,
        "end date": dates.end_date,
        "signal date": signal_on or started,
    }
