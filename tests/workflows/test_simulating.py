from cs_workbench.core.judgements import SENTIMENT_SCALE
from cs_workbench.core.measures import Measured
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.judgements import Act, make_rating, rate
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.simulating import Simulation, simulate
from tests.cards import plain_scorecard
from tests.factories import TODAY, add_account, add_import, add_subscription, add_ticket
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


def book(db: Database) -> dict[str, int]:
    """Five accounts with more and more urgent tickets."""
    keys = {}
    for count in range(5):
        keys[f"a{count}"] = key = steady(db, f"a{count}", segment="smb" if count % 2 else "mid")
        with write(db) as connection:
            for _ in range(count):
                add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    return keys


def reads_usage(db: Database) -> bool:
    """Whether a simulation measures anew."""
    statements: list[str] = []
    db.connection.set_trace_callback(statements.append)
    try:
        simulate(db, as_of=TODAY, current=CARD, candidate=STRICT)
    finally:
        db.connection.set_trace_callback(None)
    return any("usage_week" in one for one in statements)


def test_stored_scores_serve_and_give_the_same_answer(db: Database) -> None:
    book(db)
    measured = simulate(db, as_of=TODAY, current=CARD, candidate=STRICT)
    assert reads_usage(db)
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    assert not reads_usage(db)
    stored = simulate(db, as_of=TODAY, current=CARD, candidate=STRICT)
    assert stored == measured
    assert len(stored.moves) > 1


def test_stored_scores_are_left_alone_once_something_was_imported(db: Database) -> None:
    keys = book(db)
    refresh(db, as_of=TODAY, actor="ana")
    with write(db) as connection:
        add_import(connection, recorded_at="2099-01-01T00:00:00Z")
        connection.execute("DELETE FROM ticket WHERE account_key = ?", (keys["a4"],))
    found = simulate(db, as_of=TODAY, current=CARD, candidate=STRICT)
    assert "a4" not in [one.account_id for one in found.moves]
    assert reads_usage(db)


def test_a_rating_made_since_is_measured(db: Database) -> None:
    keys = book(db)
    refresh(db, as_of=TODAY, actor="ana", scorecard=CARD)
    act = Act(keys["a0"], "ana", TODAY)
    rating = make_rating(act, rated="sentiment", value=2, reason="cold", on=None)
    assert not reads_usage(db)
    with write(db) as connection:
        connection.execute("UPDATE refresh_run SET started_at = '2000-01-01T00:00:00Z'")
        connection.execute("UPDATE import_run SET recorded_at = '1999-01-01T00:00:00Z'")
    rate(db, act, rating, SENTIMENT_SCALE)
    assert reads_usage(db)


def test_scores_of_another_scorecard_do_not_serve(db: Database) -> None:
    book(db)
    refresh(db, as_of=TODAY, actor="ana", scorecard=STRICT)
    assert reads_usage(db)


def test_profiles_keep_their_accounts_from_stored_scores_too(db: Database) -> None:
    book(db)
    profile = '[[profiles]]\nname = "smb"\nsegment = ["smb"]\n'
    text = f"{CARD.text}\n{profile}[profiles.measures.open_urgent_tickets]\nweight = 8\n"
    current = read_scorecard(text)
    candidate = read_scorecard(text.removesuffix("8\n") + "200\n")
    measured = simulate(db, as_of=TODAY, current=current, candidate=candidate)
    refresh(db, as_of=TODAY, actor="ana", scorecard=current)
    assert simulate(db, as_of=TODAY, current=current, candidate=candidate) == measured
    assert {one.account_id for one in measured.moves} == {"a1", "a3"}


def test_values_of_one_account_are_supposed_and_progress_is_told(db: Database) -> None:
    keys = book(db)
    told: list[tuple[int, int]] = []

    def supposed() -> Simulation:
        return simulate(
            db,
            as_of=TODAY,
            current=CARD,
            candidate=STRICT,
            values={keys["a0"]: {"open_urgent_tickets": Measured(4, 0)}},
            progress=lambda done, total: told.append((done, total)),
        )

    measured = supposed()
    refresh(db, as_of=TODAY, actor="ana")
    assert supposed() == measured
    assert "a0" in [one.account_id for one in measured.moves]
    assert told == [(5, 5)] * 2


def test_the_same_scorecard_moves_nobody(db: Database) -> None:
    steady(db, "calm")
    found = simulate(db, as_of=TODAY, current=CARD, candidate=CARD)
    assert (found.rescored, found.moves, found.before) == (0, (), found.after)
