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
    given = ("--db", path, "--today", TODAY.isoformat(), "mailbox", *args)
    return run.within(*given, CSW_ME="ana")


def test_contacts_come_in_once_with_whom_they_are_of(book: Path) -> None:
    files = (book.parent / "a.mbox", book.parent / "b.ics")
    dry = csw(book, *files, "--dry-run")
    assert dry.stdout == "3 contacts would be logged, 0 were here already.\n"
    result = csw(book, *files)
    assert result.returncode == 0, result.stderr
    assert "1 are still to come" in result.stderr
    assert "stranger@nowhere.example (1)" in result.stderr
    with open_database(book) as db:
        meeting, mail, answer = read_kept(db, memory.Touchpoint)
        assert (meeting.channel, meeting.direction, meeting.summary) == (
            *("meeting", "outbound", "QBR"),
        )
        assert (mail.contact_id, mail.direction, mail.summary) == (None, "outbound", "offer")
        assert (answer.contact_id, answer.direction) == ("lena", "inbound")
        assert (answer.occurred_at, str(answer.summary)[:2]) == ("2026-11-02T10:00:00Z", "東京")
    assert csw(book, *files).stdout == "0 contacts logged, 3 were here already.\n"
    with open_database(book) as db:
        undo_last(db, "ana", TODAY)
        assert not read_kept(db, memory.Touchpoint)


@pytest.mark.parametrize(
    ("name", "text"), [("x.csv", "a"), ("x.ics", "BEGIN:NOTHING"), ("gone.mbox", None)]
)
def test_what_is_no_such_file_is_refused(book: Path, name: str, text: str | None) -> None:
    path = book.parent / name
    if text is not None:
        path.write_text(text)
    result = csw(book, path)
    assert (result.returncode, name in result.stderr) == (4, True)
