from pathlib import Path

from click.testing import CliRunner

from cs_workbench.cli.main import csw
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
