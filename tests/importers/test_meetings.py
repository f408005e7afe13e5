"""Meetings of calendar files as anybody may send them: read, or counted, and never for ever."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from cs_workbench.core.outside_contacts import NO_DAY
from cs_workbench.importers.calendars import events_on
from cs_workbench.importers.meetings import read_meetings

TODAY = dt.date(2026, 11, 23)
START = "DTSTART:20261102T090000Z\n"


def calendar(folder: Path, event: str) -> Path:
    path = folder / "x.ics"
    text = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n{event}\nSUMMARY:x\n"
        "ATTENDEE:mailto:a@b.example\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    path.write_text(text.replace("\n", "\r\n"))
    return path


@pytest.mark.parametrize(
    ("event", "times"),
    [
        (START, 1),
        (f"{START}RRULE:FREQ=WEEKLY", 4),
        (f"{START}RRULE:FREQ=WEEKLY;UNTIL=20261109T090000Z", 2),
        (f"{START}RRULE:FREQ=WEEKLY\nEXDATE:20261109T090000Z", 3),
        (f"{START}RDATE:20261104T090000Z", 2),
        (f"{START}RRULE:FREQ=SECONDLY", 1),
        (f"{START}RRULE:FREQ=DAILY;BYMINUTE=1,2,3", 1),
        (f"{START}RRULE:FREQ=DAILY;INTERVAL=0", 1),  # a loop without an end, taken at its word
        ("DTSTART:19010101T000000Z\nRRULE:FREQ=DAILY", 3_651),  # of ten years
        (f"{START}RECURRENCE-ID:garbage", 1),
    ],
)
def test_each_time_that_took_place(tmp_path: Path, event: str, times: int) -> None:
    left_out: Counter[str] = Counter()
    assert len(read_meetings(calendar(tmp_path, event), left_out, TODAY)) == times
    assert not left_out


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:notadate",
        "DTSTART;TZID=Asia/Tokyo:00010101T000000",
        f"{START}RRULE:FREQ=WEEKLY;BYDAY=XX",
        f"{START}RDATE;VALUE=PERIOD:20261104T090000Z/PT1H",
    ],
)
def test_what_cannot_be_read_is_counted_and_ends_nothing(tmp_path: Path, event: str) -> None:
    left_out: Counter[str] = Counter()
    path = calendar(tmp_path, event)
    assert read_meetings(path, left_out, TODAY) == []
    assert left_out == {NO_DAY: 1}
    assert events_on(path, TODAY) == []
