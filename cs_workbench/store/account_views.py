"""Built-in views of the list as conditions of SQL; without a filter the list needs no more."""

import datetime as dt
from typing import Literal

from cs_workbench.core.text import fold
from cs_workbench.store.condition import Condition
from cs_workbench.store.sqlite import Connection

RENEWING_DAYS = 90
NEAR_DAYS = 60
VIEWS = ("needs me", "all", "mine", "renewing soon", "neglected", "former")

_NEEDS_ME = """(s.band_rank < 3 OR s.deadline <= ? OR s.account_key IN (
    SELECT account_key FROM account WHERE next_step_due <= ?
    UNION SELECT account_key FROM promise
        WHERE state = 'open' AND due_on < ? AND promised_by = 'us'))"""


def view_conditions(
    connection: Connection, view: str, *, today: dt.date, me: str
) -> list[Condition]:
    """What a built-in view asks beyond being a customer (or, for *former*, having been one)."""
    if view == "needs me":
        now = today.isoformat()
        return [Condition("s", _NEEDS_ME, (day_from(today, NEAR_DAYS), now, now))]
    if view == "renewing soon":
        return [Condition("s", "+s.deadline <= ?", (day_from(today, RENEWING_DAYS),))]
    if view == "neglected":
        from cs_workbench.store.neglect import PUBLISHED_LOSS, neglected_condition

        return [neglected_condition(PUBLISHED_LOSS, (), today)]
    if view == "mine":
        return [one_of("a.csm", people_named(connection, me))]
    return []


def people_named(connection: Connection, me: str) -> list[str]:
    """The ids of the people that a name, id or e-mail address means."""
    wanted = fold(me)
    rows = connection.execute("SELECT person_id, name, email FROM person")
    return [row[0] for row in rows if wanted in {fold(str(value)) for value in row if value}]


def one_of(column: str, values: list[str] | list[int]) -> Condition:
    """A column of the account `a` or of its summary `s` that holds one of these."""
    on: Literal["a", "s"] = "s" if column.startswith("s.") else "a"
    import json

    return Condition(on, f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(values),))


def day_from(today: dt.date, days: int) -> str:
    """The ISO date so many days on, or the nearest that there is."""
    ordinal = today.toordinal() + days
    last = dt.date.max.toordinal()
    return dt.date.fromordinal(min(max(ordinal, 1), last)).isoformat()
