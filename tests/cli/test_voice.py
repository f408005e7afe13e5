import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_summary,
    add_survey,
    add_ticket,
    insert,
    portfolio,
)

EVIL = "=1+1 <script>x</script> | support \x1b]52;c;aGk=\x07 [@click=app.quit]*no*[/]"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("voice")) as db, write(db) as connection:
        for name in ("acme", "calm"):
            key = add_account(connection, name)
            add_summary(connection, key, arr_minor=1_000_000)
        add_contact(connection, 1, contact_id="lena")
        add_survey(connection, 1, contact_id="lena", score=3, comment=EVIL, response_id="r1")
        add_survey(connection, 1, score=9, response_id="r2")
        add_ticket(connection, 1, csat=5, closed_at="2026-11-02T10:00:00Z")
        asked = {"account_key": 1, "kind": "nps", "sent_on": "2026-11-01"}
        for number in range(4):
            insert(connection, "survey_invitation", {**asked, "invitation_id": f"i{number}"})
    return db.path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def test_csw_voice_says_of_how_many_and_how_sure(book: Path) -> None:
    result = run.csw("--db", book, "--today", TODAY.isoformat(), "voice")
    assert result.returncode == 0, result.stderr
    assert "1 comments or bad marks wait" in result.stdout
    document = json.loads(csw(book, "voice", "--json").stdout)
    assert (document["schema"], document["unanswered"]) == ("csw.voice/1", 1)
    nps, csat, ces = document["figures"]
    assert (nps["value"], nps["n"], nps["asked"], nps["response_rate"]) == (0, 2, 4, 0.5)
    assert (csat["n"], csat["value"], ces["value"]) == (1, 100, None)
    assert "too few answers" in csw(book, "voice", "compare", "2026-11-10").stdout


def test_a_report_is_safe_in_every_format(book: Path) -> None:
    markdown = csw(book, "voice", "report", "--by", "theme").stdout
    assert "## answers and support" in markdown
    assert "| answers and support | 1 | " in markdown
    assert "\x1b" not in markdown
    assert "\\<script\\>" in markdown
    assert "\\*no\\*" in markdown
    page = csw(book, "voice", "report", "--format", "html").stdout
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    (row,) = csv.DictReader(io.StringIO(csw(book, "voice", "report", "--format", "csv").stdout))
    assert row["text"].startswith("'=1+1")


def test_feedback_is_answered_and_silence_heard(book: Path) -> None:
    (waits,) = json.loads(csw(book, "voice", "unanswered", "--json").stdout)["unanswered"]
    assert (waits["response"], waits["age_days"]) == ("r1", 22)
    assert csw(book, "voice", "answered", "r1").returncode == 0
    assert "No unanswered" in csw(book, "voice", "unanswered").stderr
    assert csw(book, "voice", "answered", "r9").returncode == 3
    (silent,) = json.loads(csw(book, "voice", "silent", "--json").stdout)["silent accounts"]
    assert (silent["account_id"], silent["days_silent"]) == ("calm", None)
    assert (silent["arr"], silent["currency"]) == (10_000, "USD")


def test_mentions_stand_by_their_factors_and_are_dealt_with(book: Path) -> None:
    csw(book, "voice", "mention", "g2", EVIL, "--account", "acme", "--severity", "high",
        "--sentiment", "1")  # fmt: skip
    csw(book, "voice", "mention", "forum", "meh", "--on", "-3")
    first, second = json.loads(csw(book, "voice", "mentions", "--json").stdout)["mentions"]
    assert (first["priority"], first["arr_thousands"]) == (4 * 5 * 10, 10)
    assert (second["priority"], second["account"]) == (2 * 3 * 1, None)
    assert "\x1b" not in csw(book, "voice", "mentions").stdout
    assert csw(book, "voice", "mentions", "--handled", str(first["mention_id"])[-8:]).stdout == (
        "handled the mention on g2\n"
    )
    assert len(json.loads(csw(book, "voice", "mentions", "--json").stdout)["mentions"]) == 1
    assert csw(book, "voice", "rename", "a, b", "mobile").stdout == "theme a, b: mobile\n"
    assert csw(book, "voice", "rename", "a, b", "app").returncode == 0


def test_mentions_of_an_export_come_in_as_files_do(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "mentions.csv"
    export.write_text(
        "mention_id,account_id,source,said_on,text,sentiment,severity\n"
        f'g1,acme,G2,2026-11-01,"{EVIL[:20]}",1,urgent\ng2,calm,G2,2026-11-02,fine,5,\n'
    )
    assert csw(book, "import", str(export)).returncode == 0
    found = json.loads(csw(book, "voice", "mentions", "--json").stdout)["mentions"]
    assert [(one["mention_id"], one["severity"], one["unhappiness"]) for one in found] == [
        *(("g1", 8, 5), ("g2", 2, 1)),
    ]
    assert "Nothing changed." in csw(book, "import", str(export)).stdout


def test_a_mention_may_be_of_nobody_known(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "mentions.csv"
    export.write_text(
        "mention_id,account_id,source,said_on,text\nn1,,G2,2026-11-01,slow\n"
        "n2,gone,G2,2026-11-01,refused\n"
    )
    result = csw(book, "import", str(export))
    assert "account 'gone' is not known" in result.stderr + result.stdout
    bare = tmp_path / "more.csv"
    bare.write_text("mention_id,source,said_on,text\nn3,X,2026-11-02,fast\n")
    assert csw(book, "import", str(bare)).returncode == 0
    found = json.loads(csw(book, "voice", "mentions", "--json").stdout)["mentions"]
    assert [(one["mention_id"], one["account"]) for one in found] == [("n1", None), ("n3", None)]
    export.write_text("mention_id,account_id,source,said_on,text\nn1,acme,G2,2026-11-01,slow\n")
    assert csw(book, "import", str(export)).returncode == 0  # somebody found out
    found = json.loads(csw(book, "voice", "mentions", "--json").stdout)["mentions"]
    assert {one["mention_id"]: one["account"] for one in found} == {"n1": "Acme", "n3": None}


def test_who_was_asked_comes_from_a_file_and_counts_once(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "invitations.csv"
    export.write_text(
        "invitation_id,account_id,contact_id,kind,sent_on\n"
        "a,acme,lena,nps,2026-11-02\nb,acme,lena,nps,2026-11-09\nc,calm,,nps,2026-11-02\n"
        "old,calm,,ces,2020-11-02\n"
    )
    assert csw(book, "import", str(export)).returncode == 0
    nps, csat, ces = json.loads(csw(book, "voice", "--json").stdout)["figures"]
    assert (nps["n"], nps["asked"], nps["response_rate"]) == (
        2,
        6,
        0.3333,
    )  # four were asked before
    assert (csat["asked"], ces["asked"]) == (None, 0)  # of CSAT nobody ever said
    own = json.loads(csw(book, "voice", "--account", "calm", "--json").stdout)["figures"]
    assert (own[0]["n"], own[0]["asked"]) == (0, 1)
    assert "Nothing changed." in csw(book, "import", str(export)).stdout


def test_figures_load_no_machine_learning(book: Path) -> None:
    code = (
        "import sys; from cs_workbench.cli.main import csw; "
        f"csw(['--db', {str(book)!r}, 'voice'], standalone_mode=False); "
        "assert 'sklearn' not in sys.modules and 'numpy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
