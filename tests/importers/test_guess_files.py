"""A guess that was confirmed, as what the import of its file brings."""

import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.renewals import Subscription
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guesses import Guess
from cs_workbench.importers.guessing import corrected
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.store.account_subscriptions import agreed_subscriptions
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import FIRMS, guessed, write


def kept(found: Guess) -> Path:
    return save_mapping(place_beside(found.table), mapping_text(found))


def counted(db: Database, name: str) -> list[Subscription]:
    """What counts of an account's subscriptions, by their start."""
    read = "SELECT account_key FROM account WHERE name = ?"
    (key,) = db.connection.execute(read, (name,)).fetchone()
    return list(agreed_subscriptions(db.connection, key, dt.date(2026, 12, 1)))


def test_a_confirmed_guess_is_a_mapping_beside_the_data(db: Database, tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    saved = kept(found)
    assert saved == tmp_path / "list.mapping.toml"
    report = import_paths(db, [tmp_path / "list.csv"], actor="ana")
    assert [(f.kind, f.mapping, f.new, f.rejected) for f in report.files] == [
        ("accounts", "list", 2, 0),
        ("subscriptions", "list", 2, 0),
    ]
    row = db.connection.execute(
        "SELECT account_id, arr_minor, start_date, end_date FROM subscription "
        "JOIN account USING (account_key) ORDER BY 1"
    ).fetchone()
    assert tuple(row) == ("K-1", 1_200_050, "2026-01-31", "2027-01-30")


def test_a_list_with_renewal_dates_and_no_amount_has_contracts_of_unknown_price(
    db: Database, tmp_path: Path
) -> None:
    rows = "Kestrel,Ana,2027-01-28\nJuniper,Jon,2027-03-28\nOrion,Jon,\n"
    kept(guessed(tmp_path, f"Customer,CSM,Renewal date\n{rows}"))
    report = import_paths(db, [tmp_path], actor="ana")
    assert [(file.kind, file.new, file.rejected) for file in report.files] == [
        ("accounts", 3, 0), ("subscriptions", 2, 0)
    ]  # fmt: skip
    assert not any("currency" in told for told in report.warnings)  # there are no amounts
    read = "SELECT arr_minor, start_date, end_date FROM subscription ORDER BY 3"
    assert [tuple(row) for row in db.connection.execute(read)] == [
        (None, "2026-01-28", "2027-01-27"),
        (None, "2026-03-28", "2027-03-27"),
    ]


def test_a_list_beside_a_crm_makes_no_second_renewal_of_the_same_term(
    db: Database, tmp_path: Path
) -> None:
    ids = "account_id,name\n001A00000000001IAA,Kestrel\n001A00000000002IAA,Juniper\n"
    write(tmp_path, "accounts.csv", ids)
    terms = (
        "800A00000000001,001A00000000001,2026-01-29,2027-01-28\n"
        "800A00000000002,001A00000000002,2026-01-29,2027-01-28\n"
    )
    write(tmp_path, "Contract.csv", f"Id,AccountId,StartDate,EndDate\n{terms}")
    rows = "Kestrel,Ana,2027-01-29\nJuniper,Jon,2026-12-01\n"
    kept(guessed(tmp_path, f"Customer,CSM,Renewal date\n{rows}"))
    for _ in range(2):
        import_paths(db, [tmp_path], actor="ana")
    assert [one.end_date for one in counted(db, "Kestrel")] == [dt.date(2027, 1, 28)]
    assert [one.end_date for one in counted(db, "Juniper")] == [  # a person has to see it
        dt.date(2026, 11, 30),
        dt.date(2027, 1, 28),
    ]


def test_a_row_without_the_amount_is_a_contract_of_unknown_price(
    db: Database, tmp_path: Path
) -> None:
    rows = "Kestrel,48.5,2027-01-28\nJuniper,,2027-03-28\nOrion,0,2027-04-28\n"
    kept(guessed(tmp_path, f"Customer,ARR (k EUR),Renewal date\n{rows}"))
    assert [f.rejected for f in import_paths(db, [tmp_path], actor="ana").files] == [0, 0]
    read = "SELECT arr_minor FROM subscription ORDER BY end_date"
    assert [amount for (amount,) in db.connection.execute(read)] == [4_850_000, None, 0]


def test_a_log_of_calls_is_read_with_times_people_and_channels(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel Logistics\n")
    contacts = "contact_id,account_id,name\nc1,K1,Lena Voß\nc2,K1,Mei\n"
    write(tmp_path, "contacts.csv", contacts)
    head = "Day,Start time,Customer,Type,Direction,Who,Length,Outcome"
    rows = (
        "5-Nov-26,9:05 AM,Kestrel Logistics Ltd,Zoom,in,Ana Ruiz; lena voss,30,wants SSO\n"
        "5-Nov-26,12:15 PM,Kestrel Logistics,Phone call,,Lena,5,called back\n"
        "5-Nov-26,,Kestrel Logistics,E-mail,out,,,deck\n"
    )
    kept(guessed(tmp_path, f"{head}\n{rows}"))
    for new in (3, 0):
        report = import_paths(db, [tmp_path], actor="ana")
        calls = next(file for file in report.files if file.kind == "touchpoints")
        assert (calls.new, calls.rejected) == (new, 0)
    read = (
        "SELECT occurred_at, channel, direction, summary, note, contact_id FROM touchpoint "
        "ORDER BY 1"
    )
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("2026-11-05T00:00:00Z", "email", "outbound", "deck", None, None),
        ("2026-11-05T09:05:00Z", "video", "inbound", "wants SSO", "Ana Ruiz; lena voss", "c1"),
        ("2026-11-05T12:15:00Z", "call", "outbound", "called back", "Lena", None),
    ]


def test_roles_that_are_none_of_ours_are_titles(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    head = "Name,Company,Email,Role\n"
    kept(guessed(tmp_path, f"{head}Lena,Kestrel,l@k.com,CFO\nTom,Kestrel,t@k.com,Head of IT\n"))
    rows = "Mei,Kestrel,m@k.com,Economic buyer\nJo,Kestrel,j@k.com,Exec sponsor\n"
    kept(guessed(tmp_path, f"Full {head}{rows}", "map.csv"))
    report = import_paths(db, [tmp_path], actor="ana")
    assert sum(file.rejected for file in report.files) == 0
    read = "SELECT name, role, title FROM contact ORDER BY name"
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("Jo", "sponsor", None),
        ("Lena", None, "CFO"),
        ("Mei", "decision maker", None),
        ("Tom", None, "Head of IT"),
    ]


def test_words_that_are_none_of_ours_refuse_no_row(db: Database, tmp_path: Path) -> None:
    head = "Kunde;Phase;Jahreswert;Vertragsende;Automatische Verlängerung;Währung\n"
    rows = "A;Live;5;31.12.2027;ja;Euro\nB;Adoption;5;31.12.2027;nein;Euro\nC;Live;5;31.12.2027;;\n"
    for name, word in (("D", "ja"), ("E", "ja"), ("F", "nein"), ("G", "monatlich")):
        rows += f"{name};Live;5;31.12.2027;{word};Euro\n"
    kept(guessed(tmp_path, head + rows))
    report = import_paths(db, [tmp_path], actor="ana")
    assert [(file.new, file.rejected) for file in report.files] == [(7, 0), (7, 0)]
    read = "SELECT lifecycle_stage, auto_renew FROM account JOIN subscription USING (account_key)"
    found = sorted(tuple(row) for row in db.connection.execute(read))
    assert found == [("adopting", 0), *[("mature", 0)] * 3, *[("mature", 1)] * 3]


def test_one_person_may_answer_twice(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    write(tmp_path, "contacts.csv", "contact_id,account_id,name,email\nc1,K1,Lena,Lena@K.com\n")
    rows = "lena@k.com,Kestrel,9,2026-05-01\nlena@k.com,Kestrel,3,2026-11-01\n"
    kept(guessed(tmp_path, f"Respondent,Customer,NPS,Response date\n{rows}"))
    report = import_paths(db, [tmp_path], actor="ana")
    answers = next(file for file in report.files if file.kind == "surveys")
    assert (answers.new, answers.rejected) == (2, 0)
    known = db.connection.execute("SELECT DISTINCT contact_id FROM survey_response").fetchall()
    assert [tuple(row) for row in known] == [("c1",)]


def test_a_list_beside_other_contracts_does_not_count_them_twice(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nA1,Acme\n")
    contract = "S,A1,1200,2026-01-01,2026-12-31\n"
    head = "subscription_id,account_id,arr,start_date,end_date\n"
    write(tmp_path, "subscriptions.csv", head + contract)
    kept(guessed(tmp_path, "Firma,Jahreswert,Vertragsende\nAcme,1200,2026-12-31\n"))
    import_paths(db, [tmp_path], actor="ana")
    assert [(one.source, one.arr_minor) for one in counted(db, "Acme")] == [("native", 120_000)]


def test_a_column_that_reads_like_a_field_taken_from_another_is_ones_own(
    db: Database, tmp_path: Path
) -> None:
    found = guessed(tmp_path, "Kundennummer,Firma,Ampel\nK1,Acme,rot\n")
    assert (found.kind, found.rest) == ("accounts", "fields of your own: Ampel")
    kept(found)
    said = import_paths(db, [tmp_path / "list.csv"], actor="ana").warnings
    assert said == ("list.csv: columns kept as fields of your own: Ampel (text).",)


def test_headings_of_any_kind_survive_the_file(tmp_path: Path) -> None:
    text = 'Firm "x\\y" \x1b\U000e0001,Fee | {a:b},Renewal [z]\nKestrel,5,2027-01-01\n'
    found = guessed(tmp_path, text)
    for said in ("name=Firm", "arr=Fee", "renewal_date=Renewal"):
        found = corrected(found, said)
    kept(found)
    accounts, contracts = plan_import([tmp_path / "list.csv"]).sources
    headings = found.table.headings
    assert accounts.file.rules["name"].columns == headings[:1]
    assert contracts.file.rules["arr"].columns == headings[1:2]


def test_of_long_notes_the_first_line_tells_the_contact(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    rows = 'Kestrel,2026-11-05,"Renewal.\nWants SSO."\nKestrel,2026-11-06,Called back\n'
    kept(guessed(tmp_path, f"Customer,Date,Notes\n{rows}"))
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT summary, note FROM touchpoint ORDER BY occurred_at"
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("Renewal.", "Renewal.\nWants SSO."), ("Called back", "Called back")
    ]  # fmt: skip


def test_a_forecast_of_renewals_is_read_in_our_words(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    head = "Renewal,Customer,Forecast,Likelihood,Amount,Close date,Next step,Owner\n"
    rows = "R1,Kestrel,Best Case,70,5,2027-01-31,call,Ana\nR2,Kestrel,Lost,,5,2027-02-28,,Jon\n"
    kept(guessed(tmp_path, head + rows))
    assert import_paths(db, [tmp_path], actor="ana").files[-1].rejected == 0
    read = "SELECT opportunity_id, category, probability_e4, author FROM forecast ORDER BY 1"
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("R1", "likely", 7_000, "Ana"), ("R2", "churn expected", None, "Jon")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (("90%", "75", "0.5 %"), (9_000, 7_500, 50)),
        (("90%", "5%", ""), (9_000, 500, None)),
        (("0.9", "1", "90%"), (9_000, 10_000, 9_000)),
        (("90", "5", ""), (9_000, 500, None)),
    ],
)
def test_a_hundredth_is_one_with_a_sign_or_without(
    db: Database, tmp_path: Path, cells: tuple[str, ...], shares: tuple[int | None, ...]
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    rows = "".join(f"R{at},Kestrel,Likely,{cell}\n" for at, cell in enumerate(cells))
    kept(guessed(tmp_path, f"Renewal,Customer,Forecast,Likelihood\n{rows}"))
    assert import_paths(db, [tmp_path], actor="ana").files[-1].rejected == 0
    read = db.connection.execute("SELECT probability_e4 FROM forecast ORDER BY opportunity_id")
    assert tuple(share for (share,) in read) == shares


@pytest.mark.parametrize(
    ("text", "read", "stored"),
    [
        ("Invoice,Customer,Amount (k EUR),Date\n1,Kestrel,1.5,2026-11-01\n", "invoice", 150_000),
        ("Renewal,Customer,Forecast,Amount (TEUR)\n1,Kestrel,Likely,48\n", "forecast", 4_800_000),
        ("Renewal,Customer,Forecast,Amount EUR\n1,Kestrel,Likely,48\n", "forecast", 4_800),
    ],
)
def test_thousands_are_thousands_in_every_kind(
    db: Database, tmp_path: Path, text: str, read: str, stored: int
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    kept(guessed(tmp_path, text))
    import_paths(db, [tmp_path], actor="ana")
    assert db.connection.execute(f"SELECT amount_minor FROM {read}").fetchone()[0] == stored


def test_contracts_alone_make_a_portfolio(db: Database, tmp_path: Path) -> None:
    head = "Client,Product,ARR (k EUR),Start,End,Signed by\n"
    rows = "Kestrel,Core,48.5,2026-02-01,2027-01-31,Tom\nKestrel,Plus,12,2026-02-01,2027-01-31,\n"
    found = guessed(tmp_path, head + rows)
    assert found.rest == "left out: Signed by"
    kept(found)
    report = import_paths(db, [tmp_path], actor="ana")
    assert [(file.kind, file.new, file.rejected) for file in report.files] == [
        ("accounts", 1, 0), ("subscriptions", 2, 0)
    ]  # fmt: skip
    counted = "SELECT sum(arr_minor), max(currency) FROM subscription"
    assert tuple(db.connection.execute(counted).fetchone()) == (6_050_000, "EUR")
    assert not db.connection.execute("SELECT * FROM custom_field").fetchall()


def test_contracts_without_any_amount_are_of_unknown_price(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    head = "Contract No,Customer,Start date,End date,Seats\n"
    rows = (
        "C-1,Kestrel,2026-02-01,2027-01-31,20\n"
        "C-2,Kestrel,2026-05-01,,5\n"
        "C-3,Juniper,2026-03-01,2027-02-28,9\n"
    )
    kept(guessed(tmp_path, head + rows))
    for new in (3, 0):
        report = import_paths(db, [tmp_path], actor="ana")
        terms = next(file for file in report.files if file.kind == "subscriptions")
        assert (terms.new, terms.rejected) == (new, 0)
        assert not any("currency" in told for told in report.warnings)  # there are no amounts
    read = (
        "SELECT subscription_id, account_id, arr_minor, end_date, seats FROM subscription "
        "JOIN account USING (account_key) ORDER BY 1"
    )
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("C-1", "K1", None, "2027-01-31", 20),
        ("C-2", "K1", None, None, 5),
        ("C-3", "Juniper", None, "2027-02-28", 9),
    ]


def test_terms_of_one_product_are_told_apart_by_their_begin(db: Database, tmp_path: Path) -> None:
    head = "Client,Product,ARR,Start,End\n"
    past = "Kestrel,Core,10,2025-02-01,2026-01-31\n"
    current = "Kestrel,Core,12,2026-02-01,2027-01-31\n"
    kept(guessed(tmp_path, head + past + current))
    for new in (2, 0):
        terms = import_paths(db, [tmp_path], actor="ana").files[-1]
        assert (terms.new, terms.rejected) == (new, 0)
    alone = corrected(guessed(tmp_path, head + current, "alone.csv"), "kind=subscriptions")
    assert 'subscription_id = { columns = ["Client", "Product"], join' in mapping_text(alone)


def test_contracts_find_the_accounts_that_are_there(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel Logistics\n")
    head = "Customer,ARR,Start,End\n"
    kept(guessed(tmp_path, f"{head}Kestrel Logistics Ltd,5,2026-02-01,2027-01-31\n"))
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT account_id FROM account JOIN subscription USING (account_key)"
    assert [tuple(row) for row in db.connection.execute(read)] == [("K1",)]


def test_an_amount_without_an_end_is_a_field_of_ones_own(db: Database, tmp_path: Path) -> None:
    found = guessed(tmp_path, "Customer,ARR,Renewal month,Owner\nKestrel,48,early 2027,Ana\n")
    lacks = "no contract without renewal_date, or end_date and arr or mrr"
    assert found.rest == f"fields of your own: ARR, Renewal month; {lacks}"
    kept(found)
    import_paths(db, [tmp_path], actor="ana")
    labels = db.connection.execute("SELECT label FROM custom_field ORDER BY 1").fetchall()
    assert [tuple(row) for row in labels] == [("ARR",), ("Renewal month",)]


def test_an_id_and_a_name_of_the_customer_both_tell_the_account(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel Logistics\n")
    head = "Invoice,Customer,Customer Name,Amount,Date\n"
    kept(guessed(tmp_path, f"{head}1,cus_9,Kestrel Logistics,5,2026-11-01\n"))
    assert import_paths(db, [tmp_path], actor="ana").files[-1].rejected == 0
    write(tmp_path, "list.csv", f"{head}2,cus_9,,5,2026-11-02\n")  # known by its id from now on
    assert import_paths(db, [tmp_path], actor="ana").files[-1].new == 1


def test_of_two_mappings_for_the_same_headings_the_files_own_is_taken(tmp_path: Path) -> None:
    head = "Customer,Date,Topic\n"
    for name in ("a.csv", "b.csv"):
        kept(guessed(tmp_path, f"{head}Kestrel,2026-11-05,QBR\n", name))
    write(tmp_path, "c.csv", f"{head}Kestrel,2026-11-06,QBR\n")
    plan = plan_import([tmp_path])
    assert [source.mapping.name for source in plan.sources] == ["a", "b", "a"]
