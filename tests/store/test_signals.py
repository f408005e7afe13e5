import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.signals.model import Signal
from cs_workbench.core.signals.reconciling import Settlement
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database, write
from cs_workbench.store.signals import (
    BY_ITSELF,
    find_signal,
    list_signals,
    live_signals,
    save_settlement,
)
from cs_workbench.store.sqlite import sqlite3
from tests.factories import TODAY, add_account, add_summary

SILENCE = Signal("silence", "contact", "low", "quiet for 50 days", "they answer")
OVERAGE = Signal("overage", "seats", "medium", "59 on 50", "seats", is_opportunity=True)
TOMORROW = TODAY + dt.timedelta(days=1)
EVERY_KEY = (0, 2**60)


def opened(db: Database, *signals: Signal, name: str = "acme", day: dt.date = TODAY) -> int:
    with write(db) as connection:
        row = connection.execute("SELECT account_key FROM account WHERE account_id = ?", (name,))
        known = row.fetchone()
        key = int(known[0]) if known else add_account(connection, name)
        save_settlement(connection, Settlement(opened=[(key, one) for one in signals]), day)
    return key


def settle(db: Database, settlement: Settlement, day: dt.date = TODAY) -> None:
    with write(db) as connection:
        save_settlement(connection, settlement, day)


def resolved_by_hand(db: Database, signal_id: str) -> None:
    with write(db) as connection:
        connection.execute(
            "UPDATE signal SET resolved_on = ?, resolution = 'called', resolved_by = 'ana' "
            "WHERE signal_id = ?",
            (TODAY.isoformat(), signal_id),
        )


def test_a_signal_is_listed_as_it_was_found(db: Database) -> None:
    opened(db, OVERAGE)
    (line,) = list_signals(db, today=TODAY)
    kept = (line.kind, line.reason, line.severity, line.evidence, line.resolves_when)
    assert kept == ("overage", "seats", "medium", "59 on 50", "seats")
    assert line.is_opportunity
    assert (line.opened_on, line.last_seen_on, line.account_id) == (TODAY, TODAY, "acme")


def test_the_same_signal_cannot_be_open_twice(db: Database) -> None:
    key = opened(db, SILENCE)
    opened(db, SILENCE, day=TOMORROW)
    assert [line.opened_on for line in list_signals(db, today=TODAY)] == [TODAY]
    with pytest.raises(sqlite3.IntegrityError), write(db) as connection:
        connection.execute(
            "INSERT INTO signal (signal_id, account_key, kind, reason, severity, evidence, "
            "resolves_when, opened_on, last_seen_on) SELECT 'x', ?, kind, reason, severity, "
            "evidence, resolves_when, opened_on, last_seen_on FROM signal",
            (key,),
        )


def test_ids_are_the_same_in_every_build_and_differ_by_day(db: Database) -> None:
    opened(db, SILENCE)
    (first,) = list_signals(db, today=TODAY)
    settle(db, Settlement(ended=[first.signal_id]), TOMORROW)
    opened(db, SILENCE, day=TOMORROW + dt.timedelta(days=1))
    (second,) = list_signals(db, today=TOMORROW)
    assert first.signal_id != second.signal_id
    assert first.signal_id[14] == "7"


def test_seen_again_it_has_new_words_and_keeps_its_first_day(db: Database) -> None:
    opened(db, SILENCE)
    (line,) = list_signals(db, today=TODAY)
    louder = replace(SILENCE, evidence="quiet for 51 days", severity="medium")
    settle(db, Settlement(seen=[(line.signal_id, louder)]), TOMORROW)
    (after,) = list_signals(db, today=TOMORROW)
    assert (after.evidence, after.severity) == ("quiet for 51 days", "medium")
    assert (after.opened_on, after.last_seen_on) == (TODAY, TOMORROW)


def test_what_ends_is_resolved_by_itself_and_out_of_sight(db: Database) -> None:
    opened(db, SILENCE)
    (line,) = list_signals(db, today=TODAY)
    settle(db, Settlement(ended=[line.signal_id]), TOMORROW)
    assert list_signals(db, today=TOMORROW) == []
    (gone,) = list_signals(db, today=TOMORROW, everything=True)
    assert (gone.resolved_on, gone.resolution, gone.resolved_by) == (TOMORROW, BY_ITSELF, None)
    assert live_signals(db.connection, TOMORROW + dt.timedelta(days=1), EVERY_KEY) == {}


def test_what_is_back_on_the_same_day_is_the_same_signal(db: Database) -> None:
    opened(db, SILENCE)
    (line,) = list_signals(db, today=TODAY)
    settle(db, Settlement(ended=[line.signal_id]), TOMORROW)
    settle(db, Settlement(returned=[line.signal_id]), TOMORROW)
    (back,) = list_signals(db, today=TOMORROW)
    assert (back.signal_id, back.opened_on, back.resolution) == (line.signal_id, TODAY, None)


def test_a_persons_words_are_kept_when_the_cause_ends(db: Database) -> None:
    key = opened(db, SILENCE)
    (line,) = list_signals(db, today=TODAY)
    resolved_by_hand(db, line.signal_id)
    settle(db, Settlement(seen=[(line.signal_id, replace(SILENCE, evidence="new"))]), TOMORROW)
    settle(db, Settlement(ended=[line.signal_id]), TOMORROW)
    (gone,) = list_signals(db, today=TOMORROW, everything=True)
    assert (gone.resolved_on, gone.resolution, gone.evidence) == (
        TODAY,
        "called",
        "quiet for 50 days",
    )
    settle(db, Settlement(returned=[line.signal_id]), TOMORROW)
    (stored,) = live_signals(db.connection, TOMORROW, EVERY_KEY)[key]
    assert (stored.resolved_on, stored.ended_on) == (TODAY, None)


def test_a_snoozed_one_is_silent_until_its_day(db: Database) -> None:
    opened(db, SILENCE)
    with write(db) as connection:
        connection.execute("UPDATE signal SET snoozed_until = ?", (TOMORROW.isoformat(),))
    assert list_signals(db, today=TODAY) == []
    assert len(list_signals(db, today=TODAY, everything=True)) == 1
    assert len(list_signals(db, today=TOMORROW)) == 1


def test_the_most_severe_and_the_largest_come_first(db: Database) -> None:
    small = opened(db, SILENCE, replace(SILENCE, kind="fast fall", severity="high"))
    large = opened(db, SILENCE, OVERAGE, name="large")
    with write(db) as connection:
        add_summary(connection, small, arr_minor=1)
        add_summary(connection, large, arr_minor=2)
    lines = list_signals(db, today=TODAY)
    assert [(line.kind, line.account_id) for line in lines] == [
        ("fast fall", "acme"),
        ("overage", "large"),
        ("silence", "large"),
        ("silence", "acme"),
    ]


def test_a_list_can_be_of_one_account_or_kind(db: Database) -> None:
    opened(db, SILENCE)
    key = opened(db, SILENCE, OVERAGE, name="large")
    assert {line.kind for line in list_signals(db, today=TODAY, account_key=key)} == {
        "silence",
        "overage",
    }
    assert len(list_signals(db, today=TODAY, kind="silence")) == 2


def test_a_part_of_an_id_finds_it_if_only_one_has_it(db: Database) -> None:
    opened(db, SILENCE, OVERAGE)
    one, other = list_signals(db, today=TODAY)
    assert find_signal(db, one.signal_id) == one
    assert find_signal(db, other.signal_id[-8:].upper()) == other
    for text in ("", "zzzz", one.signal_id[:3]):
        with pytest.raises(NotFoundError, match="There is no signal"):
            find_signal(db, text)
    with pytest.raises(NotFoundError, match="Several signals"):
        find_signal(db, one.signal_id[:8])


def test_signals_of_a_range_of_accounts_are_read(db: Database) -> None:
    first = opened(db, SILENCE)
    second = opened(db, OVERAGE, name="large")
    assert set(live_signals(db.connection, TODAY, (first, first))) == {first}
    (stored,) = live_signals(db.connection, TODAY, (first, second))[second]
    assert stored.signal == OVERAGE
    assert stored.last_seen_on == TODAY
