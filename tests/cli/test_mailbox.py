"""Mail and calendar files become contacts, each once, with whom they are of."""

import subprocess
from pathlib import Path

import pytest

from cs_workbench.core import memory
from cs_workbench.store.database import open_database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.workflows.next_steps import undo_last
from tests.cli import run
from tests.factories import TODAY, add_account, add_contact, portfolio

MBOX = b"""From x Mon Nov  2 10:00:00 2026
From: =?utf-8?q?Lena_V=C3=B6ss?= <LENA@acme.example>
To: ana@us.example
Date: Mon, 2 Nov 2026 11:00:00 +0100
Subject: =?utf-8?b?5p2x5Lqs?= \x1b]52;c;aGk=\x07
Message-ID: <1@acme.example>

not read

From x Tue Nov  3 10:00:00 2026
From: ana@us.example
To: somebody@acme.example, friend@gmail.com
Date: Tue, 3 Nov 2026 10:00:00 +0000
Subject: offer
Message-ID: <2@us.example>

body

From x Tue Nov  3 10:00:00 2026
From: stranger@nowhere.example
To: ana@us.example
Date: Tue, 3 Nov 2026 10:00:00 +0000
Subject: hello
Message-ID: <3@nowhere.example>

body

From x Tue Nov  3 10:00:00 2026
From: lena@acme.example
Subject: without a day

body
"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:m1
DTSTART:20261105T090000Z
ORGANIZER:mailto:ana@us.example
ATTENDEE:mailto:lena@acme.example
SUMMARY:QBR
END:VEVENT
BEGIN:VEVENT
UID:m2
DTSTART;VALUE=DATE:20261205
ATTENDEE:mailto:lena@acme.example
SUMMARY:next month
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db, write(db) as connection:
        key = add_account(connection, domain="acme.example")
        add_contact(connection, key, contact_id="lena", email="lena@acme.example")
        add_account(connection, "free", domain="gmail.com")
    (tmp_path / "a.mbox").write_bytes(MBOX)
    (tmp_path / "b.ics").write_text(ICS.replace("\n", "\r\n"))
    return db.path


def csw(path: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return run.as_ana(path, "mailbox", *args)


def test_contacts_come_in_once_with_whom_they_are_of(book: Path) -> None:
    files = (book.parent / "a.mbox", book.parent / "b.ics")
    dry = csw(book, *files, "--dry-run")
    assert dry.stdout == "3 contacts would be logged, 0 here already.\n"
    result = csw(book, *files)
    assert result.returncode == 0, result.stderr
    assert "1 still to come: left out." in result.stderr
    assert "1 without a readable date: left out." in result.stderr
    assert "stranger@nowhere.example (1)" in result.stderr
    with open_database(book) as db:
        meeting, mail, answer = read_kept(db, memory.Touchpoint)
        assert (meeting.channel, meeting.direction, meeting.summary) == (
            *("meeting", "outbound", "QBR"),
        )
        assert (mail.contact_id, mail.direction, mail.summary) == (None, "outbound", "offer")
        assert (answer.contact_id, answer.direction) == ("lena", "inbound")
        assert (answer.occurred_at, str(answer.summary)[:2]) == ("2026-11-02T10:00:00Z", "東京")
    assert csw(book, *files).stdout == "0 contacts logged, 3 here already.\n"
    with open_database(book) as db:
        undo_last(db, "ana", TODAY)
        assert not read_kept(db, memory.Touchpoint)


def test_repeated_meetings_come_in_for_each_time_that_took_place(book: Path) -> None:
    weekly = """BEGIN:VEVENT
UID:w
DTSTART;TZID=Europe/Berlin:20261019T090000
RRULE:FREQ=WEEKLY
EXDATE;TZID=Europe/Berlin:20261026T090000
ATTENDEE:mailto:lena@acme.example
SUMMARY:weekly
END:VEVENT
BEGIN:VEVENT
UID:w
RECURRENCE-ID;TZID=Europe/Berlin:20261102T090000
DTSTART;TZID=Europe/Berlin:20261103T110000
ATTENDEE:mailto:lena@acme.example
SUMMARY:moved
END:VEVENT
BEGIN:VEVENT
UID:w
RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000
DTSTART;TZID=Europe/Berlin:20261109T090000
STATUS:CANCELLED
ATTENDEE:mailto:lena@acme.example
SUMMARY:not held
END:VEVENT
BEGIN:VEVENT
UID:d
DTSTART:20261110T090000Z
ATTENDEE;PARTSTAT=DECLINED:mailto:lena@acme.example
SUMMARY:she stayed away
END:VEVENT
BEGIN:VEVENT
UID:n
ATTENDEE:mailto:lena@acme.example
SUMMARY:no day
END:VEVENT
"""
    path = book.parent / "w.ics"
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{weekly}END:VCALENDAR\n"
    path.write_text(text.replace("\n", "\r\n"))
    result = csw(book, path)
    for why in ("cancelled", "without a readable date", "without an e-mail address"):
        assert f"1 {why}: left out." in result.stderr
    with open_database(book) as db:
        found = [(one.occurred_at, one.summary) for one in read_kept(db, memory.Touchpoint)]
    assert sorted(found) == [
        ("2026-10-19T07:00:00Z", "weekly"),  # before the clocks went back
        ("2026-11-03T10:00:00Z", "moved"),
        ("2026-11-16T08:00:00Z", "weekly"),
        ("2026-11-23T08:00:00Z", "weekly"),
    ]


def test_a_chat_is_matched_by_address_and_domain_and_one_id_is_one_conversation(book: Path) -> None:
    path = book.parent / "chat.csv"
    path.write_text(
        "Sent at;From;To;Conversation ID;Message\n"
        "2026-11-20T10:05:00+01:00;ana@us.example;;c1;we look\n"
        "2026-11-20T10:00:00+01:00;Lena <LENA@acme.example>;ana@us.example;c1;sync \x1b[31mstops\n"
        "2026-11-21;new@acme.example;;;a second one\n"
        "tomorrow;lena@acme.example;;c2;no day\n"
        "2026-11-21;Lena;;c3;no address\n"
        "2026-11-21;torn\n"
    )
    result = csw(book, path)
    assert result.stdout == "2 contacts logged, 0 here already.\n"
    for why in ("without a readable date", "without an e-mail address", "a wrong number of fields"):
        assert why in result.stderr
    with open_database(book) as db:
        second, first = read_kept(db, memory.Touchpoint)
    assert (first.channel, first.direction, first.contact_id) == ("chat", "inbound", "lena")
    assert (first.occurred_at, first.summary) == ("2026-11-20T09:00:00Z", "sync \x1b[31mstops")
    assert (second.contact_id, second.direction) == (None, "inbound")
    assert csw(book, path).stdout == "0 contacts logged, 2 here already.\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.csv", "a"), ("x.mbox", "no message"), ("x.ics", "BEGIN:NOTHING"), ("gone.mbox", None)],
)
def test_what_is_no_such_file_is_refused(book: Path, name: str, text: str | None) -> None:
    path = book.parent / name
    if text is not None:
        path.write_text(text)
    result = csw(book, path)
    assert (result.returncode, name in result.stderr) == (4, True)
