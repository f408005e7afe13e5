"""`parent_account_id`: which account is part of which."""

from pathlib import Path
from typing import Any

import pytest

from cs_workbench.store import account_parents
from cs_workbench.store.account_merge import merge_accounts, rekey_account
from cs_workbench.store.database import Database
from tests.importers.sources import write
from tests.workflows.exports import bring, counts, rows

HEAD = "account_id,name,parent_account_id\n"


def book(db: Database, folder: Path, text: str, name: str = "accounts.csv", **wishes: Any) -> Any:
    return bring(db, write(folder, name, HEAD + text), **wishes)


def parents(db: Database) -> dict[str, str | None]:
    return dict(
        rows(
            db,
            "SELECT child.account_id, parent.account_id FROM account AS child "
            "LEFT JOIN account AS parent ON parent.account_key = child.parent_key",
        )
    )


def test_a_parent_may_stand_further_down(db: Database, tmp_path: Path) -> None:
    report = book(db, tmp_path, "A,Acme,H\nB,Beta,H\nH,Holding,\n")
    assert not [text for text in report.warnings if "parent" in text]
    assert counts(report) == [("accounts", 3, 0, 0, 0)]
    assert parents(db) == {"A": "H", "B": "H", "H": None}
    assert rows(db, "SELECT count(*) FROM change") == [(0,)]  # a first load is not logged
    again = book(db, tmp_path, "A,Acme,H\nB,Beta,H\nH,Holding,\n")
    assert counts(again) == [("accounts", 0, 0, 3, 0)]


def test_a_parent_may_stand_in_a_later_file(db: Database, tmp_path: Path) -> None:
    first = write(tmp_path, "a.csv", HEAD + "A,Acme,H\n")
    later = write(tmp_path, "b.csv", HEAD + "H,Holding,\n")
    report = bring(db, first, later)
    assert counts(report) == [("accounts", 1, 0, 0, 0)] * 2
    assert parents(db) == {"A": "H", "H": None}


def test_a_change_is_counted_and_logged(db: Database, tmp_path: Path) -> None:
    book(db, tmp_path, "A,Acme,\nB,Beta,\nH,Holding,\n")
    report = book(db, tmp_path, "A,Acme,H\nB,Beta 2,H\nH,Holding,\n")
    assert counts(report) == [("accounts", 0, 2, 1, 0)]
    keys = dict(rows(db, "SELECT account_id, account_key FROM account"))
    logged = rows(
        db,
        "SELECT entity_id, old, new, cause, import_id IS NOT NULL FROM change "
        "JOIN change_set USING (change_set_id) WHERE field = 'parent_key' ORDER BY seq",
    )
    above = str(keys["H"])
    assert logged == [(str(keys[name]), "null", above, "import", 1) for name in "AB"]
    assert counts(book(db, tmp_path, "A,Acme,\n")) == [("accounts", 0, 1, 0, 0)]
    assert parents(db)["A"] is None


def test_a_file_that_does_not_say_leaves_it(db: Database, tmp_path: Path) -> None:
    book(db, tmp_path, "A,Acme,H\nH,Holding,\n")
    bring(db, write(tmp_path, "names.csv", "account_id,name\nA,Acme 2\n"))
    assert parents(db)["A"] == "H"


def test_an_unknown_parent_is_told_and_the_row_goes_in(db: Database, tmp_path: Path) -> None:
    report = book(db, tmp_path, "A,Acme,X9\nB,Beta,\n", strict=True)
    assert counts(report) == [("accounts", 2, 0, 0, 0)]
    (said,) = [text for text in report.warnings if "parent" in text]
    assert said.startswith("accounts.csv: line 2 (A under X9): 1 row names a parent_account_id")
    book(db, tmp_path, "X9,Parent,\n", "later.csv")
    assert counts(book(db, tmp_path, "A,Acme,X9\nB,Beta,\n")) == [("accounts", 0, 1, 1, 0)]
    assert parents(db)["A"] == "X9"
    book(db, tmp_path, "A,Acme,nobody\n")
    assert parents(db)["A"] == "X9"  # what is not known takes nothing away


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A,Acme,A\n", {"A": None}),
        ("A,Acme,B\nB,Beta,A\nC,Gamma,B\n", {"A": None, "B": None, "C": "B"}),
        ("A,Acme,B\nB,Beta,C\nC,Gamma,A\n", {"A": None, "B": None, "C": None}),
    ],
)
def test_a_circle_is_told_and_refused(
    db: Database, tmp_path: Path, text: str, kept: dict[str, str | None]
) -> None:
    report = book(db, tmp_path, text)
    (said,) = [words for words in report.warnings if "part of itself" in words]
    assert "line 2 (A under " in said
    assert parents(db) == kept
    assert report.rejected == 0


def test_a_circle_with_what_is_there_is_refused_too(db: Database, tmp_path: Path) -> None:
    book(db, tmp_path, "A,Acme,B\nB,Beta,\nC,Gamma,\n")
    # A and C close a circle; without it A stays under B, and then B cannot go under A either.
    report = book(db, tmp_path, "A,Acme,C\nC,Gamma,A\nB,Beta,A\n")
    (said,) = [words for words in report.warnings if "part of itself" in words]
    assert "3 rows name" in said
    assert parents(db) == {"A": "B", "B": None, "C": None}
    book(db, tmp_path, "B,Beta,A\nA,Acme,\n")
    assert parents(db) == {"A": None, "B": "A", "C": None}  # the two may change places


def test_the_last_word_of_several_files_counts(db: Database, tmp_path: Path) -> None:
    book(db, tmp_path, "A,Acme,H\nH,Holding,\nG,Group,\n")
    first = write(tmp_path, "1.csv", HEAD + "A,Acme,G\n")
    last = write(tmp_path, "2.csv", HEAD + "A,Acme,H\n")
    bring(db, first, last)
    assert parents(db)["A"] == "H"


def test_former_ids_and_merged_accounts_are_known(db: Database, tmp_path: Path) -> None:
    book(db, tmp_path, "A,Acme,\nB,Beta,\nG,Group,\nH,Holding,\n")
    rekey_account(db, "H", "H2", actor="ana")
    merge_accounts(db, "G", "H2", actor="ana")
    book(db, tmp_path, "A,Acme,H\nB,Beta,G\n")
    found = parents(db)
    assert (found["A"], found["B"]) == ("H2", "H2")


def test_many_in_small_chunks(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_parents, "BATCH", 7)
    text = "".join(f"A{n},Account {n},H{n % 30}\n" for n in range(500))
    text += "".join(f"H{n},Holding {n},\n" for n in range(20))
    report = book(db, tmp_path, text)
    (said,) = [words for words in report.warnings if "parent_account_id" in words]
    names = [n for n in range(500) if n % 30 >= 20]
    shown = ", ".join(f"line {n + 2} (A{n} under H{n % 30})" for n in names[:5])
    assert said.startswith(f"accounts.csv: {shown}, …: {len(names)} rows name a")
    expected = {f"A{n}": f"H{n % 30}" if n % 30 < 20 else None for n in range(500)}
    assert parents(db) == expected | {f"H{n}": None for n in range(20)}


def test_a_mapping_names_the_parent_and_prefixes_it(db: Database, tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "crm.toml",
        'name = "crm"\nid_prefix = "crm:"\n[[files]]\nkind = "accounts"\nheadings = ["Id"]\n'
        '[files.columns]\naccount_id = "Id"\nname = "Name"\nparent_account_id = "Parent Id"\n',
    )
    table = write(tmp_path, "book.csv", "Id,Name,Parent Id\n1,Acme,2\n2,Holding,\n")
    bring(db, table, mapping=str(mapping))
    assert parents(db) == {"crm:1": "crm:2", "crm:2": None}
