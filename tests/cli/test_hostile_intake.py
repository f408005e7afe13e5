"""What a customer's file says reaches the terminal as text alone, also while it is looked at."""

from pathlib import Path

from click.testing import CliRunner

from cs_workbench.cli.main import csw
from tests.cli.run import within
from tests.importers.sources import write

EVIL = "\x1b[31mKestrel\x9b5n\x07"
FIRMS = f'Firm{EVIL},Yearly fee,Renews on\n"{EVIL}",1200,2027-01-31\n{EVIL}s,x,2027-01-31\n'


def is_plain(text: str) -> bool:
    return not any(sign in text for sign in ("\x1b", "\x9b", "\x07"))


def test_a_hostile_file_is_shown_and_logged_as_text(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    path = write(tmp_path, f"f{EVIL}.csv", FIRMS)
    done = CliRunner().invoke(
        csw, ["--db", str(book), "import", "--interactive", str(path)], input="name=Firm\n\n"
    )
    assert "␛[31mKestrel" in done.output
    assert is_plain(done.output)
    for args in (("import", "--log"), ("accounts", "alike")):
        shown = within("--db", book, *args)
        assert shown.returncode == 0
        assert is_plain(shown.stdout + shown.stderr)
    write(tmp_path, "other.csv", f"account_id,name\nA1,{EVIL}z\n")
    within("--db", book, "import", tmp_path / "other.csv")
    alike = within("--db", book, "accounts", "alike")
    assert "Kestrel" in alike.stdout
    assert is_plain(alike.stdout)
