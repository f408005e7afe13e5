import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cs_workbench.engines.zones import offsets


def moment(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", [("2026-03-01T00:00Z", 0)]),
        ("Europe/Madrid", [("2026-03-01T00:00Z", 3600), ("2026-03-29T01:00Z", 7200)]),
        ("Asia/Kolkata", [("2026-03-01T00:00Z", 19800)]),
        # half an hour, and to the south clocks go back
        ("Australia/Lord_Howe", [("2026-03-01T00:00Z", 39600), ("2026-04-04T15:00Z", 37800)]),
    ],
)
def test_offsets_change_to_the_second(zone: str, expected: list[tuple[str, int]]) -> None:
    first, last = moment("2026-03-01T00:00Z"), moment("2026-04-10T00:00Z")
    assert offsets(zone, first, last) == [(moment(text), ahead) for text, ahead in expected]


def test_every_hour_of_some_years_has_the_offset_of_its_zone() -> None:
    for zone in ("America/New_York", "Pacific/Apia", "Africa/Casablanca"):
        first, last = moment("2010-01-01T00:00Z"), moment("2013-01-01T00:00Z")
        changes = offsets(zone, first, last)
        for at in range(first, last, 3_600):
            ahead = [offset for since, offset in changes if since <= at][-1]
            there = dt.datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
            assert there == dt.timedelta(seconds=ahead)
