import datetime as dt
import random
import shutil
from pathlib import Path

import pytest

from cs_workbench.core.facts import AccountFacts
from cs_workbench.shipped import shipped
from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.facts_history import Day, columns_on_days
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_import,
    add_subscription,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
)

SPAN = 150  # days before TODAY on which things happen


def past_days(db: Database, every: int, count: int) -> list[Day]:
    """The days as a backfill plans them, the newest on TODAY."""
    card = default_scorecard()
    found = []
    for back in range(count - 1, -1, -1):
        known = read_known(db.connection, TODAY - dt.timedelta(days=back * every))
        found.append((known, *read_portfolio(db.connection, known, card)))
    return found


def both(db: Database, days: list[Day]) -> list[tuple[list[AccountFacts], list[AccountFacts]]]:
    """Read once for all days, and day by day."""
    every = account_keys(db.connection)
    keys = (every[0], every[-1])
    together = [list(one.facts) for one in columns_on_days(db.connection, days, keys)]
    return [
        (one, facts_between(db.connection, *day, keys))
        for one, day in zip(together, days, strict=True)
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("every", [1, 7, 11])
def test_reading_once_gives_what_reading_every_day_gives(
    db: Database, seed: int, every: int
) -> None:
    invent_portfolio(db, seed, 4)
    pairs = both(db, past_days(db, every, 12))
    assert all(together == daily for together, daily in pairs)
    assert any(facts.usage and facts.tickets for facts in pairs[-1][0])


def test_a_year_of_the_sample_is_read_alike(tmp_path: Path) -> None:
    copy = tmp_path / "sample.db"
    shutil.copyfile(shipped("sample.db"), copy)
    with open_database(copy) as db:
        pairs = both(db, past_days(db, 56, 6))
    assert all(together == daily for together, daily in pairs)
    assert len(pairs[-1][0]) > 100


@pytest.mark.parametrize("stored_last", ["f1", "f2"])
@pytest.mark.parametrize("said_last", ["commit", "at risk"])
def test_of_two_forecasts_at_one_instant_both_ways_take_the_one_said_last(
    db: Database, stored_last: str, said_last: str
) -> None:
    rows = [("f1", "at risk" if said_last == "commit" else "commit"), ("f2", said_last)]
    rows.sort(key=lambda row: row[0] == stored_last)
    with write(db) as connection:
        key = add_account(connection, "acme", started_on="2026-01-01")
        for name, category in rows:
            forecast(connection, key, name, category, "2026-11-01T09:00:00Z")
    pairs = both(db, past_days(db, 7, 5))
    assert all(together == daily for together, daily in pairs)
    assert pairs[-1][0][0].is_committed == (said_last == "commit")


class Chance(random.Random):
    """Chance that knows days."""

    def day(self, first: int = SPAN + 300, last: int = 0) -> str:
        """A day so many days before TODAY, at most and at least."""
        return (TODAY - dt.timedelta(days=self.randint(last, first))).isoformat()

    def maybe(self, value: str) -> str | None:
        """The value or nothing."""
        return self.choice((value, None))


def invent_portfolio(db: Database, seed: int, accounts: int) -> None:
    """Accounts by chance; by every second seed with later changes, by every third corrected."""
    chance = Chance(seed)
    with write(db) as connection:
        for number in range(accounts):
            invent(connection, chance, number)
        if seed % 2:
            change_something(connection, chance)
        if seed % 3 == 2:
            correct_usage(connection, chance)


def invent(connection: Connection, chance: Chance, number: int) -> None:
    """An account with some of everything, of first loads, later loads, and people."""
    origins: list[int | None] = [None]
    for _ in range(2):
        policy = chance.choice(("assumed", "assumed", "recorded"))
        at = f"{chance.day(200)}T09:00:00Z"
        origins.append(add_import(connection, f"s{number}", recorded_at=at, known_policy=policy))
    key = add_account(
        connection,
        f"a{number}",
        started_on=chance.maybe(chance.day(500, 20)),
        lifecycle_stage=chance.choice((None, "churned", "mature")),
        import_id=chance.choice(origins),
    )
    for _ in range(3):
        invent_contract(connection, chance, key, chance.choice(origins))
        invent_events(connection, chance, key, chance.choice(origins))
        invent_events(connection, chance, key, chance.choice(origins))
        at = f"{chance.day(500)}T09:00:00Z"
        forecast(connection, key, f"{chance.random()}", chance.choice(("commit", "at risk")), at)
        agree(connection, chance, key, f"{chance.random()}")
    for metric in ("active_users", "key_actions", "active_users_28d")[: chance.randint(1, 3)]:
        values = (None, 0.0, 0.1, 2.5, 7.0, 12.0) if number % 2 else (0.3, 1.7, 9.0)
        count = chance.randint(30, SPAN + 250)
        begin = TODAY - dt.timedelta(days=count + chance.choice((0, 0, 20)))
        add_usage(connection, key, begin, [chance.choice(values) for _ in range(count)], metric)


def invent_contract(
    connection: Connection, chance: Chance, key: int, import_id: int | None
) -> None:
    start = dt.date.fromisoformat(chance.day(600, 10))
    gone = start + dt.timedelta(days=chance.randint(10, 500))
    add_subscription(
        connection,
        key,
        start_date=start.isoformat(),
        end_date=chance.maybe((start + dt.timedelta(days=364)).isoformat()),
        cancelled_on=chance.maybe(gone.isoformat()),
        import_id=import_id,
    )


def invent_events(connection: Connection, chance: Chance, key: int, import_id: int | None) -> None:
    opened = dt.date.fromisoformat(chance.day(SPAN + 400))
    closed = opened + dt.timedelta(days=chance.randint(0, 450))
    add_ticket(
        connection,
        key,
        opened_at=f"{opened}T09:00:00Z",
        closed_at=chance.maybe(f"{closed}T23:59:59Z"),
        csat=chance.choice((None, 1, 5)),
        import_id=import_id,
    )
    add_survey(connection, key, answered_on=chance.day(SPAN + 400), import_id=import_id)
    at, way = f"{chance.day()}T09:00:00Z", chance.choice(("inbound", "outbound"))
    add_touchpoint(connection, key, occurred_at=at, direction=way, import_id=import_id)
    add_contact(
        connection, key, role="champion", left_on=chance.maybe(chance.day()), import_id=import_id
    )


def forecast(connection: Connection, key: int, name: str, category: str, at: str) -> None:
    row = {"forecast_id": name, "account_key": key, "category": category, "currency": "USD"}
    insert(connection, "forecast", {**row, "author": "ana", "made_at": at})


def agree(connection: Connection, chance: Chance, key: int, name: str) -> None:
    """A commitment, or that one is taken back, on a term of the account."""
    ends = [row[0] for row in connection.execute(_ENDS, (key,))]
    signers = connection.execute("SELECT contact_id FROM contact WHERE account_key = ?", (key,))
    row = {
        "commitment_id": name,
        "account_key": key,
        "renewal_end": chance.choice(ends or ["2026-12-31"]),
        "level": chance.choice(("verbal", "signed", "withdrawn")),
        "signer": "Lena",
        "contact_id": chance.choice([None, *(one[0] for one in signers)]),
        "given_on": "2026-01-01",
        "evidence": "a mail",
        "currency": "USD",
        "author": "ana",
        "made_at": f"{chance.day(SPAN)}T09:00:00Z",
    }
    insert(connection, "commitment", row)


_ENDS = "SELECT end_date FROM subscription WHERE account_key = ? AND end_date IS NOT NULL"


def change_something(connection: Connection, chance: Chance) -> None:
    """Fields that were something else before."""
    fields = {
        "subscription": ("cancelled_on", "2026-12-01"),
        "ticket": ("closed_at", "2026-09-01T09:00:00Z"),
        "account": ("segment", "smb"),
    }
    ids = {"subscription": "subscription_id", "ticket": "ticket_id", "account": "account_key"}
    for entity, (field, old) in fields.items():
        for (entity_id,) in connection.execute(f"SELECT {ids[entity]} FROM {entity}").fetchall():
            known_at = (TODAY - dt.timedelta(days=chance.randint(0, 90))).isoformat()
            record_change_set(
                connection,
                actor="ana",
                cause="person",
                summary=field,
                known_at=f"{known_at}T09:00:00Z",
                changes=[Change(entity, str(entity_id), field, chance.choice((None, old)), "x")],
            )


def correct_usage(connection: Connection, chance: Chance) -> None:
    made = add_import(connection, "usage", recorded_at="2026-10-15T09:00:00Z")
    for key, week in connection.execute("SELECT account_key, week FROM usage_week").fetchall()[::9]:
        day = dt.date(1970, 1, 5) + dt.timedelta(days=7 * week + chance.randint(0, 6))
        row = {"account_key": key, "metric_id": 1, "day": day.isoformat(), "old": 3.0}
        at = {"recorded_at": "2026-10-15T09:00:00Z", "import_id": made}
        insert(connection, "usage_correction", {**row, **at, "new": 4.0})
