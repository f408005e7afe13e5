import datetime as dt

import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database, write
from cs_workbench.store.seen import mark_seen
from cs_workbench.workflows.scoring import refresh
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_promise,
    add_subscription,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
)

DAY = dt.timedelta(1)


def test_an_account_without_anything_has_a_page(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
    page = load_account_page(db, key, today=TODAY)
    assert page.line.name == "Acme"
    assert page.health is None
    assert page.started_on is None
    assert page.renewal is None
    assert not any((page.usage, page.subscriptions, page.contacts, page.timeline, page.since))


def test_no_such_account(db: Database) -> None:
    with pytest.raises(NotFoundError):
        load_account_page(db, 7, today=TODAY)
    assert not db.connection.in_transaction


def test_health_adds_up_to_the_score_of_the_list(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, segment="enterprise")
        add_subscription(pen, key, seats=50)
        add_ticket(pen, key, priority="urgent", opened_at="2026-11-17T08:00:00Z")
        add_usage(pen, key, TODAY - 200 * DAY, [40.0] * 200)
    refresh(db, as_of=TODAY, actor="ana")
    page = load_account_page(db, key, today=TODAY)
    assert page.health is not None
    known = [one.points_e4 for one in page.health.contributions if one.points_e4 is not None]
    assert sum(known) == page.health.points_e4 == page.line.points_e4
    assert page.health.dimensions["service"] == "Service"


def test_subscriptions_in_force_come_first_and_make_the_renewal(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_subscription(pen, key, subscription_id="old", start_date="2025-01-01", seats=40)
        add_subscription(pen, key, subscription_id="next", start_date="2027-01-01", end_date=None)
        pen.execute("UPDATE subscription SET end_date = '2025-12-31' WHERE subscription_id = 'old'")
        add_subscription(pen, key, subscription_id="now", notice_days=60)
    page = load_account_page(db, key, today=TODAY)
    assert [one.contract.subscription_id for one in page.subscriptions] == ["now", "next", "old"]
    assert [one.in_force for one in page.subscriptions] == [True, False, False]
    assert page.started_on == dt.date(2025, 1, 1)
    assert page.renewal is not None


def test_contacts_by_role_those_who_left_last_with_their_last_two_way_contact(
    db: Database,
) -> None:
    with write(db) as pen:
        key = add_account(pen)
        lena = add_contact(pen, key, name="Lena", role="champion", left_on="2026-11-02")
        tom = add_contact(pen, key, name="Tom", role="decision maker")
        add_contact(pen, key, name="Kim", role="champion")
        for contact, day, channel, direction in (
            (lena, "2026-10-31", "call", "outbound"),
            (tom, "2026-09-12", "meeting", "outbound"),
            (tom, "2026-11-10", "email", "outbound"),  # nobody answered
            (tom, "2026-12-24", "meeting", "outbound"),  # planned
        ):
            at = f"{day}T10:00:00Z"
            fields = {"contact_id": contact, "channel": channel, "direction": direction}
            add_touchpoint(pen, key, occurred_at=at, **fields)
    page = load_account_page(db, key, today=TODAY)
    assert [(one.name, one.last_on) for one in page.contacts] == [
        ("Kim", None),
        ("Tom", dt.date(2026, 9, 12)),
        ("Lena", dt.date(2026, 10, 31)),
    ]
    assert page.threads == 1
    assert page.spoke_on == dt.date(2026, 10, 31)


def test_open_promises_ours_first_by_day(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_promise(pen, key, what="theirs", promised_by="customer", due_on="2026-11-01")
        add_promise(pen, key, what="someday", due_on=None)
        add_promise(pen, key, what="later", due_on="2026-12-01")
        add_promise(pen, key, what="late", due_on="2026-11-20")
        add_promise(pen, key, what="done", state="kept", kept_on="2026-11-02")
    page = load_account_page(db, key, today=TODAY)
    assert [one.what for one in page.promises] == ["late", "later", "someday", "theirs"]


def test_the_last_three_problems_open_ones_first(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        for day, closed in (("01", None), ("05", "06"), ("10", "12"), ("15", "16")):
            closed_at = closed and f"2026-11-{closed}T09:00:00Z"
            at = f"2026-11-{day}T09:00:00Z"
            add_ticket(pen, key, ticket_id=day, opened_at=at, closed_at=closed_at)
        add_ticket(pen, key, ticket_id="ahead", opened_at="2026-11-24T00:00:00Z")
    page = load_account_page(db, key, today=TODAY)
    assert [one.ticket_id for one in page.problems] == ["01", "15", "10"]


def test_since_the_last_two_way_contact(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_summary(pen, key, band="red", points_e4=319_999)
        lena = add_contact(pen, key, name="Lena Voss", role="champion", left_on="2026-11-02")
        add_touchpoint(pen, key, channel="call", occurred_at="2026-10-31T23:00:00Z")
        add_touchpoint(pen, key, direction="outbound", occurred_at="2026-11-10T10:00:00Z")
        add_ticket(pen, key, opened_at="2026-10-31T08:00:00Z")  # they had this when we spoke
        add_ticket(pen, key, opened_at="2026-11-17T08:00:00Z", priority="urgent")
        add_promise(pen, key, due_on="2026-11-20")
        add_survey(pen, key, contact_id=lena, score=3, answered_on="2026-11-05")
        add_usage(pen, key, TODAY - 100 * DAY, [48.0] * 77 + [19.0] * 24)
        insert(pen, "scorecard", {"hash": "h", "text": ""})
        run = {"as_of": "2026-10-26", "started_at": "2026-10-26T02:00:00Z", "actor": "ana"}
        insert(pen, "refresh_run", {**run, "program_version": "1", "scorecard_hash": "h"})
    assert load_account_page(db, key, today=TODAY).since == (
        "active users 48 → 19",
        "1 urgent ticket",
        "champion Lena Voss left",
        "1 promise of ours late",
        "NPS 3 of 10, detractor, Lena Voss",
        "no answer to 1 message",
    )


def test_nothing_is_said_about_a_customer_never_spoken_with(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_touchpoint(pen, key, direction="outbound")
        add_ticket(pen, key)
    page = load_account_page(db, key, today=TODAY)
    assert page.spoke_on is None
    assert page.since == ()


def test_usage_weeks_end_on_the_last_day_known_of_the_metric(db: Database) -> None:
    with write(db) as pen:
        key, other = add_account(pen), add_account(pen, "other")
        add_usage(pen, key, TODAY - 22 * DAY, [10.0] * 7 + [None] * 7 + [0.0] * 3)
        add_usage(pen, other, TODAY - 2 * DAY, [5.0])
        metric = pen.execute("SELECT metric_id FROM usage_metric").fetchone()[0]
        row = {"source": "native", "kind": "usage", "mapping": "native", "file_name": "u.csv"}
        row |= {"file_hash": "", "recorded_at": "2026-11-22T00:00:00Z", "actor": "ana"}
        imported = insert(pen, "import_run", {**row, "known_policy": "assumed"})
        last = {"metric_id": metric, "import_id": imported, "last_day": "2026-11-21"}
        insert(pen, "usage_frontier", last)
    (history,) = load_account_page(db, key, today=TODAY).usage
    assert history.ends[-1] == dt.date(2026, 11, 21)
    assert history.levels[-3:] == (10.0, None, 0.0)  # no data is not zero
    assert history.days[-3:] == (7, 0, 3)
    assert history.newest == dt.date(2026, 11, 17)


def test_metrics_that_fell_silent_a_year_ago_are_not_drawn(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_usage(pen, key, TODAY - 500 * DAY, [1.0] * 30, "old")
        add_usage(pen, key, TODAY - 10 * DAY, [1.0] * 11, "sessions")
        add_usage(pen, key, TODAY - 10 * DAY, [1.0] * 11, "active_users")
    with write(db) as pen:
        frontier = "UPDATE usage_metric SET label = name"
        pen.execute(frontier)
    refresh(db, as_of=TODAY, actor="ana")
    names = [history.metric for history in load_account_page(db, key, today=TODAY).usage]
    assert names[:2] == ["active_users", "sessions"]


def test_opening_an_account_remembers_how_it_stood(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        add_summary(pen, key, band="red", points_e4=310_000)
    for _ in range(2):
        mark_seen(db, key, "ana")
    rows = db.connection.execute("SELECT actor, points_e4, band FROM account_seen").fetchall()
    assert [tuple(row) for row in rows] == [("ana", 310_000, "red")]
    mark_seen(db, 99, "ana")  # gone meanwhile
    assert not load_account_page(db, key, today=TODAY, me="ana").line.changed
