import datetime as dt
from dataclasses import replace

from cs_workbench.core.filters import parse_filter
from cs_workbench.core.pipeline_entries import marks_of, ordered
from cs_workbench.core.projections import Range
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.pipeline import (
    Pipeline,
    Window,
    author_records,
    compare,
    fiscal_year,
    own_rates,
    read_pipeline,
    retention_outlook,
)
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import (
    TODAY,
    add_account,
    add_forecast,
    add_import,
    add_promise,
    add_subscription,
    add_summary,
    insert,
)
from tests.workflows.renewal_books import POLICY

D = dt.date
WEEK = dt.timedelta(7)


def add(db: Database, name: str, end: str, arr: int, **account: object) -> int:
    """An account with one contract, without auto-renew and with thirty days of purchasing."""
    with write(db) as connection:
        key = add_account(connection, name, csm="ana", **account)
        add_summary(connection, key, band="yellow")
        begin = (D.fromisoformat(end) - dt.timedelta(364)).isoformat()
        add_subscription(
            connection, key, start_date=begin, end_date=end, arr_minor=arr, auto_renew=0
        )
    return key


def said(db: Database, key: int, category: str, on: str, **fields: object) -> None:
    with write(db) as connection:
        row = db.connection.execute(
            "SELECT max(end_date) FROM subscription WHERE account_key = ?", (key,)
        ).fetchone()
        given = {"renewal_end": row[0], "made_at": f"{on}T09:00:00Z", **fields}
        add_forecast(connection, key, category=category, amount_minor=None, **given)


def pipeline(db: Database, day: dt.date = TODAY, days: int = 120, text: str = "") -> Pipeline:
    settle_renewals(db, today=TODAY, policy=POLICY)
    return read_pipeline(db, Window(day, days, parse_filter(text)), POLICY)


def test_the_window_is_by_deadline_and_the_totals_are_of_one_currency(db: Database) -> None:
    near = add(db, "near", "2027-01-31", 100_000)
    said(db, near, "likely", "2026-11-01")
    add(db, "far", "2027-06-30", 500_000)
    add(db, "bare", "2027-02-28", 200_000)
    found = pipeline(db)
    assert [one.account.name for one in found.entries] == ["Near", "Bare"]
    assert found.entries[0].days(TODAY) == (D(2027, 1, 1) - TODAY).days
    assert found.totals.due_minor == 300_000
    assert found.totals.weighted_minor == 75_000 + 90_000
    assert len(pipeline(db, days=30).entries) == 0


def test_what_was_known_on_a_past_day_is_what_is_shown_as_of_it(db: Database) -> None:
    key = add(db, "acme", "2027-01-31", 100_000)
    said(db, key, "likely", "2026-11-01")
    said(db, key, "commit", "2026-11-20", author="jon")
    now = pipeline(db)
    then = read_pipeline(db, Window(TODAY - WEEK), POLICY)
    assert [one.entries[0].standing.category for one in (then, now)] == ["likely", "commit"]
    with write(db) as connection:  # what comes later changes nothing that was known before
        later = add_import(connection, recorded_at="2026-11-23T02:00:00Z", known_policy="recorded")
        add_subscription(
            connection,
            key,
            start_date="2027-02-01",
            end_date="2028-01-31",
            import_id=later,
        )
    assert pipeline(db).entries[0].standing.state == "won"
    again = read_pipeline(db, Window(TODAY - WEEK), POLICY)
    assert again.entries == then.entries


def test_the_difference_names_every_movement_and_adds_up(db: Database) -> None:
    moved = add(db, "moved", "2027-01-31", 100_000)
    said(db, moved, "likely", "2026-11-01")
    said(db, moved, "at risk", "2026-11-20")
    add(db, "entered", (TODAY + dt.timedelta(150)).isoformat(), 40_000)
    left = add(db, "left", (TODAY - dt.timedelta(32)).isoformat(), 70_000)
    said(db, left, "likely", "2026-10-01")
    after = pipeline(db)
    found = compare(db, Window(TODAY), TODAY - WEEK, POLICY, now=after)
    names = {one.account.account_key: one.account.name for one in found.after.entries}
    kinds = {names.get(one.account_key, "Left"): one.kind for one in found.moves}
    assert kinds == {"Moved": "re-forecast", "Entered": "entered", "Left": "left"}
    weighted = (found.before.totals.weighted_e4 or 0) + (-30_000 + 18_000 - 52_500) * 10_000
    assert after.totals.weighted_e4 == weighted
    assert found.delta_e4 == (-30_000 + 18_000 - 52_500) * 10_000


def test_the_earlier_side_of_a_difference_is_what_a_whole_reading_gives(db: Database) -> None:
    same, told = add(db, "same", "2027-01-31", 100_000), add(db, "told", "2027-01-31", 200_000)
    said(db, same, "likely", "2026-11-01")
    said(db, told, "likely", "2026-11-01", forecast_id="old")
    said(db, told, "commit", "2026-11-20", forecast_id="new")
    late = add(db, "late", "2027-02-10", 300_000)
    add(db, "gone", (TODAY - dt.timedelta(32)).isoformat(), 70_000)
    fixed = add(db, "fixed", "2027-02-20", 400_000)
    with write(db) as connection:
        notice = {
            "notice_id": "n1",
            "account_key": late,
            "renewal_end": "2027-02-10",
            "received_on": "2026-11-21",
            "given_by": "Tomasz",
            "scope": "all",
            "currency": "USD",
            "author": "ana",
            "made_at": "2026-11-21T09:00:00Z",
        }
        insert(connection, "notice", notice)
        later = add_import(connection, recorded_at="2026-11-23T02:00:00Z", known_policy="recorded")
        term = {"start_date": "2027-02-21", "end_date": "2028-02-20", "import_id": later}
        add_subscription(connection, fixed, **term)  # signed since then
    for text in ("", "told arr>0"):
        after = pipeline(db, text=text)
        found = compare(db, after.window, TODAY - WEEK, POLICY, now=after)
        whole = read_pipeline(db, replace(after.window, day=TODAY - WEEK), POLICY)
        parts = [
            {(one.key, one.renewal, one.said, one.standing) for one in side.entries}
            for side in (found.before, whole)
        ]
        assert parts[0] == parts[1]
        assert found.before.totals == whole.totals
        assert len(whole.entries) == (1 if text else 5)


def test_a_filter_narrows_the_list_and_its_totals(db: Database) -> None:
    add(db, "one", "2027-01-31", 100_000, segment="smb")
    add(db, "two", "2027-01-31", 200_000, segment="enterprise")
    assert [one.account.name for one in pipeline(db, text="segment:smb").entries] == ["One"]
    assert pipeline(db, text="arr>1").totals.due_minor == 300_000
    assert pipeline(db, text="two one").totals.due_minor == 0


def test_late_ones_come_first_and_what_they_need_is_said(db: Database) -> None:
    late = add(db, "late", "2027-01-05", 100_000)
    said(db, late, "likely", "2026-11-01")
    add(db, "later", "2027-03-01", 100_000)
    with write(db) as connection:
        add_promise(connection, late)
    found = pipeline(db)
    first, second = ordered(found.entries, TODAY, "clock")
    marks = marks_of(first, TODAY, POLICY)
    assert (first.account.name, marks.section, marks.overdue) == ("Late", "late", True)
    assert (marks.stale, first.account.promises_late) == (True, 1)
    assert marks.gate == "likely names no missing fact and its date"
    assert marks_of(second, TODAY, POLICY).section == "gate"


def test_records_are_of_what_stood_on_the_commit_by_day(db: Database) -> None:
    for number in range(3):
        key = add(db, f"a{number}", "2026-10-31", 100_000)
        said(db, key, "likely", "2026-08-01", author="ana")
        said(db, key, "commit", "2026-10-20", author="jon")  # after the commit-by day
        if number:
            with write(db) as connection:
                add_subscription(
                    connection,
                    key,
                    start_date="2026-11-01",
                    end_date="2027-10-31",
                    arr_minor=90_000,
                )
    settle_renewals(db, today=D(2026, 12, 1), policy=POLICY)
    few = replace(POLICY, least_record=3, calibrate_from=3)
    (record,) = author_records(db, D(2026, 12, 1), few)
    assert (record.author, record.renewals, record.actual_minor) == ("ana", 3, 180_000)
    assert record.bias_e4 == round((225_000 - 180_000) / 180_000 * 10_000)
    assert record.brier_e4 == round((2 * 0.25**2 + 0.75**2) / 3 * 10_000)
    assert own_rates(db, D(2026, 12, 1), few).default_e4["likely"] == 6_667
    assert author_records(db, D(2026, 10, 1), few) == []


def test_retention_of_the_fiscal_year_has_all_opening_arr_below_the_line(db: Database) -> None:
    add(db, "safe", "2027-11-30", 500_000)
    with write(db) as connection:
        terms = {"open": ("2025-12-31", "2026-12-30"), "lost": ("2025-06-01", "2026-05-31")}
        for name, (begin, end) in terms.items():
            term = {"start_date": begin, "end_date": end, "auto_renew": 0}
            key = add_account(connection, name, csm="ana")
            add_subscription(connection, key, **term, arr_minor=100_000)
        connection.execute(
            "UPDATE subscription SET start_date = '2025-12-01' WHERE account_key = 1"
        )
    found = pipeline(db)
    outlook = retention_outlook(db, found)
    assert (outlook.opening_minor, outlook.accounts) == (700_000, 3)
    assert outlook.grr is not None
    assert (outlook.grr.low, outlook.grr.mid, outlook.grr.high) == (7_143, 7_786, 8_571)
    with write(db) as connection:  # one of unknown price has come in place of what ended
        add_subscription(
            connection,
            key,
            subscription_id="on",
            arr_minor=None,
            start_date="2026-06-01",
            end_date="2026-12-01",
        )
    goes_on = retention_outlook(db, pipeline(db))
    assert (goes_on.opening_minor, goes_on.accounts) == (700_000, 3)  # it has ended by the 31st
    with write(db) as connection:
        connection.execute("UPDATE subscription SET end_date = NULL WHERE subscription_id = 'on'")
    left_out = retention_outlook(db, pipeline(db))
    assert (left_out.opening_minor, left_out.accounts, left_out.left_out) == (600_000, 2, 1)


def test_what_goes_on_at_an_unknown_price_is_not_lost_in_the_outlook(db: Database) -> None:
    """Of two contracts that end together the one with a price is cancelled; the other goes on."""
    safe = add(db, "safe", "2027-11-30", 500_000)
    mixed = add(db, "mixed", "2026-12-15", 300_000)
    with write(db) as connection:
        term = {"start_date": "2025-12-01", "auto_renew": 0}
        connection.execute(
            "UPDATE subscription SET start_date = '2025-12-01' WHERE account_key = ?", (safe,)
        )
        connection.execute(
            "UPDATE subscription SET start_date = '2025-12-01', cancelled_on = '2026-11-20' "
            "WHERE account_key = ?",
            (mixed,),
        )
        other = {"arr_minor": None, "end_date": "2026-12-15", "subscription_id": "other"}
        add_subscription(connection, mixed, **term, **other)
    found = pipeline(db)
    (entry,) = (one for one in found.entries if one.account.name == "Mixed")
    assert (entry.renewal.due_minor, entry.standing.amount_minor) == (300_000, None)
    assert found.totals.rate is None
    outlook = retention_outlook(db, found)
    assert (outlook.opening_minor, outlook.accounts, outlook.left_out) == (500_000, 1, 1)
    assert outlook.grr == Range(10_000, 10_000, 10_000)  # 6,250 would take it for lost


def test_what_is_known_of_different_things_at_both_ends_is_not_compared(db: Database) -> None:
    year = {"start_date": "2025-12-01", "auto_renew": 0}
    with write(db) as connection:
        for name, before, after in (("goes on", 40_000, None), ("found out", None, 40_000)):
            key = add_account(connection, name, csm="ana")
            known = {"arr_minor": 100_000, "end_date": "2027-11-30", "product": "core"}
            add_subscription(connection, key, **year, **known)
            first = {"arr_minor": before, "end_date": "2026-05-31", "product": "add-on"}
            add_subscription(connection, key, **year, **first, subscription_id=f"{name} 1")
            then = {"start_date": "2026-06-01", "end_date": "2027-05-31", "product": "add-on"}
            add_subscription(
                connection, key, **then, arr_minor=after, subscription_id=f"{name} 2", auto_renew=0
            )
    outlook = retention_outlook(db, pipeline(db, days=400))
    assert (outlook.accounts, outlook.left_out) == (0, 2)  # no contraction, and no expansion


def test_the_fiscal_year_begins_in_its_month() -> None:
    assert fiscal_year(TODAY, POLICY) == (D(2025, 12, 31), D(2026, 12, 31))
    february = replace(POLICY, fiscal_month=2)
    assert fiscal_year(D(2027, 1, 31), february) == (D(2026, 1, 31), D(2027, 1, 31))
    assert fiscal_year(D(2027, 2, 1), february) == (D(2027, 1, 31), D(2028, 1, 31))
