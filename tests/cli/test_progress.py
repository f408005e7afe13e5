from typing import TextIO

import pytest

from cs_workbench.cli.progress import progress_line
from tests.cli.terminals import shown_on_a_terminal


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_line("Scoring") as progress:
        progress(1, 2)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_a_terminal_gets_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(terminal: TextIO) -> None:
        monkeypatch.setattr("sys.stderr", terminal)
        with progress_line("Scoring \x1b") as progress:
            progress(500, 1_000)
            progress(501, 1_000)
            progress(1_000, 1_000)
            progress(3, 0)

    text = shown_on_a_terminal(act)
    assert "Scoring ␛  50%  500 of 1,000" in text
    assert "501" not in text
    assert "100%  1,000 of 1,000" in text
    assert text.rsplit("\r", 2)[1].strip() == ""
    assert "\n" not in text


def _interrupted() -> None:
    with progress_line("Scoring") as progress:
        progress(1, 2)
        raise KeyboardInterrupt


def test_an_interrupted_line_goes_away_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(terminal: TextIO) -> None:
        monkeypatch.setattr("sys.stderr", terminal)
        with pytest.raises(KeyboardInterrupt):
            _interrupted()

    assert shown_on_a_terminal(act).endswith("\r")
