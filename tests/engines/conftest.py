import pytest

from tests.engines.event_files import Event, expected, make_events
from tests.engines.holding import Days


@pytest.fixture(scope="session")
def events() -> list[Event]:
    return make_events(20_000)


@pytest.fixture(scope="session")
def truth(events: list[Event]) -> Days:
    """Counted one after the other in plain Python."""
    return expected(events)
