"""The ledger: what a model said of whom, kept for good, and what came."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cs_workbench.core.churn_said import ChurnSaid, Part
from cs_workbench.store.churn_switch import NEWEST
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

MILLION = 1_000_000


class Published(NamedTuple):
    """One line: what was said of one account on one day; the fields as in the table."""

    account_key: int
    probability_e6: int
    low_e6: int
    high_e6: int
    arr_minor: int | None
    currency: str
    is_treated: bool
    features_hash: str
    contributions: str


@dataclass(frozen=True)
class Kept:
    """A day's predictions of a model against what came.

    Attributes:
        said: the sum of the probabilities of those whose window has closed, `spread` its variance.
        came: how many of them left; `n` how many there are; `open` how many have no answer yet.
    """

    digest: str
    as_of: dt.date
    window_to: dt.date
    n: int
    said: float
    spread: float
    came: int
    open: int
    is_treated: bool


def publish(
    connection: Connection,
    digest: str,
    as_of: dt.date,
    window: tuple[dt.date, dt.date],
    lines: Sequence[Published],
) -> int:
    """Write what was said; a line that is there already stays. Inside `write(db)`."""
    before = connection.total_changes
    connection.executemany(
        "INSERT OR IGNORE INTO churn_prediction (hash, as_of, window_from, window_to, account_key, "
        "probability_e6, low_e6, high_e6, arr_minor, currency, is_treated, features_hash, "
        "contributions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (digest, as_of.isoformat(), *(day.isoformat() for day in window), *line)
            for line in lines
        ],
    )
    return connection.total_changes - before


def newest_day(connection: Connection, digest: str) -> dt.date | None:
    """The last day for which the model has said anything."""
    sql = "SELECT max(as_of) FROM churn_prediction WHERE hash = ?"
    (day,) = next(plain_rows(connection, sql, (digest,)))
    return None if day is None else dt.date.fromisoformat(day)


def open_days(
    connection: Connection, until: dt.date
) -> list[tuple[str, dt.date, dt.date, dt.date]]:
    """Model, day and window of predictions whose window has closed and that have no answer."""
    found = plain_rows(
        connection,
        "SELECT DISTINCT hash, as_of, window_from, window_to FROM churn_prediction "
        "WHERE scored_on IS NULL AND window_to <= ? ORDER BY as_of",
        (until.isoformat(),),
    )
    return [(digest, *(dt.date.fromisoformat(day) for day in days)) for digest, *days in found]


def answer(
    connection: Connection,
    digest: str,
    as_of: dt.date,
    scored_on: dt.date,
    outcomes: Sequence[tuple[int | None, int]],
) -> None:
    """Write what came of a day's predictions: pairs of outcome and account. Inside `write(db)`."""
    connection.executemany(
        "UPDATE churn_prediction SET outcome = ?, scored_on = ? "
        "WHERE hash = ? AND as_of = ? AND account_key = ? AND scored_on IS NULL",
        [
            (outcome, scored_on.isoformat(), digest, as_of.isoformat(), key)
            for outcome, key in outcomes
        ],
    )


def kept_word(connection: Connection) -> list[Kept]:
    """Day by day what was said and what came, treated and untreated apart, the newest first."""
    found = plain_rows(
        connection,
        """SELECT hash, as_of, max(window_to), count(outcome),
            coalesce(sum(CASE WHEN outcome IS NOT NULL THEN probability_e6 END), 0),
            coalesce(sum(CASE WHEN outcome IS NOT NULL
                THEN probability_e6 / 1e6 * (1 - probability_e6 / 1e6) END), 0),
            coalesce(sum(outcome), 0), sum(scored_on IS NULL), is_treated
        FROM churn_prediction GROUP BY hash, as_of, is_treated ORDER BY as_of DESC, hash""",
        (),
    )
    return [
        Kept(
            digest,
            dt.date.fromisoformat(as_of),
            dt.date.fromisoformat(window_to),
            n,
            said / MILLION,
            float(spread),
            came,
            waiting,
            bool(treated),
        )
        for digest, as_of, window_to, n, said, spread, came, waiting, treated in found
    ]


def said_of(connection: Connection, account_key: int) -> ChurnSaid | None:
    """The newest that the model in use said of an account; None where it said nothing."""
    row = next(
        plain_rows(
            connection,
            f"""SELECT c.hash, c.as_of, c.window_to, c.probability_e6, c.low_e6, c.high_e6,
                c.arr_minor, c.currency, c.contributions
            FROM churn_prediction c WHERE {NEWEST} AND c.account_key = ?""",
            (account_key,),
        ),
        None,
    )
    if row is None:
        return None
    digest, as_of, window_to, probability, low, high, arr, currency, text = row
    base, *parts = json.loads(text)
    return ChurnSaid(
        digest,
        dt.date.fromisoformat(as_of),
        dt.date.fromisoformat(window_to),
        probability / MILLION,
        low / MILLION,
        high / MILLION,
        arr,
        currency,
        base,
        tuple(Part(name, label, value, moved) for name, moved, value, label in parts),
    )
