"""Run `csw`: as people do, in its own process, or within this one.

A start of its own costs as much as ten commands. Each command is started for real in at least
one test; what a command says and gives besides is asked `within` this process.
"""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from cs_workbench.cli.main import csw as command
from tests.factories import TODAY

ROOT = Path(__file__).parents[2]


def csw(
    *args: str | Path, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run it without a terminal; gives its exit code and what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "cs_workbench", *map(str, args)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def within(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it in this process, without a terminal; what is no answer of its own is raised."""
    runner = CliRunner(env=environment)
    result = runner.invoke(command, [*map(str, args)], prog_name="csw", catch_exceptions=False)
    return subprocess.CompletedProcess(args, result.exit_code, result.stdout, result.stderr)


def as_ana(path: Path, *args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Ana runs on a portfolio on the day of the tests, in this process."""
    given = {"CSW_ME": "ana", **environment}
    return within("--db", path, "--today", TODAY.isoformat(), *args, **given)
