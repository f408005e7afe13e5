import datetime as dt
from collections import Counter

import pytest

from cs_workbench.workflows.sample.portfolio import portfolio_rows, profiles
from cs_workbench.workflows.sample.profile import FIRST_DAY, HEADINGS, SEED, TODAY, Rows
from cs_workbench.workflows.sample.rows import account_rows

IDS = {
    "accounts": "account_id",
    "subscriptions": "subscription_id",
    "contacts": "contact_id",
    "tickets": "ticket_id",
    "surveys": "response_id",
    "touchpoints": "touchpoint_id",
    "churn_events": "churn_event_id",
    "invoices": "invoice_id",
    "promises": "promise_id",
}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return portfolio_rows(SEED)


def test_the_same_seed_gives_the_same_rows() -> None:
    first, again = (
        [account_rows(profile, SEED) for profile in profiles(SEED)[::10]] for _ in range(2)
    )
    assert first == again


def test_another_seed_gives_other_rows_and_the_same_stories(rows: Rows) -> None:
    other = portfolio_rows(SEED + 1)
    assert other["accounts"] != rows["accounts"]
    assert other["accounts"][:19] == rows["accounts"][:19]


def test_there_are_enough_accounts_and_ana_has_a_book(rows: Rows) -> None:
    assert 120 <= len(rows["accounts"]) <= 200
    books = Counter(row["csm"] for row in rows["accounts"])
    assert len(books) == 4
    assert 30 <= books["Ana Ruiz"] <= 55


def test_names_are_unique_and_come_in_many_scripts(rows: Rows) -> None:
    names = [str(row["name"]) for row in rows["accounts"]]
    assert len(set(names)) == len(names)
    letters = "".join(names)
    for sign in ("東", "空", "ü", "é", "ن", "א", "ส", "한", "В", "Α", "'", "[", "&"):
        assert sign in letters


@pytest.mark.parametrize("kind", sorted(IDS))
def test_ids_are_unique(rows: Rows, kind: str) -> None:
    ids = [row[IDS[kind]] for row in rows[kind]]
    assert ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", sorted(HEADINGS))
def test_rows_have_known_headings_and_an_account(rows: Rows, kind: str) -> None:
    accounts = {row["account_id"] for row in rows["accounts"]}
    assert rows[kind]
    for row in rows[kind]:
        assert set(row) <= set(HEADINGS[kind])
        assert row["account_id"] in accounts


def test_people_who_are_named_exist(rows: Rows) -> None:
    people = {row["contact_id"] for row in rows["contacts"]}
    for kind in ("surveys", "touchpoints", "promises"):
        assert not {row["contact_id"] for row in rows[kind]} - people


def test_usage_is_eighteen_months_without_the_future(rows: Rows) -> None:
    days = sorted({str(row["date"]) for row in rows["usage"]})
    yesterday = TODAY - dt.timedelta(days=1)
    assert (days[0], days[-1]) == (FIRST_DAY.isoformat(), yesterday.isoformat())
    keys = [(row["account_id"], row["date"], row["metric"]) for row in rows["usage"]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("tickets", "opened_at"),
        ("tickets", "closed_at"),
        ("touchpoints", "occurred_at"),
        ("surveys", "answered_at"),
        ("promises", "made_on"),
        ("promises", "kept_on"),
        ("invoices", "paid_on"),
        ("churn_events", "churned_on"),
        ("opportunities", "made_at"),
    ],
)
def test_nothing_has_happened_tomorrow(rows: Rows, kind: str, column: str) -> None:
    days = [str(row[column])[:10] for row in rows[kind] if row.get(column) is not None]
    assert days
    assert max(days) <= TODAY.isoformat()


def test_terms_follow_one_another_without_a_gap(rows: Rows) -> None:
    last: dict[object, dt.date] = {}
    for row in rows["subscriptions"]:
        start, end = row["start_date"], row["end_date"]
        assert isinstance(start, dt.date)
        assert isinstance(end, dt.date)
        assert start <= end
        before = last.get(row["account_id"])
        assert before is None or start == before + dt.timedelta(days=1)
        last[row["account_id"]] = end


def test_kestrel_collapses_since_the_end_of_october(rows: Rows) -> None:
    used = {
        row["date"]: row["value"]
        for row in rows["usage"]
        if row["account_id"] == "A001" and row["metric"] == "active_users_28d"
    }
    before, now = used[dt.date(2026, 10, 24)], used[dt.date(2026, 11, 22)]
    assert isinstance(before, int)
    assert isinstance(now, int)
    assert before >= 45
    assert now <= 20


def test_kestrel_s_deadline_is_the_thirtieth_of_december() -> None:
    kestrel = profiles(SEED)[0]
    assert kestrel.end_date - dt.timedelta(days=kestrel.notice_days) == dt.date(2026, 12, 30)
