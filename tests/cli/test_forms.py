from pathlib import Path

import pytest

from tests.cli.run import within
from tests.factories import portfolio


@pytest.mark.parametrize("order", [("--json", "--csv"), ("--csv", "--json")])
@pytest.mark.parametrize("command", [("accounts",), ("sql", "SELECT 1")])
def test_two_forms_at_once_are_refused(
    tmp_path: Path, command: tuple[str, ...], order: tuple[str, str]
) -> None:
    with portfolio(tmp_path) as db:
        done = within("--db", db.path, *command, *order)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--json and --csv exclude each other" in done.stderr


@pytest.mark.parametrize(
    ("given", "begins"), [((), "1"), (("--csv",), "1"), (("--json", "--json"), "{")]
)
def test_one_form_or_none_is_taken(tmp_path: Path, given: tuple[str, ...], begins: str) -> None:
    with portfolio(tmp_path) as db:
        done = within("--db", db.path, "sql", "SELECT 1", *given)
    assert done.returncode == 0
    assert done.stdout.startswith(begins)
