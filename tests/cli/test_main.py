import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cs_workbench import __version__
from cs_workbench.cli.lazy import INTERRUPTED, PIPE_CLOSED, Entry, LazyGroup
from cs_workbench.cli.main import COMMANDS, csw
from cs_workbench.errors import BusyError, DiskFullError
from cs_workbench.store.database import write
from tests.cli import run
from tests.factories import add_account, portfolio

HEAVY = ("textual", "numpy", "sklearn", "sqlite_utils", "pandas", "rich", "yaml")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_loads_and_helps(name: str) -> None:
    result = CliRunner().invoke(csw, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Usage:")


def test_help_lists_every_command_and_imports_none() -> None:
    code = (
        "import sys; from cs_workbench.cli.main import csw; csw(['--help'], standalone_mode=False);"
        "print([m for m in sys.modules if m.startswith('cs_workbench.cli.')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=run.ROOT, check=True
    ).stdout
    assert all(f"  {name} " in shown for name in COMMANDS)
    loaded = shown.splitlines()[-1]
    assert "cs_workbench.cli.accounts" not in loaded


@pytest.mark.parametrize("args", [["--version"], ["accounts"], ["accounts", "--json"]])
def test_light_commands_load_nothing_heavy(tmp_path: Path, args: list[str]) -> None:
    with portfolio(tmp_path) as db:
        add_account(db.connection)
    code = (
        "import sys; from cs_workbench.cli.main import csw\n"
        f"csw(['--db', {str(db.path)!r}, *{args!r}], standalone_mode=False)\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=run.ROOT, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"


@pytest.mark.parametrize("args", [["explain", "acme"], ["show", "acme"], ["signals"]])
def test_one_account_is_read_without_arrays(tmp_path: Path, args: list[str]) -> None:
    with portfolio(tmp_path) as db:
        add_account(db.connection)
    code = (
        "import sys; from cs_workbench.cli.main import csw\n"
        f"csw(['--db', {str(db.path)!r}, *{args!r}], standalone_mode=False)\n"
        "print('numpy' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=run.ROOT, check=True
    ).stdout
    assert shown.splitlines()[-1] == "False"


def test_the_version_is_told() -> None:
    assert run.csw("--version").stdout == f"csw, version {__version__}\n"


def test_an_unknown_command_is_told_with_the_nearest() -> None:
    result = run.csw("acounts")
    assert result.returncode == 2
    assert "There is no command 'acounts'. Did you mean accounts?" in result.stderr


def test_an_error_of_ours_is_a_message_and_its_exit_code(tmp_path: Path) -> None:
    result = run.csw("--db", tmp_path / "none.db", "accounts")
    assert result.returncode == 3
    assert result.stdout == ""
    assert "There is no portfolio at" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_told(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("colour = 'red'\n", encoding="utf-8")
    result = run.csw("accounts", CSW_CONFIG=str(config))
    assert result.returncode == 4
    assert "unknown setting 'colour'" in result.stderr


def test_a_wrong_date_is_told(tmp_path: Path) -> None:
    portfolio(tmp_path).connection.close()
    result = run.csw("--db", tmp_path / "portfolio.db", "--today", "tomorrow", "accounts")
    assert result.returncode == 2
    assert "'tomorrow' is not a date" in result.stderr


class Direct(LazyGroup):
    """A group over a command that is already there."""

    def __init__(self, raised: BaseException) -> None:
        super().__init__("csw", entries={"end": Entry("x:y", "")})
        self.raised = raised

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command:
        def end() -> None:
            raise self.raised

        return click.Command(cmd_name, callback=end)


@pytest.mark.parametrize(
    ("raised", "code"),
    [(BusyError("wait"), 10), (KeyboardInterrupt(), INTERRUPTED)],
)
def test_a_command_ends_quietly_with_a_code(raised: BaseException, code: int) -> None:
    result = CliRunner().invoke(Direct(raised), ["end"])
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_a_bug_crashes_loudly() -> None:
    result = CliRunner().invoke(Direct(ZeroDivisionError()), ["end"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        for number in range(3_000):
            add_account(connection, f"account-{number}")
    line = f"{sys.executable} -m cs_workbench --db {db.path} accounts; echo $? >&2"
    result = subprocess.run(
        ["bash", "-c", f"{{ {line}; }} | head -1"],
        capture_output=True,
        text=True,
        cwd=run.ROOT,
        check=True,
    )
    assert result.stdout.startswith("Score")
    assert result.stderr.splitlines()[-1] == str(PIPE_CLOSED)
    assert "BrokenPipe" not in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("asked", [("sql", "SELECT 1"), ("accounts", "--csv")])
def test_an_output_that_is_full_is_not_taken_for_the_portfolio(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection, "kestrel")
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cs_workbench", "--db", db.path, *asked],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=run.ROOT,
        )
    assert result.returncode == DiskFullError.exit_code
    assert (
        result.stderr.splitlines()[-1] == "The output cannot be written: No space left on device."
    )
