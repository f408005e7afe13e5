import datetime as dt

from cs_workbench.store.account_preview import load_preview
from cs_workbench.store.database import Database, write
from cs_workbench.tui.widgets.related_lines import related_lines
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_touchpoint,
    insert,
)


def lines(db: Database, account_key: int) -> list[str]:
    known = load_preview(db, account_key, today=TODAY)
    return [line.plain for line in related_lines(known, TODAY)]


def test_an_account_of_which_nothing_is_known_has_no_lines(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
    assert lines(db, key) == []


def test_people_are_there_with_their_silence_and_channel(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_contact(connection, key, role="champion", left_on="2026-11-02")
        tom = add_contact(
            connection, key, name="Tomasz Brandt", role="decision maker", preferred_channel="phone"
        )
        at = f"{TODAY - dt.timedelta(days=71)}T10:00:00Z"
        add_touchpoint(connection, key, contact_id=tom, channel="call", occurred_at=at)
    assert lines(db, key) == [
        "People    champion none known   decision maker Tomasz Brandt, 71 d silent   1 thread   "
        "prefers phone"
    ]


def test_promises_of_both_sides_share_a_line_and_ours_says_how_late(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_promise(connection, key, what="refund", due_on="2026-11-20")
        add_promise(connection, key, what="a call", due_on="2026-12-01")
        add_promise(
            connection, key, what="list of leavers", promised_by="customer", due_on="2026-11-27"
        )
    assert lines(db, key) == [
        "We owe    refund (due 20 Nov, late 3 d) + 1 more   They owe  list of leavers (due 27 Nov)"
    ]


def test_the_last_forecast_by_then_is_told(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_person(connection, "ana")
        said = {"account_key": key, "currency": "USD", "author": "ana", "amount_minor": 41_200_000}
        for number, (category, day) in enumerate(
            (("likely", "2026-10-01"), ("at risk", "2026-11-20"), ("commit", "2026-12-01"))
        ):
            row = {**said, "forecast_id": f"f{number}", "category": category}
            insert(
                connection,
                "forecast",
                {**row, "made_at": f"{day}T09:00:00Z", "probability_e4": 4_500, "narrative": "why"},
            )
    (line,) = lines(db, key)
    assert line.startswith("Forecast  at risk 412k · p 45 % · Ana Ruiz, ")
    assert line.endswith("20 Nov · “why”")
