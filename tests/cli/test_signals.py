import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, copy_log, write
from cs_workbench.workflows.scoring import refresh
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import add_account, add_contact, add_subscription, add_ticket, portfolio

TODAY = "2026-11-23"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts: a champion who left, with a hostile name, and an urgent ticket."""
    with portfolio(tmp_path_factory.mktemp("book")) as db:
        fill(db)
        refresh(db, as_of=dt.date.fromisoformat(TODAY), actor="ana")
        copy_log(db)
        return db.path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def fill(db: Database) -> None:
    with write(db) as connection:
        acme = add_account(connection, "acme", csm="ana", started_on="2025-01-01")
        calm = add_account(connection, "calm", started_on="2025-01-01")
        for key in (acme, calm):
            add_subscription(connection, key, end_date="2027-12-31")
        add_contact(
            connection, acme, role="champion", left_on="2026-11-02", name="L\x1b]52;c;aGk=\x07ena"
        )
        add_ticket(connection, calm, priority="urgent", opened_at="2026-11-17T09:00:00Z")


def signals(path: Path, *args: str) -> list[dict[str, object]]:
    document = json.loads(csw(path, "signals", "--json", *args).stdout)
    assert (document["schema"], document["as_of"]) == ("csw.signals/1", TODAY)
    return list(document["signals"])


def test_the_table_is_safe_and_says_how_many(book: Path) -> None:
    result = run.csw("--db", book, "--today", TODAY, "signals")
    assert result.returncode == 0
    assert "champion L␛]52;c;aGk=␇ena left on 2 Nov 2026" in result.stdout
    assert "\x1b" not in result.stdout
    assert "2 signals: " in result.stderr


def test_json_has_the_documented_keys(book: Path) -> None:
    text = (run.ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = text.partition("## csw signals")[2].partition("\n## ")[0]
    documented = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.M)))
    first = signals(book)[0]
    assert documented == ["schema", "as_of", "signals", *first]


def test_the_list_can_be_narrowed(book: Path) -> None:
    assert [one["kind"] for one in signals(book, "--account", "acme")] == ["champion gone"]
    assert [one["account_id"] for one in signals(book, "--kind", "urgent ticket breach")] == [
        "calm"
    ]
    assert csw(book, "signals", "--kind", "moon phase").returncode == 2
    assert csw(book, "signals", "--account", "nobody").returncode == 3


def test_accounts_count_their_open_signals(book: Path) -> None:
    found = json.loads(csw(book, "accounts", "--json").stdout)["accounts"]
    assert {one["account_id"]: one["signals"] for one in found} == {"acme": 1, "calm": 1}


def test_a_signal_is_snoozed_and_resolved_by_a_part_of_its_id(book: Path) -> None:
    champion, ticket = (str(one["signal_id"]) for one in signals(book))
    snoozed = csw(book, "signals", "snooze", champion[-8:], "--until", "+7", CSW_ME="ana")
    assert snoozed.stdout.startswith("snoozed until Mon 30 Nov 2026: ")
    resolved = csw(book, "signals", "resolve", ticket, "--reason", "fixed by hand", CSW_ME="ana")
    assert resolved.returncode == 0
    assert signals(book) == []
    both = {str(one["signal_id"]): one for one in signals(book, "--all")}
    assert both[champion]["snoozed_until"] == "2026-11-30"
    assert (both[ticket]["resolution"], both[ticket]["resolved_by"]) == ("fixed by hand", "ana")
    shown = csw(book, "signals", "--all").stdout
    assert "snoozed until 2026-11-30" in shown
    assert f"resolved {TODAY} by ana: fixed by hand" in shown


def test_a_bad_day_or_id_has_its_own_exit_code(book: Path) -> None:
    signal_id = str(signals(book)[0]["signal_id"])
    assert csw(book, "signals", "snooze", signal_id, "--until", "-1").returncode == 2
    assert csw(book, "signals", "snooze", signal_id, "--until", "soon").returncode == 2
    assert csw(book, "signals", "resolve", "none", "--reason", "x").returncode == 3


def test_before_the_first_refresh_there_is_advice(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    portfolio(tmp_path, path.name).connection.close()
    result = csw(path, "signals")
    assert result.returncode == 0
    assert "csw refresh" in result.stderr
