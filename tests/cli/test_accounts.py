import csv
import io
import json
import re
from pathlib import Path

import pytest

from cs_workbench.core.account_records import RECORD_KEYS
from cs_workbench.store.database import open_database, write
from cs_workbench.store.views import SavedView, save_view
from tests.cli import run
from tests.factories import add_account, add_summary, insert, portfolio
from tests.hostile_churn import add_churn

TODAY = "2026-11-23"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three accounts: one red, one green, one that no refresh has seen."""
    with portfolio(tmp_path) as db:
        with write(db) as c:
            kestrel = add_account(c, "kes-1", name="Kestrel Logistics GmbH", csm="ana")
            green = add_account(c, "gre-2", name="=Green\x1b[31m", lifecycle_stage="mature")
            add_account(c, "new-3", name="東京データ KK", currency="JPY")
            insert(c, "scorecard", {"hash": "h", "text": ""})
            run_row = {"as_of": TODAY, "started_at": "2026-11-23T02:00:00Z", "actor": "cron"}
            run_row |= {"program_version": "0", "scorecard_hash": "h", "report": "{}"}
            insert(c, "refresh_run", run_row)
            add_summary(
                c,
                kestrel,
                band="red",
                points_e4=310_000,
                trend_e4=-230_000,
                arr_minor=41_200_050,
                coverage_e4=9_200,
                deadline="2026-12-30",
                deadline_by="notice",
                end_date="2027-02-28",
                spark="7777656533..",
                seats=50,
                seats_used=19,
            )
            add_summary(c, green, points_e4=840_000, trend_e4=0, arr_minor=2_880_000)
        save_view(db, SavedView("Big", "arr>100k", "arr", descending=True), actor="ana")
        return db.path


def listed(book: Path, *args: str) -> list[str]:
    result = run.within("--db", book, "--today", TODAY, "accounts", "--json", *args)
    assert result.returncode == 0, result.stderr
    return [account["account_id"] for account in json.loads(result.stdout)["accounts"]]


def test_the_table_is_aligned_and_worst_first(book: Path) -> None:
    result = run.csw("--db", book, "--today", TODAY, "accounts")
    lines = result.stdout.splitlines()
    assert [line[:4] for line in lines] == ["Scor", "■ 31", "? --", "● 84"]
    for part in ("↓23", "92%", "412k", "████▇▆▇▆▄▄··", "38%", "2026-12-30", "37"):
        assert part in lines[1]
    assert "␛[31m" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("environment", [{"CSW_ASCII": "1"}, {"PYTHONIOENCODING": "ascii"}])
def test_letters_stand_in_where_glyphs_cannot_be_shown(
    book: Path, environment: dict[str, str]
) -> None:
    result = run.csw("--db", book, "--today", TODAY, "accounts", **environment)
    assert [line[:4] for line in result.stdout.splitlines()] == ["Scor", "R 31", "? --", "G 84"]
    assert "-23" in result.stdout


def test_csv_holds_every_name_whatever_the_locale(book: Path) -> None:
    with open_database(book) as db, write(db) as connection:
        connection.execute("UPDATE account SET name = '東京データ' WHERE account_id = 'kes-1'")
    result = run.csw(
        "--db", book, "--today", TODAY, "accounts", "--csv", PYTHONIOENCODING="latin-1"
    )
    assert "kes-1,東京データ," in result.stdout


def test_json_has_the_whole_truth(book: Path) -> None:
    result = run.within("--db", book, "--today", TODAY, "accounts", "--json")
    document = json.loads(result.stdout)
    assert (document["schema"], document["as_of"]) == ("csw.accounts/1", TODAY)
    kestrel, new, _ = document["accounts"]
    assert kestrel == {
        "account_id": "kes-1",
        "name": "Kestrel Logistics GmbH",
        "segment": None,
        "region": None,
        "industry": None,
        "csm": "Ana",
        "lifecycle_stage": None,
        "arr": 412_000.5,
        "currency": "USD",
        "score": 31,
        "score_low": 45,
        "score_high": 55,
        "band": "red",
        "coverage": 0.92,
        "trend": -23,
        "override": None,
        "seats": 50,
        "seats_used": 19,
        "end_date": "2027-02-28",
        "deadline": "2026-12-30",
        "deadline_by": "notice",
        "days_to_deadline": 37,
        "last_two_way_on": None,
        "next_step": None,
        "next_step_owner": None,
        "next_step_due": None,
        "promises_late": 0,
        "leaves": None,
        "leaves_low": None,
        "leaves_high": None,
        "expected_loss": None,
        "signals": 0,
        "is_former": False,
        "as_of": TODAY,
        "custom": {},
    }
    unknown = ("arr", "score", "coverage", "trend", "deadline", "days_to_deadline", "as_of")
    assert (new["band"], {new[key] for key in unknown}) == ("unknown", {None})


def test_a_churn_model_in_use_has_its_columns_and_keys(book: Path) -> None:
    assert "Leaves" not in run.within("--db", book, "--today", TODAY, "accounts").stdout
    with open_database(book) as db, write(db) as connection:
        add_churn(connection, [1], ("on",))
    heads, *rows = run.within("--db", book, "--today", TODAY, "accounts").stdout.splitlines()
    assert heads.endswith("Leaves, 80 %  Loss")
    assert [row.split()[-3:] for row in rows if "34%" in row] == [["34%", "21-49", "140k"]]
    told = run.within("--db", book, "--today", TODAY, "accounts", "--json").stdout
    with open_database(book) as db, write(db) as connection:
        connection.execute("UPDATE account_summary SET arr_minor = NULL")
    unpriced = run.within("--db", book, "--today", TODAY, "accounts").stdout.splitlines()
    assert [row.split()[-3:] for row in unpriced if "34%" in row] == [["34%", "21-49", "–"]]
    one, other, *_ = json.loads(told)["accounts"]
    assert [one[key] for key in ("leaves", "leaves_low", "leaves_high")] == [0.34, 0.21, 0.49]
    assert one["expected_loss"] == pytest.approx(412_000.5 * 0.34, abs=0.01)
    assert other["leaves"] is None


def test_the_keys_are_those_of_the_document(book: Path) -> None:
    text = (run.ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = text.split("## csw accounts")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    result = run.within("--db", book, "accounts", "--json", "--limit", "1")
    document = json.loads(result.stdout)
    assert documented == [*document, *document["accounts"][0]]
    assert tuple(document["accounts"][0]) == RECORD_KEYS


def test_csv_is_what_json_is_and_no_formula(book: Path) -> None:
    result = run.within("--db", book, "--today", TODAY, "accounts", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert tuple(rows[0]) == (*RECORD_KEYS[:-1], "edit_check")
    assert (rows[0]["arr"], rows[0]["is_former"], rows[1]["score"]) == ("412000.50", "false", "")
    assert rows[2]["name"] == "'=Green\x1b[31m"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((), ["kes-1", "new-3", "gre-2"]),
        (("--limit", "1"), ["kes-1"]),
        (("--limit", "0"), []),
        (("--filter", "band:green"), ["gre-2"]),
        (("--filter", "東京"), ["new-3"]),
        (("--sort", "name"), ["gre-2", "kes-1", "new-3"]),
        (("--sort", "-score"), ["gre-2", "kes-1", "new-3"]),
        (("--view", "Renewing soon"), ["kes-1"]),
        (("--view", "big"), ["kes-1"]),
        (("--view", "big", "--filter", "green"), []),
        (("--view", "former"), []),
    ],
)
def test_options_narrow_and_order(book: Path, args: tuple[str, ...], expected: list[str]) -> None:
    assert listed(book, *args) == expected


def test_a_limit_says_how_many_are_left_out(book: Path) -> None:
    result = run.within("--db", book, "accounts", "--limit", "1")
    assert result.stderr == "2 more accounts are not shown.\n"


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("--filter", "foo:1"), 2, "'foo:1'"),
        (("--sort", "colour"), 2, "cannot be sorted by 'colour'"),
        (("--view", "theirs"), 3, "Views: needs me"),
        (("--limit", "-1"), 2, "--limit"),
    ],
)
def test_what_is_wrong_is_named(book: Path, args: tuple[str, ...], code: int, told: str) -> None:
    result = run.within("--db", book, "accounts", *args)
    assert (result.returncode, result.stdout) == (code, "")
    assert told in result.stderr


def test_before_the_first_refresh_it_says_so(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as c:
        add_account(c)
    result = run.within("--db", tmp_path / "portfolio.db", "accounts")
    assert "run `csw refresh`" in result.stderr
    assert result.stdout.splitlines()[1].startswith("? --")
