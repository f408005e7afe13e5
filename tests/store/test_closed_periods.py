import datetime as dt

import pytest

from cs_workbench.store.closed_periods import (
    ClosedPeriod,
    close_period,
    closed_period,
    closed_periods,
    closing_positions,
)
from cs_workbench.store.database import Database, write
from cs_workbench.store.sqlite import sqlite3
from tests.factories import add_account

DAYS = dt.date(2026, 7, 1), dt.date(2026, 9, 30)


def closed(name: str = "2026-Q3") -> ClosedPeriod:
    return ClosedPeriod(name, *DAYS, dt.date(2026, 10, 5), "", "ana", "abc", {"metrics": []})


def test_a_snapshot_comes_back_as_it_went_in(db: Database) -> None:
    with write(db) as c:
        key = add_account(c, "acme")
        close_period(c, closed(), policy="# text", positions=[(key, "USD", 5), (key, "EUR", 7)])
    found = closed_period(db.connection, *DAYS)
    assert found is not None
    assert (found.name, found.actor, found.document) == ("2026-Q3", "ana", {"metrics": []})
    assert closed_periods(db.connection) == [found]
    assert closing_positions(db.connection, DAYS[1], dt.date(2026, 10, 5)) == {
        key: {"USD": 5, "EUR": 7}
    }
    assert closing_positions(db.connection, DAYS[1], dt.date(2026, 10, 4)) is None
    assert closing_positions(db.connection, DAYS[0], dt.date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE closed_period SET document = '{}'",
        "DELETE FROM closed_position",
        "UPDATE closed_position SET arr_minor = 1",
    ],
)
def test_nothing_of_it_can_be_altered(db: Database, statement: str) -> None:
    with write(db) as c:
        close_period(c, closed(), policy="", positions=[(add_account(c, "acme"), "USD", 5)])
    with pytest.raises(sqlite3.IntegrityError, match="never restated"), write(db) as c:
        c.execute(statement)
