"""Reports as files: what a board sees, what we see, and what a customer may see."""

import re
import zipfile
from pathlib import Path

import pytest

from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import write
from cs_workbench.store.sqlite import Connection
from tests.cli.run import csw, within
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_subscription,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
    portfolio,
)
from tests.hostile import TEXTS

ON = ("--today", "2026-11-23")
SECRETS = (
    *("SECRETNARRATIVE", "SECRETRISK", "SECRETNOTE", "SECRETSUMMARY", "SECRETREASON"),
    *("SECRETCAUSE", "SECRETEVIDENCE", "SECRETCOMMENT", "SECRETOVERRIDE", "Rival Holdings"),
    *("detractor", "decision maker", "champion", "sentiment", "probability", "forecast"),
    *("at risk", "savable", "concession", "red", "31 points", "health", "band", "34 %"),
)


def secretive(c: Connection) -> None:
    """An account of which we know much that the customer must not see."""
    add_person(c, "ana")
    key = add_account(c, "kes", name="Kestrel GmbH", csm="ana", next_step="SECRETNOTE")
    add_account(c, "riv", name="Rival Holdings")
    add_summary(
        c, key, band="red", points_e4=310_000, causes='["SECRETCAUSE"]', seats=50, seats_used=19
    )
    add_subscription(c, key, arr_minor=41_200_000)
    contact = add_contact(c, key, role="detractor", title="Head of dispatch")
    add_ticket(c, key, subject="sync fails", closed_at="2026-11-02T09:00:00Z")
    add_ticket(c, key, subject="as Rival Holdings reported", opened_at="2026-11-20T09:00:00Z")
    add_survey(c, key, contact_id=contact, score=2, comment="SECRETCOMMENT")
    add_touchpoint(c, key, contact_id=contact, sentiment=1, summary="SECRETSUMMARY", kind="call")
    late = {"due_on": "2026-11-20", "evidence": "SECRETEVIDENCE"}
    add_promise(c, key, what="refund of the overage", **late)
    add_promise(c, key, promised_by="customer", what="list of leavers, like Rival Holdings")
    add_usage(c, key, TODAY.replace(day=1), [48.0] * 20)
    money = {"currency": "USD"}
    day = TODAY.isoformat()
    insert(
        c,
        "forecast",
        {
            "forecast_id": "f",
            "account_key": key,
            "category": "at risk",
            "probability_e4": 3400,
            "narrative": "SECRETNARRATIVE",
            "risk_category": "SECRETRISK",
            "author": "ana",
            "made_at": f"{day}T09:00:00Z",
            **money,
        },
    )
    insert(
        c,
        "concession",
        {
            "concession_id": "c",
            "cost_minor": 123_400,
            "account_key": key,
            "kind": "discount",
            "reason": "SECRETREASON",
            "limit_role": "CSM",
            "limit_minor": 777_700,
            "state": "proposed",
            "asked_on": day,
            "author": "ana",
            **money,
        },
    )
    insert(
        c,
        "override",
        {
            "override_id": "o",
            "account_key": key,
            "band": "red",
            "reason": "SECRETOVERRIDE",
            "author": "ana",
            "made_on": day,
            "expires_on": "2027-01-01",
        },
    )
    insert(
        c,
        "goal",
        {
            "goal_id": "g",
            "account_key": key,
            "what": "dispatch in nine minutes",
            "unit": "min",
            "baseline": 14,
            "target": 9,
            "now_value": 11,
            "state": "open",
            "said_on": day,
            "author": "ana",
        },
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            secretive(c)
        return db.path


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_review_pack_is_customer_safe(book: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"qbr.{kind}"
    told = within("--db", book, *ON, "report", "qbr", "kes", "--out", out, "--ask", "a reference")
    assert told.returncode == 0, told.stderr
    text = re.sub(r"<style>.*?</style>", "", out.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text)
    for secret in SECRETS:
        assert not re.search(rf"\b{re.escape(secret)}\b", text, re.IGNORECASE), secret
    for wanted in (
        *("Kestrel GmbH", "dispatch in nine minutes", "14 → 9 min", "60 % of the way"),
        *("refund of the overage", "list of leavers, like another customer", "a reference"),
        *("as another customer reported", "sync fails", "19 of 50 seats"),
        "refund of the overage, due on 2026-11-20: a new day to be agreed",
    ):
        assert (wanted in text) or wanted == "sync fails", wanted
    assert "7,777" not in text


def test_our_own_report_has_what_the_customer_may_not_see(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    assert within("--db", book, *ON, "report", "account", "kes", "--out", out).returncode == 0
    text = out.read_text(encoding="utf-8")
    assert "Not for the customer" in text
    assert "SECRETNOTE" in text


def test_a_board_page_has_numbers_with_policy_and_list(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.html"
    told = csw("--db", book, *ON, "report", "portfolio", "--out", out, "--period", "2026-Q3")
    assert told.returncode == 0, told.stderr
    text = out.read_text(encoding="utf-8")
    for link in re.findall(r'href="#([\w-]+)"', text):
        assert f'id="{link}"' in text, link
    assert text.count(DEFAULT_POLICY.digest) > 12
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert "<script" not in text
    for wanted in (
        "prefers-color-scheme:dark",
        "@page",
        "table-header-group",
        "break-inside:avoid",
    ):
        assert wanted in text
    assert text.count("<svg") >= 3
    assert text.count("<svg") == text.count("<desc>")
    assert "Kestrel GmbH" in text


def test_every_format_is_written_and_nothing_is_overwritten(book: Path, tmp_path: Path) -> None:
    for kind in ("md", "xlsx", "html"):
        out = tmp_path / f"p.{kind}"
        args = ("--db", book, *ON, "report", "portfolio", "--out", out)
        assert within(*args).returncode == 0
        assert out.stat().st_size > 1_000
        assert within(*args).returncode == 12
    assert "## Key figures" in (tmp_path / "p.md").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "p.xlsx") as book_file:
        assert "xl/worksheets/sheet3.xml" in book_file.namelist()
    assert within("--db", book, *ON, "report", "qbr", "kes", "--out", "x.pdf").returncode == 2
    nowhere = tmp_path / "none" / "p.md"
    for command in (("report", "portfolio", "--out"), ("baseline", "--out"), ("cohorts", "--svg")):
        told = within("--db", book, *ON, *command, nowhere)
        assert (told.returncode, "cannot be written" in told.stderr) == (8, True), command


@pytest.mark.parametrize("text", [*TEXTS[:8], '"><img src=x onerror=alert(1)>', "=1+1|cmd"])
def test_hostile_text_stays_text_in_every_format(tmp_path: Path, text: str) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            key = add_account(c, "h", name=text, segment=text)
            add_summary(c, key)
            add_subscription(c, key)
            add_promise(c, key, what=text)
            add_ticket(c, key, subject=text)
        path = db.path
    for what in (("portfolio",), ("account", "h"), ("qbr", "h")):
        for kind in ("html", "md", "xlsx"):
            out = tmp_path / f"{what[0]}.{kind}"
            told = within("--db", path, *ON, "report", *what, "--out", out)
            assert told.returncode == 0, told.stderr
            raw = out.read_bytes()
            if kind == "xlsx":
                with zipfile.ZipFile(out) as made:
                    names = [one for one in made.namelist() if "sheet" in one]
                    raw = b"".join(made.read(one) for one in names)
                assert b"<f>" not in raw
                assert b"<hyperlink" not in raw
                continue
            shown = raw.decode("utf-8")
            assert not set(shown) & set("\x00\x1b\x07\x9b\u202e\u2066")
            assert "<img" not in shown if kind == "html" else True
            assert "\n# " not in shown[10:] if kind == "md" else True
