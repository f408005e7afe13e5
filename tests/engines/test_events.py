"""How far each question has to reach into a table that is cut into parts."""

from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.engines.events import EARLIEST, bounds_of_arrivals, bounds_of_days
from cs_workbench.engines.zones import DAY, reach
from tests.engines.event_files import spec

NEWEST, FIRST, LAST = 1_775_000_000, 20_540, 20_549
BEGIN, END = reach(FIRST, LAST)


@pytest.mark.parametrize(
    ("partition", "at_first", "later", "days"),
    [
        # A late event lies in an old part of what is cut by events, in a new one by arrival.
        ("received_at", EARLIEST, NEWEST + 1, BEGIN),
        ("kept_on", EARLIEST, EARLIEST, BEGIN - 31 * DAY),
        ("ts", EARLIEST, EARLIEST, BEGIN),
    ],
)
def test_a_partition_is_bounded_and_no_part_with_events_is_passed_over(
    tmp_path: Path, partition: str, at_first: int, later: int, days: int
) -> None:
    wanted = replace(spec(tmp_path, "bigquery", 'table = "events"'), partition=partition)
    of_arrivals = [bounds_of_arrivals(wanted, None), bounds_of_arrivals(wanted, NEWEST)]
    of_days = bounds_of_days(wanted, FIRST, LAST)
    assert [known[partition][0] for known in of_arrivals] == [at_first, later]
    assert of_days[partition][0] == days
    assert of_arrivals[1]["received_at"][0] == NEWEST + 1
    assert of_days["ts"] == (BEGIN, END)


def test_a_whole_table_is_bounded_by_arrival_and_by_events(tmp_path: Path) -> None:
    wanted = spec(tmp_path, "bigquery", 'table = "events"')
    assert bounds_of_arrivals(wanted, None) == {}
    assert bounds_of_arrivals(wanted, NEWEST) == {"received_at": (NEWEST + 1, None)}
    assert bounds_of_days(wanted, FIRST, LAST) == {"ts": (BEGIN, END)}
