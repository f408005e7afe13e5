"""Explain one account's score on a day, and what moved it since another."""

import datetime as dt

from cs_workbench.core.explanations import DayScore, Explanation
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import HealthScore, measure_account, score_health
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.what_if import Ground
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.facts import facts_between, read_portfolio
from cs_workbench.store.health import StoredScore, account_names_of, load_score
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.standing import standing_override


def explain(
    db: Database,
    account_key: int,
    scorecard: Scorecard,
    *,
    as_of: dt.date,
    since: dt.date | None = None,
    today: dt.date | None = None,
) -> Explanation:
    """Explain the score of a day: the stored one, else one computed from what was known then.

    Beside it stands the override of `today`, or of the day itself where none is given.

    Raises:
        NotFoundError: on one of the days it was no customer, or not known.
    """
    with snapshot(db) as connection:
        account_id, name = connection.execute(
            "SELECT account_id, name FROM account WHERE account_key = ?", (account_key,)
        ).fetchone()
        now = _score_on(db, connection, account_key, scorecard, as_of)
        before = None if since is None else _score_on(db, connection, account_key, scorecard, since)
        override = standing_override(db, account_key, today or as_of)
    return Explanation(account_id, name, now, before, override)


def read_ground(db: Database, account_key: int, scorecard: Scorecard, day: dt.date) -> Ground:
    """What a what-if of an account starts from: a score of the day by this scorecard.

    Raises:
        NotFoundError: on that day it was no customer, or not known.
    """
    with snapshot(db) as connection:
        (_, name) = account_names_of(connection, [account_key])[account_key]
        stored = _stored(db, account_key, day)
        if stored is not None and stored.scorecard.origin == scorecard.origin:
            own, outcomes = stored.scorecard, stored.outcomes
        else:
            facts = _facts(connection, account_key, scorecard, day)
            own = scorecard.of_account(facts)
            outcomes = measure_account(own, facts)
    return Ground(account_key, name, day, scorecard, own, outcomes)


def newest_day(db: Database, account_key: int, today: dt.date) -> dt.date:
    """The day of the account's newest stored score, else today."""
    try:
        return load_score(db, account_key, today).as_of
    except NotFoundError:
        return today


def _score_on(
    db: Database, connection: Connection, account_key: int, scorecard: Scorecard, day: dt.date
) -> DayScore:
    stored = _stored(db, account_key, day)
    facts = _facts(connection, account_key, scorecard if stored is None else stored.scorecard, day)
    if stored is not None:
        return DayScore(day, stored.scorecard, _as_scored(stored), facts, is_stored=True)
    card = scorecard.of_account(facts)
    return DayScore(
        day, card, score_health(card, measure_account(card, facts)), facts, is_stored=False
    )


def _stored(db: Database, account_key: int, day: dt.date) -> StoredScore | None:
    try:
        found = load_score(db, account_key, day)
    except NotFoundError:
        return None
    return found if found.as_of == day else None


def _as_scored(stored: StoredScore) -> HealthScore:
    return HealthScore(
        points_e4=stored.points_e4,
        band=stored.band,
        coverage_e4=stored.coverage_e4,
        low_e4=stored.low_e4,
        high_e4=stored.high_e4,
        outcomes=stored.outcomes,
        contributions=tuple(line.points_e4 for line in stored.contributions),
    )


def _facts(
    connection: Connection, account_key: int, scorecard: Scorecard, day: dt.date
) -> AccountFacts:
    known = read_known(connection, day)
    keys = (account_key, account_key)
    portfolio, usage = read_portfolio(connection, known, scorecard, find_begins=False)
    found = facts_between(connection, known, portfolio, usage, keys)
    if found and found[0].last_two_way_on is None:  # then the portfolio's first contact counts
        portfolio, usage = read_portfolio(connection, known, scorecard)
        found = facts_between(connection, known, portfolio, usage, keys)
    if not found:
        raise NotFoundError(f"Nothing was known of this account on {day.isoformat()}.")
    if found[0].is_former:
        raise NotFoundError(f"On {day.isoformat()} it was no customer any more: it has no score.")
    return found[0]
