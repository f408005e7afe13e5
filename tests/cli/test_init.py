from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workbench.cli import init
from cs_workbench.cli.main import csw
from tests.cli.run import within
from tests.importers.sources import write

EXPORTS = Path(__file__).parents[1] / "importers" / "exports"


def settings(folder: Path) -> dict[str, str]:
    return {"CSW_CONFIG": str(folder / "config.toml"), "CSW_ME": ""}


def test_in_a_script_it_asks_nothing(tmp_path: Path) -> None:
    write(tmp_path, "config.toml", "# mine\nascii = true\nme = 'x'\n[keys]\n")
    book = tmp_path / "book.db"
    args = ("init", EXPORTS / "salesforce", EXPORTS / "stripe", "--me", 'Ana "A" Ruiz', "--yes")
    done = within("--db", book, *args, "--no-screens", **settings(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "10 accounts scored" in done.stdout
    assert f"Your accounts are in {book}." in done.stdout
    text = (tmp_path / "config.toml").read_text("utf-8")
    assert text == '# mine\nascii = true\nme = "Ana \\"A\\" Ruiz"\n[keys]\n'
    listed = within("--db", book, "sql", "SELECT DISTINCT actor FROM import_run")
    assert 'Ana "A" Ruiz' in listed.stdout


def test_without_files_or_anybody_to_ask_it_says_so(tmp_path: Path) -> None:
    done = within("--db", tmp_path / "book.db", "init", **settings(tmp_path))
    assert (done.returncode, "Which files?" in done.stderr) == (2, True)
    assert not (tmp_path / "book.db").exists()


def test_it_asks_and_looks_at_unknown_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "is_terminal_for_questions", lambda: True)
    firms = write(tmp_path, "firms.csv", "Firm,Yearly fee,Renews on\nKestrel,1200,2027-01-31\n")
    said = f"Ana\n{tmp_path / 'nothing'}\n{firms}\n\nn\n"
    book = str(tmp_path / "book.db")
    done = CliRunner(env=settings(tmp_path)).invoke(csw, ["--db", book, "init"], input=said)
    assert done.exit_code == 0, done.output
    assert "There is nothing at" in done.output
    assert "1 account scored" in done.output
    assert (tmp_path / "config.toml").read_text("utf-8") == 'me = "Ana"\n'


def test_the_order_of_dates_may_be_said_on_the_first_day(tmp_path: Path) -> None:
    path = write(tmp_path, "b.csv", "Customer,ARR,Renewal Date\nKestrel,5,3/4/2027\n")
    args = ("--db", tmp_path / "book.db", "init", path, "--yes", "--no-screens", "--dates", "dmy")
    done = within(*args, **settings(tmp_path))
    assert done.returncode == 0, done.stderr
    ends = within("--db", tmp_path / "book.db", "sql", "SELECT end_date FROM subscription")
    assert "2027-04-02" in ends.stdout


def test_rows_that_were_refused_are_told_at_the_end(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "account_id,name\nA1,Acme\nA2,\n")
    book = tmp_path / "book.db"
    done = within("--db", book, "init", path, "--yes", "--no-screens", **settings(tmp_path))
    assert done.returncode == 1
    assert "1 row was refused" in done.stderr
    assert "1 account scored" in done.stdout
