"""What every test has: no settings of the person who runs it, and a portfolio on request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.store.database import Database
from tests.factories import portfolio

SETTINGS = (
    *("CSW_DB", "CSW_TODAY", "CSW_ME", "CSW_ASCII", "CSW_LINEAR", "CSW_SCORECARD", "NO_COLOR"),
)


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests from the settings and the data of this machine's user."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CSW_CONFIG", str(tmp_path / "config" / "config.toml"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A new, empty portfolio."""
    with portfolio(tmp_path) as opened:
        yield opened
