import datetime as dt

import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database, write
from cs_workbench.store.health import load_score, score_history
from cs_workbench.workflows.scoring import refresh
from tests.cards import plain_scorecard
from tests.factories import TODAY, add_account, add_subscription, add_ticket


def account(db: Database) -> int:
    with write(db) as connection:
        key = add_account(connection, "acme", started_on="2026-01-01")
        add_subscription(connection, key)
        add_ticket(connection, key, opened_at="2026-03-01T09:00:00Z", priority="urgent")
    return key


def test_a_stored_score_is_explained_to_the_last_digit(db: Database) -> None:
    key = account(db)
    refresh(db, as_of=TODAY, actor="ana", scorecard=plain_scorecard())
    stored = load_score(db, key)
    points = [line.points_e4 for line in stored.contributions if line.points_e4 is not None]
    assert sum(points) == stored.points_e4
    lines = {line.measure_id: line for line in stored.contributions}
    assert lines["open_urgent_tickets"].value_text == "2"
    assert lines["open_urgent_tickets"].target_text == "0"
    assert (lines["nps"].value_text, lines["nps"].points_e4) == ("none", None)


def test_an_older_score_is_found_by_its_day(db: Database) -> None:
    key = account(db)
    week_ago = TODAY - dt.timedelta(days=7)
    for day in (week_ago, TODAY):
        refresh(db, as_of=day, actor="ana", scorecard=plain_scorecard())
    assert load_score(db, key).as_of == TODAY
    assert load_score(db, key, TODAY - dt.timedelta(days=1)).as_of == week_ago
    assert [point.as_of for point in score_history(db, key)] == [week_ago, TODAY]


def test_a_score_that_is_not_there_comes_with_advice(db: Database) -> None:
    key = account(db)
    with pytest.raises(NotFoundError, match="csw refresh"):
        load_score(db, key)
    refresh(db, as_of=TODAY, actor="ana", scorecard=plain_scorecard())
    with pytest.raises(NotFoundError):
        load_score(db, key, TODAY - dt.timedelta(days=1))


def test_a_score_is_read_with_the_scorecard_that_made_it(db: Database) -> None:
    key = account(db)
    refresh(db, as_of=TODAY, actor="ana", scorecard=plain_scorecard())
    digest = load_score(db, key).scorecard.digest
    row = db.connection.execute("SELECT hash FROM scorecard").fetchone()
    assert row["hash"] == digest
