import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.engines.specs import read_spec
from cs_workbench.workflows.pull_planning import last_day_over
from tests.importers.sources import write

SPEC = """
name = "product"
files = "*.jsonl"
zone = "{zone}"
[columns]
account = "account"
time = "ts"
[[metrics]]
name = "events"
"""
NOW = int(dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize(
    ("zone", "newest", "over", "as_it_is"),
    [
        ("UTC", "2026-11-27T03:00Z", 26, 26),
        ("UTC", "2026-11-26T00:00Z", 25, 26),
        # A feed of yesterday that has not come to its end is not past by two days.
        ("UTC", "2026-11-26T23:59Z", 25, 26),
        # Two days ago: within the last hour it was whole, and in the middle of it was not.
        ("UTC", "2026-11-25T23:00Z", 25, 26),
        ("UTC", "2026-11-25T22:59Z", 24, 26),
        ("UTC", "2026-11-20T12:00Z", 19, 26),
        # Files cut by UTC: in Madrid an hour of the next day, in New York five are missing.
        ("Europe/Madrid", "2026-11-24T23:59Z", 24, 26),
        ("America/New_York", "2026-11-25T23:59Z", 24, 26),
        ("America/New_York", "2026-11-26T04:00Z", 25, 26),
    ],
)
def test_a_day_is_over_when_no_more_can_be_missing(
    tmp_path: Path, zone: str, newest: str, over: int, as_it_is: int
) -> None:
    spec = read_spec(write(tmp_path, "a.toml", SPEC.format(zone=zone)))
    moment = int(dt.datetime.fromisoformat(newest).timestamp())
    found = [last_day_over(spec, moment, NOW, as_it_is=said) for said in (False, True)]
    assert found == [dt.date(2026, 11, over), dt.date(2026, 11, as_it_is)]


@pytest.mark.parametrize(
    ("zone", "now", "over"),
    [
        ("UTC", "2026-11-28T05:59Z", 26),
        ("UTC", "2026-11-28T06:00Z", 27),
        ("UTC", "2026-11-30T05:59Z", 28),
        ("America/New_York", "2026-11-28T10:59Z", 26),
        ("America/New_York", "2026-11-28T11:00Z", 27),
    ],
)
def test_a_day_may_be_whole_some_hours_after_its_end(
    tmp_path: Path, zone: str, now: str, over: int
) -> None:
    text = f"whole_after_hours = 6\n{SPEC.format(zone=zone)}"
    spec = read_spec(write(tmp_path, "a.toml", text))
    friday = int(dt.datetime(2026, 11, 27, 15, tzinfo=dt.UTC).timestamp())
    moment = int(dt.datetime.fromisoformat(now).timestamp())
    found = last_day_over(spec, friday, moment, as_it_is=False)
    assert found == dt.date(2026, 11, over)
