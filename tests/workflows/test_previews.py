"""The first rows of guessed files, as a person sees them before they are taken."""

from pathlib import Path

from cs_workbench.importers.records import Assumptions
from cs_workbench.workflows.guided import preview
from cs_workbench.workflows.previews import Preview
from tests.importers.sources import guessed


def seen(folder: Path, text: str) -> list[Preview]:
    return preview(guessed(folder, text), Assumptions(""))


def test_a_price_that_is_not_known_is_said_and_has_no_currency(tmp_path: Path) -> None:
    rows = "C1,Kestrel,2026-02-01,2027-01-31\nC2,Kestrel,2026-03-01,\n"
    accounts, contracts = seen(tmp_path, f"Contract No,Customer,Start date,End date\n{rows}")
    assert (accounts.kind, accounts.rows) == ("accounts", (("Kestrel", "Kestrel"),))
    told = [dict(zip(contracts.headings, row, strict=True)) for row in contracts.rows]
    assert "currency" not in contracts.headings
    assert [(row["subscription_id"], row["arr"], row["end_date"]) for row in told] == [
        ("C1", "not known", "2027-01-31"),
        ("C2", "not known", ""),
    ]


def test_amounts_show_the_currency_that_is_taken(tmp_path: Path) -> None:
    rows = "Kestrel,1200,2027-01-31,x\nJuniper,,2027-01-31,\n"
    _, contracts = seen(tmp_path, f"Firm,ARR,Renews on,Product\n{rows}")
    assert contracts.headings == (
        *("account", "product", "arr", "currency", "start_date", "end_date"),
    )
    assert [row[2:4] for row in contracts.rows] == [("1200.00", "USD"), ("not known", "")]
    assert contracts.notes[0].startswith("terms begin a year before they end")


def test_rows_that_would_be_refused_are_told_with_their_line(tmp_path: Path) -> None:
    rows = "Kestrel,1200,2027-01-31\n,5,2027-01-31\n" + "Juniper,5,2027-01-31\n" * 5
    accounts, _ = seen(tmp_path, f"Firm,ARR,Renews on\n{rows}")
    assert [problem.split(":")[0] for problem in accounts.problems] == ["line 3"]
    assert [row[-1] for row in accounts.rows] == ["Kestrel", "Juniper"]


def test_weeks_are_shown_as_the_days_over_which_they_are_spread(tmp_path: Path) -> None:
    rows = "Alpha;2026-W44;100\nAlpha;2026-W45;90\n"
    (usage,) = seen(tmp_path, f"Kunde;KW;Logins\n{rows}")
    assert usage.rows[0] == ("Alpha", "2026-10-26", "14.29")
    assert usage.notes == ("the sum of a week is spread over its days in equal parts.",)


def test_a_flag_is_yes_or_no(tmp_path: Path) -> None:
    rows = "Alpha;V-1;31.12.2027;automatisch\nBeta;V-2;30.06.2027;manuell\n"
    _, contracts = seen(tmp_path, f"Firma;Vertrag;Laufzeit bis;Verlängerung\n{rows}")
    assert contracts.headings[-1] == "auto_renew"
    assert contracts.notes[0].startswith("terms begin a year before they end")
    assert [row[-1] for row in contracts.rows] == ["yes", "no"]
