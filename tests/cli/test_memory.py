"""What people write down, by command: made, listed, changed, undone, and hostile all the same."""

import json
import shutil
from pathlib import Path

import pytest

from cs_workbench.store.database import open_database, write
from cs_workbench.workflows.conceding import awaiting_approval
from cs_workbench.workflows.next_steps import undo_last
from cs_workbench.workflows.queue_acts import act_on
from cs_workbench.workflows.tasks import By
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import TODAY, add_account, add_contact, add_person, add_summary, portfolio

EVIL = "gone \x1b]52;c;aGk=\x07 [@click=app.quit]now[/]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("memory")) as db, write(db) as connection:
        add_person(connection)
        key = add_account(connection, csm="ana")
        add_contact(connection, key, contact_id="lena", role="champion")
        add_summary(connection, key, arr_minor=1_000_000)
    return db.path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def done(path: Path, *args: str) -> str:
    result = csw(path, *args)
    assert result.returncode == 0, result.stderr
    return result.stdout


def listed(path: Path, *args: str) -> list[dict[str, object]]:
    (rows,) = (
        one for one in json.loads(done(path, *args, "--json")).values() if isinstance(one, list)
    )
    return rows


def test_csw_log_is_started_for_real(book: Path) -> None:
    given = ("--db", book, "--today", TODAY.isoformat(), "log", "acme", EVIL, "--contact", "lena")
    result = run.csw(*given, "--we-promise", "refund by fri")
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    (promise,) = listed(book, "promises")
    assert (promise["what"], promise["due_on"], promise["outcome"]) == (
        *("refund", "2026-11-27", "open"),
    )
    assert promise["contact"] == "Lena Voss"


def test_a_promise_by_command_is_kept_late_or_renegotiated(book: Path) -> None:
    done(book, "promise", "add", "acme", "refund", "--due", "-3")
    done(book, "promise", "add", "acme", "report", "--by", "customer", "--due", "+3")
    late, waits = listed(book, "promises")
    assert (late["outcome"], waits["outcome"]) == ("late", "open")
    assert done(book, "promise", "keep", str(late["promise_id"])[-8:]) == (
        "kept late: refund · Acme\n"
    )
    done(book, "promise", "renegotiate", str(waits["promise_id"]), "--due", "+9")
    outcomes = {one["promise_id"]: one["outcome"] for one in listed(book, "promises")}
    assert outcomes[waits["promise_id"]] == "renegotiated"
    assert sorted(map(str, outcomes.values())) == ["kept late", "open", "renegotiated"]
    refused = csw(book, "promise", "break", str(late["promise_id"]))
    assert (refused.returncode, "is kept already" in refused.stderr) == (12, True)


def test_a_complaint_walks_to_its_end_with_the_customer_told(book: Path) -> None:
    done(book, "complaint", "open", "acme", EVIL, "--severity", "urgent", "--told", "by phone")
    (row,) = listed(book, "complaint", "list")
    name = str(row["complaint_id"])
    assert "customer not told yet" in done(book, "complaint", "move", name, "acknowledged",
        "--not-told")  # fmt: skip
    assert listed(book, "complaint", "list")[0]["not_told"] == "acknowledged"
    done(book, "complaint", "tell", name, "--how", "mail")
    assert "told of 'acknowledged'" in csw(book, "complaint", "tell", name).stderr
    assert csw(book, "complaint", "move", name, "resolved").returncode == 2
    done(book, "complaint", "move", name, "resolved", "--how", "call", "--note", "found it")
    later = ("--db", book, "--today", "2026-12-07", "complaint", "move", name)
    assert run.within(*later, "followed up", "--told").returncode == 0
    assert run.within(*later, "closed", "--told", "--verdict", "advocate").returncode == 0
    assert listed(book, "complaint", "list") == []
    (row,) = listed(book, "complaint", "list", "--all")
    steps = row["steps"]
    assert isinstance(steps, list)
    assert [one["state"] for one in steps] == [
        *("received", "acknowledged", "resolved", "followed up", "closed"),
    ]
    assert (row["verdict"], row["not_told"]) == ("advocate", "")


def test_a_share_of_an_arr_that_nobody_knows_is_nothing_and_told(book: Path) -> None:
    with open_database(book) as db, write(db) as connection:
        connection.execute("UPDATE account_summary SET arr_minor = NULL")
    above = csw(book, "concession", "propose", "acme", "credit", "1", "--reason", "outage")
    told = "Above the limit of csm (a share of the ARR, which is not known); CFO can approve it."
    assert told in above.stderr


def test_a_concession_above_the_limit_waits_for_who_may(book: Path) -> None:
    done(book, "concession", "propose", "acme", "refund", "500", "--reason", "outage")
    above = csw(book, "concession", "propose", "acme", "credit", "1", "--reason", "again")
    assert "Above the limit of csm (500 a year); lead can approve it." in above.stderr
    waiting, given = listed(book, "concession", "list")
    assert (waiting["state"], given["state"], given["cost"]) == ("proposed", "approved", 500)
    refused = csw(book, "concession", "approve", str(waiting["concession_id"]))
    assert (refused.returncode, "lead can approve" in refused.stderr) == (12, True)
    with open_database(book) as db:
        assert awaiting_approval(db, TODAY, "ana") == []  # hers to ask, not to decide
    done(book, "person", "role", "ana", "lead")
    with open_database(book) as db:
        (item,) = awaiting_approval(db, TODAY, "ana")
        assert awaiting_approval(db, TODAY, None) == [item]
        assert (item.kind, item.what, item.days_late(TODAY)) == (
            "approval", "approve credit 1 USD: again", -2,
        )  # fmt: skip
        by = By("ana", TODAY, None)
        assert act_on(db, item, by, "done", "") == "concession approved: credit 1 USD · Acme"
        undo_last(db, "ana", TODAY)
    done(book, "concession", "propose", "acme", "credit", "1400", "--reason", "too much")
    (large, *_) = listed(book, "concession", "list")
    refused = csw(book, "concession", "approve", str(large["concession_id"]))
    assert "Above the limit of lead (1.5k a year); CFO can approve it." in refused.stderr
    done(book, "concession", "decline", str(large["concession_id"]))
    done(book, "concession", "approve", str(waiting["concession_id"]))
    done(book, "concession", "give", str(waiting["concession_id"]))
    done(book, "concession", "outcome", str(waiting["concession_id"]), "they stayed")
    assert listed(book, "concession", "list")[1]["outcome"] == "they stayed"
    assert "not an amount" in csw(
        book, "concession", "propose", "acme", "refund", "much", "--reason", "r"
    ).stderr  # fmt: skip


def test_goals_pains_requests_changes_and_exits_are_kept_and_listed(book: Path) -> None:
    done(book, "goal", "add", "acme", EVIL, "--baseline", "14", "--target", "9", "--unit", "min")
    (goal,) = listed(book, "goal", "list")
    name = str(goal["goal_id"])
    done(book, "goal", "now", name, "11")
    done(book, "goal", "confirm", name, "--by", "Voss")
    done(book, "goal", "close", name, "reached")
    (goal,) = listed(book, "goal", "list")
    assert (goal["now_value"], goal["confirmed_by"], goal["state"]) == (11, "lena", "reached")
    done(book, "pain", "add", "acme", "two systems", "--contact", "lena")
    done(book, "pain", "solve", str(listed(book, "pain", "list")[0]["pain_point_id"]))
    done(book, "request", "add", "acme", "export to SAP", "--theme", "export")
    asked = str(listed(book, "request", "list")[0]["product_request_id"])
    assert listed(book, "request", "list", "--untold") == []
    done(book, "request", "decide", asked, "shipped")
    assert len(listed(book, "request", "list", "--untold")) == 1
    done(book, "request", "tell", asked)
    assert listed(book, "request", "list", "--untold") == []
    done(book, "imposed", "add", "acme", "price", "+9 %", "--from", "2027-01-01")
    done(book, "exit", "add", "acme", "stated", "price", "--detail", "too dear", "--said", EVIL)
    done(book, "exit", "add", "acme", "diagnosed", "people", "--detail", "champion left")
    assert [one["view"] for one in listed(book, "exit", "list")] == ["diagnosed", "stated"]
    for noun in ("goal", "pain", "request", "imposed", "exit", "contact"):
        shown = done(book, noun, "list")
        assert "\x1b" not in shown
        assert "Acme" in shown
        assert "acme," in done(book, noun, "list", "--csv")


def test_contacts_and_fields_are_set_and_taken_back(book: Path) -> None:
    done(book, "contact", "add", "acme", "Tomasz Brandt", "--role", "sponsor")
    done(book, "contact", "set", "acme", "brandt", "channel", "phone")
    done(book, "contact", "set", "acme", "brandt", "opted-out", "yes")
    done(book, "contact", "left", "acme", "Voss", "--on", "-3")
    rows = {one["name"]: one for one in listed(book, "contact", "list")}
    assert rows["Lena Voss"]["left_on"] == "2026-11-20"
    assert rows["Tomasz Brandt"]["preferred_channel"] == "phone"
    assert rows["Tomasz Brandt"]["opted_out"] is True
    done(book, "contact", "back", "acme", "Voss")
    assert "no contact 'nobody'" in csw(book, "contact", "left", "acme", "nobody").stderr
    assert done(book, "set", "acme", "fit", "GOOD") == "Fit: good · Acme\n"
    assert "(as it was)" in done(book, "set", "acme", "fit", "good")
    done(book, "set", "acme", "csm", "Jon")
    done(book, "set", "acme", "advisory_board", "yes")
    assert "one of good, fair, poor" in csw(book, "set", "acme", "fit", "great").stderr
    assert "no field 'shoe'" in csw(book, "set", "acme", "shoe", "1").stderr
    assert "cannot be empty" in csw(book, "set", "acme", "name", "").stderr
    with open_database(book) as db:
        row = db.connection.execute("SELECT fit, csm, advisory_board FROM account").fetchone()
        assert tuple(row) == ("good", "Jon", 1)
        undo_last(db, "ana", TODAY)
        undo_last(db, "ana", TODAY)
        row = db.connection.execute("SELECT fit, csm, advisory_board FROM account").fetchone()
        assert tuple(row) == ("good", "ana", 0)


def test_notes_and_incidents_are_kept(book: Path) -> None:
    assert done(book, "note", "acme", "hates\nMondays") == "note: hates Mondays · Acme\n"
    assert "not told yet" in done(book, "incident", "outage", "acme")
    assert csw(book, "note", "acme", " ").returncode == 2
