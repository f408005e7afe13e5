from pathlib import Path

import pytest

from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.importers.detection import Plan, plan_import
from tests.importers.sources import write

ACCOUNTS = "account_id,name\nA1,Acme\n"
TICKETS = "ticket_id,account_id,opened_at,priority\n"
USAGE = "account_id,date,metric,value\n"
CRM = 'name = "crm"\n[[files]]\nkind = "accounts"\nheadings = ["Id", "Firm"]\n[files.columns]\n'


def kinds(plan: Plan) -> list[tuple[str, str]]:
    return [(source.table.path.name, source.file.kind.name) for source in plan.sources]


def test_files_are_known_by_their_headings_and_ordered_by_need(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "1.csv", USAGE),
        write(tmp_path, "2.txt", TICKETS),
        write(tmp_path, "3.TSV", ACCOUNTS.replace(",", "\t").upper()),
    ]
    expected = [("3.TSV", "accounts"), ("2.txt", "tickets"), ("1.csv", "usage")]
    assert kinds(plan_import(paths)) == expected
    assert kinds(plan_import([tmp_path])) == expected


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ACCOUNTS)
    assert len(plan_import([path, tmp_path, path]).sources) == 1


def test_in_a_folder_an_unknown_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", ACCOUNTS)
    other = write(tmp_path, "notes.csv", "day,weather\n")
    write(tmp_path, "readme.md", "not,a\ntable\n")
    plan = plan_import([tmp_path])
    told = f"{other} is left out: no mapping knows its headings; --interactive asks what it is."
    assert (kinds(plan), plan.skipped) == ([("a.csv", "accounts")], (told,))


def test_of_a_file_that_lacks_one_heading_it_is_said_which(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", ACCOUNTS)
    write(tmp_path, "Contract.csv", "Id,AccountId,ContractNumber,StartDate,Status\n")
    (told,) = plan_import([tmp_path]).skipped
    assert told.endswith("; with EndDate or Contract End Date it would be subscriptions.")


def test_in_a_folder_a_note_is_left_out_but_a_broken_table_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", ACCOUNTS)
    note = write(tmp_path, "README.txt", "\nNotes on the export\n")
    told = f"{note} is left out: no mapping knows its headings."
    assert plan_import([tmp_path]).skipped == (told,)
    with pytest.raises(InputError, match="headings"):
        plan_import([note])
    write(tmp_path, "empty.csv", "")
    with pytest.raises(InputError, match="is empty"):
        plan_import([tmp_path])


def test_a_heading_that_is_nearly_right_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "acount_id,name\nA1,Acme\n")
    with pytest.raises(InputError, match=r"needs account_id \(is 'acount_id' meant for it\?\)\."):
        plan_import([path])


def test_a_file_that_is_named_must_be_known(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "account_id,title\n")
    with pytest.raises(InputError, match=r"Nearest is accounts, which also needs name\."):
        plan_import([path])


@pytest.mark.parametrize("name", ["inbox.mbox", "meetings.ICS"])
def test_mail_and_calendars_have_a_command_of_their_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=f"`csw mailbox {name}` logs its contacts"):
        plan_import([write(tmp_path, name, "From ana\n")])


def test_the_more_demanding_mapping_wins(tmp_path: Path) -> None:
    headings = "subscription_id,account_id,start_date,plan_tier,arr_amount,billing_frequency"
    more = "end_date,seats,auto_renew_flag,is_trial,churn_flag"
    found = plan_import([write(tmp_path, "s.csv", f"{headings},{more}\n")]).sources[0]
    assert (found.mapping.name, found.file.kind.name) == ("ravenstack", "subscriptions")


@pytest.mark.parametrize("heading", ["Request", "Votes", "Score", "Amount", "Attendees", "Comment"])
def test_rows_that_happened_are_no_table_of_usage(tmp_path: Path, heading: str) -> None:
    usage = write(tmp_path, "usage.csv", "Customer,Date,Logins,Plan\nKestrel,2026-11-01,5,Pro\n")
    assert kinds(plan_import([usage])) == [("usage.csv", "usage")]
    head = f"Customer,Date,Logins,{heading}\n"
    with pytest.raises(InputError, match="no mapping knows its headings"):
        plan_import([write(tmp_path, "rows.csv", f"{head}Kestrel,2026-11-01,5,1\n")])


def test_a_mapping_may_be_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Id,Firm,Extra\n")
    mapping = write(tmp_path, "crm.toml", CRM + 'account_id = "id"\nname = "FIRM"\n')
    found = plan_import([path], str(mapping)).sources[0]
    assert (found.mapping.name, found.ignored) == ("crm", ("Extra",))


def test_a_column_that_the_mapping_needs_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Id,Firm\n")
    mapping = write(tmp_path, "crm.toml", CRM + 'account_id = "Id"\nname = "Company"\n')
    with pytest.raises(InputError, match="takes name from the column 'Company'"):
        plan_import([path], str(mapping))


def test_two_that_fit_equally_are_a_question(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "Id,Firm\n")
    twice = CRM + 'account_id = "Id"\nname = "Firm"\n' + CRM.partition("\n")[2]
    mapping = write(tmp_path, "crm.toml", twice + 'account_id = "Id"\nname = "Id"\n')
    with pytest.raises(InputError, match="fit its headings equally"):
        plan_import([path], str(mapping))


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no\.csv"):
        plan_import([tmp_path / "no.csv"])
    with pytest.raises(NotFoundError, match=r"'crm'\. Known: native, .*ravenstack"):
        plan_import([write(tmp_path, "a.csv", ACCOUNTS)], "crm")


def test_a_folder_without_tables_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file"):
        plan_import([tmp_path])
    write(tmp_path, "a.csv", "x\n")
    with pytest.raises(InputError, match="no file has headings"):
        plan_import([tmp_path])
