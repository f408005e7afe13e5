import datetime as dt
import time

import pytest

from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.timeline import load_timeline
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_survey,
    add_ticket,
    add_touchpoint,
    insert,
)


def told(db: Database, account_key: int = 1) -> list[tuple[str, str, str]]:
    entries = load_timeline(db, account_key, today=TODAY)
    return [(entry.on.isoformat(), entry.kind, entry.text) for entry in entries]


def test_merges_all_kinds_newest_first(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        other = add_account(pen, "other")
        lena = add_contact(pen, key)
        add_ticket(pen, other, ticket_id="#1")
        add_ticket(
            pen,
            key,
            ticket_id="#8812",
            subject="sync fails",
            priority="urgent",
            opened_at="2026-11-17T08:00:00Z",
            closed_at="2026-11-19T08:00:00Z",
            csat=2,
        )
        add_touchpoint(
            pen,
            key,
            contact_id=lena,
            channel="call",
            summary="dispatch is down",
            sentiment=2,
            occurred_at="2026-10-31T10:00:00Z",
        )
        add_survey(pen, key, contact_id=lena, score=3, answered_on="2026-05-13")
        for made_at, category in (("2026-11-16", "likely"), ("2026-11-20", "at risk")):
            row = {"category": category, "amount_minor": 41_200_000, "author": "Ana"}
            row |= {"made_at": f"{made_at}T09:00:00Z", "currency": "USD"}
            insert(pen, "forecast", {"forecast_id": made_at, "account_key": key, **row})
        insert(
            pen,
            "churn_event",
            {
                "churn_event_id": "C1",
                "account_key": key,
                "churned_on": "2025-01-31",
                "reason": "budget",
                "currency": "USD",
                "is_reactivation": 0,
            },
        )
        insert(
            pen,
            "promise",
            {
                "promise_id": "P1",
                "account_key": key,
                "promised_by": "us",
                "what": "refund",
                "made_on": "2026-11-12",
                "due_on": "2026-11-20",
            },
        )
    assert told(db) == [
        ("2026-11-20", "forecast", "forecast likely → at risk 412k"),
        ("2026-11-20", "promise", "we missed: refund"),
        ("2026-11-19", "ticket", "ticket #8812 closed after 2 d, CSAT 2 of 5: sync fails"),
        ("2026-11-17", "ticket", "ticket #8812 opened, urgent: sync fails"),
        ("2026-11-16", "forecast", "forecast likely 412k"),
        ("2026-11-12", "promise", "we promised: refund"),
        ("2026-10-31", "contact", "call with Lena Voss: dispatch is down, sentiment 2 of 5"),
        ("2026-05-13", "survey", "NPS 3 of 10, detractor, Lena Voss"),
        ("2025-01-31", "churn", "left: budget"),
    ]


def test_only_moves_between_bands_are_told(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        insert(pen, "scorecard", {"hash": "h", "text": ""})
        run = {"as_of": "2026-11-20", "started_at": "2026-11-20T02:00:00Z", "actor": "ana"}
        run |= {"program_version": "1", "scorecard_hash": "h"}
        insert(pen, "refresh_run", run)
        for as_of, band, points in (
            ("2026-11-01", "yellow", 540_000),
            ("2026-11-08", "yellow", 500_000),
            ("2026-11-15", "red", 319_999),
            ("2026-11-22", "unknown", None),
        ):
            score = {"account_key": key, "as_of": as_of, "run_id": 1, "points_e4": points}
            score |= {"band": band, "coverage_e4": 9000, "low_e4": 0, "high_e4": 1}
            score |= {"scorecard_hash": "h", "input_hash": "", "contributions": "[]"}
            insert(pen, "score", score)
    assert told(db) == [
        ("2026-11-22", "health", "health red 31 → unknown"),
        ("2026-11-15", "health", "health yellow 50 → red 31"),
    ]


def test_what_people_changed_and_undid_is_told_with_its_author(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        change = Change("account", str(key), "next_step", new="call")
        apply_changes(pen, actor="ana", summary="next step: call", changes=[change])
    entries = load_timeline(db, key, today=dt.date.max)
    assert [(entry.text, entry.who) for entry in entries] == [("next step: call", "ana")]


def test_a_promise_kept_late_and_what_lies_ahead(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        row = {"account_key": key, "promised_by": "customer", "made_on": "2026-11-01"}
        kept = {"due_on": "2026-11-05", "kept_on": "2026-11-06", "state": "kept"}
        insert(pen, "promise", {"promise_id": "P1", "what": "list", **row, **kept})
        ahead = {"due_on": "2026-12-24"}
        insert(pen, "promise", {"promise_id": "P2", "what": "signature", **row, **ahead})
        add_ticket(pen, key, opened_at="2026-11-24T00:00:00Z")
    assert [text for _, _, text in told(db)] == [
        "they kept late: list",
        "they promised: signature",
        "they promised: list",
    ]


def test_invoices_paid_and_not_paid_when_due(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        row = {"account_key": key, "amount_minor": 1_234_500, "currency": "USD"}
        row["issued_on"] = "2026-10-01"
        late = {"invoice_id": "R1", "due_on": "2026-10-31", "paid_on": "2026-11-12"}
        insert(pen, "invoice", {**row, **late})
        insert(pen, "invoice", {**row, "invoice_id": "R2", "due_on": "2026-12-31"})
        credit = {"amount_minor": -50_000, "due_on": "2026-10-15", "paid_on": None}
        insert(pen, "invoice", {**row, **credit, "invoice_id": "R3"})
    assert told(db) == [
        ("2026-11-12", "invoice", "invoice R1, 12.3k USD, paid"),
        ("2026-10-31", "invoice", "invoice R1, 12.3k USD, not paid when due"),
        ("2026-10-01", "invoice", "credit note R3, 500 USD"),
    ]


def test_ten_thousand_entries_load_at_once(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen)
        pen.executemany(
            "INSERT INTO touchpoint (touchpoint_id, account_key, occurred_at, channel, direction) "
            "VALUES (?, ?, ?, 'email', 'inbound')",
            [(str(n), key, f"{2000 + n % 26}-01-01T00:00:00Z") for n in range(10_000)],
        )
    begin = time.process_time()
    assert len(load_timeline(db, key, today=TODAY)) == 10_000
    assert time.process_time() - begin < 0.5  # generous: the figure is in the benchmarks


@pytest.mark.parametrize("first", ["a", "b"])
def test_acts_of_one_second_stand_in_the_order_of_their_ids(db: Database, first: str) -> None:
    with write(db) as pen:
        key = add_account(pen, "tie", name="Tie")
        for name in ("a", "b") if first == "a" else ("b", "a"):
            row = {"actor": "ana", "at": "2026-11-20T09:00:00Z", "cause": "person"}
            insert(pen, "change_set", {"change_set_id": name, "summary": f"act {name}", **row})
            row = {"entity": "account", "entity_id": str(key), "field": "stage", "old": "1"}
            row |= {"new": "2", "known_at": "2026-11-20T09:00:00Z", "change_set_id": name}
            insert(pen, "change", row)
    assert [entry.text for entry in load_timeline(db, key, today=TODAY)] == ["act b", "act a"]
