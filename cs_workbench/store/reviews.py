"""Reviews as they are kept: the meeting, its agenda, what was decided."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from cs_workbench.core.ids import new_id
from cs_workbench.core.review_agenda import AgendaItem, DecisionKind
from cs_workbench.errors import NotFoundError
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database, write
from cs_workbench.store.facts import date_of

_REVIEW = (
    "review_id, name, chair, day, since, window_days, filter_text, state, place, seconds, "
    "started_at, closed_at"
)
_DECISION = (
    "review_decision_id, review_id, account_key, renewal_end, kind, told, ref_id, author, made_at"
)


class Review(NamedTuple):
    """A meeting.

    Attributes:
        since: the day of the meeting before it; None for the first.
        place: the number of the item it is at; 0 is the opening.
        seconds: how long it has gone on.
    """

    review_id: str
    name: str
    chair: str
    day: dt.date
    since: dt.date | None
    window_days: int
    filter_text: str
    state: str
    place: int
    seconds: int
    started_at: str
    closed_at: str | None

    @property
    def compared_with(self) -> dt.date:
        """The day that movements are told from: of the last meeting, else a week before."""
        return self.since or self.day - dt.timedelta(days=7)


class ReviewItem(NamedTuple):
    """One page of the agenda, from 1."""

    number: int
    account_key: int
    renewal_end: dt.date
    section: str
    why: str
    seconds: int

    @property
    def renewal(self) -> tuple[int, dt.date]:
        """Which renewal it is about: account and end date."""
        return self.account_key, self.renewal_end


class Decision(NamedTuple):
    """What was decided on an account; `ref_id` is the row that it made elsewhere."""

    review_decision_id: str
    review_id: str
    account_key: int
    renewal_end: dt.date
    kind: DecisionKind
    told: str
    ref_id: str | None
    author: str
    made_at: str

    @property
    def words(self) -> str:
        """What was decided, in words: `no change`, `forecast: at risk 412k`."""
        return self.kind if self.told == self.kind else f"{self.kind}: {self.told}"

    @property
    def renewal(self) -> tuple[int, dt.date]:
        """Which renewal it is of: account and end date."""
        return self.account_key, self.renewal_end


def insert_review(db: Database, review: Review, items: Iterable[AgendaItem]) -> None:
    """Write a new meeting with its agenda."""
    with write(db) as connection:
        connection.execute(
            f"INSERT INTO review ({_REVIEW}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_text(value) for value in review],
        )
        connection.executemany(
            "INSERT INTO review_item (review_id, number, account_key, renewal_end, section, why) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    review.review_id,
                    number,
                    one.entry.account.account_key,
                    one.entry.filed_as.isoformat(),
                    one.section,
                    one.why,
                )
                for number, one in enumerate(items, start=1)
            ],
        )


def list_reviews(db: Database) -> list[Review]:
    """All meetings, newest first."""
    rows = db.connection.execute(
        f"SELECT {_REVIEW} FROM review ORDER BY day DESC, started_at DESC, review_id DESC"
    )
    return [_review(tuple(row)) for row in rows]


def open_review(db: Database) -> Review | None:
    """The meeting that goes on, the newest if there are several."""
    return next((one for one in list_reviews(db) if one.state == "open"), None)


def find_review(db: Database, text: str | None) -> Review:
    """The meeting of that id, part of an id, name or day; without a text the newest closed one.

    Raises:
        NotFoundError: there is none.
    """
    every = list_reviews(db)
    if text is None:
        found = [one for one in every if one.state == "closed"]
    else:
        wanted = text.strip().casefold()
        found = [
            one
            for one in every
            if wanted in {one.name.casefold(), one.day.isoformat()}
            or (len(wanted) >= 4 and wanted in one.review_id)
        ]
    if not found:
        raise NotFoundError("There is no such review. `csw review list` lists them.")
    return found[0]


def last_meeting(db: Database, before: dt.date) -> dt.date | None:
    """The day of the last closed meeting before a day."""
    days = [one.day for one in list_reviews(db) if one.state == "closed" and one.day < before]
    return days[0] if days else None


def number_of_day(db: Database, review: Review) -> int:
    """Which of its day's meetings it is, from 1."""
    same_day = [one.review_id for one in list_reviews(db) if one.day == review.day]
    return len(same_day) - same_day.index(review.review_id)


def review_items(db: Database, review_id: str) -> list[ReviewItem]:
    """The agenda in order."""
    rows = db.connection.execute(
        "SELECT number, account_key, renewal_end, section, why, seconds FROM review_item "
        "WHERE review_id = ? ORDER BY number",
        (review_id,),
    )
    return [ReviewItem(row[0], row[1], _day(row[2]), *tuple(row)[3:]) for row in rows]


def decisions(db: Database, review_id: str) -> list[Decision]:
    """What was decided, in order."""
    rows = db.connection.execute(
        f"SELECT {_DECISION} FROM review_decision WHERE review_id = ? ORDER BY made_at, rowid",
        (review_id,),
    )
    return [_decision(tuple(row)) for row in rows]


def decided_last(db: Database, account_key: int, before: str) -> list[Decision]:
    """What the last meeting before an instant decided on an account."""
    rows = db.connection.execute(
        f"SELECT {_DECISION} FROM review_decision WHERE account_key = ?1 AND review_id = "
        "(SELECT review_id FROM review_decision WHERE account_key = ?1 AND made_at < ?2 "
        "ORDER BY made_at DESC, rowid DESC LIMIT 1) ORDER BY made_at, rowid",
        (account_key, before),
    )
    return [_decision(tuple(row)) for row in rows]


def new_decision(decision: Decision, day: dt.date) -> Change:
    """The change that inserts a decision."""
    row = {name: _text(value) for name, value in decision._asdict().items()}
    row.pop("review_decision_id")
    return Change(
        "review_decision", decision.review_decision_id, new=row, effective_on=day.isoformat()
    )


def make_decision(
    review: Review, item: ReviewItem, kind: DecisionKind, told: str, by: tuple[str, str]
) -> Decision:
    """A decision of a person at an instant: `by` is both."""
    return Decision(
        new_id(), review.review_id, item.account_key, item.renewal_end, kind, told, None, *by
    )


def save_place(db: Database, review_id: str, place: int, seconds: tuple[int, int]) -> None:
    """Keep where the meeting is, how long it has gone on, and how long this item took."""
    with write(db) as connection:
        connection.execute(
            "UPDATE review SET place = ?, seconds = ? WHERE review_id = ? AND state = 'open'",
            (place, seconds[0], review_id),
        )
        connection.execute(
            "UPDATE review_item SET seconds = ? WHERE review_id = ? AND number = ?",
            (seconds[1], review_id, place),
        )


def end_review(db: Database, review_id: str, closed_at: str, snapshot: str) -> None:
    """Close a meeting with all that its exports are made of; it is closed once."""
    with write(db) as connection:
        connection.execute(
            "UPDATE review SET state = 'closed', closed_at = ?, snapshot = ? "
            "WHERE review_id = ? AND state = 'open'",
            (closed_at, snapshot, review_id),
        )


def read_snapshot(db: Database, review_id: str) -> str | None:
    """What a closed meeting left; None while it goes on."""
    row = db.connection.execute(
        "SELECT snapshot FROM review WHERE review_id = ?", (review_id,)
    ).fetchone()
    return None if row is None else row[0]


def _review(row: tuple[Any, ...]) -> Review:
    return Review._make((*row[:3], _day(row[3]), date_of(row[4]), *row[5:]))


def _decision(row: tuple[Any, ...]) -> Decision:
    return Decision._make((*row[:3], _day(row[3]), *row[4:]))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
