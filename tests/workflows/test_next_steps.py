import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.next_steps import NextStep, read_next_steps
from cs_workbench.store.timeline import load_timeline
from cs_workbench.workflows.next_steps import (
    make_step,
    set_next_step,
    step_text,
    undo_last,
)
from tests.factories import portfolio

TODAY = dt.date(2026, 11, 23)
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path, "p.db") as opened:
        with write(opened) as connection:
            connection.executemany(
                "INSERT INTO account (account_key, account_id, name, currency, search_text) "
                "VALUES (?, ?, ?, 'USD', '')",
                [(key, f"A{key}", f"Account {key}") for key in range(1, 1201)],
            )
        yield opened


def steps(db: Database, *keys: int) -> list[NextStep]:
    return [account.step for account in read_next_steps(db, keys)]


def test_sets_one_account(db: Database) -> None:
    done = set_next_step(
        db, [1], text=" call \n T. Brandt ", owner="Jon", due=FRIDAY, actor="ana", today=TODAY
    )
    assert done == "next step: call T. Brandt, Jon, Fri 27 Nov 2026 · Account 1"
    assert steps(db, 1, 2) == [NextStep("call T. Brandt", "Jon", FRIDAY), NextStep()]


def test_the_actor_owns_a_step_that_names_nobody(db: Database) -> None:
    set_next_step(db, [1], text="call", owner="", due=None, actor="ana", today=TODAY)
    assert steps(db, 1) == [NextStep("call", "ana", None)]


@pytest.mark.parametrize("today", [dt.date(2020, 1, 5), dt.date(2090, 1, 5)])
def test_the_timeline_tells_it_on_the_day_at_which_the_portfolio_stands(
    db: Database, today: dt.date
) -> None:
    done = set_next_step(db, [1], text="call", owner="", due=None, actor="ana", today=today)
    undo_last(db, "ana", today)
    told = [(entry.on, entry.text) for entry in load_timeline(db, 1, today=today)]
    assert told == [(today, f"undid: {done}"), (today, done)]


def test_explicitly_none_is_dated_and_clears_the_rest(db: Database) -> None:
    set_next_step(db, [1], text="call", owner="Jon", due=FRIDAY, actor="ana", today=TODAY)
    done = set_next_step(db, [1], text=None, owner=None, due=FRIDAY, actor="ana", today=TODAY)
    assert done == "next step: none · Account 1"
    assert steps(db, 1) == [NextStep(said_on=TODAY)]
    set_next_step(db, [1], text="call", owner="Jon", due=None, actor="ana", today=TODAY)
    assert steps(db, 1) == [NextStep("call", "Jon")]


def test_many_accounts_are_one_act(db: Database) -> None:
    keys = list(range(1200, 0, -1))
    done = set_next_step(db, keys, text="call", owner=None, due=FRIDAY, actor="ana", today=TODAY)
    assert done == "next step: call, ana, Fri 27 Nov 2026 · 1200 accounts"
    assert set(steps(db, *keys)) == {NextStep("call", "ana", FRIDAY)}
    assert undo_last(db, "ana", TODAY) == f"undid: {done}"
    assert set(steps(db, *keys)) == {NextStep()}


def test_the_same_again_changes_nothing(db: Database) -> None:
    for _ in range(2):
        done = set_next_step(db, [1], text="call", owner=None, due=None, actor="ana", today=TODAY)
    assert done == "next step: call, ana · Account 1 (as it was)"
    undo_last(db, "ana", TODAY)
    assert steps(db, 1) == [NextStep()]


def test_what_cannot_be_undone_is_passed_and_named(db: Database) -> None:
    for actor, key, text in (("ana", 2, "plan"), ("ana", 1, "call"), ("jon", 1, "write")):
        set_next_step(db, [key], text=text, owner=None, due=None, actor=actor, today=TODAY)
    with pytest.raises(ConflictError, match="of Account 1 is “jon” now, by jon on"):
        undo_last(db, "ana", TODAY)
    told = undo_last(db, "ana", TODAY)
    assert told.startswith("undid: next step: plan, ana · Account 2 · as it is since: “next")
    assert steps(db, 1, 2) == [NextStep("write", "jon"), NextStep()]


def test_nothing_happens_where_an_account_is_gone(db: Database) -> None:
    with pytest.raises(NotFoundError):
        set_next_step(db, [1, 9999], text="call", owner=None, due=None, actor="ana", today=TODAY)
    assert steps(db, 1) == [NextStep()]


@pytest.mark.parametrize("text", ["", " \n", "x" * 501])
def test_refuses_what_is_no_step(db: Database, text: str) -> None:
    with pytest.raises(UsageError):
        set_next_step(db, [1], text=text, owner=None, due=None, actor="ana", today=TODAY)


def test_refuses_no_accounts(db: Database) -> None:
    with pytest.raises(UsageError, match="No account"):
        set_next_step(db, [], text="call", owner=None, due=None, actor="ana", today=TODAY)


def test_a_long_step_is_named_shortly() -> None:
    step = make_step(text="x" * 500, owner="ana", due=None, today=TODAY)
    assert step_text(step) == "x" * 59 + "…, ana"
