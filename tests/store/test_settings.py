import datetime as dt

from cs_workbench.store.database import Database, write
from cs_workbench.store.settings import sample_today, set_setting, setting


def test_a_setting_is_none_until_set_and_then_the_last_value(db: Database) -> None:
    assert setting(db, "colour") is None
    for value in ("blue", "green"):
        with write(db) as connection:
            set_setting(connection, "colour", value)
    assert setting(db, "colour") == "green"


def test_only_a_sample_stands_still(db: Database) -> None:
    assert sample_today(db) is None
    with write(db) as connection:
        set_setting(connection, "sample_today", "2026-11-23")
    assert sample_today(db) == dt.date(2026, 11, 23)
