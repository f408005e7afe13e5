"""Scores, their history, and the summary that the list of accounts shows."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.health import Contribution, decode_contributions, explain_score
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

_SCORE = (
    "account_key, as_of, run_id, points_e4, band, coverage_e4, low_e4, high_e4, scorecard_hash, "
    "input_hash, contributions"
)
_SUMMARY = (
    "account_key, as_of, is_former, band, band_rank, points_e4, coverage_e4, low_e4, high_e4, "
    "trend_e4, spark, arr_minor, currency, seats, seats_used, end_date, deadline, deadline_by, "
    "last_two_way_on, causes"
)


@dataclass(frozen=True)
class StoredScore:
    """A score as it was stored, with the lines that add up to it."""

    account_key: int
    as_of: dt.date
    points_e4: int | None
    band: Band
    coverage_e4: int
    low_e4: int
    high_e4: int
    scorecard: Scorecard
    input_hash: str
    outcomes: tuple[Outcome, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One point of a score's history, and the hash of the scorecard that made it."""

    as_of: dt.date
    points_e4: int | None
    band: Band
    scorecard_hash: str


class EarlierScore(NamedTuple):
    """What a refresh looks back on; `stored` is what would be written again unchanged."""

    points_e4: int | None
    band: Band
    scorecard_hash: str
    contributions: str
    stored: tuple[Any, ...]


def load_score(db: Database, account_key: int, as_of: dt.date | None = None) -> StoredScore:
    """The newest score, or the newest on or before a day, explained by the scorecard that made it.

    Raises:
        NotFoundError: the account has no score by then.
    """
    until = "9999-12-31" if as_of is None else as_of.isoformat()
    row = db.connection.execute(
        "SELECT s.*, c.text FROM score s JOIN scorecard c ON c.hash = s.scorecard_hash "
        "WHERE s.account_key = ? AND s.as_of <= ? ORDER BY s.as_of DESC LIMIT 1",
        (account_key, until),
    ).fetchone()
    if row is None:
        raise NotFoundError("There is no score of this account yet. Run `csw refresh`.")
    scorecard = read_scorecard(row["text"])
    outcomes, points = decode_contributions(row["contributions"])
    return StoredScore(
        account_key=row["account_key"],
        as_of=dt.date.fromisoformat(row["as_of"]),
        points_e4=row["points_e4"],
        band=row["band"],
        coverage_e4=row["coverage_e4"],
        low_e4=row["low_e4"],
        high_e4=row["high_e4"],
        scorecard=scorecard,
        input_hash=row["input_hash"],
        outcomes=outcomes,
        contributions=explain_score(scorecard, outcomes, points),
    )


def score_history(db: Database, account_key: int) -> list[ScorePoint]:
    """Every stored score of an account, oldest first."""
    found = plain_rows(
        db.connection,
        "SELECT as_of, points_e4, band, scorecard_hash FROM score WHERE account_key = ? "
        "ORDER BY as_of",
        (account_key,),
    )
    return [ScorePoint(dt.date.fromisoformat(day), *rest) for day, *rest in found]


def scored_days(connection: Connection, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of a span, ends included, for which a refresh has stored scores."""
    found = plain_rows(
        connection,
        "SELECT DISTINCT as_of FROM refresh_run WHERE as_of BETWEEN ? AND ? ORDER BY as_of",
        (first.isoformat(), last.isoformat()),
    )
    return [dt.date.fromisoformat(day) for (day,) in found]


def days_with_scores(connection: Connection) -> list[dt.date]:
    """Every day that has a stored score, oldest first."""
    found = plain_rows(connection, "SELECT DISTINCT as_of FROM score ORDER BY as_of", ())
    return [dt.date.fromisoformat(day) for (day,) in found]


def scored_before_the_end(connection: Connection, as_of: dt.date) -> frozenset[int]:
    """The accounts whose score of a day was made on that day, before the last that it brought.

    A nightly refresh scores a day that has hardly begun; what people and imports add to the day
    after it is known "on the day", but cannot be in that score.
    """
    rows = plain_rows(
        connection,
        "SELECT account_key FROM score WHERE as_of = :day AND run_id IN ("
        "SELECT run_id FROM refresh_run WHERE as_of = :day AND date(started_at) = :day "
        "AND started_at <= max("
        "coalesce((SELECT max(known_at) FROM change WHERE date(known_at) = :day), ''), "
        "coalesce((SELECT max(recorded_at) FROM import_run WHERE date(recorded_at) = :day), '')))",
        {"day": as_of.isoformat()},
    )
    return frozenset(key for (key,) in rows)


def scorecards_of_day(connection: Connection, as_of: dt.date) -> list[str]:
    """The hashes of the scorecards that made the scores of a day."""
    found = plain_rows(
        connection,
        "SELECT DISTINCT scorecard_hash FROM score WHERE as_of = ? ORDER BY 1",
        (as_of.isoformat(),),
    )
    return [digest for (digest,) in found]


def account_id_of(connection: Connection, account_key: int) -> str:
    """The id by which other systems know the account."""
    found = plain_rows(
        connection, "SELECT account_id FROM account WHERE account_key = ?", (account_key,)
    )
    return str(next(found)[0])


def account_names_of(
    connection: Connection, account_keys: Sequence[int]
) -> dict[int, tuple[str, str]]:
    """The id and the name of accounts, by key."""
    found = plain_rows(
        connection,
        "SELECT account_key, account_id, name FROM account "
        "WHERE account_key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(account_keys)),),
    )
    return {key: (account_id, name) for key, account_id, name in found}


def summary_day(connection: Connection) -> dt.date | None:
    """The day that the list shows."""
    (day,) = next(plain_rows(connection, "SELECT max(as_of) FROM account_summary", ()))
    return None if day is None else dt.date.fromisoformat(day)


def scores_between(
    connection: Connection, as_of: dt.date | None, keys: tuple[int, int]
) -> dict[int, EarlierScore]:
    """The scores of one day, if there is one, of the accounts from the first to the last key."""
    if as_of is None:
        return {}
    found = plain_rows(
        connection,
        "SELECT s.account_key, s.points_e4, s.band, s.coverage_e4, s.low_e4, s.high_e4, "
        "s.scorecard_hash, s.input_hash, s.contributions FROM account a CROSS JOIN score s "
        "ON s.account_key = a.account_key AND s.as_of = ? WHERE a.account_key BETWEEN ? AND ?",
        (as_of.isoformat(), *keys),
    )
    return {row[0]: EarlierScore(row[1], row[2], row[6], row[8], row[1:]) for row in found}


def bands_between(
    connection: Connection, as_of: dt.date | None, keys: tuple[int, int]
) -> dict[int, Band]:
    """The bands of one day, if there is one, of the accounts from the first to the last key."""
    if as_of is None:
        return {}
    found = plain_rows(
        connection,
        "SELECT s.account_key, s.band FROM account a CROSS JOIN score s "
        "ON s.account_key = a.account_key AND s.as_of = ? WHERE a.account_key BETWEEN ? AND ?",
        (as_of.isoformat(), *keys),
    )
    return dict(found.fetchall())


def load_scorecard(connection: Connection, digest: str) -> Scorecard:
    """A scorecard that made stored scores."""
    (text,) = next(plain_rows(connection, "SELECT text FROM scorecard WHERE hash = ?", (digest,)))
    return read_scorecard(text)


def open_run(connection: Connection, scorecard: Scorecard, run: Mapping[str, str]) -> int:
    """Record a refresh that is about to write; `run` has as_of, started_at, actor, version."""
    connection.executemany(
        "INSERT OR IGNORE INTO scorecard (hash, text) VALUES (?, ?)",
        [(one.digest, one.text) for one in (scorecard, *scorecard.variants.values())],
    )
    cursor = connection.execute(
        "INSERT INTO refresh_run (as_of, started_at, actor, program_version, scorecard_hash) "
        "VALUES (:as_of, :started_at, :actor, :version, :scorecard_hash)",
        {**run, "scorecard_hash": scorecard.digest},
    )
    return int(cursor.lastrowid or 0)


def close_run(connection: Connection, run_id: int, report: Mapping[str, object]) -> None:
    """Keep what the refresh found."""
    connection.execute(
        "UPDATE refresh_run SET report = ? WHERE run_id = ?", (json.dumps(report), run_id)
    )


def save_scores(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write scores, replacing those of the same day; columns as in the table."""
    connection.executemany(
        f"INSERT OR REPLACE INTO score ({_SCORE}) VALUES ({_marks(_SCORE)})", rows
    )


def delete_scores(connection: Connection, as_of: dt.date, account_keys: Sequence[int]) -> None:
    """Take back the day's scores of accounts that are not scored after all."""
    connection.executemany(
        "DELETE FROM score WHERE account_key = ? AND as_of = ?",
        [(key, as_of.isoformat()) for key in account_keys],
    )


def summaries_between(connection: Connection, keys: tuple[int, int]) -> dict[int, tuple[Any, ...]]:
    """The rows of the list's summary as they stand, by account."""
    found = plain_rows(
        connection,
        f"SELECT {_SUMMARY} FROM account_summary WHERE account_key BETWEEN ? AND ?",
        keys,
    )
    return {row[0]: row for row in found}


def save_summaries(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of the list's summary, columns as in `summaries_between`."""
    connection.executemany(
        f"INSERT OR REPLACE INTO account_summary ({_SUMMARY}) VALUES ({_marks(_SUMMARY)})", rows
    )


def delete_summaries(connection: Connection, account_keys: Sequence[int]) -> None:
    """Take accounts out of the list, such as merged ones."""
    connection.executemany(
        "DELETE FROM account_summary WHERE account_key = ?", [(key,) for key in account_keys]
    )


def _marks(columns: str) -> str:
    return ", ".join("?" * len(columns.split(",")))
