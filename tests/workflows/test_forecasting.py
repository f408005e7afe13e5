import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.play_facts import known_facts
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.store.undo import undo
from cs_workbench.workflows.forecasting import (
    Speaker,
    close_renewal,
    find_renewal,
    new_commitment,
    new_forecast,
    new_notice,
    new_outcome,
    record_commitment,
    record_forecast,
    record_notice,
    risk_to_suppose,
)
from cs_workbench.workflows.scoring import refresh
from tests.factories import TODAY, add_account, add_signal, add_usage
from tests.workflows.renewal_books import ANA, END, POLICY, entry_of, kestrel

D = dt.date


def forecast(db: Database, key: int, category: str = "commit", **fields: object) -> str:
    one = new_forecast(ANA, entry_of(db, key), category=category, amount_minor=1_000, **fields)
    return record_forecast(db, ANA, one, policy=POLICY)


def commit(db: Database, key: int, **fields: object) -> str:
    given = {"signer": "brandt", "evidence": "mail of 3 Nov", **fields}
    one = new_commitment(db, ANA, entry_of(db, key), policy=POLICY, **given)
    return record_commitment(db, ANA, one, policy=POLICY)


def notify(db: Database, key: int, **fields: object) -> str:
    one = new_notice(ANA, entry_of(db, key), **{"given_by": "T. Brandt", **fields})
    return record_notice(db, ANA, one, policy=POLICY)


def close(db: Database, key: int, **fields: object) -> str:
    one = new_outcome(ANA, entry_of(db, key), **fields)
    return close_renewal(db, ANA, one, policy=POLICY)


def test_forecasts_are_kept_with_all_before_them_and_undone_one_by_one(db: Database) -> None:
    key = kestrel(db)
    assert forecast(db, key) == "forecast: commit 10 · Kestrel"
    given = {"risk": "budget", "narrative": "They cut.", "probability_e4": 4_000}
    assert forecast(db, key, "at risk", **given) == "forecast: at risk 10 40 % · Kestrel"
    history = forecast_history(db, key, END, TODAY)
    assert [one.category for one in history] == ["commit", "at risk"]
    assert entry_of(db, key).standing.probability_e4 == 4_000
    undo(db, "ana", today=TODAY)
    assert entry_of(db, key).standing.category == "commit"
    assert forecast_history(db, key, END, TODAY - dt.timedelta(1)) == []


def test_what_was_said_cannot_be_altered(db: Database) -> None:
    key = kestrel(db)
    forecast(db, key)
    commit(db, key)
    close(db, key, ending="won")
    for table, column in (
        ("forecast", "amount_minor"),
        ("commitment", "level"),
        ("renewal_outcome", "renewed_minor"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never altered"), write(db) as connection:
            connection.execute(f"UPDATE {table} SET {column} = 7")


def test_what_was_said_cannot_be_deleted_but_is_undone(db: Database) -> None:
    key = kestrel(db)
    forecast(db, key)
    commit(db, key)
    notify(db, key)
    close(db, key, ending="won")
    tables = ("renewal_outcome", "notice", "commitment", "forecast")
    for table in tables:
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"), write(db) as connection:
            connection.execute(f"DELETE FROM {table}")
        assert db.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1, table
    for table in tables:
        undo(db, "ana", today=TODAY)
        assert db.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table


def test_the_policy_is_asked_for_every_forecast(db: Database) -> None:
    key = kestrel(db)
    with pytest.raises(UsageError, match="name the one fact"):
        forecast(db, key, "likely")
    with pytest.raises(UsageError, match="the one risk"):
        forecast(db, key, "at risk")
    assert forecast_history(db, key, END, TODAY) == []


def test_a_commitment_comes_from_a_contact_who_may_and_is_there(db: Database) -> None:
    key = kestrel(db)
    told = commit(db, key, level="written", amount_minor=41_200_000)
    assert told == "commitment: written 412k by Tomasz Brandt · Kestrel"
    given = entry_of(db, key).said.commitment
    assert given is not None
    assert (given.signer, given.contact_id, given.level) == ("Tomasz Brandt", "c2", "written")
    for signer, why in (("nobody", "Contacts: Tomasz Brandt, Lena Voss"), ("uwe", "is a user")):
        with pytest.raises(UsageError, match=why):
            commit(db, key, signer=signer)
    with pytest.raises(UsageError, match="what shows it"):
        commit(db, key, evidence=" ")


def test_a_commitment_is_void_from_the_day_its_signer_leaves(db: Database) -> None:
    key = kestrel(db)
    commit(db, key, signer="lena")
    later = TODAY + dt.timedelta(2)
    with write(db) as connection:
        change = Change("contact", "c1", "left_on", new=later.isoformat())
        apply_changes(connection, actor="ana", summary="left", changes=[change])
    assert entry_of(db, key).said.commitment is not None
    assert entry_of(db, key, later).said.commitment is None
    assert len(commitment_history(db, key, END, later)) == 1
    speaker, entry = replace(ANA, today=later), entry_of(db, key, later)
    one = new_commitment(db, speaker, entry, policy=POLICY, signer="lena", evidence="x")
    with pytest.raises(UsageError, match="would bind nobody"):
        record_commitment(db, speaker, one, policy=POLICY)


def test_notice_of_all_and_of_a_part(db: Database) -> None:
    key = kestrel(db)
    assert notify(db, key, part_minor=11_200_000).startswith("notice of 112k received Mon 23 Nov")
    assert entry_of(db, key).standing.amount_minor == 30_000_000
    notify(db, key)
    assert entry_of(db, key).standing.category == "churn expected"
    for fields, why in (
        ({"part_minor": 41_200_000}, "less than the 412k"),
        ({"received_on": TODAY + dt.timedelta(1)}, "still to come"),
        ({"given_by": " "}, "who gave notice"),
    ):
        with pytest.raises(UsageError, match=why):
            notify(db, key, **fields)


def test_notice_after_its_last_day_is_taken_and_told(db: Database) -> None:
    key = kestrel(db)
    speaker = replace(ANA, today=D(2027, 1, 4))
    one = new_notice(speaker, entry_of(db, key), given_by="x", received_on=D(2027, 1, 2))
    told = record_notice(db, speaker, one, policy=POLICY)
    assert "after the last day for it (Wed 30 Dec 2026)" in told


def test_a_closed_renewal_is_corrected_by_another_row_only(db: Database) -> None:
    key = kestrel(db)
    assert close(db, key, ending="won") == "won 412k (signed) · Kestrel"
    with pytest.raises(ConflictError, match="is not restated"):
        close(db, key, ending="lost", renewed_minor=0)
    with pytest.raises(ConflictError, match="won already"):
        forecast(db, key)
    first = entry_of(db, key).said.outcome
    assert first is not None
    with pytest.raises(UsageError, match="why it is corrected"):
        close(db, key, ending="lost", renewed_minor=0, corrects=first.outcome_id)
    told = close(
        db, key, ending="lost", renewed_minor=0, corrects=first.outcome_id, reason="not signed"
    )
    assert told == "corrected: lost (corrected) · Kestrel"
    assert entry_of(db, key).standing.state == "lost"
    assert db.connection.execute("SELECT count(*) FROM renewal_outcome").fetchone()[0] == 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ending": "lost", "renewed_minor": 5}, "renews nothing"),
        ({"ending": "won", "closed_on": D(2026, 11, 24)}, "still to come"),
    ],
)
def test_what_cannot_be_an_outcome(db: Database, fields: dict[str, object], why: str) -> None:
    key = kestrel(db)
    with pytest.raises(UsageError, match=why):
        close(db, key, **fields)


def test_the_renewal_that_is_meant(db: Database) -> None:
    key = kestrel(db)
    assert find_renewal(db, key, day=TODAY, policy=POLICY, end=END).filed_as == END
    with pytest.raises(NotFoundError, match=r"Ends: 2027-02-28"):
        find_renewal(db, key, day=TODAY, policy=POLICY, end=D(2027, 1, 1))
    with write(db) as connection:
        bare = add_account(connection, "bare")
    with pytest.raises(NotFoundError, match="no renewal"):
        find_renewal(db, bare, day=TODAY, policy=POLICY)
    gone = new_forecast(ANA, entry_of(db, key))._replace(renewal_end=D(2020, 1, 1))
    with pytest.raises(NotFoundError, match="is gone"):
        record_forecast(db, Speaker("ana", TODAY), gone, policy=POLICY)


def test_a_commitment_that_holds_ends_a_play_that_waits_for_one(db: Database) -> None:
    key = kestrel(db)
    with write(db) as connection:
        connection.execute("UPDATE account_summary SET end_date = ?", (END.isoformat(),))

    def committed(day: dt.date = TODAY) -> object:
        return known_facts(db, key, day)["committed"]

    assert committed() == "no"
    commit(db, key)
    assert committed() == "yes"
    assert committed(TODAY - dt.timedelta(1)) == "no"  # not said yet
    with write(db) as connection:
        connection.execute("UPDATE account_summary SET end_date = '2028-02-28'")
    assert committed() == "no"  # it was about another renewal
    with write(db) as connection:
        connection.execute("UPDATE account_summary SET end_date = ?", (END.isoformat(),))
        connection.execute("UPDATE contact SET left_on = '2026-11-23' WHERE contact_id = 'c2'")
    assert committed() == "no"  # void: its signer has left
    commit(db, key, signer="c1")
    assert committed() == "yes"
    commit(db, key, signer="c1", level="withdrawn")
    assert committed() == "no"
    forecast(db, key)
    assert committed() == "yes"


def test_the_risk_to_suppose_is_that_of_the_signals_then_of_the_score(db: Database) -> None:
    key = kestrel(db)
    assert risk_to_suppose(db, key, TODAY) is None
    with write(db) as connection:
        add_usage(connection, key, TODAY - dt.timedelta(120), [40.0] * 90 + [4.0] * 31)
    refresh(db, as_of=TODAY, actor="ana")
    with write(db) as connection:
        connection.execute("DELETE FROM signal")
    assert risk_to_suppose(db, key, TODAY) == "low adoption"
    with write(db) as connection:
        add_signal(connection, key, kind="champion gone")
    assert risk_to_suppose(db, key, TODAY) == "champion change"
