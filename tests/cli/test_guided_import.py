import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workbench.cli.main import csw
from cs_workbench.store.database import open_database
from tests.importers.event_shapes import CUSTOMERS, SHAPES, export
from tests.importers.sources import write

FIRMS = "Firm,Yearly fee,Renews on,Who\nKestrel,1200,2027-01-31,Ana\nJuniper,800,02/03/2027,Jon\n"


def run(folder: Path, said: str) -> tuple[int, str]:
    path = write(folder, "firms.csv", FIRMS.replace("2027-01-31", "01/02/2027"))
    result = CliRunner().invoke(
        csw, ["--db", str(folder / "p.db"), "import", "--interactive", str(path)], input=said
    )
    return result.exit_code, result.output


def test_a_guess_is_shown_corrected_and_taken(tmp_path: Path) -> None:
    code, output = run(tmp_path, "\ndates=mdy\ncsm=Who\nnonsense\n\n")
    assert code == 0, output
    assert "Which order do dates have" in output
    assert "Say FIELD=COLUMN" in output
    assert "2027-01-01" in output  # the day before 2 January, as it would be read
    assert "terms begin a year before they end" in output
    assert (tmp_path / "firms.mapping.toml").is_file()
    code, output = run(tmp_path, "")
    assert (code, "How all files are to be read is clear." in output) == (0, True)
    assert "Nothing changed." in output


def test_words_that_are_not_known_are_told_before_it_is_taken(tmp_path: Path) -> None:
    rows = "".join(f"Kestrel,Nr {at},2026-11-05,{word}\n" for at, word in enumerate(["open"] * 5))
    path = write(tmp_path, "p.csv", f"Customer,Promise,Made,Status\n{rows}K,x,2026-11-05,r\x9bht\n")
    command = ["--db", str(tmp_path / "p.db"), "import", "--interactive", str(path)]
    output = CliRunner().invoke(csw, command, input="quit\n").output
    assert "state: 'r\\x9bht' not known, read as open" in output


def test_who_quits_imports_nothing(tmp_path: Path) -> None:
    code, _ = run(tmp_path, "quit\n")
    assert code != 0
    assert not (tmp_path / "p.db").exists()
    assert not (tmp_path / "firms.mapping.toml").exists()


def test_of_an_export_of_events_only_the_account_is_asked_for(tmp_path: Path) -> None:
    path = export(tmp_path, SHAPES["posthog"], ("K-1\x9b", *CUSTOMERS[1:]))
    command = ["--db", str(tmp_path / "p.db"), "import", "--interactive", str(path)]
    result = CliRunner().invoke(csw, command, input="\naccount_id=payer\nquit\n")
    assert "It looks like events, as posthog exports them." in result.output
    assert "Which column is the account?" in result.output
    assert "Enter takes it · account_id=groups.tenant" in result.output
    assert "e1    login  2026-11-20T10:00:00Z  u2           Blue Harbor" in result.output
    assert "\x9b" not in result.output


def test_files_with_the_same_headings_are_asked_about_once(tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK,Kestrel\n")
    for month in ("09", "10", "11"):
        rows = f"Customer,Date,Topic\nKestrel,2026-{month}-05,QBR\n"
        write(tmp_path, f"meetings {month}.csv", rows)
    command = ["--db", str(tmp_path / "p.db"), "import", "--interactive", str(tmp_path)]
    result = CliRunner().invoke(csw, command, input="\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("It looks like touchpoints") == 1
    assert len(list(tmp_path.glob("*.mapping.toml"))) == 1
    assert "meetings 11.csv  touchpoints" in result.output


def guess(folder: Path, *args: str) -> tuple[int, str]:
    command = ["--db", str(folder / "p.db"), "import", str(folder), *args]
    result = CliRunner().invoke(csw, command)
    return result.exit_code, result.output


def test_a_script_takes_what_a_file_looks_like(tmp_path: Path) -> None:
    write(tmp_path, "firms.csv", "Firm,Renews on,Looks after it\nKestrel,2027-01-31,Ana\n")
    code, output = guess(tmp_path)
    assert (code, "takes what it looks like (--guess)" in output) == (4, True)
    code, output = guess(tmp_path, "--guess", "--say", "csm=Looks")
    assert code == 0, output
    assert "firms.csv is taken for accounts: dates iso" in output
    assert "contracts of unknown price" in output
    assert "Kept as " in output
    assert guess(tmp_path)[0] == 0  # the next night needs no word
    (tmp_path / "firms.mapping.toml").unlink()
    command = ["--db", str(tmp_path / "p.db"), "import", str(tmp_path), "--guess", "--json"]
    assert json.loads(CliRunner().invoke(csw, command).stdout)["schema"] == "csw.import/1"


def test_a_script_is_told_what_would_have_to_be_asked(tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK,Kestrel\n")
    write(tmp_path, "firms.csv", FIRMS.replace("2027-01-31", "01/02/2027"))
    code, output = guess(tmp_path, "--guess")
    assert (code, list(tmp_path.glob("*.toml"))) == (0, [])
    assert "firms.csv cannot be guessed: Which order do dates have, dates=dmy or" in output
    assert "Answer with --say." in output
    code, output = guess(tmp_path, "--guess", "--say", "color=blue", "--say", "dates=dmy")
    assert "firms.csv cannot be guessed: accounts have no field 'color'" in output
    for said in (("--say", "dates=dmy"), ("--dates", "dmy")):
        (tmp_path / "firms.mapping.toml").unlink(missing_ok=True)
        code, output = guess(tmp_path, "--guess", *said)
        assert (code, (tmp_path / "firms.mapping.toml").is_file()) == (0, True), output


def test_a_script_takes_no_contract_without_the_price_beside_it(tmp_path: Path) -> None:
    row = "C-1;Kestrel;01.01.2026;31.12.2026;1.250,50\n"
    write(tmp_path, "contracts.csv", f"Contract No;Customer;Start;End;Price \x9b\n{row}")
    output = guess(tmp_path, "--guess")[1]
    assert "contracts.csv cannot be guessed: Is Price \\x9b the price of a year" in output
    assert not list(tmp_path.glob("*.toml"))
    code, output = guess(tmp_path, "--guess", "--say", "mrr=Price")
    assert (code, "numbers 1.234,5" in output, "unknown price" in output) == (0, True, False)
    with open_database(tmp_path / "p.db") as db:
        rows = db.connection.execute("SELECT arr_minor FROM subscription").fetchall()
    assert [tuple(row) for row in rows] == [(1_500_600,)]


def test_a_script_keeps_no_guess_by_which_every_row_is_refused(tmp_path: Path) -> None:
    row = "C-1;Kestrel;01.01.2026;31.12.2026;1.250,50\n"
    write(tmp_path, "contracts.csv", f"Contract No;Customer;Start;End;Fee p.m.\n{row}")
    output = guess(tmp_path, "--guess", "--say", "numbers=1,234.5")[1]
    assert "contracts.csv cannot be guessed: all rows would be refused as subscriptions" in output
    assert "line 2: Fee p.m. '1.250,50' is not a number. Answer with --say." in output
    assert not list(tmp_path.glob("*.toml"))
    assert guess(tmp_path, "--guess")[0] == 0


def test_a_dry_run_keeps_nothing_of_what_is_guessed_or_confirmed(tmp_path: Path) -> None:
    write(tmp_path, "firms.csv", "Firm,Renews on\nKestrel,2027-01-31\n")
    write(tmp_path, "more.csv", "Firm,Renews on\nJuniper,2027-02-28\n")
    for way in ("--guess", "--interactive"):
        command = ["--db", str(tmp_path / "p.db"), "import", str(tmp_path), way, "--dry-run"]
        output = CliRunner().invoke(csw, command, input="\n").output
        assert "more.csv   subscriptions" in output
        assert "Nothing was written: this was a dry run." in output
        assert output.count("looks like accounts") + output.count("taken for accounts") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["firms.csv", "more.csv"]


def test_where_no_mapping_can_be_kept_the_guess_holds_for_this_import(tmp_path: Path) -> None:
    name = "f" * 247 + ".csv"  # the mapping's is longer than names of files can be
    write(tmp_path, name, "Firm,Renews on\nKestrel,2027-01-31\n")
    code, output = guess(tmp_path, "--guess")
    assert (code, "Until then it holds for this import alone." in output) == (0, True), output
    command = ["--db", str(tmp_path / "p.db"), "sql", "SELECT name FROM account"]
    assert "Kestrel" in CliRunner().invoke(csw, command).output


@pytest.mark.parametrize(
    "args",
    [("--guess", "--interactive"), ("--guess", "--mapping", "stripe"), ("--say", "dates=dmy")],
)
def test_ways_to_read_files_that_exclude_one_another(tmp_path: Path, args: tuple[str, ...]) -> None:
    write(tmp_path, "firms.csv", FIRMS)
    assert guess(tmp_path, *args)[0] == 2
