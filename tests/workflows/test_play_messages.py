"""Drafts of plays, from template to touchpoint."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.config import own_file
from cs_workbench.core.contact_caps import ContactPolicy, Outreach, free_again
from cs_workbench.core.plays.messages import Message
from cs_workbench.errors import ConflictError, ContactCapError, UsageError
from cs_workbench.exporters.mail import eml_bytes, mailto_link, markdown_text
from cs_workbench.store.database import Database, write
from cs_workbench.workflows import plays
from cs_workbench.workflows.play_messages import (
    Drafted,
    approve_message,
    draft_of,
    save_message,
    send_message,
)
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_summary,
    add_touchpoint,
    portfolio,
)

ANA = By("Ana Ruiz", TODAY)
BODY = "Hello Lena,\n\nwe promised a training.\n"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            key = add_account(c, "kes-1", name="Kestrel")
            add_summary(c, key)
            person = {"name": "Lena Voss", "email": "lena@example.com", "role": "champion"}
            add_contact(c, key, contact_id="c1", preferred_channel="phone", **person)
        yield opened


@pytest.fixture
def play_id(db: Database) -> str:
    found = start_play(db, ANA, 1, find_playbook("check-in").playbook, Start())
    plays.finish_step(db, ANA, found, answers={"purpose": "See how it goes.", "person": "lena"})
    return found


def drafted(db: Database, play_id: str) -> Drafted:
    return draft_of(db, ANA, open_walk(db, play_id, TODAY))


def test_a_draft_is_filled_from_answers_and_for_its_reader(db: Database, play_id: str) -> None:
    found = drafted(db, play_id)
    assert found.contact is not None
    assert (found.contact.contact_id, found.message.channel) == ("c1", "phone")
    assert found.message.subject == "Kestrel: fifteen minutes this week?"
    assert found.message.body.startswith("Hello Lena,\n\nSee how it goes.\n\nWould fifteen")
    assert "I will bring along" not in found.message.body
    assert found.gaps == ()
    assert found.message.body.endswith("Kind regards\nAna Ruiz\n")


def test_a_gap_is_filled_before_it_goes_out(db: Database, play_id: str) -> None:
    save_message(db, ANA, play_id, subject="About ▢ {{ product }}", body=BODY)
    assert drafted(db, play_id).gaps == ("product",)
    for act in (approve_message, send_message):
        with pytest.raises(ConflictError, match="Still to fill: product"):
            act(db, ANA, play_id)
    save_message(db, ANA, play_id, subject="About the platform", body=BODY)
    approve_message(db, ANA, play_id)
    assert drafted(db, play_id).message.approved_by == "Ana Ruiz"
    save_message(db, ANA, play_id, subject="About us", body=BODY)
    assert drafted(db, play_id).message.state == "draft"
    with pytest.raises(UsageError, match="what it is about"):
        save_message(db, ANA, play_id, subject=" ", body=BODY)


def test_what_was_sent_is_a_touchpoint(db: Database, play_id: str) -> None:
    send_message(db, ANA, play_id)
    row = db.connection.execute(
        "SELECT channel, direction, kind, contact_id, summary, author, origin FROM touchpoint"
    ).fetchone()
    assert tuple(row) == (
        *("phone", "outbound", "check-in", "c1", "Kestrel: fifteen minutes this week?"),
        *("Ana Ruiz", f"play {play_id}"),
    )
    with pytest.raises(ConflictError, match="It was sent on Mon 23 Nov 2026"):
        send_message(db, ANA, play_id)


def test_who_opted_out_is_not_written_to(db: Database, play_id: str) -> None:
    with write(db) as c:
        c.execute("UPDATE contact SET opted_out = 1")
    assert any("opted out" in warning for warning in drafted(db, play_id).warnings)
    with pytest.raises(ConflictError, match="wants nothing from us"):
        send_message(db, ANA, play_id)


def test_a_cap_says_when_it_is_free_again(db: Database, play_id: str) -> None:
    with write(db) as c:
        for day in ("2026-11-01", "2026-11-10"):
            contact = {"contact_id": "c1", "channel": "phone", "direction": "outbound"}
            add_touchpoint(c, 1, occurred_at=f"{day}T09:00:00Z", **contact)
    with pytest.raises(ContactCapError, match="free again on Tue 1 Dec 2026"):
        send_message(db, ANA, play_id)
    assert any("phone 3 of 2" in warning for warning in drafted(db, play_id).warnings)
    send_message(db, ANA, play_id, override="they asked for it today")
    assert drafted(db, play_id).warnings == ()  # what is sent is not counted once more
    row = db.connection.execute("SELECT state, override_reason FROM message").fetchone()
    assert tuple(row) == ("sent", "they asked for it today")


def test_approving_beyond_the_cap_stops_too_and_its_reason_holds(
    db: Database, play_id: str
) -> None:
    with write(db) as c:
        for day in ("2026-11-01", "2026-11-10"):
            contact = {"contact_id": "c1", "channel": "phone", "direction": "outbound"}
            add_touchpoint(c, 1, occurred_at=f"{day}T09:00:00Z", **contact)
    told = "beyond the cap: free again on Tue 1 Dec 2026"
    assert told in drafted(db, play_id).warnings
    with pytest.raises(ContactCapError, match="free again on Tue 1 Dec 2026"):
        approve_message(db, ANA, play_id)
    approve_message(db, ANA, play_id, override="urgent for them")
    send_message(db, ANA, play_id)
    row = db.connection.execute("SELECT state, override_reason FROM message").fetchone()
    assert tuple(row) == ("sent", "urgent for them")


def test_a_cap_counts_by_kind_whoever_it_goes_to(db: Database, play_id: str) -> None:
    contact_file("days = 30\naccount = 9\n[kind]\ncheck-in = 1\n")
    with write(db) as c:
        sent = {"channel": "chat", "direction": "outbound", "occurred_at": "2026-11-10T09:00:00Z"}
        add_touchpoint(c, 1, kind="ask", **sent)
    assert drafted(db, play_id).warnings == ("check-in 1 of 1 in 30 days",)  # the last, not beyond
    with write(db) as c:
        add_touchpoint(c, 1, kind="check-in", **sent)
    with pytest.raises(ContactCapError, match="free again on Thu 10 Dec 2026"):
        send_message(db, ANA, play_id)


def test_who_needs_approval_waits_for_somebody_else(db: Database, play_id: str) -> None:
    contact_file('days = 30\naccount = 9\nneeds_approval = ["ana ruiz"]\n')
    with pytest.raises(ConflictError, match="after somebody else approved"):
        send_message(db, ANA, play_id)
    with pytest.raises(ConflictError, match="approved by somebody else"):
        approve_message(db, ANA, play_id)
    approve_message(db, By("Priya", TODAY), play_id)
    save_message(db, ANA, play_id, subject="Changed since", body=BODY)
    with pytest.raises(ConflictError, match="after somebody else approved"):
        send_message(db, ANA, play_id)
    approve_message(db, By("Priya", TODAY), play_id)
    assert send_message(db, ANA, play_id).startswith("sent: Changed since")


def contact_file(text: str) -> None:
    own_file("contact.toml").parent.mkdir(parents=True, exist_ok=True)
    own_file("contact.toml").write_text(text)


POLICY = ContactPolicy(days=30, person={"email": 2}, account=3)


@pytest.mark.parametrize(
    ("days", "free"),
    [
        ([], None),
        ([5], None),
        ([5, 10], 25 - 5),
        ([30, 31], None),  # out of the window
        ([1, 2, 3], 30 - 2),
    ],
)
def test_when_a_cap_is_free_again(days: list[int], free: int | None) -> None:
    before = [Outreach(TODAY - dt.timedelta(back), "email", "c1") for back in days]
    expected = None if free is None else TODAY + dt.timedelta(free)
    assert free_again(POLICY, before, Outreach(TODAY, "email", "c1")) == expected


MESSAGE = Message(
    *("m", 1, "p", "s", "c1", "email", "ask", "Hello\r\nBcc: all@example.com", BODY, "draft"),
    *("ana", TODAY),
)


def test_a_subject_cannot_make_a_header_of_its_own() -> None:
    raw = eml_bytes(MESSAGE, "lena@example.com\r\nCc: x@example.com")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert mail["Subject"] == "Hello Bcc: all@example.com"
    assert mail.get_content().replace("\r\n", "\n") == BODY
    assert markdown_text(MESSAGE, None).splitlines()[1] == "Subject: Hello Bcc: all@example.com"


def test_a_link_is_quoted_whole() -> None:
    message = replace(MESSAGE, subject="a&bcc=x", body="50 % & more\n")
    assert mailto_link(message, "l@example.com") == (
        "mailto:l@example.com?subject=a%26bcc%3Dx&body=50%20%25%20%26%20more%0D%0A"
    )
