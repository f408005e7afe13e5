"""Columns that nobody knows: kept as fields, typed, narrowed and ordered by, edits by hand kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.bundles import BundledAct
from cs_workbench.errors import UsageError
from cs_workbench.store.account_merge import merge_accounts
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.bundles import merge_acts, read_acts_since
from cs_workbench.store.custom_fields import custom_fields, custom_values, read_filter
from cs_workbench.store.database import Database
from cs_workbench.store.erasure import erase
from cs_workbench.workflows.editing import disagreements, set_field, settle
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import undo_last
from tests.factories import TODAY, portfolio

Load = Callable[..., ImportReport]
HEAD = "account_id,name,Tier,Won on,Points,Seat,Empty\n"
ROWS = (
    "a1,Acme,Gold,2026-01-05,7,yes,\n",
    "a2,Beta,,2025-12-31,12.50,no,\n",
    "a3,Ceta,silver,,,,\n",
)


@pytest.fixture
def load(db: Database, tmp_path: Path) -> Load:
    def run(*rows: str, head: str = HEAD, into: Database = db) -> ImportReport:
        (tmp_path / "accounts.csv").write_text(head + "".join(rows))
        return import_paths(into, [tmp_path / "accounts.csv"], actor="cron")

    return run


def listed(db: Database, text: str, **fields: Any) -> list[int]:
    query = AccountQuery(TODAY, read_filter(db, text), **fields)
    return list(account_keys(db, query))


def test_columns_become_fields_of_the_type_of_their_values(db: Database, load: Load) -> None:
    report = load(*ROWS)
    found = {one.label: one.type for one in custom_fields(db.connection).values()}
    assert found == {"Tier": "text", "Won on": "date", "Points": "number", "Seat": "yes or no"}
    assert [one for one in report.warnings if "fields of your own" in one]
    assert custom_values(db.connection, 2) == {
        "won_on": "2025-12-31", "points": "12.5", "seat": "no"
    }  # fmt: skip
    again = load(*ROWS).files[0]
    assert (again.changed, again.same) == (0, 3)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("tier:gold", [1]),
        ("tier:GOLD,silver", [1, 3]),
        ("-tier:gold", [2, 3]),
        ("tier:none", [2]),
        ("points>10", [2]),
        ("points<=7", [1]),
        ("-points>10", [1, 3]),
        ("won_on<2026-01-01", [2]),
        ("won_on:2026-01", [1]),
        ("seat:yes acme", [1]),
    ],
)
def test_lists_are_narrowed_by_them(db: Database, load: Load, text: str, keys: list[int]) -> None:
    load(*ROWS)
    assert listed(db, text) == keys


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("points:many", "is not a number"),
        ("won_on<soon", "compared with a day"),
        ("tier>3", "holds text"),
        ("teir:gold", "Did you mean tier"),
    ],
)
def test_what_a_filter_cannot_mean_is_said(db: Database, load: Load, text: str, told: str) -> None:
    load(*ROWS)
    with pytest.raises(UsageError, match=told):
        read_filter(db, text)


def test_lists_are_ordered_by_them_unknown_last(db: Database, load: Load) -> None:
    load(*ROWS)
    assert listed(db, "", sort="points") == [1, 2, 3]
    assert listed(db, "", sort="points", descending=True) == [2, 1, 3]
    assert listed(db, "", sort="tier") == [1, 3, 2]
    with pytest.raises(UsageError, match="sorted by 'nothing'"):
        listed(db, "", sort="nothing")


def test_a_type_that_no_longer_holds_widens_to_text(db: Database, load: Load) -> None:
    load(*ROWS)
    report = load("a1,Acme,Gold,2026-01-05,n/a,yes,\n")
    assert custom_fields(db.connection)["points"].type == "text"
    assert [one for one in report.warnings if "Points holds text from now on" in one]
    assert (report.files[0].changed, custom_values(db.connection, 2)["points"]) == (1, "12.5")


def test_a_persons_value_outlives_imports_until_the_source_changes(
    db: Database, load: Load
) -> None:
    load(*ROWS)
    set_field(db, Act(1, "ana", TODAY), "Tier", "platinum")
    set_field(db, Act(2, "ana", TODAY), "tier", "bronze")  # of which the source says nothing
    load(*ROWS)
    assert [custom_values(db.connection, key)["tier"] for key in (1, 2)] == ["platinum", "bronze"]
    load("a1,Acme,wood,2026-01-05,7,yes,\n", "a2,Beta,iron,,,,\n")
    assert [custom_values(db.connection, key)["tier"] for key in (1, 2)] == ["platinum", "bronze"]
    one, other = sorted(disagreements(db), key=lambda found: found.account)
    assert (one.account, one.label, one.conflict.theirs) == ("Acme", "Tier", "wood")
    settle(db, Act(1, "ana", TODAY), other.conflict.field_conflict_id, "theirs")
    assert custom_values(db.connection, 2)["tier"] == "iron"
    undo_last(db, "ana", TODAY)
    assert custom_values(db.connection, 2)["tier"] == "bronze"


def test_misspelled_headings_and_those_of_other_kinds_stay_out(db: Database, load: Load) -> None:
    report = load("a1,Acme,x\n", head="account_id,name,Segmnt\n")
    assert [one for one in report.warnings if "did you mean 'segment'" in one]
    assert custom_fields(db.connection) == {}


def test_values_go_with_an_account_that_is_merged_and_are_erased_with_it(
    db: Database, load: Load
) -> None:
    load(*ROWS)
    merge_accounts(db, "a3", into="a2", actor="ana")
    assert custom_values(db.connection, 2)["tier"] == "silver"
    merge_accounts(db, "a1", into="a2", actor="ana")
    assert custom_values(db.connection, 2) == {
        "tier": "silver",
        "won_on": "2025-12-31",
        "points": "12.5",
        "seat": "no",
    }
    erase(db, account_key=2)
    assert custom_values(db.connection, 2) == {}


def test_a_colleagues_value_comes_in_a_bundle(db: Database, load: Load, tmp_path: Path) -> None:
    load(*ROWS)
    with portfolio(tmp_path, "other.db") as other:
        load(*ROWS, into=other)
        set_field(other, Act(1, "jon", TODAY), "tier", "platinum")
        set_field(other, Act(3, "jon", TODAY), "points", "9")
        acts: list[BundledAct] = read_acts_since(other, "2000-01-01T00:00:00Z")
    report = merge_acts(db, acts)
    assert (report.merged, report.refused, report.conflicts) == (2, [], [])
    assert custom_values(db.connection, 1)["tier"] == "platinum"
    assert custom_values(db.connection, 3)["points"] == "9"
    assert merge_acts(db, acts).merged == 0
