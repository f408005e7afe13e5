import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from tests.cli import run
from tests.factories import portfolio

KEY_EVERY = 0.3


def on_a_terminal(*args: str | Path, key: bytes = b"q", **environment: str) -> tuple[int, str]:
    """Run `csw` on a terminal of 80×24, pressing the key until it ends."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cs_workbench", *map(str, args)],
        env={**os.environ, "PYTHONPATH": str(run.ROOT), "TERM": "xterm-256color", **environment},
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    shown = b""
    begun = pressed = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < 40:
        if select.select([main], [], [], 0.1)[0]:
            try:
                shown += os.read(main, 1 << 16)
            except OSError:
                break
        if b"\x1b[?1049h" in shown and time.monotonic() - pressed > KEY_EVERY:
            pressed = time.monotonic()
            os.write(main, key)
    os.close(main)
    return process.wait(timeout=10), shown.decode("utf-8", "replace")


@pytest.mark.parametrize("args", [(), ("tui",), ("demo",)])
def test_without_a_terminal_nothing_is_drawn(tmp_path: Path, args: tuple[str, ...]) -> None:
    portfolio(tmp_path).connection.close()
    result = run.csw("--db", tmp_path / "portfolio.db", *args)
    assert (result.returncode, result.stdout) == (2, "")
    assert "its input is not a terminal" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("term", ["dumb", ""])
def test_on_a_dumb_terminal_nothing_is_drawn(term: str) -> None:
    code, shown = on_a_terminal("demo", TERM=term)
    assert code == 2
    assert "cannot place text" in shown
    assert "\x1b" not in shown


def with_errors_elsewhere(
    *args: str, out: IO[str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `csw` with input and output on a terminal, or output in a file; errors are caught."""
    main, side = pty.openpty()
    result = subprocess.run(
        [sys.executable, "-m", "cs_workbench", *args],
        env={**os.environ, "PYTHONPATH": str(run.ROOT), "TERM": "xterm"},
        stdin=side,
        stdout=out or side,
        stderr=subprocess.PIPE,
        timeout=30,
        check=False,
    )
    os.close(main)
    os.close(side)
    return result


def test_output_to_a_file_draws_nothing(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        result = with_errors_elsewhere(out=out)
    assert result.returncode == 2
    assert b"its output is not a terminal" in result.stderr
    assert (tmp_path / "out").read_text(encoding="utf-8") == ""


def test_errors_to_a_file_are_not_drawn_into() -> None:
    result = with_errors_elsewhere("demo")
    assert result.returncode == 2
    assert b"its errors do not go to the terminal" in result.stderr
    assert b"\x1b" not in result.stderr


def test_the_demo_says_what_it_is_and_leaves_nothing(tmp_path: Path) -> None:
    sample = run.ROOT / "sample.db"
    before = sample.read_bytes()
    code, shown = on_a_terminal("demo", TMPDIR=str(tmp_path))
    assert code == 0
    assert "This is sample data: today is fixed to 2026-11-23." in shown
    assert "You are Ana Ruiz. What you change is forgotten" in shown
    assert "\x1b[?1049h" in shown
    assert sample.read_bytes() == before
    assert not list(run.ROOT.glob("sample.db-*"))
    assert [path.name for path in tmp_path.iterdir() if "csw-demo" in path.name] == []


def test_csw_alone_opens_the_screens(tmp_path: Path) -> None:
    code, shown = on_a_terminal("--db", tmp_path / "none.db")
    assert code == 0
    assert "\x1b[?1049h" in shown
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_cannot_be_opened_is_told_before_drawing(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear " * 100, encoding="utf-8")
    code, shown = on_a_terminal("--db", tmp_path / "letter", "tui")
    assert code == 5
    assert "not a portfolio of csw" in shown
    assert "\x1b[?1049h" not in shown
