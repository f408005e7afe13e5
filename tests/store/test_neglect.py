import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.store.neglect import neglected_of
from cs_workbench.store.sqlite import Connection
from tests.factories import TODAY, add_account, insert, portfolio

FILLERS = 4  # of five accounts, one is the first fifth


def day(before: int) -> str:
    return (TODAY - dt.timedelta(before)).isoformat()


def spoke(connection: Connection, key: int, before: int, **fields: Any) -> None:
    row = {"touchpoint_id": f"t{key}-{before}", "account_key": key, "channel": "call",
           "direction": "outbound", "occurred_at": f"{day(before)}T23:30:00Z"}  # fmt: skip
    insert(connection, "touchpoint", {**row, **fields})


def play(connection: Connection, key: int, state: str, **fields: Any) -> None:
    connection.execute("INSERT INTO playbook_text VALUES ('h', 'risk', 1, 'Risk', 'text')")
    row = {"play_id": f"p{key}", "account_key": key, "playbook_id": "risk", "version": 1,
           "playbook_hash": "h", "state": state}  # fmt: skip
    insert(connection, "play", {**row, **fields})


def is_neglected(place: Path, tell: Any = None, *, loss: int = 100, **fields: Any) -> bool:
    """Whether an account with the largest loss of five is, after `tell` told something of it."""
    with portfolio(place.parent, place.name) as db:
        connection = db.connection
        key = add_account(connection, **fields)
        others = [add_account(connection, f"other{place}") for place in range(FILLERS)]
        if tell is not None:
            tell(connection, key)
        losses = [(key, loss), *((other, 50) for other in others)]
        return key in neglected_of(connection, losses, TODAY)


@pytest.mark.parametrize(
    ("before", "fields", "expected"),
    [
        (45, {}, True),
        (44, {}, False),  # forty-four days are not long
        (0, {}, False),
        (-3, {}, True),  # what is yet to come has not been said
        (10, {"channel": "email"}, True),  # ours, and nobody answered
        (10, {"channel": "email", "direction": "inbound"}, False),
    ],
)
def test_silence_is_forty_five_days_without_the_customer(
    tmp_path: Path, before: int, fields: dict[str, str], expected: bool
) -> None:
    found = is_neglected(tmp_path / "a.db", lambda db, key: spoke(db, key, before, **fields))
    assert found is expected


def test_who_was_never_spoken_with_is_but_not_a_new_customer(tmp_path: Path) -> None:
    assert is_neglected(tmp_path / "a.db", started_on=day(45))
    assert not is_neglected(tmp_path / "b.db", started_on=day(44))
    assert is_neglected(tmp_path / "c.db", started_on=None)


@pytest.mark.parametrize(
    ("state", "fields", "expected"),
    [
        ("active", {"started_on": day(3)}, False),
        ("active", {"started_on": day(-1)}, True),
        ("suggested", {}, True),
        ("completed", {"started_on": day(30), "ended_on": day(2)}, True),
        ("completed", {"started_on": day(30), "ended_on": day(-2)}, False),
    ],
)
def test_a_running_play_looks_after_it(
    tmp_path: Path, state: str, fields: dict[str, str], expected: bool
) -> None:
    found = is_neglected(tmp_path / "a.db", lambda db, key: play(db, key, state, **fields))
    assert found is expected


def test_only_the_fifth_with_most_at_risk(tmp_path: Path) -> None:
    assert not is_neglected(tmp_path / "a.db", loss=49)
    assert not is_neglected(tmp_path / "b.db", loss=0)
    with portfolio(tmp_path) as db:
        keys = [add_account(db.connection, f"a{place}") for place in range(11)]
        losses = [(key, place) for place, key in enumerate(keys)]  # the first may lose nothing
        assert neglected_of(db.connection, losses, TODAY) == set(keys[-2:])
        assert neglected_of(db.connection, [], TODAY) == set()
