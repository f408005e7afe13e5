from pathlib import Path

import pytest

from cs_workbench.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    ReadOnlyPlaceError,
    UsageError,
)
from cs_workbench.workflows.text_files import export_new, text_of, write_new


def test_a_text_is_read_with_or_without_a_mark_in_front(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for mark in ("", "\ufeff"):
        path.write_text(f"{mark}name = 'Müller'", encoding="utf-8")
        assert text_of(path, "card") == "name = 'Müller'"


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no card at "):
        text_of(tmp_path / "none.toml", "card")
    (tmp_path / "b.toml").write_bytes(b"name \xff")
    with pytest.raises(InputError, match=r"b\.toml is not text in UTF-8: see byte 6"):
        text_of(tmp_path / "b.toml", "card")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        text_of(tmp_path, "card")


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.toml"
    write_new("first", path)
    with pytest.raises(ConflictError, match=r"was left alone\. Name another id"):
        write_new("second", path, other="id")
    assert path.read_text() == "first"


def test_a_file_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(UsageError, match="cannot be written"):
        write_new("text", tmp_path / "a" / "b.toml")


@pytest.mark.parametrize("content", ["näme\r\n", "näme\r\n".encode()])
def test_an_export_is_its_owners_and_replaces_nothing(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "out.csv"
    export_new(content, path)
    assert path.read_bytes() == "näme\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConflictError, match=r"out\.csv is there already and was left alone"):
        export_new(b"other", path)
    assert path.read_bytes() == "näme\r\n".encode()
    with pytest.raises(ReadOnlyPlaceError, match="cannot be written: No such file"):
        export_new(content, tmp_path / "none" / "out.csv")
