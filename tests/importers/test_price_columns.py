import dataclasses
import tomllib
from pathlib import Path

import pytest

from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guesses import Guess
from cs_workbench.importers.guessing import corrected
from tests.importers.sources import guessed

WHICH = "Which column is the price? arr=COLUMN, mrr=COLUMN, or arr= for none."


def contracts(folder: Path, heading: str, cell: str = "1200") -> Guess:
    """A list of two contracts with one more column."""
    rows = "".join(f"C-{at},Firm {at},2026-01-01,2026-12-31,{cell}\n" for at in range(2))
    text = f"Contract No,Customer,Start,End,{heading}\n{rows}"
    return guessed(folder, text, "contracts.csv")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Price per month", "mrr"),
        ("Monthly price (EUR)", "mrr"),
        ("Preis pro Monat", "mrr"),
        ("Monatspreis", "mrr"),
        ("Prix par mois", "mrr"),
        ("Cuota al mes", "mrr"),
        ("Fee p.m.", "mrr"),
        ("Price per year", "arr"),
        ("Fee p.a.", "arr"),
        ("Jahrespreis", "arr"),
        ("Umsatz p.a.", "arr"),
        ("Prix annuel HT", "arr"),
        ("CA annuel", "arr"),
        ("Precio anual", "arr"),
        ("Tarif annuel", "arr"),
        ("CA", "arr"),
    ],
)
def test_a_price_of_a_year_or_a_month_is_one(tmp_path: Path, heading: str, field: str) -> None:
    found = contracts(tmp_path, heading)
    assert found.kind == "subscriptions"
    assert {name for name in ("arr", "mrr") if name in found.columns} == {field}
    assert (found.columns[field], list(found.questions)) == (heading, [])


@pytest.mark.parametrize("heading", ["Price", "Precio", "Preis", "Prix HT", "Fee", "Tarif"])
def test_a_price_that_does_not_say_how_long_is_asked_about(tmp_path: Path, heading: str) -> None:
    found = contracts(tmp_path, heading)
    asked = f"Is {heading} the price of a year, arr={heading}, or of a month, mrr={heading}?"
    assert list(found.questions) == [asked]
    assert list(corrected(found, f"arr={heading}").questions) == []
    monthly = corrected(found, f"mrr={heading}")
    assert (list(monthly.questions), "arr" in monthly.columns) == ([], False)
    price = tomllib.loads(mapping_text(monthly))["files"][1]["columns"]["arr"]
    assert (price["column"], price["times"]) == (heading, 12)


@pytest.mark.parametrize("heading", ["Worth", "Unit price", "Price per seat", "Setup fee"])
def test_numbers_that_may_be_the_price_are_asked_about(tmp_path: Path, heading: str) -> None:
    found = contracts(tmp_path, heading)
    assert (found.is_unpriced, list(found.questions)) == (True, [WHICH])
    none = corrected(found, "arr=")
    assert (none.is_unpriced, list(none.questions)) == (True, [])
    assert list(corrected(found, f"mrr={heading}").questions) == []


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Contacts count", "12"),
        ("Open tickets", "12"),
        ("Standorte", "12"),
        ("Duration", "12"),
        ("Laufzeit in Monaten", "12"),
        ("Kündigungsdauer", "3"),
        ("Bestellnummer", "4711"),
        ("Remark", "asks for a price"),
    ],
)
def test_a_mere_number_is_no_price(tmp_path: Path, heading: str, cell: str) -> None:
    found = contracts(tmp_path, heading, cell)
    assert (found.is_unpriced, list(found.questions)) == (True, [])


def test_of_several_prices_none_is_taken(tmp_path: Path) -> None:
    found = contracts(tmp_path, "Price A per year,Price B per year", "1200,1300")
    assert list(found.questions) == [WHICH]
    both = contracts(tmp_path, "Price per month,Price per year", "100,1200")
    assert (both.columns["arr"], "mrr" in both.columns) == ("Price per year", False)


def test_accounts_have_numbers_of_all_sorts(tmp_path: Path) -> None:
    headings = "Customer,CSM,Renewal date"
    row = "Kestrel,Ana,2027-01-28"
    own = guessed(tmp_path, f"{headings},Happiness\n{row},7\n")
    assert (own.kind, own.is_unpriced, list(own.questions)) == ("accounts", True, [])
    priced = guessed(tmp_path, f"{headings},Price per month\n{row},70\n")
    assert (priced.kind, priced.columns["mrr"]) == ("accounts", "Price per month")
    unsure = guessed(tmp_path, f"{headings},Price per seat\n{row},70\n")
    assert list(unsure.questions) == [WHICH]


def test_what_a_person_names_is_looked_at_for_how_it_is_written(tmp_path: Path) -> None:
    found = guessed(
        tmp_path,
        "Vertragsnummer;Kunde;Hasta;Worth\nV-1;Kestrel;28/02/2027;1.250,50\n"
        "V-2;Juniper;31/03/2027;2.000,00\n",
        "contracts.csv",
    )
    found = dataclasses.replace(found, kind="subscriptions")
    found = corrected(corrected(found, "mrr=Worth"), "end_date=Hasta")
    assert (found.dates, found.numbers) == ("dmy", "1.234,5")


def test_what_a_person_said_of_the_writing_stays(tmp_path: Path) -> None:
    found = guessed(
        tmp_path, "Contract No,Customer,End,Begun,Worth\nC-1,K,02/03/2027,04/03/2026,1200\n"
    )
    found = corrected(corrected(found, "dates=mdy"), "numbers=1.234,5")
    found = corrected(corrected(found, "start_date=Begun"), "mrr=Worth")
    assert (found.dates, found.numbers) == ("mdy", "1.234,5")


def test_an_order_told_elsewhere_is_not_asked_again(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Contract No,Customer,End,Begun\nC-1,K,02/03/2027,04/03/2026\n")
    assert found.dates == "unsure"
    told = corrected(dataclasses.replace(found, dates="dmy"), "start_date=Begun")
    assert told.dates == "dmy"


def test_short_spanish_and_french_headings(tmp_path: Path) -> None:
    spanish = guessed(
        tmp_path,
        "Contrato;Razón social;Inicio;Fin;Asientos;Precio al mes\n"
        "C-1;Aguas SA;01/03/2026;28/02/2027;20;1.250,50\n",
    )
    names = {"subscription_id", "account_name", "start_date", "end_date", "seats", "mrr"}
    assert (spanish.kind, set(spanish.columns)) == ("subscriptions", names)
    assert (spanish.dates, spanish.numbers) == ("dmy", "1.234,5")
    french = guessed(
        tmp_path, "Raison sociale;Fin;Prix annuel HT\nCafé Lumière;28/02/2027;12 500,00\n"
    )
    assert (french.kind, french.left_out) == ("accounts", ())


def test_another_kind_keeps_what_was_said_of_the_writing_alone(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Customer,CSM,Renewal date,Price\nKestrel,Ana,02/03/2027,1200\n")
    found = corrected(corrected(found, "dates=mdy"), "numbers=1.234,5")
    other = corrected(corrected(found, "arr="), "kind=subscriptions")
    assert (other.dates, other.numbers) == ("mdy", "1.234,5")
    assert list(other.questions) == [
        "Is Price the price of a year, arr=Price, or of a month, mrr=Price?"
    ]
