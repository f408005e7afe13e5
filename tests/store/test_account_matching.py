"""Rows of a second system on the accounts of a first one."""

from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError
from cs_workbench.store.account_aliases import add_aliases
from cs_workbench.store.database import Database
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

CRM = (
    "account_id,name,domain,region\n0015e00000AbcD0AAJ,Kestrel Logistics,kestrel.com,\n"
    "A2,Juniper Labs,juniper.io,EMEA\nA3,Twin,,\nA4,Twin Ltd,,\n"
)
OTHER = """
name = "other"
{top}
[[files]]
kind = "accounts"
headings = ["Key", "Firm"]
[files.columns]
account_id = "Key"
name = "Firm"
domain = "Web"
region = "Region"
[files.account]
crm_id = "CRM"
"""
HEAD = "Key,Firm,Web,Region,CRM\n"


def bring(db: Database, folder: Path, rows: str, top: str = "") -> ImportReport:
    import_paths(db, [write(folder, "crm.csv", CRM)], actor="ana")
    mapping = write(folder, "other.toml", OTHER.format(top=top))
    path = write(folder, "other.csv", HEAD + rows)
    return import_paths(db, [path], actor="ana", mapping=str(mapping))


def accounts(db: Database) -> dict[str, tuple[str, str | None]]:
    rows = db.connection.execute("SELECT account_id, name, region FROM account")
    return {row[0]: (row[1], row[2]) for row in rows}


@pytest.mark.parametrize(
    "row",
    [
        "k1,Anything,,,0015e00000AbcD0",  # the CRM's id in 15 characters
        "k1,Anything,,,0015e00000AbcD0AAJ",
        "k1,Anything,https://www.kestrel.com/,,",
        "k1,Anything,eu.kestrel.com,,",
        'k1,"KESTREL LOGISTICS, Inc.",,,',
    ],
)
def test_an_account_is_found_by_crm_id_domain_or_name(
    db: Database, tmp_path: Path, row: str
) -> None:
    report = bring(db, tmp_path, f"{row}\n")
    assert len(accounts(db)) == 4
    alias = db.connection.execute("SELECT source, alias, account_key FROM account_alias").fetchall()
    assert [tuple(one) for one in alias] == [("other", "k1", 1)]
    assert "1 row is of accounts that were there already" in " ".join(report.warnings)


@pytest.mark.parametrize(
    "row",
    [
        "k1,Kestrel Logistik,,,",  # only alike: a person says
        "k1,Someone,somebody@gmail.com,,",
        "k1,Twin,,,",  # two are called so
        "k1,Someone,,,0015e00000ABCD0",  # case counts in an id of Salesforce
    ],
)
def test_what_is_not_sure_is_another_account(db: Database, tmp_path: Path, row: str) -> None:
    bring(db, tmp_path, f"{row}\n")
    assert len(accounts(db)) == 5


def test_the_second_system_fills_what_the_first_left_empty(db: Database, tmp_path: Path) -> None:
    bring(db, tmp_path, "k1,Kestrel Intl,kestrel.com,AMER,\nk2,Juniper,juniper.io,APAC,\n")
    before = accounts(db)
    assert before["0015e00000AbcD0AAJ"] == ("Kestrel Logistics", "AMER")
    assert before["A2"] == ("Juniper Labs", "EMEA")
    bring(db, tmp_path, "k1,Kestrel Intl,kestrel.com,LATAM,\nk2,Juniper,juniper.io,APAC,\n")
    # what it filled it keeps up to date, and the first one's empty cell does not take it away
    assert accounts(db)["0015e00000AbcD0AAJ"] == ("Kestrel Logistics", "LATAM")
    write(tmp_path, "crm.csv", CRM.replace("kestrel.com,", "kestrel.com,APAC"))
    import_paths(db, [tmp_path / "crm.csv"], actor="ana")
    assert accounts(db)["0015e00000AbcD0AAJ"][1] == "APAC"


def test_both_every_night_change_nothing(db: Database, tmp_path: Path) -> None:
    rows = "k1,Kestrel Intl,kestrel.com,AMER,\nk2,Juniper,juniper.io,APAC,\n"
    bring(db, tmp_path, rows)
    crm = import_paths(db, [tmp_path / "crm.csv"], actor="ana")
    other = bring(db, tmp_path, rows)
    assert [(f.changed, f.same) for f in (*crm.files, *other.files)] == [(0, 4), (0, 2)]


@pytest.mark.parametrize(("top", "expected"), [("", 5), ("fills_only = true", 4)])
def test_a_crm_has_each_account_once_and_a_tool_may_have_it_twice(
    db: Database, tmp_path: Path, top: str, expected: int
) -> None:
    bring(db, tmp_path, "k1,One,kestrel.com,,\nk2,Two,kestrel.com,,\n", top)
    assert len(accounts(db)) == expected


def test_a_row_that_two_accounts_may_mean_is_refused(db: Database, tmp_path: Path) -> None:
    bring(db, tmp_path, "")
    mapping = (
        'name = "desk"\ntimezone = "UTC"\n[[files]]\nkind = "tickets"\nheadings = ["No"]\n'
        '[files.columns]\nticket_id = "No"\nopened_at = "At"\npriority = { constant = "low" }\n'
        '[files.account]\nname = "Who"\n'
    )
    rows = (
        "No,At,Who\n1,2026-11-01,Twin\n2,2026-11-01,Nobody\n3,2026-11-01,juniper labs\n"
        "4,2026-11-01,Kestrel Logistk\n5,2026-11-01,Castrel Logistics\n"
    )
    desk = write(tmp_path, "desk.toml", mapping)
    report = import_paths(db, [write(tmp_path, "t.csv", rows)], actor="ana", mapping=str(desk))
    assert report.examples == (
        "t.csv, line 2, column Who: more than one account is called 'Twin'",
        "t.csv, line 3, column Who: account 'Nobody' is not known",
        "t.csv, line 5, column Who: account 'Kestrel Logistk' is not known; "
        "is 'Kestrel Logistics' meant for it?",
        "t.csv, line 6, column Who: account 'Castrel Logistics' is not known; "
        "is 'Kestrel Logistics' meant for it?",
    )
    owner = "SELECT account_id FROM ticket JOIN account USING (account_key)"
    assert [row[0] for row in db.connection.execute(owner)] == ["A2"]
    # What a person confirms is so from then on.
    assert add_aliases(db, "Kestrel Logistics", ["Kestrel Logistk", "Kestrel Logistk"]) == 1
    with pytest.raises(ConflictError, match="means another account already"):
        add_aliases(db, "A2", ["new", "Kestrel Logistk"])
    again = import_paths(db, [tmp_path / "t.csv"], actor="ana", mapping=str(desk))
    assert [(file.new, file.same, file.rejected) for file in again.files] == [(1, 1, 3)]
