"""Detection in the refresh: holidays of peers, own falls, silence, and calibrated thresholds."""

import datetime as dt
from collections.abc import Sequence

from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS
from cs_workbench.store.database import Database, write
from cs_workbench.store.detection_settings import (
    Calibration,
    forget_calibration,
    load_calibration,
    load_thresholds,
    save_calibration,
)
from cs_workbench.store.signals import list_signals
from cs_workbench.workflows.scoring import refresh
from tests.factories import TODAY, add_account, add_usage

DAYS = 26 * 7
FIRST = TODAY - dt.timedelta(days=DAYS - 1)
PATTERN = (40, 42, 39, 41, 38, 6, 4)


def days(*newest: float | None, size: float = 1.0) -> list[float | None]:
    """Half a year of weekdays and weekends; the last weeks times what is given, None for none."""
    weeks = [1.0] * (26 - len(newest)) + [*newest]
    return [
        None if week is None else round(value * size * week) for week in weeks for value in PATTERN
    ]


def book(db: Database, *accounts: tuple[str, Sequence[float | None]], region: str = "EMEA") -> None:
    with write(db) as connection:
        for name, values in accounts:
            key = add_account(connection, name, started_on="2025-01-01", region=region)
            add_usage(connection, key, FIRST, values)


def told(db: Database) -> list[tuple[str, str]]:
    refresh(db, as_of=TODAY, actor="ana")
    found = list_signals(db, today=TODAY)
    return sorted((one.name, one.kind) for one in found if one.kind.startswith("usage"))


def test_a_holiday_of_the_region_raises_nothing_and_an_own_fall_in_it_does(db: Database) -> None:
    book(db, *((f"a{number}", days(0.4, size=number)) for number in range(1, 13)))
    book(db, *((f"b{number}", days(size=number)) for number in range(1, 13)), region="AMER")
    book(db, ("Kestrel", days(0.1)))
    assert told(db) == [("Kestrel", "usage shock")]


def test_the_same_week_without_the_others_is_a_shock(db: Database) -> None:
    book(db, ("a1", days(0.4)), *((f"b{number}", days(size=number)) for number in range(1, 13)))
    assert told(db) == [("A1", "usage shock")]


def test_the_evidence_has_onset_size_peers_and_confidence(db: Database) -> None:
    book(db, ("a1", days(0.6, 0.4, 0.4)), *((f"b{n}", days(size=n)) for n in range(1, 13)))
    told(db)
    (signal,) = list_signals(db, today=TODAY, kind="usage shock")
    assert signal.evidence == (
        "active users fell from 30 to 14 a day (−54%) since the week of 3 Nov 2026; "
        "peers steady; very likely"
    )


def test_who_falls_silent_while_others_send_is_told_after_a_week(db: Database) -> None:
    others = [(f"b{number}", days(size=number)) for number in range(1, 13)]
    book(db, ("quiet", days(None, None)), *others)
    assert told(db) == [("Quiet", "usage silence")]
    (signal,) = list_signals(db, today=TODAY, kind="usage silence")
    assert "since 9 Nov 2026 (14 days)" in signal.evidence


def test_who_comes_on_few_days_and_then_on_none_stopped_unless_all_did(db: Database) -> None:
    few = [float(day % 2) for day in range(DAYS)]
    book(db, ("quiet", few[:-24] + [0.0] * 24), *((f"b{number}", few) for number in range(1, 13)))
    assert told(db) == [("Quiet", "usage silence")]
    (signal,) = list_signals(db, today=TODAY, kind="usage silence")
    assert signal.evidence == (
        "active users stopped: none since 31 Oct 2026, 3.5 a week before; almost certain"
    )


def test_when_nobody_comes_it_is_the_calendar_and_no_silence(db: Database) -> None:
    few = [float(day % 2) for day in range(DAYS - 24)] + [0.0] * 24
    book(db, *((f"b{number}", few) for number in range(1, 13)))
    assert told(db) == []


def test_a_calibration_is_used_by_the_next_refresh(db: Database) -> None:
    book(db, ("a1", days(0.5)), *((f"b{n}", days(size=n)) for n in range(1, 13)))
    strict = Calibration(DEFAULT_THRESHOLDS.times(3), 0.01, "2026-11-23", "ana", "active_users", 9)
    with write(db) as connection:
        save_calibration(connection, strict)
        assert load_calibration(connection) == strict
    assert told(db) == []
    with write(db) as connection:
        forget_calibration(connection)
        assert load_thresholds(connection) == DEFAULT_THRESHOLDS
    assert told(db) == [("A1", "usage shock")]


def test_a_calibration_that_cannot_be_read_is_none(db: Database) -> None:
    with write(db) as connection:
        connection.execute("INSERT INTO setting VALUES ('usage thresholds', '{\"shock\": 1}')")
        assert load_calibration(connection) is None
        assert load_thresholds(connection) == DEFAULT_THRESHOLDS
