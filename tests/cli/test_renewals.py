import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.store.database import open_database, write
from tests.cli import run
from tests.cli.run import as_ana as csw
from tests.factories import (
    add_account,
    add_contact,
    add_forecast,
    add_subscription,
    add_summary,
    portfolio,
)
from tests.hostile_churn import add_churn
from tests.test_docs import _documented

NAME = "Ac\x1b]52;c;aGk=\x07me"
TERM = {"start_date": "2026-03-01", "end_date": "2027-02-28", "arr_minor": 41_200_000}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Kestrel, likely then at risk, deadline in 37 days; and an account with a hostile name."""
    path = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db, write(db) as connection:
        key = add_account(connection, "kestrel", csm="ana", segment="enterprise")
        add_summary(connection, key, band="red", points_e4=310_000)
        add_subscription(connection, key, **TERM)
        add_contact(connection, key, name="Tomasz Brandt", role="decision maker")
        for category, day in (("likely", "2026-11-16"), ("at risk", "2026-11-20")):
            add_forecast(
                connection,
                key,
                renewal_end="2027-02-28",
                category=category,
                amount_minor=41_200_000,
                made_at=f"{day}T09:00:00Z",
                narrative="=SUM(1)",
            )
        other = add_account(connection, "acme", name=NAME)
        add_subscription(connection, other, **{**TERM, "end_date": "2027-03-31"}, auto_renew=0)
    return path


def document(path: Path, *args: str) -> dict[str, Any]:
    result = csw(path, *args, "--json")
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_list_is_in_letters_where_asked(book: Path) -> None:
    assert "■ 31" in csw(book, "renewals").stdout
    lettered = csw(book, "renewals", CSW_ASCII="1").stdout
    assert "R 31" in lettered
    assert "■" not in lettered


def test_the_list_has_the_documented_keys(book: Path) -> None:
    found = document(book, "renewals")
    first, second = found["renewals"]
    assert {*found, *first} == _documented("csw renewals")
    assert (first["account_id"], first["category"], first["deadline"]) == (
        *("kestrel", "at risk"),
        "2026-12-30",
    )
    assert (first["arr_due"], first["forecast_amount"], first["probability"]) == (
        *(412_000, 412_000),
        0.45,
    )
    assert (second["category"], second["in_grace"], second["commitment_level"]) == (
        *(None, False),
        None,
    )


def test_the_list_is_narrowed_printed_and_safe(book: Path) -> None:
    shown = csw(book, "renewals", "--within", "60d")
    assert "commit by: passed, or within 7 d" in shown.stdout
    assert "412k" in shown.stdout
    assert "Acme" not in shown.stdout
    assert "\x1b" not in csw(book, "renewals").stdout
    only = document(book, "renewals", "--category", "no forecast")["renewals"]
    assert [one["account_id"] for one in only] == ["acme"]
    narrowed = document(book, "renewals", "--filter", "band:red")["renewals"]
    assert [one["account_id"] for one in narrowed] == ["kestrel"]
    assert csw(book, "renewals", "--within", "soon").returncode == 2


def test_csv_is_safe_for_spreadsheets(book: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(csw(book, "renewals", "--csv").stdout)))
    assert rows[0]["narrative"] == "'=SUM(1)"
    assert rows[0]["subscription_ids"].startswith("sub-")


def test_a_renewal_from_first_forecast_to_its_end(book: Path) -> None:
    assert csw(book, "renewal", "forecast", "kestrel", "likely").returncode == 2
    said = csw(
        *(book, "renewal", "forecast", "kestrel", "likely", "--missing", "budget line"),
        *("--missing-by", "+10", "--probability", "60", "--renew-today", "6"),
    )
    assert said.stdout == "forecast: likely 412k 60 % · Kestrel\n"
    words = ("--level", "verbal", "--by", "brandt", "--evidence", "we will", "--amount", "430k")
    assert csw(book, "renewal", "commit", "kestrel", *words).returncode == 0
    assert csw(book, "renewal", "notice", "kestrel", "--by", "Brandt").returncode == 0
    found = document(book, "renewal", "show", "kestrel")
    assert found["category"] == "churn expected"
    assert [one["category"] for one in found["forecasts"]] == [
        *("likely", "at risk", "likely"),
    ]
    commitment = found["commitments"][0]
    assert (commitment["amount"], commitment["void"]) == (430_000, False)
    assert csw(book, "renewal", "close", "kestrel", "lost", "--on", "20 nov").returncode == 0
    assert csw(book, "renewal", "close", "kestrel", "won").returncode == 12
    corrected = ("--correct", "--amount", "100k", "--reason", "they stayed")
    assert csw(book, "renewal", "close", "kestrel", "won", *corrected).returncode == 0
    closing = document(book, "renewal", "show", "kestrel")
    assert {*closing} <= _documented("csw renewal show ACCOUNT") | _documented("csw renewals")
    assert closing["closing"]["renewed"] == 100_000
    told = csw(book, "renewal", "show", "kestrel").stdout
    assert "Closed on Fri 20 Nov 2026: won, corrected, 100k of 412k (ana)." in told
    assert "verbal by Tomasz Brandt: we will" in told


def test_the_forecast_has_the_documented_keys_and_its_changes_add_up(book: Path) -> None:
    found = document(book, "forecast", "--since", "2026-11-18", "--by", "csm")
    assert set(found) == _documented("csw forecast")
    assert (found["due"], found["weighted"]) == (824_000, 370_800)
    assert found["cumulative"]["at risk or better"]["amount"] == 412_000
    changes = found["changes"]
    assert sum(one["weighted_change"] for one in changes) == found["change"] == -123_600
    assert found["without_forecast"] == ["acme"]
    before = document(book, "forecast", "--as-of", "2026-11-18")
    assert before["weighted"] == 494_400
    shown = csw(book, "forecast", "--since", "2026-11-18", "--by", "month").stdout
    assert "-123,600.00" in shown
    assert "Without a forecast, counted as at risk at 45 %: 1." in shown


def test_a_book_without_contracts_says_so(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.db"
    portfolio(tmp_path).connection.close()
    assert "derived from contracts" in csw(path, "renewals").stderr
    assert document(path, "forecast")["grr"] is None
    assert csw(path, "forecast").returncode == 0


def test_the_policy_of_ones_own(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    assert csw(book, "renewal", "policy", "copy", str(own)).returncode == 0
    assert csw(book, "renewal", "policy", "copy", str(own)).returncode == 12
    own.write_text("[gate]\ndays = 10\n", encoding="utf-8")
    assert csw(book, "renewal", "policy", "check", CSW_RENEWALS=str(own)).returncode == 0
    assert csw(book, "renewal", "policy", "path", CSW_RENEWALS=str(own)).stdout == f"{own}\n"
    assert csw(book, "renewal", "policy", "show", CSW_RENEWALS=str(own)).stdout == own.read_text()
    late = csw(book, "renewal", "forecast", "kestrel", "likely", CSW_RENEWALS=str(own))
    assert late.returncode == 0
    own.write_text("[gate]\ndays = 'x'\n", encoding="utf-8")
    checked = csw(book, "renewal", "policy", "check", str(own))
    assert (checked.returncode, checked.stdout) == (
        1,
        f"{own}:2: days must be a whole number, not 'x'\n",
    )
    assert csw(book, "renewals", CSW_RENEWALS=str(own)).returncode == 4


def test_it_starts_without_screens_and_numbers_libraries(book: Path) -> None:
    shown = run.csw("--db", book, "--today", "2026-11-23", "renewals", "--json")
    assert shown.returncode == 0
    assert len(json.loads(shown.stdout)["renewals"]) == 2


def test_a_churn_model_in_use_has_its_columns(book: Path) -> None:
    assert "Leaves" not in csw(book, "renewals").stdout
    with open_database(book) as db, write(db) as connection:
        add_churn(connection, [1], ("on",))
    heads, *rows = csw(book, "renewals").stdout.splitlines()
    assert heads.split()[-4:] == ["Leaves,", "80", "%", "Loss"]
    (kestrel,) = [row for row in rows if "140k" in row]
    assert kestrel.split()[-3:] == ["34%", "21-49", "140k"]


def test_a_renewal_of_which_one_part_has_a_price_says_so(book: Path) -> None:
    with open_database(book) as db, write(db) as connection:
        key = add_account(connection, "blue", csm="ana")
        add_subscription(connection, key, **{**TERM, "arr_minor": 1_200_000})
        add_subscription(connection, key, **{**TERM, "arr_minor": None}, subscription_id="more")
    found = document(book, "renewals")
    (blue,) = [one for one in found["renewals"] if one["account_id"] == "blue"]
    assert (blue["arr_due"], blue["unpriced"], blue["forecast_amount"]) == (12_000, 1, 12_000)
    listed = csw(book, "renewals").stdout
    (line,) = [one for one in listed.splitlines() if "Blue" in one]
    assert line.count(" 12k+ ") == 2
    assert "836k USD due, 1 of them not fully priced; weighted" in listed
    shown = csw(book, "renewal", "show", "blue").stdout
    assert "12k+ USD and 1 contract of unknown price ends on Sun 28 Feb 2027" in shown
    assert "no forecast, 12k+ at 45 %" in shown
    why = ("--risk", "budget", "--narrative", "They cut.")
    bare = csw(book, "renewal", "forecast", "blue", "at risk", *why)
    told = "At risk wants an amount: 12k USD is only a part of what ends.\n"
    assert (bare.returncode, bare.stderr) == (2, told)
    assert (
        csw(book, "renewal", "forecast", "blue", "at risk", "--amount", "20k", *why).returncode == 0
    )
    (line,) = [one for one in csw(book, "renewals").stdout.splitlines() if "Blue" in one]
    assert "12k+" in line
    assert " 20k " in line  # said of all of it


def test_a_contract_of_unknown_price_has_its_dates_and_is_in_no_sum(book: Path) -> None:
    with open_database(book) as db, write(db) as connection:
        key = add_account(connection, "blue", csm="ana")
        add_subscription(connection, key, **{**TERM, "arr_minor": None})
    found = document(book, "renewals")
    (blue,) = [one for one in found["renewals"] if one["account_id"] == "blue"]
    assert (blue["arr_due"], blue["forecast_amount"], blue["end_date"]) == (
        None,
        None,
        TERM["end_date"],
    )
    assert "3 renewals, 824k USD due, 1 of them not fully priced;" in csw(book, "renewals").stdout
    forecast = document(book, "forecast")
    assert (forecast["renewals"], forecast["without_price"], forecast["due"]) == (3, 1, 824_000)
    assert forecast["without_rate"] == 1
    assert " without 1 of unknown amount.\n" in csw(book, "forecast").stdout
    shown = csw(book, "renewal", "show", "blue").stdout
    assert "a contract of unknown price ends on Sun 28 Feb 2027" in shown
    refused = csw(
        book, "renewal", "notice", "blue", "--received", "today", "--by", "x", "--part", "5"
    )
    assert (refused.returncode, "the price of what ends is not known" in refused.stderr) == (
        2,
        True,
    )
    assert csw(book, "renewal", "close", "blue", "won").returncode == 0
    closing = document(book, "renewal", "show", "blue")["closing"]
    amounts = (closing[name] for name in ("due", "renewed", "expansion", "contraction"))
    assert set(amounts) == {None}
    assert "won, signed (" in csw(book, "renewal", "show", "blue").stdout
