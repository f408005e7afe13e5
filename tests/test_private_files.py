import stat
from pathlib import Path

import pytest

from cs_workbench.private_files import open_private


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_its_owners_and_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with open_private(path) as file:
        file.write("näme\r\n東京\n")
    assert path.read_bytes() == "näme\r\n東京\n".encode()
    assert mode_of(path) == 0o600


def test_one_that_is_there_is_replaced_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a long first text")
    path.chmod(0o640)
    with pytest.raises(FileExistsError), open_private(path, "x"):
        pass
    assert path.read_text() == "a long first text"
    with open_private(path) as file:
        file.write("second")
    assert path.read_text() == "second"
    assert mode_of(path) == 0o640
