"""Ratings: what people found from 1 to 5, as of any day on which it was known."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from cs_workbench.core.judgements import Rating, newest_ratings
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

# A rating that was taken back counts up to the day before: the log still has its row.
_SAID = """(SELECT rating_id, account_key, rated, value, reason, author, rated_on, known_on
        FROM rating WHERE known_on <= :as_of
    UNION ALL SELECT entity_id, old ->> 'account_key', old ->> 'rated', old ->> 'value',
        old ->> 'reason', old ->> 'author', old ->> 'rated_on', old ->> 'known_on'
        FROM change WHERE entity = 'rating' AND field IS NULL AND new IS NULL AND old IS NOT NULL
            AND coalesce(effective_on, substr(known_at, 1, 10)) > :as_of
            AND old ->> 'known_on' <= :as_of)"""
_RATINGS = f"""SELECT t.account_key, t.rating_id, t.rated, t.value, t.reason,
        coalesce(w.name, t.author), t.rated_on, t.known_on
    FROM {_SAID} t LEFT JOIN person w ON w.person_id = t.author
    WHERE t.account_key BETWEEN :first AND :last"""
_LINES = """SELECT a.account_key, a.account_id, a.name, t.rating_id, t.rated, t.value, t.reason,
        coalesce(w.name, t.author), t.rated_on, t.known_on
    FROM rating t JOIN account a ON a.account_key = t.account_key
        LEFT JOIN person w ON w.person_id = t.author
    WHERE :account_key IS NULL OR t.account_key = :account_key
    ORDER BY t.rated_on DESC, t.known_on DESC, t.rating_id DESC"""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """A rating as it is listed."""

    account_key: int
    account_id: str
    name: str
    rating: Rating


def any_rating(connection: Connection, as_of: dt.date) -> bool:
    """Whether anything was rated by that day, as far as was known on it."""
    given = {"as_of": as_of.isoformat()}
    return plain_rows(connection, f"SELECT 1 FROM {_SAID} LIMIT 1", given).fetchone() is not None


def ratings_between(
    connection: Connection, as_of: dt.date, keys: tuple[int, int]
) -> dict[int, tuple[Rating, ...]]:
    """By account, the newest rating of each thing as known on a day, from first to last key."""
    given = {"as_of": as_of.isoformat(), "first": keys[0], "last": keys[1]}
    found: dict[int, list[Rating]] = defaultdict(list)
    for key, *row in plain_rows(connection, _RATINGS, given):
        found[key].append(_rating(*row))
    return {key: newest_ratings(ratings) for key, ratings in found.items()}


def list_ratings(db: Database, *, account_key: int | None = None) -> list[RatingLine]:
    """All ratings, the newest first; or those of one account."""
    rows = plain_rows(db.connection, _LINES, {"account_key": account_key})
    return [
        RatingLine(key, account_id, name, _rating(*row)) for key, account_id, name, *row in rows
    ]


def new_rating(account_key: int, rating: Rating) -> Change:
    """The change that inserts a rating."""
    row: dict[str, Value] = {
        "account_key": account_key,
        "rated": rating.rated,
        "value": rating.value,
        "reason": rating.reason,
        "author": rating.author,
        "rated_on": rating.rated_on.isoformat(),
        "known_on": rating.known_on.isoformat(),
    }
    day = rating.known_on.isoformat()
    return Change("rating", rating.rating_id, new=row, effective_on=day)


def _rating(rating_id: str, rated: str, value: int, reason: str, *rest: str) -> Rating:
    author, rated_on, known_on = rest
    days = dt.date.fromisoformat(rated_on), dt.date.fromisoformat(known_on)
    return Rating(rating_id, rated, int(value), reason, author, *days)
