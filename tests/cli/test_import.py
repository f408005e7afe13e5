import json
from pathlib import Path

import pytest

from tests.cli.run import csw, within
from tests.importers.sources import write

ACCOUNTS = "account_id,name\nA,Acme\nB,\x1b[31mRed\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


def test_a_clean_import_ends_with_zero_and_says_what_it_did(book: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ACCOUNTS)
    done = csw("--db", book, "import", path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].split() == [
        "a.csv",
        "accounts",
        "native",
        "2",
        "2",
        "0",
        "0",
        "0",
    ]
    again = within("--db", book, "import", path)
    assert again.stdout.splitlines()[-1] == "Nothing changed."
    assert again.returncode == 0


def test_json_is_one_document(book: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ACCOUNTS + "C\n")
    done = within("--db", book, "import", path, "--json")
    document = json.loads(done.stdout)
    assert list(document) == ["schema", "files", "warnings", "kept", "rejects"]
    assert document["schema"] == "csw.import/1"
    assert document["files"] == [
        {
            "file": "a.csv",
            "kind": "accounts",
            "mapping": "native",
            "rows": 3,
            "new": 2,
            "changed": 0,
            "same": 0,
            "rejected": 1,
            "left_out": 0,
            "removed": 0,
        }
    ]
    assert document["warnings"] == ["a.csv, line 4: has 1 fields where the headings are 2"]
    assert document["kept"] is True
    assert Path(document["rejects"]).parent == tmp_path
    assert done.returncode == 1
    assert "1 row was refused; the others are in." in done.stderr


def test_strict_refuses_all_and_says_so(book: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    path = write(tmp_path, "a.csv", ACCOUNTS + "C\n")
    done = within("--db", book, "import", path, "--strict", "--rejects", rejects)
    assert done.returncode == 1
    assert "nothing was imported (--strict)" in done.stderr
    assert "Nothing of this is in the portfolio" in done.stdout
    assert rejects.read_text(encoding="utf-8").splitlines()[1].startswith("a.csv,4,,")
    assert not book.exists()


def test_a_dry_run_leaves_no_file(book: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ACCOUNTS)
    done = within("--db", book, "import", path, "--dry-run")
    assert done.returncode == 0
    assert "dry run" in done.stderr
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["a.csv"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 3, "no file or folder"),
        (["a.csv", "--mapping", "none"], 3, "no mapping 'none'"),
        (["a.csv", "--timezone", "Mars"], 4, "no time zone"),
        (["odd.csv"], 4, "no mapping knows its headings"),
        ([], 2, "Which files?"),
    ],
)
def test_what_cannot_be_done_leaves_no_portfolio(
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    write(tmp_path, "a.csv", "touchpoint_id,account_id,occurred_at,channel,direction\n")
    write(tmp_path, "odd.csv", "x,y\n")
    monkeypatch.chdir(tmp_path)
    done = within("--db", book, "import", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert not book.exists()


def test_hostile_text_is_kept_and_not_obeyed(book: Path, tmp_path: Path) -> None:
    within("--db", book, "import", write(tmp_path, "a.csv", ACCOUNTS))
    done = within("--db", book, "sql", "SELECT name FROM account WHERE account_id = 'B'", "--json")
    assert "\\u001b[31mRed" in done.stdout


def test_usage_of_days_to_come_is_refused(book: Path, tmp_path: Path) -> None:
    write(tmp_path, "a.csv", ACCOUNTS)
    rows = [f"A,{day},logins,3\n" for day in ("2026-11-24", "2026-11-25", "2062-11-23")]
    write(tmp_path, "u.csv", "account_id,date,metric,value\n" + "".join(rows))
    done = within("--db", book, "--today", "2026-11-23", "import", tmp_path)
    assert done.returncode == 1
    assert [line.split()[-2:] for line in done.stdout.splitlines() if "usage" in line] == [
        ["0", "2"]
    ]
    told = "column date: 2026-11-25 is a day to come; usage is of days that were"
    assert f"u.csv, line 3, {told}" in done.stderr
    assert "u.csv, line 4, " in done.stderr
    asked = within("--db", book, "sql", "--csv", "SELECT day FROM usage_day")
    assert asked.stdout == "day\n2026-11-24\n"
