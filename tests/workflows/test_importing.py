import csv
from pathlib import Path

import pytest

from cs_workbench.errors import InputError, UsageError
from cs_workbench.importers import parts, usage
from cs_workbench.importers.detection import plan_import
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.database import write as write_to
from cs_workbench.workflows import import_usage
from cs_workbench.workflows.import_reports import FileReport
from cs_workbench.workflows.importing import ImportWishes, run_import
from tests.importers.sources import write
from tests.store.processes import finish, start
from tests.workflows.exports import ACCOUNTS, SUBSCRIPTIONS, bring, counts, dump, rows


def test_a_folder_goes_in_and_a_second_time_nothing_changes(db: Database, folder: Path) -> None:
    assert counts(bring(db, folder)) == [
        ("accounts", 2, 0, 0, 0),
        ("subscriptions", 2, 0, 0, 0),
        ("usage", 3, 0, 0, 0),
    ]
    before = dump(db)
    assert counts(bring(db, folder)) == [
        ("accounts", 0, 0, 2, 0),
        ("subscriptions", 0, 0, 2, 0),
        ("usage", 0, 0, 3, 0),
    ]
    assert dump(db) == before
    assert rows(db, "SELECT known_policy, count(*) FROM import_run GROUP BY 1 ORDER BY 1") == [
        ("assumed", 3),
        ("recorded", 3),
    ]


def test_what_went_in_is_what_the_files_say(db: Database, folder: Path) -> None:
    bring(db, folder)
    assert rows(db, "SELECT account_id, name, csm, search_text, import_id FROM account") == [
        ("A", "Acme", "ana", "acme a ", 1),
        ("B", "東京データ", None, "東京データ b ", 1),
    ]
    assert rows(
        db,
        "SELECT subscription_id, account_id, seats, arr_minor, end_date, notice_days, auto_renew "
        "FROM subscription JOIN account USING (account_key)",
    ) == [("S1", "A", 10, 120_050, "2026-12-31", 30, 1), ("S2", "B", 5, 60_000, None, 0, 0)]
    assert rows(
        db,
        "SELECT account_id, day, value FROM usage_day JOIN account USING (account_key) "
        "ORDER BY 1, 2",
    ) == [
        ("A", "2026-11-01", 3.0),
        ("A", "2026-11-02", 4.0),
        ("B", "2026-11-01", 1.0),
    ]
    assert rows(
        db,
        "SELECT account_id FROM account_fts JOIN account ON account_key = "
        "account_fts.rowid WHERE account_fts MATCH '京デー'",
    ) == [("B",)]


def test_changes_are_logged_field_by_field(db: Database, folder: Path) -> None:
    bring(db, folder)
    write(folder, "accounts.csv", ACCOUNTS.replace("Acme,smb", "Acme Ltd,mid-market"))
    write(folder, "subs.csv", SUBSCRIPTIONS.replace("1200.50", "1500"))
    assert counts(bring(db, folder))[:2] == [
        ("accounts", 0, 1, 1, 0),
        ("subscriptions", 0, 1, 1, 0),
    ]
    logged = rows(
        db,
        "SELECT entity, entity_id, field, old, new, actor, cause, change_set.import_id "
        "FROM change JOIN change_set USING (change_set_id) ORDER BY seq",
    )
    assert logged == [
        ("account", "1", "name", '"Acme"', '"Acme Ltd"', "ana", "import", 4),
        ("account", "1", "segment", '"smb"', '"mid-market"', "ana", "import", 4),
        ("subscription", "S1", "arr_minor", "120050", "150000", "ana", "import", 5),
    ]
    assert rows(db, "SELECT search_text, import_id FROM account LIMIT 1") == [("acme ltd a ", 1)]


def test_bad_rows_are_refused_and_good_ones_go_in(db: Database, folder: Path) -> None:
    write(folder, "accounts.csv", ACCOUNTS + "C,,smb,,USD\nD,Delta\nE,Echo,smb,,EURO\n")
    write(folder, "subs.csv", SUBSCRIPTIONS + "S3,Z,1,1,USD,2026-01-01,,,0\n")
    report = bring(db, folder)
    assert counts(report)[:2] == [("accounts", 2, 0, 0, 3), ("subscriptions", 2, 0, 0, 1)]
    assert report.rejected == 4
    assert report.rejects is not None
    assert report.rejects.parent == db.path.parent
    with report.rejects.open(encoding="utf-8", newline="") as file:
        refused = list(csv.reader(file))[1:]
    assert refused == [
        ["accounts.csv", "4", "name", "name is missing", "C,,smb,,USD"],
        ["accounts.csv", "5", "", "has 2 fields where the headings are 5", "D,Delta"],
        [
            "accounts.csv",
            "6",
            "currency",
            "'EURO' is not a currency code such as USD",
            "E,Echo,smb,,EURO",
        ],
        ["subs.csv", "4", "account_id", "account 'Z' is not known", "S3,Z,1,1,USD,2026-01-01,,,0"],
    ]


def test_an_id_twice_with_other_content_is_refused_not_overwritten(
    db: Database, tmp_path: Path
) -> None:
    path = write(tmp_path, "a.csv", "account_id,name\nA,One\nA,Two\nA,One\nA,Two\n")
    report = bring(db, path)
    assert counts(report) == [("accounts", 1, 0, 1, 2)]
    assert "'A' stands above with other content" in report.examples[0]
    assert rows(db, "SELECT name FROM account") == [("One",)]
    assert counts(bring(db, path)) == [("accounts", 0, 0, 2, 2)]


def test_a_broken_off_import_resumes(db: Database, folder: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(db, folder, progress=cancel)
    open_runs = "SELECT import_id, known_policy FROM import_run WHERE state = 'running'"
    (left,) = rows(db, open_runs)
    report = bring(db, folder)
    assert any("goes on with an import" in warning for warning in report.warnings)
    assert rows(db, "SELECT state, known_policy FROM import_run WHERE import_id = ?", left[0]) == [
        ("done", "assumed")
    ]
    assert rows(db, "SELECT count(*) FROM usage_day") == [(3,)]


LIMITED = """
import resource
from cs_workbench.errors import DiskFullError
from cs_workbench.workflows.importing import import_paths
size = path.stat().st_size + 2**19
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
with open_database(path) as db:
    for strict in (True, False):
        try:
            import_paths(db, [path.parent / "exports"], actor="ana", strict=strict)
        except DiskFullError as problem:
            count = db.connection.execute("SELECT count(*) FROM account").fetchone()[0]
            print(count > 0, "stays" in str(problem))
"""


def test_an_import_that_finds_the_disk_full_says_what_stays(db: Database, folder: Path) -> None:
    lines = [f"A{number},{'long name ' * 20}{number},smb,ana,USD\n" for number in range(5000)]
    write(folder, "accounts.csv", ACCOUNTS + "".join(lines))
    assert finish(start(LIMITED, db.path)) == "False False\nTrue True\n"
    report = bring(db, folder)
    assert any("goes on with an import" in warning for warning in report.warnings)
    assert rows(db, "SELECT count(*) FROM account") == [(5002,)]


def test_each_import_has_rejects_of_its_own(db: Database, tmp_path: Path) -> None:
    for name in "AB":
        path = write(tmp_path, f"{name}.csv", f"account_id,name\n{name},\n")
        bring(db, path)
    written = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.rejects-*.csv")]
    assert sorted(text.splitlines()[1][0] for text in written) == ["A", "B"]


def test_a_folder_may_hold_the_rejects_of_its_last_import(db: Database) -> None:
    write(db.path.parent, "a.csv", "account_id,name\nA,Acme\nB,\n")
    for _ in range(2):
        report = bring(db, db.path.parent)
        assert not any("left out" in warning for warning in report.warnings)
    assert len(list(db.path.parent.glob("*.rejects-*.csv"))) == 2


@pytest.mark.parametrize("name", ["exports/usage.csv", "portfolio.db"])
def test_rejects_overwrite_nothing_that_is_read(
    db: Database, tmp_path: Path, folder: Path, name: str
) -> None:
    wishes = ImportWishes("ana", rejects=tmp_path / name)
    with pytest.raises(UsageError, match="name another file"):
        run_import(db.path, plan_import([folder]), wishes)


def test_a_large_file_in_any_order_gives_the_same(
    db: Database, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(db, folder / "accounts.csv")
    monkeypatch.setattr(import_usage, "SMALL", 10)
    monkeypatch.setattr(import_usage, "MANY_LOOKUPS", 2)
    monkeypatch.setattr(parts, "PART", 200)
    dates = [f"2026-10-{number:02}" for number in range(1, 31)]
    lines = [f"{who},{date},logins,{n}" for n, date in enumerate(dates) for who in "BA"]
    lines += ["A,2026-10-01,logins,99", "Z,2026-10-01,logins,1"]
    path = write(tmp_path, "u.csv", "\n".join(["account_id,date,metric,value", *lines]))
    report = bring(db, path)
    assert counts(report) == [("usage", 60, 0, 0, 2)]
    assert sorted(example.partition(":")[0] for example in report.examples) == [
        "u.csv, line 62, column value",
        "u.csv, line 63, column account_id",
    ]
    assert counts(bring(db, path)) == [("usage", 0, 0, 60, 2)]
    days = "usage_day JOIN account USING (account_key)"
    assert rows(db, f"SELECT account_id, sum(value) FROM {days} GROUP BY 1") == [
        ("A", 435.0),
        ("B", 435.0),
    ]


@pytest.mark.parametrize("other", ["OLD", " A"])
def test_a_large_file_may_call_an_account_by_two_names(
    db: Database, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    bring(db, folder / "accounts.csv")
    with write_to(db) as connection:
        connection.execute("INSERT INTO account_alias VALUES ('crm', 'OLD', 1)")
    monkeypatch.setattr(import_usage, "SMALL", 10)
    monkeypatch.setattr(usage.UsageReader.batches, "__kwdefaults__", {"held": 1})
    dates = [f"2026-{month:02}-01" for month in range(1, 11)]
    lines = [f"{who},{date},logins,{len(who)}" for who in ("A", "B", other) for date in dates]
    report = bring(
        db, write(tmp_path, "u.csv", "\n".join(["account_id,date,metric,value", *lines]))
    )
    assert counts(report) == [("usage", 20, 0, 0, 10)]
    assert rows(db, "SELECT DISTINCT value FROM usage_day") == [(1.0,)]


def test_progress_ends_at_the_total(db: Database, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    bring(db, folder, progress=lambda done, total: told.append((done, total)))
    total = sum(path.stat().st_size for path in folder.iterdir())
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_only_columns_of_the_file_change(db: Database, tmp_path: Path) -> None:
    bring(db, write(tmp_path, "a.csv", ACCOUNTS))
    report = bring(db, write(tmp_path, "b.csv", "account_id,name\nA,Acme\n"))
    assert counts(report) == [("accounts", 0, 0, 1, 0)]
    assert rows(db, "SELECT segment, csm FROM account WHERE account_id = 'A'") == [("smb", "ana")]


def test_an_opportunity_that_changed_is_another_forecast(db: Database, tmp_path: Path) -> None:
    bring(db, write(tmp_path, "a.csv", ACCOUNTS))
    text = "opportunity_id,account_id,category,amount,currency,probability\nO,A,{0},100,USD,0.5\n"
    first = write(tmp_path, "o.csv", text.format("likely"))
    assert counts(bring(db, first)) == [("opportunities", 1, 0, 0, 0)]
    assert counts(bring(db, first)) == [("opportunities", 0, 0, 1, 0)]
    second = write(tmp_path, "o.csv", text.format("at risk"))
    assert counts(bring(db, second)) == [("opportunities", 0, 1, 0, 0)]
    assert counts(bring(db, second)) == [("opportunities", 0, 0, 1, 0)]
    assert rows(
        db, "SELECT opportunity_id, category, amount_minor, probability_e4, author FROM forecast"
    ) == [("O", "likely", 10_000, 5_000, "ana"), ("O", "at risk", 10_000, 5_000, "ana")]


def test_warnings_say_what_was_assumed(db: Database, tmp_path: Path) -> None:
    bring(db, write(tmp_path, "a.csv", ACCOUNTS))
    path = write(
        tmp_path,
        "t.csv",
        "ticket_id,account_id,opened_at,priority,subject,mood\nT,A,2026-11-01 10:00,low,Müll,bad\n",
        "cp1252",
    )
    said = "\n".join(bring(db, path).warnings)
    assert "read as Windows-1252" in said
    assert "times without a zone are taken as UTC" in said
    assert "t.csv, line 1: headings not known and left out: mood." in said
    money = "invoice_id,account_id,amount,issued_on\nI,A,10,2026-11-01\n"
    assert "USD is assumed" in bring(db, write(tmp_path, "i.csv", money)).warnings[0]


def test_nothing_is_written_when_one_file_cannot_be_read(db: Database, folder: Path) -> None:
    write(folder, "zzz.csv", b"")
    with pytest.raises(InputError, match="is empty"):
        bring(db, folder)
    assert rows(db, "SELECT count(*) FROM import_run") == [(0,)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("churn_events", "churn_event_id,account_id,churned_on,refund\nC,A,2026-10-01,5.25\n"),
        ("invoices", "invoice_id,account_id,amount,issued_on\nI,A,-3,2026-10-01\n"),
        (
            "promises",
            "promise_id,account_id,promised_by,what,made_on,state\nP,A,us,fix,2026-10-01,\n",
        ),
        ("contacts", "contact_id,account_id,name,role\nK,A,Lena,champion\n"),
        ("surveys", "response_id,account_id,answered_at,kind,score\nR,A,2026-10-01,nps,9\n"),
    ],
)
def test_every_kind_goes_in_and_stays_the_same(
    db: Database, tmp_path: Path, name: str, text: str
) -> None:
    bring(db, write(tmp_path, "a.csv", ACCOUNTS))
    path = write(tmp_path, f"{name}.csv", text)
    assert counts(bring(db, path)) == [(name, 1, 0, 0, 0)]
    assert counts(bring(db, path)) == [(name, 0, 0, 1, 0)]


def test_make_portfolio_headings_are_native(db: Database, tmp_path: Path) -> None:
    headings = {
        "accounts": "account_id,name,segment,industry,region,csm,lifecycle_stage,started_on,"
        "currency",
        "subscriptions": "subscription_id,account_id,product,plan,seats,arr,currency,start_date,"
        "end_date,notice_days,auto_renew,cancelled_on",
        "contacts": "contact_id,account_id,name,email,role,title,preferred_channel,opted_out",
        "usage": "account_id,date,metric,value",
        "tickets": "ticket_id,account_id,opened_at,first_response_at,closed_at,priority,driver,"
        "channel,reopened_count,is_complaint,csat,subject",
        "surveys": "response_id,account_id,contact_id,answered_at,kind,score,comment",
        "touchpoints": "touchpoint_id,account_id,contact_id,occurred_at,channel,direction,kind,"
        "sentiment,summary",
    }
    for name, line in headings.items():
        write(tmp_path, f"x-{name}.csv", line + "\n")
    report = bring(db, *sorted(tmp_path.glob("x-*.csv")))
    assert {(file.kind, file.mapping) for file in report.files} == {
        (name, "native") for name in headings
    }
    assert not any("not known" in warning for warning in report.warnings)
    assert report.files[0] == FileReport("x-accounts.csv", "accounts", "native", 0, 0, 0, 0, 0)


def test_other_connections_see_the_rows(db: Database, folder: Path) -> None:
    bring(db, folder)
    with open_database(db.path) as other:
        assert rows(other, "SELECT account_id FROM account") == [("A",), ("B",)]
