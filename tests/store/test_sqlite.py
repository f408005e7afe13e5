import pytest

from cs_workbench.errors import UnsupportedSystemError
from cs_workbench.store.sqlite import VERSION, check_version, journal_mode, sqlite3


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 53, 0), "wal"), ((3, 51, 3), "wal"), ((3, 51, 2), "delete"), ((3, 45, 0), "delete")],
)
def test_the_wal_is_for_versions_without_its_bug(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


def test_this_version_is_good_enough() -> None:
    check_version()
    assert ".".join(map(str, VERSION)) == sqlite3.sqlite_version


def test_what_cannot_keep_data_safe_is_refused() -> None:
    with pytest.raises(UnsupportedSystemError, match=r"3\.37\.2 is too old"):
        check_version((3, 37, 2))
    with pytest.raises(UnsupportedSystemError, match="Windows"):
        check_version(platform="win32")
