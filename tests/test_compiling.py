"""In a new clone one goes first; afterwards nobody waits."""

import threading
from pathlib import Path

import pytest

from tests.compiling import one_at_first


def test_the_first_is_alone_and_those_after_it_are_not(tmp_path: Path) -> None:
    entered = threading.Event()

    def enter() -> None:
        with one_at_first(tmp_path):
            entered.set()

    other = threading.Thread(target=enter)
    with one_at_first(tmp_path):
        other.start()
        assert not entered.wait(0.1)
    other.join()
    assert entered.is_set()
    with one_at_first(tmp_path), one_at_first(tmp_path):  # would wait for itself for good
        pass


def test_who_broke_off_has_not_compiled(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), one_at_first(tmp_path):
        raise KeyboardInterrupt
    assert not (tmp_path / "compiled-once").exists()
