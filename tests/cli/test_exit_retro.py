"""`csw exit retro` and `winback`: what was known before they left, hostile text and all."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cs_workbench.store.database import open_database, write
from tests.cli import run
from tests.factories import (
    TODAY,
    add_account,
    add_forecast,
    add_promise,
    add_signal,
    add_subscription,
    add_summary,
    add_touchpoint,
    insert,
    portfolio,
)

EVIL = "gone \x1b]52;c;aGk=\x07 [@click=app.quit]now[/]"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("retro")) as db, write(db) as connection:
        keys = {name: add_account(connection, name) for name in ("acme", "big", "later", "here")}
        for name, key in keys.items():
            add_summary(connection, key, is_former=int(name != "here"))
            end = "2026-12-31" if name == "here" else "2026-10-31"
            arr = 9_000_000 if name == "big" else 1_000_000
            add_subscription(connection, key, end_date=end, arr_minor=arr, auto_renew=0)
        key = keys["acme"]
        for name, day in (("acme", "2027-03-01"), ("later", "2027-05-01")):
            reason = {"exit_reason_id": name, "account_key": keys[name], "view": "stated",
                      "reason": "price", "detail": "too dear", "said": EVIL, "author": "ana",
                      "noted_on": "2026-11-01", "win_back_on": day}  # fmt: skip
            insert(connection, "exit_reason", reason)
        add_signal(connection, key, "champion gone", opened_on="2026-08-02", evidence=EVIL,
                   resolved_on="2026-11-02", resolution="left")  # fmt: skip
        add_signal(connection, key, "growth", opened_on="2026-08-01", is_opportunity=1)
        add_signal(connection, key, "long ago", opened_on="2024-08-01")
        add_forecast(connection, key, category="commit", narrative=EVIL,
                     made_at="2026-09-01T09:00:00Z")  # fmt: skip
        add_forecast(connection, key, category="at risk", made_at="2026-10-01T09:00:00Z")
        add_touchpoint(connection, key, summary=EVIL, occurred_at="2026-10-02T09:00:00Z")
        add_touchpoint(connection, key, summary="after", occurred_at="2026-11-02T09:00:00Z")
        add_promise(connection, key, what=EVIL, made_on="2026-09-01", due_on="2026-09-10")
    return db.path


def csw(book: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run.within("--db", book, "--today", TODAY.isoformat(), "exit", *args)


def test_a_retro_tells_what_was_known_before_they_left_and_nothing_of_after(book: Path) -> None:
    retro = json.loads(csw(book, "retro", "acme", "--json").stdout)
    assert (retro["schema"], retro["left_on"], retro["arr"]) == (
        *("csw.exit-retro/1", "2026-10-31", 10_000),
    )
    assert [one["kind"] for one in retro["signals"]] == ["champion gone"]
    assert retro["warned_days"] == 90
    assert [one["what"].split(":")[0] for one in retro["said_fine"]] == ["forecast commit"]
    assert [one["summary"] for one in retro["last_touches"]] == [EVIL]
    assert [one["outcome"] for one in retro["promises"]] == ["late"]
    assert [one["said"] for one in retro["reasons"]] == [EVIL]
    assert len(retro["scores"]) == 13
    assert retro["last_green_on"] is None


def test_a_retro_says_that_what_they_paid_is_not_known(book: Path, tmp_path: Path) -> None:
    other = Path(shutil.copyfile(book, tmp_path / "other.db"))
    with open_database(other) as db, write(db) as connection:
        connection.execute("UPDATE subscription SET arr_minor = NULL")
    told = csw(other, "retro", "acme").stdout
    assert "left on 2026-10-31 with an ARR that is not known; CSM" in told
    assert json.loads(csw(other, "retro", "acme", "--json").stdout)["arr"] is None
    assert csw(other, "winback").stdout.count(" –  ") == 3


def test_a_retro_is_printed_and_a_terminal_obeys_nothing_of_it(book: Path) -> None:
    result = run.csw("--db", book, "--today", TODAY.isoformat(), "exit", "retro", "acme")
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    for words in ("left on 2026-10-31 with 10k USD", "warned 90 days before", "champion gone",
                  "forecast commit", "price: too dear"):  # fmt: skip
        assert words in result.stdout


def test_a_customer_has_no_retro(book: Path) -> None:
    result = csw(book, "retro", "here")
    assert result.returncode == 2
    assert "has not left" in result.stderr


def test_former_accounts_come_by_the_day_to_ask_and_then_by_what_they_paid(book: Path) -> None:
    lines = json.loads(csw(book, "winback", "--json").stdout)["accounts"]
    assert [(one["account_id"], one["win_back_on"], one["arr"]) for one in lines] == [
        ("acme", "2027-03-01", 10_000), ("later", "2027-05-01", 10_000),
        ("big", None, 90_000),
    ]  # fmt: skip
    assert "price: too dear" in csw(book, "winback").stdout
