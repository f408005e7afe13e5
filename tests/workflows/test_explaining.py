import datetime as dt

import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database, write
from cs_workbench.store.health import load_score
from cs_workbench.workflows.explaining import explain, newest_day
from cs_workbench.workflows.scoring import refresh
from tests.cards import plain_scorecard
from tests.factories import TODAY, add_account, add_import, add_subscription, add_ticket
from tests.workflows.test_scoring import steady

CARD = plain_scorecard()
THEN = TODAY - dt.timedelta(days=28)


def test_a_stored_score_is_explained_as_it_was_stored(db: Database) -> None:
    key = steady(db, "acme")
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    found = explain(db, key, CARD, as_of=TODAY)
    assert (found.account_id, found.name, found.now.is_stored) == ("acme", "Acme", True)
    assert found.now.score.points_e4 == load_score(db, key).points_e4
    assert (found.before, found.change_e4) == (None, found.now.score.points_e4)


def test_other_days_are_computed_from_what_was_known_then(db: Database) -> None:
    key = steady(db, "acme")
    with write(db) as connection:
        add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    found = explain(db, key, CARD, as_of=TODAY, since=THEN)
    assert found.before is not None
    assert (found.now.is_stored, found.before.is_stored) == (True, False)
    assert found.told(found.causes[0]) == "urgent ticket open for 6 days"
    refresh(db, as_of=THEN, actor="ana", scorecard=CARD)
    stored = explain(db, key, CARD, as_of=TODAY, since=THEN)
    assert stored.before is not None
    assert stored.before.is_stored
    assert stored.before.score == found.before.score
    assert stored.causes == found.causes


def test_who_was_never_met_counts_from_the_portfolios_first_contact(db: Database) -> None:
    steady(db, "acme")
    with write(db) as connection:
        key = add_account(connection, "silent", started_on="2025-01-01")
        add_subscription(connection, key)
    computed = explain(db, key, CARD, as_of=TODAY)
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    assert explain(db, key, CARD, as_of=TODAY).now.score == computed.now.score


def test_the_newest_stored_day_is_meant_unless_another_is_given(db: Database) -> None:
    key = steady(db, "acme")
    assert newest_day(db, key, TODAY) == TODAY
    refresh(db, as_of=THEN, actor="ana", scorecard=CARD)
    assert newest_day(db, key, TODAY) == THEN


def test_before_the_first_and_after_the_last_day_there_is_no_score(db: Database) -> None:
    with write(db) as connection:
        key = add_account(
            connection, "acme", started_on="2026-01-01", import_id=add_import(connection)
        )
        add_subscription(connection, key, end_date="2026-06-30")
    with pytest.raises(NotFoundError, match="Nothing was known of this account on 2025-12-31"):
        explain(db, key, CARD, as_of=dt.date(2025, 12, 31))
    with pytest.raises(NotFoundError, match="On 2026-11-23 it was no customer any more"):
        explain(db, key, CARD, as_of=TODAY)
