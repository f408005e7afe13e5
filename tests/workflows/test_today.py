import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import InputError
from cs_workbench.exporters.agenda import agenda_bytes
from cs_workbench.store.database import Database, write
from cs_workbench.store.typical_arr import typical_arr
from cs_workbench.workflows import plays
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By, add_task, make_task
from cs_workbench.workflows.today import todays_queue, todays_queue_by_parts
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_signal,
    add_summary,
    add_touchpoint,
    portfolio,
)

ANA = By("ana", TODAY)
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
BEGIN:VEVENT\r
UID:1\r
DTSTART:20261123T093000\r
SUMMARY:Kestrel [/x] weekly\r
ATTENDEE:mailto:Lena@Kestrel.example\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART:20261102T140000\r
RRULE:FREQ=WEEKLY;BYDAY=MO\r
SUMMARY:Every Monday\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
DTSTART;VALUE=DATE:20261123\r
SUMMARY:Whole day\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4\r
DTSTART:20261124T090000\r
SUMMARY:Tomorrow\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            add_person(c, "ana", name="Ana Ruiz")
            add_person(c, "jon", name="Jon Beck")
            mine = add_account(
                c, "kes-1", name="Kestrel", csm="ana", next_step="call", next_step_due="2026-11-23"
            )
            other = add_account(c, "oth-2", name="Other", csm="jon")
            add_summary(c, mine, band="red", arr_minor=41_200_000)
            add_summary(c, other)
            add_contact(c, mine, contact_id="c1", name="Lena", email="lena@kestrel.example")
            add_promise(c, mine, promised_by="us", what="refund", due_on="2026-11-20")
            add_promise(c, other, promised_by="us", what="theirs", due_on="2026-11-20")
            add_signal(c, mine, "silence", severity="high")
            add_touchpoint(
                c,
                mine,
                occurred_at="2026-11-20T09:00:00Z",
                direction="inbound",
                channel="email",
                summary="a question",
            )
        yield opened


def told(db: Database, me: str | None = "Ana Ruiz") -> list[tuple[str, str, str]]:
    return [(one.section, one.item.kind, one.item.what) for one in todays_queue(db, TODAY, me=me)]


def test_one_queue_of_everything_that_is_mine(db: Database) -> None:
    add_task(db, ANA, make_task(ANA, what="write to legal", account_key=1, due_on=TODAY))
    start_play(db, ANA, 1, find_playbook("usage-drop").playbook, Start())
    assert told(db) == [
        ("late", "promise", "refund"),
        ("late", "reply", "answer: a question"),
        ("today", "next step", "call"),
        ("today", "task", "write to legal"),
        ("today", "signal", "silence: evidence"),
        ("later", "step", "Usage-drop check-in: Confirm that the drop is real"),
    ]


def test_what_is_somebody_elses_is_theirs(db: Database) -> None:
    assert told(db, "jon") == [("late", "promise", "theirs")]
    everything = {what for _, _, what in told(db, None)}
    assert {"theirs", "refund"} <= everything
    assert set(told(db, "somebody without accounts")) == set(told(db, None))


def test_a_long_queue_tells_first_what_is_late(db: Database) -> None:
    part, whole = todays_queue_by_parts(db, TODAY, me="ana", most=1)
    assert not part.is_whole
    assert whole.is_whole
    assert [one.item.what for one in whole.queued] == ["refund", "call"]
    assert part.queued == whole.queued  # what else there is has no day
    assert (part.counts, whole.counts) == ({"late": 2, "today": 1}, {"late": 2, "today": 2})
    part, whole = todays_queue_by_parts(db, TODAY, me="ana", most=3)  # a fourth has no day
    assert (part.is_whole, whole.is_whole) == (False, True)
    assert part.queued == whole.queued == todays_queue(db, TODAY, me="ana")
    (short,) = todays_queue_by_parts(db, TODAY, me="ana", most=4)  # drawn once
    assert short.queued == whole.queued


def test_an_answered_letter_is_owed_no_more(db: Database) -> None:
    with write(db) as c:
        add_touchpoint(c, 1, occurred_at="2026-11-21T09:00:00Z", direction="outbound")
    assert not any(kind == "reply" for _, kind, _ in told(db))


def test_meetings_of_the_day_with_their_account(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_text(CALENDAR)
    events = [
        one.item for one in todays_queue(db, TODAY, me=None, calendar=path) if one.section == "now"
    ]
    assert [(one.at, one.what, one.name) for one in events] == [
        (dt.time(9, 30), "Kestrel [/x] weekly", "Kestrel"),
        (dt.time(14), "Every Monday", None),
    ]
    path.write_text("no calendar")
    with pytest.raises(InputError, match="is no calendar"):
        todays_queue(db, TODAY, me=None, calendar=path)


def test_the_queue_as_a_calendar_file(db: Database) -> None:
    from icalendar import Calendar

    queued = todays_queue(db, TODAY, me="ana")
    raw = agenda_bytes(queued, TODAY)
    assert raw == agenda_bytes(queued, TODAY)
    todos = Calendar.from_ical(raw).walk("VTODO")
    assert [str(one["SUMMARY"]) for one in todos] == [
        *("Kestrel: refund", "Kestrel: answer: a question", "Kestrel: call"),
    ]


def test_an_overdue_step_goes_to_whom_it_is_escalated(db: Database) -> None:
    """The step is due in the first week of December, and goes to an executive five days later."""
    with write(db) as c:
        add_person(c, "priya", name="Priya Nair", role="executive")
        add_account(c, "pri", name="Hers", csm="priya")
    drop = find_playbook("usage-drop").playbook
    play_id = start_play(db, ANA, 1, drop, Start())
    for answers in (
        {"real": "yes"},
        {"person": "Lena", "purpose": "why"},
        {"reached": "yes", "channel": "call"},
    ):
        plays.finish_step(db, ANA, play_id, answers=answers)
    plays.skip_step(db, ANA, play_id, reason="said on the call")

    def hers(day: dt.date) -> list[str]:
        queued = todays_queue(db, day, me="Priya Nair")
        return [one.item.what for one in queued if one.item.kind == "step"]

    assert hers(dt.date(2026, 12, 11)) == []
    told = "Usage-drop check-in: Put it right, and say so, overdue: to executive"
    assert hers(dt.date(2026, 12, 12)) == [told]
    mine = todays_queue(db, dt.date(2026, 12, 12), me="Ana Ruiz")
    assert told in {one.item.what for one in mine}
    plays.hand_over_step(db, ANA, play_id, owner="Jon Beck")
    handed = todays_queue(db, dt.date(2026, 12, 12), me="Jon Beck")
    assert told in {one.item.what for one in handed}


def test_an_unknown_arr_counts_as_the_middle_of_the_known_ones(db: Database) -> None:
    with write(db) as connection:
        connection.execute("DELETE FROM account_summary")
        assert typical_arr(db) == 1
        for number, (arr, currency) in enumerate(
            ((100_000, "USD"), (9_000, "JPY"), (30_000_000, "EUR"), (0, "USD"))
        ):
            key = add_account(connection, f"paying{number}")
            add_summary(connection, key, arr_minor=arr, currency=currency)
        key = add_account(connection, "bare")
        assert typical_arr(db) == 1  # every ARR is known
        add_summary(connection, key, arr_minor=None)
    assert typical_arr(db) == 9_000  # yen have no smaller unit
