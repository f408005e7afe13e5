from pathlib import Path

import pytest

from cs_workbench.errors import InputError, UsageError
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guessing import corrected
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import FIRMS, guessed, write


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
    assert (list(found.questions), found.left_out) == ([], ("Remark",))


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


@pytest.mark.parametrize(
    ("headings", "row", "has_contract"),
    [
        ("Customer,CSM,Renewal date", "Kestrel,Ana,2027-01-28", True),
        ("Kunde;Betreuer;Vertragsende", "Kestrel;Ana;31.12.2027", True),
        ("Société;Responsable;Date de renouvellement", "Café Lumière;Ana;31/12/2027", True),
        ("Client,Owner,Expiry date", "Kestrel,Ana,2027-01-28", True),
        ("Customer,Contract renewal", "Kestrel,2027-01-28", True),
        ("Customer,ARR,Until", "Kestrel,5,2027-01-28", True),
        ("Customer,Start date,End date", "Kestrel,2026-01-28,2027-01-28", False),  # of what?
        ("Customer,Workshop,Until", "Kestrel,Onboarding,2027-01-28", False),
        ("Customer,ARR", "Kestrel,5", False),
    ],
)
def test_the_end_of_a_contract_makes_one_whatever_it_costs(
    tmp_path: Path, headings: str, row: str, has_contract: bool
) -> None:
    found = guessed(tmp_path, f"{headings}\n{row}\n")
    assert (found.kind, found.has_contract) == ("accounts", has_contract)
    is_unpriced = has_contract and not found.has_amount
    assert found.writing.endswith("contracts of unknown price") == is_unpriced


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


def test_a_column_for_each_month_is_usage(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK,Kestrel\nJ,Juniper\n")
    text = "Kunde;Betreuer;Ampel;Aug 2026;Sept 2026;Okt 2026\n"
    rows = "Kestrel;Ana;1;310;300;31\nJuniper;Ana;1;;30;62\n"
    found = guessed(tmp_path, f"{text}{rows}", "Logins.csv")
    assert (found.kind, list(found.questions)) == ("usage", [])
    assert found.rest == "a column for each period, Aug 2026 to Okt 2026; left out: Betreuer, Ampel"
    save_mapping(place_beside(found.table), mapping_text(found))
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT day, value FROM usage_day WHERE account_key = 2 ORDER BY 1"
    days = [tuple(row) for row in db.connection.execute(read)]
    assert (len(days), days[0], days[-1]) == (61, ("2026-09-01", 1), ("2026-10-31", 2))


def test_a_list_with_a_contract_and_some_months_is_of_accounts(tmp_path: Path) -> None:
    text = "Kunde;Betreuer;Jahreswert;Vertragsende;Segment;Aug 2026;Sep 2026\n"
    assert guessed(tmp_path, f"{text}A;Ana;5;31.12.2026;S;1;2\n").kind == "accounts"


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


def test_a_heading_that_we_know_is_not_taken_for_one_that_is_spelt_alike(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Cliente,Fin del contrato,Importe mensual\nAguas,2027-01-31,5\n")
    assert tuple(found.columns) == ("name", "mrr", "end_date")
    found = guessed(tmp_path, "Custmer,Contract ends,Anual fee\nAguas,2027-01-31,5\n")
    assert tuple(found.columns) == ("name", "arr", "end_date")  # misspelt ones are


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


def test_what_no_column_says_holds_for_all_rows_until_a_person_says_otherwise(
    tmp_path: Path,
) -> None:
    text = "Customer,Date,Subject,Medium\nK,2026-11-25,hello,fax\nK,2026-11-26,deck,fax\n"
    found = guessed(tmp_path, text, "emails.csv")
    assert found.always == {"channel": "email", "direction": "outbound"}
    assert ("channel", "", "always email") in list(found.told)
    found = corrected(corrected(found, "channel=Video call"), "direction=in")
    assert found.always == {"channel": "video", "direction": "inbound"}
    column = corrected(found, "channel=Medium")
    assert (column.columns["channel"], dict(column.always)) == ("Medium", {"direction": "inbound"})
    assert corrected(column, "channel=").always["channel"] == "call"


@pytest.mark.parametrize(
    ("headings", "score", "survey"),
    [
        ("Customer,Date,Score", "9", "nps"),
        ("Customer,Date,CSAT score", "5", "csat"),
        ("Customer,Date,Rating", "5", "unsure"),
    ],
)
def test_scores_up_to_five_are_not_taken_for_nps(
    tmp_path: Path, headings: str, score: str, survey: str
) -> None:
    found = guessed(tmp_path, f"{headings}\nK,2026-11-25,{score}\n")
    assert found.always == {"survey": survey}
    asked = ["Which survey is it, survey=nps, survey=csat or survey=ces?"]
    assert list(found.questions) == (asked if survey == "unsure" else [])
    assert list(corrected(found, "survey=csat").questions) == []


def test_a_person_corrects_it(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    found = corrected(found, "segment = rem")
    assert found.columns["segment"] == "Remark"
    found = corrected(corrected(found, "segment="), "numbers=1,234.5")
    assert "segment" not in found.columns
    assert found.numbers == "1,234.5"
    other = corrected(found, "kind=subscriptions")
    assert (other.kind, list(other.questions)) == ("subscriptions", [])


def test_a_zone_is_taken_at_once_or_refused(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    assert 'timezone = "Asia/Tokyo"' in mapping_text(corrected(found, "zone=Asia/Tokyo"))
    with pytest.raises(InputError, match=r"^zone: 'Mars' is no time zone\. Write it as"):
        corrected(found, "zone=Mars")


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
        assert list(corrected(found, said).questions) == ["Which column is name?"]
        return
    with pytest.raises(UsageError, match=problem):
        corrected(found, said)


@pytest.mark.parametrize(
    ("amounts", "asked"),
    [
        (("12.500", "8.000"), "Is 12.500 meant as 12500, {} numbers=plain?"),
        (("12.500 €", "800 €"), "Is 12.500 € meant as 12500, {} numbers=1,234.5?"),
        (("12.500", "800.5"), ""),
        (("12.500", "800,5"), ""),
        (("12.500", "1,800.50"), ""),
        (("12.50", "800"), ""),
        (("12500", "800"), ""),
    ],
)
def test_thousands_that_may_be_a_fraction_are_asked_about(
    tmp_path: Path, amounts: tuple[str, str], asked: str
) -> None:
    rows = "".join(f"Firm {at};{text};31.12.2027\n" for at, text in enumerate(amounts))
    found = guessed(tmp_path, f"Kunde;Jahresumsatz;Vertragsende\n{rows}")
    ways = "numbers=1.234,5, or as a fraction,"
    assert list(found.questions) == ([asked.format(ways)] if asked else [])
    for said in ("numbers=1.234,5", f"numbers={found.numbers}"):
        assert list(corrected(found, said).questions) == []
