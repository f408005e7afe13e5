"""Imports that take all or nothing, that only rehearse, and what is said of headings."""

import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.custom_fields import MOST
from cs_workbench.errors import ConflictError
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.records import Assumptions
from cs_workbench.importers.unknown_tables import SHOWN
from cs_workbench.store.database import Database, open_database
from cs_workbench.workflows.importing import ImportWishes, run_import
from tests.importers.sources import write
from tests.workflows.exports import ACCOUNTS, SUBSCRIPTIONS, bring, counts, dump, rows


def test_strict_takes_all_or_nothing(db: Database, folder: Path) -> None:
    write(folder, "subs.csv", SUBSCRIPTIONS + "S3,Z,1,1,USD,2026-01-01,,,0\n")
    report = bring(db, folder, strict=True)
    assert (report.kept, report.rejected) == (False, 1)
    assert report.rejects is not None
    assert rows(db, "SELECT count(*) FROM account") == [(0,)]
    assert rows(db, "SELECT count(*) FROM import_run") == [(0,)]
    write(folder, "subs.csv", SUBSCRIPTIONS)
    assert bring(db, folder, strict=True).kept
    assert rows(db, "SELECT count(*) FROM usage_day") == [(3,)]


def test_a_strict_import_that_is_refused_leaves_no_portfolio(tmp_path: Path, folder: Path) -> None:
    target, wishes = tmp_path / "new" / "p.db", ImportWishes("ana", strict=True)
    write(folder, "accounts.csv", ACCOUNTS + "C,,smb,,USD\n")
    report = run_import(target, plan_import([folder]), wishes)
    assert (report.kept, counts(report)[0]) == (False, ("accounts", 2, 0, 0, 1))
    assert report.rejects is not None
    assert list(target.parent.iterdir()) == [report.rejects]
    write(folder, "accounts.csv", ACCOUNTS)
    assert run_import(target, plan_import([folder]), wishes).kept
    assert target.stat().st_mode & 0o777 == 0o600
    with open_database(target) as db:
        assert rows(db, "SELECT count(*) FROM account") == [(2,)]
        assert bring(db, folder).files[0].same == 2
    assert not list(target.parent.glob(".p.db*"))


def test_a_strict_import_never_replaces_what_another_made(tmp_path: Path, folder: Path) -> None:
    target = tmp_path / "p.db"

    def meanwhile(_done: int, _total: int) -> None:
        open_database(target, create=True).connection.close()

    with pytest.raises(ConflictError, match="meanwhile"):
        run_import(target, plan_import([folder]), ImportWishes("ana", strict=True), meanwhile)
    with open_database(target) as db:
        assert rows(db, "SELECT count(*) FROM account") == [(0,)]


def test_a_heading_that_was_misspelt_gets_a_suggestion(db: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path, "a.csv", "account_id,name,cms,Started On,mood,domian\nA,Acme,ana,,glad,\n"
    )
    said = bring(db, path).warnings
    form = "a.csv, line 1: the heading {!r} is not known and left out; did you mean {!r}?"
    for heading, meant in (("cms", "csm"), ("Started On", "started_on"), ("domian", "domain")):
        assert form.format(heading, meant) in said
    assert "a.csv: columns kept as fields of your own: mood (text)." in said


def test_what_customers_pay_is_no_silent_field_of_accounts(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "account_id,name,arr,mood\nA,Acme,1200,glad\n")
    told = "a.csv: what customers pay is not read from accounts, but from subscriptions or a list"
    assert [one.startswith(told) for one in bring(db, path).warnings] == [False, True]
    write(tmp_path, "a.csv", "account_id,name,arr,mood\nA,Acme,1300,sad\n")
    assert bring(db, path).warnings == ()


def test_a_heading_that_is_there_is_not_suggested(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "account_id,name,names,region,regions\nA,Acme,x,EMEA,y\n")
    said = bring(db, path).warnings
    assert said == ("a.csv: columns kept as fields of your own: names (text), regions (text).",)


def test_a_dry_run_writes_nothing_at_all(tmp_path: Path, folder: Path) -> None:
    write(folder, "accounts.csv", ACCOUNTS + "C,,smb,,USD\n")
    target = tmp_path / "new" / "p.db"
    wishes = ImportWishes("ana", dry_run=True)
    report = run_import(target, plan_import([folder]), wishes)
    assert counts(report)[0] == ("accounts", 2, 0, 0, 1)
    assert (report.kept, report.rejects, target.parent.exists()) == (False, None, False)


def test_a_dry_run_compares_with_what_is_there(db: Database, folder: Path) -> None:
    bring(db, folder)
    before = dump(db)
    write(folder, "accounts.csv", ACCOUNTS.replace("Acme", "Other"))
    assert counts(bring(db, folder, dry_run=True))[0] == ("accounts", 0, 1, 1, 0)
    assert dump(db) == before


def test_of_very_many_unknown_headings_the_first_are_named(db: Database, tmp_path: Path) -> None:
    extra = [f"extra_{number}" for number in range(2_000)]
    text = f"account_id,name,{','.join(extra)}\nA,Acme{',x' * 2_000}\n"
    kept, left = bring(db, write(tmp_path, "a.csv", text)).warnings
    assert "of your own: extra_0 (text), extra_1 (text)" in kept
    assert kept.endswith(f" and {MOST - SHOWN} more.")
    first = ", ".join(extra[MOST : MOST + SHOWN])
    assert left == (
        f"a.csv: columns left out, as there are {MOST} fields of your own: {first} and "
        f"{2_000 - MOST - SHOWN:,} more."
    )


def test_meetings_to_come_are_left_out_until_they_were(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", ACCOUNTS)
    head = "touchpoint_id,account_id,occurred_at,channel,direction\n"
    rows = "1,A,2026-11-23 10:00,call,inbound\n2,A,2026-12-07 10:00,meeting,outbound\n"
    write(tmp_path, "meetings.csv", head + rows)
    for today, new, left_out in (
        (dt.date(2026, 11, 1), 0, 2),
        (dt.date(2026, 11, 23), 1, 1),
        (dt.date(2026, 12, 8), 1, 0),
    ):
        wishes = ImportWishes("ana", Assumptions(today=today))
        report = run_import(db.path, plan_import([tmp_path]), wishes)
        assert (report.files[-1].new, report.files[-1].left_out) == (new, left_out)
        told = "meetings.csv: 1 row is still to come and left out until then."
        assert (told in report.warnings) == (left_out == 1)
