import subprocess
import sys

import pytest

from cs_workbench.cli.start import screens_wanted
from cs_workbench.store.database import Database, write
from tests.cli.run import ROOT
from tests.factories import add_account, add_summary


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", {}),
        ("tui", {}),
        ("--db a.db", {"db": "a.db"}),
        ("--db=a=b.db tui", {"db": "a=b.db"}),
        ("--today 2026-11-20 --db a.db tui", {"db": "a.db", "today": "2026-11-20"}),
    ],
)
def test_a_call_of_the_screens_is_understood(typed: str, wanted: dict[str, str]) -> None:
    assert screens_wanted(typed.split()) == wanted


@pytest.mark.parametrize(
    "typed",
    ["accounts", "--db", "--db a.db accounts", "tui --help", "--version", "-h", "--d a.db", "demo"],
)
def test_any_other_call_is_left_to_the_command_line(typed: str) -> None:
    assert screens_wanted(typed.split()) is None


def test_little_is_loaded_before_the_first_picture(db: Database) -> None:
    with write(db) as connection:
        for name in ("one", "two", "three"):
            key = add_account(connection, name)
            add_summary(connection, key, band="red", causes='["−5: tickets"]')
    # The values that are needed until then are named tuples, made in a tenth of a dataclass' time.
    heavy = ["textual", "rich", "click", "dataclasses", "inspect", "json", "uuid", "hashlib"]
    heavy += [
        "cs_workbench.store.changes",
        "cs_workbench.core.facts",
        "numpy",
        "logging",
        "decimal",
        "cs_workbench.store.custom_fields",
        "cs_workbench.store.refreshes",
        "cs_workbench.core.churn_said",
    ]
    code = (
        "import sys\nimport datetime as dt\nfrom pathlib import Path\n"
        "from cs_workbench.cli import screens\nfrom cs_workbench.tui import first_picture\n"
        "from cs_workbench.config import Config\n"
        f"db = first_picture.open_database(Path({str(db.path)!r}))\n"
        "session = first_picture.session_on(db, Config('ana', db.path), dt.date(2026, 11, 20))\n"
        "assert len(list(first_picture.list_lines(session, 140, 30))) == 4\n"
        f"print([one for one in {heavy} if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "[]\n"
