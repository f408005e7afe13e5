"""What every engine is held to: the numbers of a plain loop in Python, row by row."""

from zoneinfo import ZoneInfo

from cs_workbench.engines.events import Arrivals
from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EventSpec
from cs_workbench.engines.zones import day_number
from tests.engines.event_files import DAYS, FIRST, ZONES, Event

BEGIN = day_number(FIRST.date())
NONE = type(None)
Days = dict[tuple[str, int], tuple[float | None, ...]]


def hold(wanted: EventSpec, truth: Days, events: list[Event]) -> None:
    """See that the engine gives the same numbers, whole and in parts, and the same arrivals."""
    engine = open_engine(wanted)
    try:
        found: Days = {}
        for first in range(BEGIN - 2, BEGIN + DAYS + 2, wanted.chunk_days):
            rows = list(engine.days(first, first + wanted.chunk_days - 1))
            assert len({(account, day) for account, day, _ in rows}) == len(rows)
            found |= {(account, day): values for account, day, values in rows}
        assert sorted(found) == sorted(truth)
        for key, values in sorted(truth.items()):
            assert found[key] == values, key
        # The store takes nothing else: PostgreSQL adds whole numbers up to decimals.
        assert {type(one) for values in found.values() for one in values} <= {int, float, NONE}
        came = sorted(int(event[5].timestamp()) for event in events)
        for after, until in ((None, came[-1]), (came[-200], came[-1]), (None, came[-100])):
            within = [one for one in events if (after or 0) < int(one[5].timestamp()) <= until]
            assert engine.arrivals(after, until) == _arrivals(within)
    finally:
        engine.close()


def _arrivals(events: list[Event]) -> Arrivals:
    """Days by the earliest and the latest clock."""
    newest = max(int(event[5].timestamp()) for event in events)
    moments = [event[4] for event in events if event[1]]
    zones = [ZoneInfo(zone) for zone in ("Europe/Madrid", *ZONES.values())]
    first = min(min(moments).astimezone(zone).date() for zone in zones)
    last = max(max(moments).astimezone(zone).date() for zone in zones)
    return Arrivals(len(events), len(events) - len(moments), newest, first, last)
