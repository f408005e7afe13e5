import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from cs_workbench.core.summary_records import CSV_KEYS
from cs_workbench.store.database import open_database, write
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import add_account, add_subscription, add_touchpoint, portfolio

TODAY = "2026-11-23"
HOSTILE = "Bad\x1b]52;c;aGk=\x07 東京 =1+1"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A family with a hostile name, and weeks of scores with a gap."""
    path = tmp_path_factory.mktemp("book") / "portfolio.db"
    with portfolio(path.parent) as db, write(db) as pen:
        top = add_account(pen, "top", name=HOSTILE, csm="ana", started_on="2025-01-01")
        add_account(pen, "child", parent_key=top, csm="bo", started_on="2025-01-01")
        add_account(pen, "lone", started_on="2025-01-01", currency="JPY")
        for key, currency in ((1, "USD"), (2, "USD"), (3, "JPY")):
            add_subscription(pen, key, currency=currency, end_date="2027-12-31")
            add_touchpoint(pen, key, occurred_at="2026-01-20T09:00:00Z")
    for day in ("2026-09-28", "2026-10-26", "2026-11-16", TODAY):
        assert csw(path, "refresh", "--as-of", day).returncode == 0
    return path


def summary(path: Path, *args: str, **environment: str) -> str:
    result = csw(path, "health", "summary", *args, **environment)
    assert result.returncode == 0, result.stderr
    return str(result.stdout)


def test_the_tables_fit_80_columns_and_are_safe(book: Path) -> None:
    for by in ("csm", "parent", "all", "stage"):
        text = summary(book, "--by", by)
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= 80
    text = summary(book, "--by", "parent")
    assert "Bad␛" in text
    assert "1 accounts belong to no family." in text
    assert "Health as of 2026-11-23, 3 accounts" in text
    assert "ARR JPY" in text


def test_the_spark_shows_gaps(book: Path) -> None:
    lines = summary(book, "--since", "2026-09-22").splitlines()
    (unknown,) = [line for line in lines if line.startswith("? unknown")][:1]
    assert unknown.split()[2] == "█···█··██"
    assert "2026-09-28 to 2026-11-23, 4 of 9 weeks scored, · none" in lines


def test_letters_stand_for_glyphs(book: Path) -> None:
    result = run.csw(
        *("--db", book, "--today", TODAY, "health", "summary", "--filter", "lone"),
        *("--since", "2026-09-22"),
        CSW_ASCII="1",
    )
    text = result.stdout
    assert result.returncode == 0, result.stderr
    assert text.isascii()
    assert "7...7..77" in text


@pytest.mark.parametrize("args", [("--by", "csm"), ("--by", "parent"), ("--every", "month")])
def test_the_document_is_the_documented_one(book: Path, args: tuple[str, ...]) -> None:
    document = json.loads(summary(book, "--json", *args))
    text = (run.ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = text.partition("## csw health summary")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`(\w+)`", section))
    assert document["schema"] == "csw.health-summary/1"
    assert _keys(document) <= documented


def test_groups_add_up_to_the_total(book: Path) -> None:
    document = json.loads(summary(book, "--json"))
    assert [one["name"] for one in document["groups"]] == ["Ana", "Bo", None]
    assert sum(one["accounts"] for one in document["groups"]) == document["total"]["accounts"] == 3
    amounts = {one["currency"]: one["arr"] for one in document["total"]["arr"]}
    assert amounts == {"USD": 24_000, "JPY": 1_200_000}
    assert document["history"][-1]["accounts"] == 3
    assert document["history"][-2]["as_of"] == "2026-11-16"
    assert document["history"][-3]["accounts"] is None


def test_the_roll_up_is_told(book: Path) -> None:
    document = json.loads(summary(book, "--json", "--by", "parent"))
    (family,) = document["groups"]
    assert family["rollup"]["method"] == "arr"
    assert family["rollup"]["accounts"] == 2
    assert document["without_family"] == 1


def test_csv_has_a_row_for_each_currency(book: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(summary(book, "--csv", "--by", "parent"))))
    assert list(rows[0]) == list(CSV_KEYS)
    assert [row["part"] for row in rows[:3]] == ["group", "total", "total"]
    gaps = [row for row in rows if row["part"] == "history" and not row["as_of"]]
    assert {row["accounts"] for row in gaps} == {""}
    assert rows[0]["name"] == HOSTILE


def test_one_form_at_a_time(book: Path) -> None:
    result = csw(book, "health", "summary", "--json", "--csv")
    assert (result.returncode, result.stdout) == (2, "")
    assert "exclude one another" in result.stderr


@pytest.mark.parametrize(
    "args", [("--by", "nothing"), ("--since", "+3"), ("--filter", "arr>"), ("--every", "day")]
)
def test_what_cannot_be_understood_ends_with_2(book: Path, args: tuple[str, ...]) -> None:
    assert csw(book, "health", "summary", *args).returncode == 2


def test_nothing_scored_is_said(tmp_path: Path) -> None:
    with portfolio(tmp_path):
        pass
    result = csw(tmp_path / "portfolio.db", "health", "summary")
    assert result.returncode == 0
    assert "run `csw refresh`" in result.stderr


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for one in value.values() for key in _keys(one))}
    return {key for one in value for key in _keys(one)} if isinstance(value, list) else set()


def test_an_arr_that_is_not_known_is_in_no_sum_and_said(book: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(book, tmp_path))
    assert "not known" not in summary(copy)
    with open_database(copy) as db, write(db) as pen:
        pen.execute("UPDATE account_summary SET arr_minor = NULL WHERE account_key = 1")
    assert "Of 1 account the ARR is not known; it is in no sum." in summary(copy)
    assert json.loads(summary(copy, "--json"))["total"]["unpriced"] == 1
