"""The day's queue as an iCalendar file, for a calendar program."""

import datetime as dt
from collections.abc import Iterable

from cs_workbench.core.today import Queued

PRODUCT = "-//cs-workbench//csw//EN"


def agenda_bytes(queued: Iterable[Queued], today: dt.date) -> bytes:
    """Everything with a day as a to-do; the same queue gives the same bytes."""
    from icalendar import Calendar, Todo

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    stamp = dt.datetime.combine(today, dt.time.min, dt.UTC)
    for one in queued:
        item = one.item
        if item.kind == "event" or item.due is None:
            continue
        todo = Todo()
        todo.add("uid", f"{item.kind.replace(' ', '-')}-{item.ref}@csw")
        todo.add("dtstamp", stamp)
        todo.add("due", item.due)
        todo.add("summary", _line(f"{item.name}: {item.what}" if item.name else item.what))
        todo.add("categories", [item.kind])
        calendar.add_component(todo)
    return bytes(calendar.to_ical())


def _line(text: str) -> str:
    return " ".join(text.split())
