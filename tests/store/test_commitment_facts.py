"""Commitments of customers among the facts that health reads."""

import datetime as dt
from typing import Any

import pytest

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import TODAY, add_contact, add_subscription, insert
from tests.store.test_facts import AFTER, BETWEEN, account, one


@pytest.fixture(scope="module")
def scorecard() -> Scorecard:
    return default_scorecard()


def agreed(db: Database, key: int, name: str, day: str, **fields: Any) -> None:
    row = {
        "commitment_id": name,
        "account_key": key,
        "renewal_end": "2026-12-31",
        "level": "written",
        "signer": "Lena",
        "given_on": day,
        "evidence": "a mail",
        "currency": "USD",
        "author": "ana",
        "made_at": f"{day}T09:00:00Z",
        **fields,
    }
    with write(db) as connection:
        insert(connection, "commitment", row)


def test_a_commitment_holds_from_its_day_until_it_is_taken_back(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    with write(db) as connection:
        add_subscription(connection, key, end_date="2026-12-31")
    agreed(db, key, "c1", "2026-11-10", renewal_end="2027-12-31")
    assert not one(db, TODAY, scorecard).is_committed  # of another renewal
    agreed(db, key, "c2", "2026-11-10")
    assert one(db, BETWEEN, scorecard).is_committed
    assert not one(db, BETWEEN - dt.timedelta(1), scorecard).is_committed
    agreed(db, key, "c3", "2026-11-20", level="withdrawn")
    assert one(db, dt.date(2026, 11, 19), scorecard).is_committed
    assert not one(db, TODAY, scorecard).is_committed


def test_a_commitment_is_void_once_its_signer_left_as_that_was_known(
    db: Database, scorecard: Scorecard
) -> None:
    key = account(db)
    with write(db) as connection:
        add_subscription(connection, key, end_date="2026-12-31")
        add_contact(connection, key, contact_id="c1", left_on="2026-11-05")
    agreed(db, key, "m1", "2026-11-01", contact_id="c1")
    assert one(db, dt.date(2026, 11, 4), scorecard).is_committed
    assert not one(db, BETWEEN, scorecard).is_committed
    with write(db) as connection:
        record_change_set(
            connection,
            actor="ana",
            cause="person",
            summary="left",
            known_at=AFTER,
            changes=[Change("contact", "c1", "left_on", None, "2026-11-05")],
        )
    assert one(db, BETWEEN, scorecard).is_committed  # nobody knew it yet
    assert not one(db, TODAY, scorecard).is_committed
