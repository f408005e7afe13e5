"""The mappings that come with the program, each on some lines as the tool writes them."""

import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.renewals import in_force
from cs_workbench.store.account_subscriptions import agreed_subscriptions
from cs_workbench.store.database import Database
from cs_workbench.store.quality import find_contradictions
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

EXPORTS = Path(__file__).parent / "exports"
CRM = "account_id,name,domain\n" + "".join(
    f"{key},{name},{domain}\n"
    for key, name, domain in (
        ("acct-1", "Kestrel Logistics", "kestrel-logistics.com"),
        ("acct-2", "Blue Harbor Foods", "blueharbor.example"),
        ("a3", "Juniper Labs", "juniperlabs.io"),
        ("a4", "Orion Freight", "orionfreight.example"),
        ("a5", "Café Lumière SARL", "cafe-lumiere.fr"),
        ("a6", "Tanaka Seiki K.K.", "tanaka-seiki.co.jp"),
        ("a7", "Mosaic Health", "mosaichealth.example"),
        ("a8", "Pine & Partner GmbH", "pinepartner.de"),
        ("a9", "Sable Interactive", "sable.example"),
        ("a10", "Delta Rowing Club", "deltarowing.example"),
    )
)
Outcome = dict[tuple[str, str], tuple[int, int, int]]


def outcome(report: ImportReport) -> Outcome:
    """By file and kind: new rows, rejected ones, and those that are not meant."""
    return {(f.file, f.kind): (f.new, f.rejected, f.left_out) for f in report.files}


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.connection.execute(sql)]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (
            "salesforce",
            {
                ("Account.csv", "accounts"): (10, 0, 1),
                ("contracts.csv", "subscriptions"): (9, 0, 1),
                ("contacts.csv", "contacts"): (10, 0, 0),
                ("Opportunity.csv", "opportunities"): (9, 0, 1),
            },
        ),
        (
            "hubspot",
            {
                ("companies.csv", "accounts"): (10, 0, 0),
                ("empresas.csv", "accounts"): (1, 0, 0),
                ("contacts.csv", "contacts"): (10, 0, 0),
                ("deals.csv", "opportunities"): (7, 0, 3),
                ("tickets.csv", "tickets"): (1, 0, 0),
            },
        ),
        (
            "stripe",
            {
                ("subscriptions.csv", "accounts"): (9, 0, 0),
                ("subscriptions.csv", "subscriptions"): (9, 0, 1),
            },
        ),
        (
            "chargebee",
            {
                ("subscriptions.csv", "accounts"): (10, 0, 0),
                ("subscriptions.csv", "subscriptions"): (10, 0, 0),
            },
        ),
        (
            "gainsight",
            {
                ("companies.csv", "accounts"): (10, 0, 0),
                ("companies.csv", "subscriptions"): (9, 0, 1),
            },
        ),
        (
            "churnzero",
            {
                ("accounts.csv", "accounts"): (10, 0, 0),
                ("accounts.csv", "subscriptions"): (9, 0, 1),
            },
        ),
        (
            "spreadsheet",
            {
                ("my accounts.csv", "accounts"): (10, 0, 1),
                ("my accounts.csv", "subscriptions"): (9, 0, 2),
            },
        ),
    ],
)
def test_files_with_accounts_make_a_portfolio(
    db: Database, mapping: str, expected: Outcome
) -> None:
    report = import_paths(db, [EXPORTS / mapping], actor="ana")
    assert outcome(report) == expected
    assert {file.mapping for file in report.files} == {mapping}
    assert len(report.warnings) == len(set(report.warnings))  # of two kinds in one file, once


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ("zendesk", {("tickets.csv", "tickets"): (9, 1, 0)}),
        (
            "intercom",
            # The companies are accounts of the CRM, by its id and by their name.
            {
                ("companies.csv", "accounts"): (0, 0, 0),
                ("conversations.csv", "tickets"): (10, 0, 0),
            },
        ),
        ("delighted", {("responses.csv", "surveys"): (9, 0, 1)}),
        ("segment", {("tracks.csv", "usage"): (9, 0, 1)}),
        ("amplitude", {("events.json", "usage"): (9, 0, 1)}),
        ("mixpanel", {("export.jsonl", "usage"): (9, 0, 1)}),
        ("posthog", {("events.jsonl", "usage"): (7, 0, 3)}),
        (
            "usage_table",
            {("by month.csv", "usage"): (910, 0, 0), ("by week.csv", "usage"): (70, 0, 0)},
        ),
    ],
)
def test_other_files_find_their_accounts(
    db: Database, tmp_path: Path, mapping: str, expected: Outcome
) -> None:
    crm = write(tmp_path, "crm.csv", CRM)
    report = import_paths(db, [crm, EXPORTS / mapping], actor="ana")
    assert outcome(report) == {("crm.csv", "accounts"): (10, 0, 0), **expected}
    assert {file.mapping for file in report.files} == {"native", mapping}


def test_salesforce_speaks_in_our_words(db: Database) -> None:
    import_paths(db, [EXPORTS / "salesforce"], actor="ana")
    account = "SELECT account_id, name, domain, csm FROM account WHERE name LIKE 'Kestrel%'"
    assert rows(db, account) == [
        ("0015e00000AbcD0AAJ", "Kestrel Logistics, Inc.", "kestrel-logistics.com", None)
    ]
    parents = "SELECT a.name, p.name FROM account a JOIN account p ON p.account_key = a.parent_key"
    assert rows(db, parents) == [("Orion Freight Ltd", "Kestrel Logistics, Inc.")]
    contract = "SELECT arr_minor, start_date, end_date, term_months FROM subscription LIMIT 1"
    assert rows(db, contract) == [(1_200_000, "2026-01-01", "2027-01-28", 12)]
    assert rows(db, "SELECT name, opted_out FROM contact WHERE opted_out") == [("Léa Martin", 1)]
    assert rows(db, "SELECT category, count(*) FROM forecast GROUP BY 1 ORDER BY 1") == [
        ("churn expected", 2),
        ("closed", 2),
        ("commit", 2),
        ("likely", 3),
    ]


@pytest.mark.parametrize(("told", "e4"), [("90", 9_000), ("90%", 9_000), ("5 %", 500)])
def test_a_percentage_is_one_with_or_without_its_sign(
    told: str, e4: int, db: Database, tmp_path: Path
) -> None:
    write(
        tmp_path,
        "deals.csv",
        "Opportunity ID,Account ID,Account Name,Stage,Close Date,Type,Probability (%)\n"
        f"0065e00000AbcD0,0015e00000AbcD0AAJ,Kestrel,Proposal,2027-01-01,Renewal,{told}\n",
    )
    import_paths(db, [EXPORTS / "salesforce" / "Account.csv", tmp_path], actor="ana")
    assert rows(db, "SELECT probability_e4 FROM forecast") == [(e4,)]


def standard_contracts(folder: Path) -> None:
    """A folder of Salesforce's own files, whose contracts have no amount."""
    for name in ("Account.csv", "contracts.csv"):
        lines = (EXPORTS / "salesforce" / name).read_text("utf-8").splitlines()
        kept = [line.rsplit(",", 1)[0] for line in lines] if name == "contracts.csv" else lines
        write(folder, name, "\n".join(kept) + "\n")


CONTRACTS = """SELECT source, count(*), count(arr_minor) FROM subscription
    JOIN import_run USING (import_id) GROUP BY 1 ORDER BY 1"""


def test_salesforces_standard_contracts_have_dates_and_no_known_price(
    db: Database, tmp_path: Path
) -> None:
    standard_contracts(tmp_path)
    report = import_paths(db, [tmp_path], actor="ana")
    assert outcome(report)["contracts.csv", "subscriptions"] == (9, 0, 1)
    assert rows(db, CONTRACTS) == [("salesforce", 9, 0)]
    contract = "SELECT arr_minor, start_date, end_date, term_months FROM subscription LIMIT 1"
    assert rows(db, contract) == [(None, "2026-01-01", "2027-01-28", 12)]
    names = rows(db, "SELECT product, plan FROM subscription LIMIT 2")
    assert names == [("Contract", None), ("Contract", None)]
    (finding,) = find_contradictions(db, dt.date(2026, 11, 23))
    assert (finding.code, finding.count) == ("subscription-without-price", 9)
    again = import_paths(db, [tmp_path], actor="ana")
    assert {(file.new, file.changed) for file in again.files} == {(0, 0)}


def test_what_billing_says_beside_a_contract_without_a_price_is_taken(
    db: Database, tmp_path: Path
) -> None:
    standard_contracts(tmp_path)
    report = import_paths(db, [EXPORTS / "stripe", tmp_path], actor="ana")
    assert rows(db, CONTRACTS) == [("salesforce", 9, 0), ("stripe", 9, 9)]
    assert "they would count twice" not in " ".join(report.warnings)
    # Of one of the nine contracts nothing is billed, of two all of it has ended or will soon.
    findings = {one.code: one.count for one in find_contradictions(db, dt.date(2026, 11, 23))}
    assert findings == {"subscription-without-price": 2, "contract-outlasts-billing": 2}


def test_a_price_that_comes_later_is_a_change_of_the_contract(db: Database, tmp_path: Path) -> None:
    standard_contracts(tmp_path)
    import_paths(db, [tmp_path], actor="ana")
    report = import_paths(db, [EXPORTS / "salesforce"], actor="ana")
    (contracts,) = (file for file in report.files if file.kind == "subscriptions")
    assert (contracts.new, contracts.changed) == (0, 9)
    assert rows(db, CONTRACTS) == [("salesforce", 9, 9)]
    old = "SELECT DISTINCT old FROM change WHERE field = 'arr_minor'"
    assert rows(db, old) == [("null",)]


def test_stripe_counts_a_year(db: Database) -> None:
    import_paths(db, [EXPORTS / "stripe"], actor="ana")
    found = rows(
        db,
        "SELECT subscription_id, arr_minor, end_date, auto_renew, is_trial, cancelled_on "
        "FROM subscription WHERE subscription_id IN ('sub_1Pk0Zz', 'sub_1Pk1Zz', 'sub_1Pk4Zz', "
        "'sub_1Pk5Zz', 'sub_1Pk2Zz') ORDER BY 1",
    )
    assert found == [
        ("sub_1Pk0Zz", 600_000, "2026-11-30", 1, 0, None),  # 1,200.00 a year, 5 of them
        ("sub_1Pk1Zz", 588_000, None, 1, 0, None),  # 49.00 a month, 10 of them: it goes on
        ("sub_1Pk2Zz", 1_800_000, "2026-12-02", 1, 1, None),
        ("sub_1Pk4Zz", 3_000_000, "2026-12-04", 1, 0, "2026-09-30"),
        ("sub_1Pk5Zz", 1_764_000, "2026-12-05", 0, 0, "2026-12-06"),
    ]
    several = "SELECT count(*) FROM subscription GROUP BY account_key ORDER BY 1 DESC LIMIT 1"
    assert rows(db, several) == [(2,)]


def test_zendesk_tickets_belong_to_organisations_else_to_domains(
    db: Database, tmp_path: Path
) -> None:
    crm = write(tmp_path, "crm.csv", CRM)
    report = import_paths(db, [crm, EXPORTS / "zendesk"], actor="ana")
    found = rows(
        db,
        "SELECT account_id, opened_at, first_response_at, closed_at, priority, csat FROM ticket "
        "JOIN account USING (account_key) ORDER BY ticket_id LIMIT 3",
    )
    assert found == [
        (
            *("acct-1", "2026-10-10T09:30:00Z", "2026-10-10T10:00:00Z", "2026-10-10T15:30:00Z"),
            *("high", 5),
        ),
        (
            *("acct-2", "2026-10-11T09:30:00Z", "2026-10-11T10:01:00Z", "2026-10-11T15:30:00Z"),
            *("normal", 1),
        ),
        ("a3", "2026-10-12T09:30:00Z", "2026-10-12T10:02:00Z", None, "normal", None),
    ]
    assert report.examples == (
        "tickets.csv, line 10, column Organization, Requester domain, Requester email: "
        "it names no account",
    )
    assert "times without a zone are taken as UTC" in " ".join(report.warnings)


def test_a_contract_of_an_account_list_begins_a_year_before_it_renews(db: Database) -> None:
    import_paths(db, [EXPORTS / "gainsight"], actor="ana")
    found = rows(
        db,
        "SELECT start_date, end_date, arr_minor FROM subscription "
        "WHERE subscription_id IN ('gainsight:1P02GS0', 'gainsight:1P02GS5') ORDER BY 1 DESC",
    )
    assert found == [
        ("2026-02-01", "2027-01-31", 1_200_000),
        ("2023-02-01", "2027-01-31", 7_200_000),  # its MRR of 6,000, twelve times
    ]


def test_headings_of_an_own_list_may_be_written_as_programs_write_them(
    db: Database, tmp_path: Path
) -> None:
    head = "account_id,account_name,arr,renewal_date,customer_success_manager,seats\n"
    path = write(tmp_path, "my.csv", head + "A1,Acme,1200,2027-03-01,Ana,50\n")
    assert {file.mapping for file in import_paths(db, [path], actor="ana").files} == {"spreadsheet"}
    assert rows(db, "SELECT account_id, name, csm FROM account") == [("A1", "Acme", "Ana")]
    contract = "SELECT arr_minor, seats, end_date FROM subscription"
    assert rows(db, contract) == [(120_000, 50, "2027-02-28")]


def test_an_own_list_by_our_names_of_accounts_has_contracts_and_own_fields(
    db: Database, tmp_path: Path
) -> None:
    head = "account_id,name,lifecycle_stage,arr,renewal_date,Board seat\n"
    path = write(tmp_path, "my.csv", head + "A1,Acme,mature,1200,2027-03-01,Lee\n,,,,,\n")
    report = import_paths(db, [path], actor="ana")
    assert "my.csv: columns kept as fields of your own: Board seat (text)." in report.warnings
    found = "SELECT a.account_id, name, lifecycle_stage, value FROM account a, custom_value"
    assert rows(db, found) == [("A1", "Acme", "mature", "Lee")]
    contract = "SELECT arr_minor, end_date FROM subscription"
    assert rows(db, contract) == [(120_000, "2027-02-28")]


def test_events_are_counted_once_for_each_account_and_day(db: Database, tmp_path: Path) -> None:
    crm = write(tmp_path, "crm.csv", CRM)
    import_paths(db, [crm, EXPORTS / "segment"], actor="ana")
    found = rows(
        db,
        "SELECT account_id, name, value FROM usage_day JOIN (SELECT metric_id, name FROM "
        "usage_metric) USING (metric_id) JOIN (SELECT account_key, account_id FROM account) "
        "USING (account_key) WHERE day = '2026-11-20' ORDER BY 1, 2",
    )
    assert found == [
        ("acct-1", "active_users", 3),
        ("acct-1", "events", 5),
        ("acct-1", "features_used", 3),
        ("acct-2", "active_users", 3),
        ("acct-2", "events", 4),
        ("acct-2", "features_used", 3),
    ]


def test_what_a_crm_writes_for_itself_makes_no_fields(db: Database, tmp_path: Path) -> None:
    head = "Id,Name,OwnerId,BillingCity,Phone,AnnualRevenue,NumberOfEmployees,LastActivityDate,"
    own = "SystemModstamp,LastModifiedById,Board_Seat__c"
    row = "0015e00000AbcD0AAJ,Kestrel,0055e1,Oslo,555,9,50,2026-11-10,2026-11-20,0055e2,yes"
    path = write(tmp_path, "Account.csv", f"{head}{own}\n{row}\n")
    import_paths(db, [path], actor="ana")
    assert rows(db, "SELECT label FROM custom_field ORDER BY label") == [
        ("Board_Seat__c",), ("LastActivityDate",), ("NumberOfEmployees",)
    ]  # fmt: skip
    write(tmp_path, "Account.csv", f"{head}{own}\n{row.replace('11-20', '11-21')}\n")
    assert import_paths(db, [path], actor="ana").files[0].changed == 0


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Customer,Date,Score,Comment", "K,2026-11-01,9,fine"),
        ("Customer,Date,Subject,Duration", "K,2026-11-01,QBR,30"),
        ("Client,Date,Notes", "K,2026-11-01,well"),
        ("Date,Client,Note NPS,Commentaire", "2026-11-01,K,9,bien"),
        ("Date,Customer,CSAT score,Remark", "2026-11-01,K,4,fine"),
    ],
)
def test_answers_and_meetings_are_no_tables_of_usage(
    db: Database, tmp_path: Path, head: str, row: str
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK,Kestrel\n")
    write(tmp_path, "rows.csv", f"{head}\n{row}\n")
    report = import_paths(db, [tmp_path], actor="ana")
    assert [file.kind for file in report.files] == ["accounts"]
    assert "rows.csv is left out" in " ".join(report.warnings)


def test_a_month_is_spread_over_its_days(db: Database, tmp_path: Path) -> None:
    crm = write(tmp_path, "crm.csv", CRM)
    import_paths(db, [crm, EXPORTS / "usage_table" / "by month.csv"], actor="ana")
    found = rows(
        db,
        "SELECT substr(day, 1, 7), count(*), round(sum(value)) FROM usage_day "
        "WHERE account_key = 1 GROUP BY 1",
    )
    assert found == [("2026-09", 30, 300), ("2026-10", 31, 310), ("2026-11", 30, 200)]


def test_a_salesforce_a_stripe_and_a_zendesk_export_are_one_portfolio(
    db: Database, tmp_path: Path
) -> None:
    names = ("salesforce", "stripe", "zendesk")
    for path in (file for name in names for file in (EXPORTS / name).iterdir()):
        write(tmp_path, path.name, path.read_bytes())
    report = import_paths(db, [tmp_path], actor="ana")
    assert rows(db, "SELECT count(*) FROM account") == [(10,)]
    assert rows(db, "SELECT count(*) FROM account_alias WHERE source = 'stripe'") == [(9,)]
    assert outcome(report)[("tickets.csv", "tickets")] == (9, 1, 0)
    # What Stripe bills is what Salesforce's contracts say: it does not count twice in their time.
    held = [
        one.source
        for key in range(1, 11)
        for one in agreed_subscriptions(db.connection, key, dt.date(2026, 11, 23))
        if in_force(one, dt.date(2026, 11, 23)) and not one.is_trial
    ]
    assert held == ["salesforce"] * 9
    assert "subscriptions-told-twice" not in {
        one.code for one in find_contradictions(db, dt.date(2026, 11, 23))
    }
    again = import_paths(db, [tmp_path], actor="ana")
    assert {(file.new, file.changed) for file in again.files} == {(0, 0)}
