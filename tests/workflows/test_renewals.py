import datetime as dt

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.forecasting import new_forecast, record_forecast
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import TODAY, add_account, add_forecast, add_import, add_subscription, insert
from tests.workflows.renewal_books import ANA, END, POLICY, TERM, entry_of, kestrel

D = dt.date


def settle(db: Database, day: dt.date = TODAY, policy: ForecastPolicy = POLICY) -> dict[str, int]:
    return settle_renewals(db, today=day, policy=policy).closed


def outcomes(db: Database) -> list[tuple[object, ...]]:
    rows = db.connection.execute(
        "SELECT renewal_end, ending, how, closed_on, due_minor, renewed_minor, author "
        "FROM renewal_outcome ORDER BY made_at, renewal_end"
    )
    return [tuple(row) for row in rows]


def rows(db: Database) -> list[tuple[object, ...]]:
    found = db.connection.execute(
        "SELECT end_date, filed_as, known_from, known_to, renewed_minor FROM renewal "
        "ORDER BY end_date, known_from"
    )
    return [tuple(row) for row in found]


def test_settling_again_changes_nothing(db: Database) -> None:
    kestrel(db)
    before = rows(db), outcomes(db)
    assert settle_renewals(db, today=TODAY, policy=POLICY).accounts == 0
    assert (rows(db), outcomes(db)) == before
    assert len(before[0]) == 1


def test_a_notice_date_that_passes_in_silence_closes_it_the_next_day_and_for_good(
    db: Database,
) -> None:
    key = kestrel(db)
    assert settle(db, D(2026, 12, 30)) == {}
    assert settle(db, D(2026, 12, 31)) == {"renewed by silence": 1}
    silent = ("2027-02-28", "won", "renewed by silence", "2026-12-31", 41_200_000, 41_200_000)
    assert outcomes(db) == [(*silent, "nightly job")]
    with write(db) as connection:  # whatever comes later, the outcome is not restated
        changes = [Change("subscription", f"sub-{key}-0", "cancelled_on", new="2027-03-01")]
        apply_changes(connection, actor="ana", summary="s", changes=changes)
    assert settle(db, D(2027, 6, 1)) == {}
    assert outcomes(db) == [(*silent, "nightly job")]
    assert entry_of(db, key, D(2027, 1, 5)).standing.state == "won"


def test_what_follows_what_is_cancelled_and_what_lapses(db: Database) -> None:
    with write(db) as connection:
        for name in ("won", "gone", "lapsed", "grace"):
            key = add_account(connection, name)
            end = "2026-11-10" if name == "grace" else "2026-09-30"
            cancelled = "2026-10-01" if name == "gone" else None
            term = {"start_date": "2025-10-01", "end_date": end, "auto_renew": 0}
            add_subscription(connection, key, **term, cancelled_on=cancelled)
            if name == "won":
                add_subscription(
                    connection,
                    key,
                    start_date="2026-10-01",
                    end_date="2027-09-30",
                    arr_minor=1_500_000,
                )
    assert settle(db) == {"in the contract": 1, "notice": 1, "lapsed": 1}
    assert outcomes(db) == [
        ("2026-09-30", "won", "in the contract", "2026-10-01", 1_200_000, 1_500_000, "nightly job"),
        ("2026-09-30", "lost", "notice", "2026-10-01", 1_200_000, 0, "nightly job"),
        ("2026-09-30", "lost", "lapsed", "2026-10-31", 1_200_000, 0, "nightly job"),
    ]
    grace = db.connection.execute("SELECT account_key FROM account WHERE name = 'Grace'")
    assert entry_of(db, grace.fetchone()[0]).standing.state == "in grace"


def test_a_first_load_is_known_at_its_own_dates_and_later_ones_at_the_import(db: Database) -> None:
    with write(db) as connection:
        first = add_import(connection, recorded_at="2026-11-20T02:00:00Z")
        later = add_import(connection, recorded_at="2026-11-22T02:00:00Z", known_policy="recorded")
        key = add_account(connection, "acme", import_id=first)
        add_subscription(connection, key, **TERM, import_id=first)
        add_subscription(
            connection,
            key,
            subscription_id="next",
            start_date="2027-03-01",
            end_date="2028-02-29",
            import_id=later,
        )
    settle(db)
    assert rows(db) == [
        ("2027-02-28", "2027-02-28", "2026-03-01", "2026-11-22", None),
        ("2027-02-28", "2027-02-28", "2026-11-22", None, 1_200_000),
        ("2028-02-29", "2028-02-29", "2026-11-22", None, None),
    ]


def test_a_corrected_end_date_keeps_what_was_said(db: Database) -> None:
    key = kestrel(db)
    record_forecast(
        db,
        ANA,
        new_forecast(ANA, entry_of(db, key), category="commit", amount_minor=1),
        policy=POLICY,
    )
    with write(db) as connection:
        changes = [Change("subscription", f"sub-{key}-0", "end_date", new="2027-03-31")]
        apply_changes(connection, actor="ana", summary="s", changes=changes)
    settle(db, D(2026, 12, 1))
    entry = entry_of(db, key, D(2026, 12, 1))
    assert (entry.renewal.end_date, entry.filed_as) == (D(2027, 3, 31), END)
    assert entry.said.forecast is not None


def test_an_imported_forecast_is_filed_under_the_renewal_it_closes_on_or_the_next(
    db: Database,
) -> None:
    with write(db) as connection:
        key = add_account(connection, "acme")
        add_subscription(connection, key, start_date="2025-03-01", end_date="2026-02-28")
        add_subscription(connection, key, **TERM, subscription_id="s2")
        given = (("2026-01-01", None), ("2026-11-01", None), ("2026-11-01", "2026-02-10"))
        for made, closes in given:
            add_forecast(
                connection, key, renewal_end=None, closes_on=closes, made_at=f"{made}T09:00:00Z"
            )
    settle(db)
    found = db.connection.execute("SELECT renewal_end FROM forecast ORDER BY forecast_id")
    assert [row[0] for row in found] == ["2026-02-28", "2027-02-28", "2026-02-28"]


def test_another_policy_derives_all_anew(db: Database) -> None:
    key = kestrel(db, auto_renew=0)
    assert entry_of(db, key).renewal.deadline == D(2027, 1, 14)
    longer = ForecastPolicy(renewal=RenewalPolicy(procurement_days={"enterprise": 60}))
    settle(db, policy=longer)
    assert entry_of(db, key).renewal.deadline == D(2026, 12, 30)


def test_what_changes_meanwhile_is_derived_and_nothing_else(db: Database) -> None:
    kestrel(db)
    with write(db) as connection:
        load = add_import(connection)
        key = add_account(connection, "new")
        add_subscription(connection, key, **TERM, import_id=load)
    assert settle_renewals(db, today=TODAY, policy=POLICY).accounts == 1
    with write(db) as connection:
        change = Change("account", str(key), "segment", new="smb")
        apply_changes(connection, actor="ana", summary="s", changes=[change])
    assert settle_renewals(db, today=TODAY, policy=POLICY).accounts == 1


def test_contracts_without_an_end_turn_with_the_year(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "acme")
        rolling = {"start_date": "2025-12-01", "end_date": None, "auto_renew": 0}
        add_subscription(connection, key, **rolling)
    settle(db)
    assert [row[0] for row in rows(db)] == ["2026-11-30"]
    settle(db, D(2026, 12, 1))
    assert [(row[0], row[3]) for row in rows(db)] == [
        ("2026-11-30", "2026-12-01"),
        ("2026-11-30", None),
        ("2027-11-30", None),
    ]


def test_a_merged_account_has_no_renewals_and_its_history_moves(db: Database) -> None:
    from cs_workbench.store.account_merge import merge_accounts

    kestrel(db)
    with write(db) as connection:
        key = add_account(connection, "twin")
        add_subscription(connection, key, **TERM)
        notice = {"notice_id": "n", "account_key": key, "renewal_end": "2027-02-28"}
        said = {"received_on": "2026-11-01", "given_by": "x", "scope": "all", "currency": "USD"}
        made = {"author": "a", "made_at": "2026-11-01T09:00:00Z"}
        insert(connection, "notice", {**notice, **said, **made})
    settle(db)
    merge_accounts(db, "twin", "kestrel", actor="ana")
    settle(db)
    kept = db.connection.execute(
        "SELECT DISTINCT account_key, due_minor FROM renewal WHERE known_to IS NULL"
    ).fetchall()
    assert [tuple(row) for row in kept] == [(1, 82_400_000)]
    assert entry_of(db, 1).said.notice is not None
