from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.simulating import simulate
from tests.cards import plain_scorecard
from tests.factories import TODAY, add_account, add_subscription, add_ticket
from tests.workflows.test_scoring import everything, steady

CARD = plain_scorecard()
STRICT = read_scorecard(
    CARD.text.replace(
        "map = [[0, 100], [1, 60], [2, 30], [4, 0]]", "map = [[0, 100], [1, 0]]"
    ).replace("weight = 8", "weight = 80")
)


def test_who_would_change_band_is_named_and_nothing_is_written(db: Database) -> None:
    steady(db, "calm")
    key = steady(db, "loud")
    with write(db) as connection:
        add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
        gone = add_account(connection, "gone")
        add_subscription(connection, gone, end_date="2026-01-31")
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    before = everything(db)
    found = simulate(db, as_of=TODAY, current=CARD, candidate=STRICT)
    assert (found.accounts, found.rescored) == (2, 1)
    assert (found.before["green"], found.after["green"], found.after["yellow"]) == (2, 1, 1)
    (move,) = found.moves
    assert (move.account_id, move.before, move.after) == ("loud", "green", "yellow")
    assert move.change_e4 == (move.after_e4 or 0) - (move.before_e4 or 0) < 0
    assert everything(db) == before


def test_the_same_scorecard_moves_nobody(db: Database) -> None:
    steady(db, "calm")
    found = simulate(db, as_of=TODAY, current=CARD, candidate=CARD)
    assert (found.rescored, found.moves, found.before) == (0, (), found.after)
