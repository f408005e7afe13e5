"""What every test has: no settings of the person who runs it, and a portfolio on request."""

import gc
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from cs_workbench.store.database import Database
from tests.factories import portfolio

SETTINGS = (
    "CSW_DB",
    "CSW_TODAY",
    "CSW_ME",
    "CSW_ASCII",
    "CSW_LINEAR",
    "CSW_QUICK_START",
    "CSW_SCORECARD",
    "NO_COLOR",
    "CSW_METRICS",
    "CSW_TARGETS",
    "CSW_RENEWALS",
)
PLACES = count()

# The same examples every time; the gate takes more of them when it comes to the deep tests.
settings.register_profile("plain", max_examples=50, derandomize=True, deadline=None)
settings.register_profile("deep", max_examples=500, derandomize=True, deadline=None)
settings.load_profile("plain")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the collector from walking thousands of tests each time: they stay anyway.

    It saves each worker 1.4 s of processor time, of 3.5.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def nobodys_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep the tests from the settings and the data of this machine's user.

    The places are named and not made: most tests need no folder, and pytest looks through all
    that it has made before it makes the next one.
    """
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    place = tmp_path_factory.getbasetemp() / f"nobody-{next(PLACES)}"
    monkeypatch.setenv("CSW_CONFIG", str(place / "config" / "config.toml"))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A new, empty portfolio."""
    with portfolio(tmp_path) as opened:
        yield opened
