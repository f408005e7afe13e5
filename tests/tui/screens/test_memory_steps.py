"""`e` writes down what customers want and what we do to them, and what became of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from cs_workbench.core import memory
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.store.undo import undo
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.memory_sheets import Asked
from cs_workbench.tui.screens.memory_steps import KINDS, Step
from cs_workbench.tui.session import Session
from cs_workbench.workflows.judgements import Act
from tests.factories import TODAY, add_account, add_contact, add_person, add_summary, portfolio
from tests.tui.pages import HOSTILE, PageApp, picture


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_person(pen)
            key = add_account(pen, "kestrel", currency="USD")
            add_summary(pen, key, band="red", arr_minor=41_200_000)
            add_contact(pen, key, name="Lena Voss", contact_id="lena")
        yield opened


@pytest.fixture
def asked(db: Database) -> Asked:
    return Asked(Session(db, TODAY, "ana"), Act(1, "ana", TODAY))


def new(asked: Asked, key: str, **typed: str) -> str:
    """Fill in the form of a kind."""
    sheet = next(one for one in KINDS if one.key == key).sheet(asked)
    blank = {field.name: field.first for field in sheet.fields}
    assert not set(typed) - set(blank)
    return sheet.apply(asked.session.db, blank | typed)


def steps(asked: Asked, key: str) -> dict[str, Step]:
    """What can become of the only row of a kind, by key."""
    kind = next(one for one in KINDS if one.key == key)
    (row,) = read_kept(asked.session.db, kind.row)
    return {one.key: one for one in kind.steps(asked, row)}


def only(asked: Asked, kind: type[Any]) -> Any:
    (row,) = read_kept(asked.session.db, kind)
    return row


def test_a_goal_is_measured_confirmed_and_reached(asked: Asked) -> None:
    db = asked.session.db
    told = new(asked, "g", what="dispatch", baseline="14", target=" 9 ", unit="min", who="voss")
    assert told == "goal: dispatch 14 → 9 min · Kestrel"
    steps(asked, "g")["n"].do(db, {"value": "11.5"})
    steps(asked, "g")["c"].do(db, {"by": "lena"})
    one = only(asked, memory.Goal)
    assert (one.baseline, one.target, one.now_value, one.now_on) == (14, 9, 11.5, TODAY)
    assert (one.contact_id, one.confirmed_by, one.confirmed_on) == ("lena", "lena", TODAY)
    with pytest.raises(UsageError, match="Write a number"):
        steps(asked, "g")["n"].do(db, {"value": "much"})
    with pytest.raises(UsageError, match="Now value is a number, not nan"):
        steps(asked, "g")["n"].do(db, {"value": "nan"})
    steps(asked, "g")["r"].do(db, {})
    assert (only(asked, memory.Goal).state, steps(asked, "g")) == ("reached", {})


def test_a_request_is_decided_and_the_customer_told_anew(asked: Asked) -> None:
    db = asked.session.db
    new(asked, "t", what="bulk edit", theme="planning")
    steps(asked, "t")["t"].do(db, {})
    assert only(asked, memory.ProductRequest).told_on == TODAY
    steps(asked, "t")["s"].do(db, {})
    one = only(asked, memory.ProductRequest)
    assert (one.state, one.decided_on, one.told_on) == ("shipped", TODAY, None)
    steps(asked, "t")["t"].do(db, {})
    assert steps(asked, "t") == {}


def test_a_concession_within_the_limit_is_given_and_its_outcome_noted(asked: Asked) -> None:
    db = asked.session.db
    with pytest.raises(UsageError, match="what it costs us"):
        new(asked, "$", reason="overage")
    new(asked, "$", cost="2.4k", reason="overage", kind="refund")
    one = only(asked, memory.Concession)
    assert (one.state, one.cost_minor, one.currency) == ("approved", 240_000, "USD")
    steps(asked, "$")["g"].do(db, {})
    steps(asked, "$")["o"].do(db, {"outcome": "they stayed"})
    assert only(asked, memory.Concession).outcome == "they stayed"
    assert steps(asked, "$") == {}


def test_above_the_limit_somebody_else_approves(asked: Asked) -> None:
    assert "can approve it" in new(asked, "$", cost="400k", reason="to keep them")
    with pytest.raises(WorkbenchError, match="Above the limit"):
        steps(asked, "$")["a"].do(asked.session.db, {})
    steps(asked, "$")["d"].do(asked.session.db, {})
    assert only(asked, memory.Concession).state == "declined"


def test_pains_changes_and_exits(asked: Asked) -> None:
    db = asked.session.db
    new(asked, "h", what="two tools for one tour")
    assert steps(asked, "h")["s"].do(db, {}).startswith("pain point solved")
    new(asked, "i", kind="csm", what="Ana took over", begins="2 jun 2026", announced="1 jun")
    change = only(asked, memory.ImposedChange)
    assert (change.kind, str(change.announced_on)) == ("CSM", "2026-06-01")
    new(asked, "x", reason="People", detail="champion left", said="nobody cares", again="+90")
    left = only(asked, memory.ExitReason)
    assert (left.view, left.reason, left.said) == ("stated", "people", "nobody cares")
    assert (left.win_back_on - TODAY).days == 90
    with pytest.raises(UsageError, match="reason is one of"):
        new(asked, "x", reason="weather")
    undo(db, "ana")
    assert read_kept(db, memory.ExitReason) == []


async def test_e_on_the_page_writes_and_z_takes_back(db: Database) -> None:
    app = PageApp(db)

    async def press(*keys: str) -> None:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        for worker in [one for one in app.workers if one.group in {"set", "writes"}]:
            await worker.wait()
        await pilot.pause()

    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(AccountScreen(app.session, 1))
        await press("e", "t")
        app.screen.query_one("#what", Input).value = HOSTILE
        await press("ctrl+s")
        await press("e", "t")
        assert "1  open: " in picture(app)
        await press("1", "t")
        (one,) = read_kept(db, memory.ProductRequest)
        assert one.told_on == TODAY
        await press("z")
        assert read_kept(db, memory.ProductRequest)[0].told_on is None
