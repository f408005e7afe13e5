import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cs_workbench.cli.completion import SHELLS, complete_account
from cs_workbench.cli.main import csw
from cs_workbench.store.database import write
from tests.cli import run
from tests.factories import add_account, portfolio


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_printed_that_its_shell_accepts(shell: str, tmp_path: Path) -> None:
    result = run.csw("completion", shell)
    assert result.returncode == 0
    assert "_CSW_COMPLETE" in result.stdout
    if not shutil.which(shell):
        return
    script = tmp_path / "script"
    script.write_text(result.stdout, encoding="utf-8")
    subprocess.run([shell, "-n", str(script)], check=True, timeout=30)


def test_the_shell_is_guessed_or_asked_for() -> None:
    assert "compdef" in run.csw("completion", SHELL="/usr/bin/zsh").stdout
    result = run.csw("completion", SHELL="/bin/sh")
    assert result.returncode == 2
    assert "bash, zsh, fish" in result.stderr


def test_commands_complete() -> None:
    words = {"COMP_WORDS": "csw acc", "COMP_CWORD": "1", "_CSW_COMPLETE": "bash_complete"}
    assert run.csw(**words).stdout == "plain,accounts\n"


def completed(path: Path, start: str) -> list[str]:
    context = click.Context(csw)
    context.params = {"db": path}
    return [item.value for item in complete_account(context, click.Argument(["x"]), start)]


def test_account_names_complete(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as c:
        add_account(c, "kes-1", name="Kestrel GmbH")
        add_account(c, "mul-2", name="Müller")
    assert completed(db.path, "kes") == ["Kestrel GmbH"]
    assert completed(db.path, "MU") == ["Müller"]
    assert completed(tmp_path / "none.db", "kes") == []


HOSTILE = "x $(touch pwned) `id` 'a\"b;c&d|e>f"


def test_bash_reads_back_the_very_name(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db, write(db) as c:
        add_account(c, "x-1", name=HOSTILE)
        add_account(c, "x-2", name="x\nnew line\x1b")
    program = tmp_path / "csw"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cs_workbench "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    # What bash would put on the command line, and then read from it.
    script = """eval "$(csw completion bash)"
        COMP_WORDS=(csw --db "$1" show x); COMP_CWORD=4; _csw_completion csw
        [ ${#COMPREPLY[@]} = 1 ] && eval "printf %s ${COMPREPLY[0]}" """
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    read_back = subprocess.run(
        ["bash", "-c", script, "bash", str(db.path)],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(run.ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert read_back == HOSTILE
    assert not (tmp_path / "pwned").exists()
