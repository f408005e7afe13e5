from pathlib import Path

import pytest

from cs_workbench.errors import UsageError
from cs_workbench.importers.guess_files import mapping_text, save_mapping
from cs_workbench.importers.guessing import Guess, corrected, guess
from cs_workbench.importers.tables import inspect_table
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

FIRMS = (
    "Firm;Customer No;Yearly fee;Renews on;Looked after by;Web;Remark\n"
    'Kestrel Logistics;K-1;"12.000,50 €";31.01.2027;Ana;kestrel.com;x\n'
    'Juniper Labs;K-2;"8.000,00 €";15.02.2027;Jon;juniper.io;\n'
)


def guessed(folder: Path, text: str, name: str = "list.csv") -> Guess:
    return guess(inspect_table(write(folder, name, text)))


def test_words_and_what_stands_below_tell_the_fields(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    assert (found.kind, found.dates, found.numbers) == ("accounts", "dmy", "1.234,5")
    assert found.columns == {
        "account_id": "Customer No",
        "name": "Firm",
        "domain": "Web",
        "csm": "Looked after by",
        "arr": "Yearly fee",
        "renewal_date": "Renews on",
    }
    assert (found.missing, found.left_out) == ((), ("Remark",))


@pytest.mark.parametrize(
    ("headings", "row", "columns"),
    [
        (
            "Kunde;Jahresumsatz (EUR);Vertragsende;Betreuer;Lizenzen",
            "Alpha GmbH;12.500,00;31.12.2027;Ana Ruiz;20",
            ("name", "csm", "arr", "seats", "end_date"),
        ),
        (
            "Société;Montant annuel;Échéance;Responsable",
            "Café Lumière;12 500,00;31/12/2027;Ana Ruiz",
            ("name", "csm", "arr", "end_date"),
        ),
        (
            "Cliente;Importe anual;Fecha de renovación;País",
            "Aguas SA;12.500,00;31/12/2027;ES",
            ("name", "region", "arr", "renewal_date"),
        ),
    ],
)
def test_lists_in_german_french_and_spanish(
    tmp_path: Path, headings: str, row: str, columns: tuple[str, ...]
) -> None:
    found = guessed(tmp_path, f"{headings}\n{row}\n")
    assert (found.kind, found.dates, tuple(found.columns)) == ("accounts", "dmy", columns)
    assert not found.left_out


def test_accounts_that_come_again_each_week_are_usage(tmp_path: Path) -> None:
    rows = "Alpha;02.11.2026;120;14\nAlpha;09.11.2026;110;13\n"
    found = guessed(tmp_path, f"Kunde;Woche;Logins;Aktive Nutzer\n{rows}")
    assert (found.kind, found.left_out) == ("usage", ("Logins", "Aktive Nutzer"))
    assert 'period = "week"' in mapping_text(found)
    assert 'period = "day"' in mapping_text(
        guessed(tmp_path, "Customer,Date (times),Logins\nA,2026-11-01,1\nA,2026-11-02,1\n")
    )
    months = "Kundennummer,Monat,Aktive Nutzer,Berichte\nK1,2026-01,39,100\nK1,Feb 2026,38,99\n"
    assert guessed(tmp_path, months).kind == "usage"
    short = guessed(tmp_path, "cust,d,sessions\nK1,2026-09-01,7\nK1,2026-09-02,8\n")
    assert (short.kind, short.rest) == ("usage", "metrics where they hold numbers: sessions")


@pytest.mark.parametrize(
    ("heading", "amount", "currency"),
    [
        ("ARR (EUR)", "5", "EUR"),
        ("ARR", "5 €", "EUR"),
        ("ARR £", "5", "GBP"),
        ("ARR", "5", None),
        ("ARR (EUR)", "5 £", None),
        ("ARR", "$5", None),
    ],
)
def test_the_currency_is_what_stands_beside_amounts(
    tmp_path: Path, heading: str, amount: str, currency: str | None
) -> None:
    found = guessed(tmp_path, f"Firm,{heading},Renewal\nAlpha,{amount},2027-01-31\n")
    assert found.currency == currency
    assert ("currency =" in mapping_text(found)) == (currency is not None)


def test_a_heading_whose_column_cannot_be_it_is_not_taken(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Company,ARR,Since\nKestrel,high,yesterday\n")
    assert found.columns == {"name": "Company"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2026-01-31",), "iso"),
        (("31/01/2026", "01/02/2026"), "dmy"),
        (("01/31/2026", "02/01/2026"), "mdy"),
        (("2026/01/31",), "ymd"),
        (("01/02/2026", "03/04/2026"), "unsure"),
    ],
)
def test_the_order_of_dates_is_told_by_days_above_twelve_or_asked(
    tmp_path: Path, dates: tuple[str, ...], expected: str
) -> None:
    rows = "".join(f"F{n},5,{day}\n" for n, day in enumerate(dates))
    assert guessed(tmp_path, f"Firm,ARR,Renewal\n{rows}").dates == expected


@pytest.mark.parametrize(
    ("headings", "row", "kind"),
    [
        ("Person,E-Mail,Company", "Ruth Adler,ruth@kestrel.com,Kestrel", "contacts"),
        ("Case number,Customer,Opened,Severity", "1,Kestrel,2026-11-01,high", "tickets"),
        ("Respondent,Rating,Response date", "ruth@kestrel.com,9,2026-11-01", "surveys"),
        ("Customer,Contract no,ARR,Until,Start", "K,1,5,2027-01-01,2026-01-01", "subscriptions"),
    ],
)
def test_kinds(tmp_path: Path, headings: str, row: str, kind: str) -> None:
    assert guessed(tmp_path, f"{headings}\n{row}\n").kind == kind


def test_a_person_corrects_it(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    found = corrected(found, "segment = rem")
    assert found.columns["segment"] == "Remark"
    found = corrected(corrected(found, "segment="), "numbers=1,234.5")
    assert "segment" not in found.columns
    assert found.numbers == "1,234.5"
    other = corrected(found, "kind=subscriptions")
    assert (other.kind, other.missing) == ("subscriptions", ())


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("hello", "Say FIELD=COLUMN"),
        ("kind=people", "'people' is none of: accounts"),
        ("dates=usa", "dates is one of: iso"),
        ("color=Remark", "accounts have no field 'color'"),
        ("name=Nothing", "'Nothing' is no column: Firm"),
        ("name=", ""),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, said: str, problem: str) -> None:
    found = guessed(tmp_path, FIRMS)
    if not problem:
        assert corrected(found, said).missing == ("name",)
        return
    with pytest.raises(UsageError, match=problem):
        corrected(found, said)


def test_a_confirmed_guess_is_a_mapping_beside_the_data(db: Database, tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    saved = save_mapping(found)
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


def test_a_list_beside_other_contracts_does_not_count_them_twice(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nA1,Acme\n")
    contract = "S,A1,1200,2026-01-01,2026-12-31\n"
    head = "subscription_id,account_id,arr,start_date,end_date\n"
    write(tmp_path, "subscriptions.csv", head + contract)
    save_mapping(guessed(tmp_path, "Firma,Jahreswert,Vertragsende\nAcme,1200,2026-12-31\n"))
    import_paths(db, [tmp_path], actor="ana")
    counted = "SELECT count(*), sum(arr_minor) FROM subscription"
    assert tuple(db.connection.execute(counted).fetchone()) == (1, 120_000)


def test_a_column_that_reads_like_a_field_taken_from_another_is_ones_own(
    db: Database, tmp_path: Path
) -> None:
    found = guessed(tmp_path, "Kundennummer,Firma,Ampel\nK1,Acme,rot\n")
    assert (found.kind, found.rest) == ("accounts", "fields of your own: Ampel")
    save_mapping(found)
    said = import_paths(db, [tmp_path / "list.csv"], actor="ana").warnings
    assert said == ("list.csv: columns kept as fields of your own: Ampel (text).",)


def test_headings_of_any_kind_survive_the_file(tmp_path: Path) -> None:
    text = 'Firm "x\\y",Fee | {a:b},Renewal [z]\nKestrel,5,2027-01-01\n'
    found = guessed(tmp_path, text)
    for said in ("name=Firm", "arr=Fee", "renewal_date=Renewal"):
        found = corrected(found, said)
    save_mapping(found)
    assert "prefix" in mapping_text(found)
