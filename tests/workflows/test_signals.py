import datetime as dt

import pytest

from cs_workbench.core.ruler import RulerChange
from cs_workbench.core.signals.model import Signal
from cs_workbench.core.signals.reconciling import Settlement
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.ruler import accepted_metrics, save_change, standing_changes
from cs_workbench.store.signals import SignalLine, list_signals, save_settlement
from cs_workbench.store.undo import last_undoable
from cs_workbench.workflows.next_steps import undo_last
from cs_workbench.workflows.signals import accept_change, resolve_signal, snooze_signal
from tests.factories import TODAY, add_account, add_usage

SILENCE = Signal("silence", "contact", "low", "quiet for 50 days", "they answer")
CHANGE = RulerChange("logins", "logins", TODAY, "up", 40, 39, 10.0)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def signal_id(db: Database) -> str:
    with write(db) as connection:
        key = add_account(connection, "acme")
        save_settlement(connection, Settlement(opened=[(key, SILENCE)]), TODAY)
    return kept(db).signal_id


def kept(db: Database) -> SignalLine:
    (line,) = list_signals(db, today=TODAY, everything=True)
    return line


def test_snoozing_is_told_logged_and_undone(db: Database, signal_id: str) -> None:
    told = snooze_signal(db, signal_id[-8:], until=TOMORROW, actor="ana", today=TODAY)
    assert told == "snoozed until Tue 24 Nov 2026: silence · Acme"
    assert kept(db).snoozed_until == TOMORROW
    act = last_undoable(db, "ana")
    assert act is not None
    assert act.summary == told
    undo_last(db, "ana", TODAY)
    assert kept(db).snoozed_until is None


@pytest.mark.parametrize("until", [TODAY, TODAY - dt.timedelta(days=1)])
def test_only_a_day_ahead_can_be_snoozed_to(db: Database, signal_id: str, until: dt.date) -> None:
    with pytest.raises(UsageError, match="is not ahead"):
        snooze_signal(db, signal_id, until=until, actor="ana", today=TODAY)


def test_resolving_keeps_who_when_and_why_and_is_undone(db: Database, signal_id: str) -> None:
    told = resolve_signal(db, signal_id, reason=" called\nthem ", actor="ana", today=TODAY)
    assert told == "resolved: silence · Acme"
    line = kept(db)
    assert (line.resolved_on, line.resolution, line.resolved_by) == (TODAY, "called them", "ana")
    undo_last(db, "ana", TODAY)
    assert (kept(db).resolved_on, kept(db).resolution, kept(db).resolved_by) == (None, None, None)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501])
def test_a_reason_is_one_line_of_sense(db: Database, signal_id: str, reason: str) -> None:
    with pytest.raises(UsageError, match="at most 500"):
        resolve_signal(db, signal_id, reason=reason, actor="ana", today=TODAY)


def test_what_is_over_cannot_be_snoozed_or_resolved_again(db: Database, signal_id: str) -> None:
    resolve_signal(db, signal_id, reason="called", actor="ana", today=TODAY)
    with pytest.raises(ConflictError, match="was over on 2026-11-23: called"):
        resolve_signal(db, signal_id, reason="again", actor="ana", today=TODAY)
    with pytest.raises(ConflictError, match="was over"):
        snooze_signal(db, signal_id, until=TOMORROW, actor="ana", today=TODAY)


def test_a_resolution_whose_cause_ended_cannot_be_undone(db: Database, signal_id: str) -> None:
    resolve_signal(db, signal_id, reason="called", actor="ana", today=TODAY)
    with write(db) as connection:
        save_settlement(connection, Settlement(ended=[signal_id]), TOMORROW)
    with pytest.raises(ConflictError, match="cannot be undone"):
        undo_last(db, "ana", TODAY)
    assert kept(db).resolution == "called"


def test_a_change_that_is_real_is_accepted_and_taken_back(db: Database) -> None:
    with write(db) as connection:
        add_usage(connection, add_account(connection, "acme"), TODAY, [1.0], "logins")
        save_change(connection, 1, CHANGE, TODAY)
    told = accept_change(db, "logins", reason="launch", actor="ana", today=TOMORROW)
    assert told == "accepted: logins changed on 2026-11-23"
    assert standing_changes(db.connection) == []
    assert accepted_metrics(db.connection, TODAY) == {1}
    assert accepted_metrics(db.connection, TOMORROW) == frozenset()
    undo_last(db, "ana", TODAY)
    assert [one.change for one in standing_changes(db.connection)] == [CHANGE]
    with pytest.raises(NotFoundError, match="no alarm about 'clicks'"):
        accept_change(db, "clicks", reason="launch", actor="ana", today=TODAY)


def test_a_signal_that_is_not_there_comes_with_advice(db: Database) -> None:
    with pytest.raises(NotFoundError, match="csw signals"):
        snooze_signal(db, "nothing", until=TOMORROW, actor="ana", today=TODAY)
