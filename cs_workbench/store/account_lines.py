"""Reading the lines of the list: what each of a few accounts shows."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from cs_workbench.core.accounts import AccountLine
from cs_workbench.store.churn_switch import NEWEST
from cs_workbench.store.database import Database
from cs_workbench.store.key_lists import json_of
from cs_workbench.store.sqlite import Row
from cs_workbench.store.standing import PACKED, unpacked

# SQLite puts the columns in the order of the fields: naming the values of every row takes as long
# as reading them.
_LINES = f"""SELECT {", ".join(AccountLine._fields)} FROM (SELECT wanted.key AS place,
    a.account_key, a.account_id, a.name, a.segment, a.region, a.industry,
    coalesce(p.name, a.csm) AS csm, a.lifecycle_stage, coalesce(s.currency, a.currency) AS currency,
    s.arr_minor, s.as_of, coalesce(s.band, 'unknown') AS band,
    s.points_e4, coalesce(s.points_e4, (SELECT points_e4 FROM score
        WHERE score.account_key = a.account_key AND score.as_of = s.as_of)) AS known_points_e4,
    coalesce(s.coverage_e4, 0) AS coverage_e4, coalesce(s.low_e4, 0) AS low_e4,
    coalesce(s.high_e4, 1000000) AS high_e4, s.trend_e4, coalesce(s.spark, '') AS spark,
    s.seats, s.seats_used, s.end_date, s.deadline, s.deadline_by, s.last_two_way_on,
    a.next_step, coalesce(o.name, a.next_step_owner) AS next_step_owner, a.next_step_due,
    a.next_step_said_on, coalesce(s.causes, '[]') AS causes,
    coalesce(s.is_former, 0) AS is_former,
    (SELECT count(*) FROM promise WHERE promise.account_key = a.account_key
        AND promised_by = 'us' AND state = 'open' AND due_on < :today) AS promises_late,
    (SELECT count(*) FROM signal WHERE signal.account_key = a.account_key AND ended_on IS NULL
        AND resolved_on IS NULL AND (snoozed_until IS NULL OR snoozed_until <= :today)) AS signals,
    (SELECT iif(band = 'unknown', NULL, points_e4) FROM loyalty_score ours
        WHERE ours.account_key = a.account_key ORDER BY as_of DESC LIMIT 1) AS loyalty_e4,
    {PACKED} AS override, seen.actor IS NOT NULL AND (seen.band IS NOT s.band
        OR abs(coalesce(s.points_e4, 0) - coalesce(seen.points_e4, 0)) >= 10000) AS changed,
    c.probability_e6 AS leaves_e6, c.low_e6 AS leaves_low_e6, c.high_e6 AS leaves_high_e6,
    (SELECT json_group_object(v.custom_field_id, v.value) FROM custom_value v
        WHERE v.account_key = a.account_key AND v.value IS NOT NULL
        GROUP BY v.account_key) AS custom
    FROM json_each(:keys) wanted JOIN account a ON a.account_key = wanted.value
    LEFT JOIN account_summary s ON s.account_key = a.account_key
    LEFT JOIN person p ON p.person_id = a.csm
    LEFT JOIN person o ON o.person_id = a.next_step_owner
    LEFT JOIN churn_prediction c ON {NEWEST} AND c.account_key = a.account_key
    LEFT JOIN account_seen seen ON seen.account_key = a.account_key AND seen.actor = :me
) ORDER BY place"""


class StoredTexts:
    """Texts as the store has them, decoded when somebody goes through them: no row shows them."""

    __slots__ = ("_stored",)

    def __init__(self, stored: str) -> None:
        self._stored = stored

    def __iter__(self) -> Iterator[str]:
        import json  # a millisecond that the first rows need not wait

        texts: list[str] = json.loads(self._stored)
        return iter(texts)


def account_lines(
    db: Database, keys: Sequence[int], *, today: dt.date, me: str
) -> list[AccountLine]:
    """The lines of these accounts, in this order."""
    values = {"keys": json_of(keys), "today": today.isoformat(), "me": me}
    return [_line(row) for row in db.connection.execute(_LINES, values)]


def _line(row: Row) -> AccountLine:
    values = list(row)
    for place, read in _READ_AT:
        values[place] = read(values[place])
    return AccountLine._make(values)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _custom(text: str | None) -> Mapping[str, str]:
    if text is None:
        return {}
    import json

    found: Mapping[str, str] = json.loads(text)
    return found


_DATES = ("as_of", "end_date", "deadline", "last_two_way_on", "next_step_due", "next_step_said_on")
_READ: dict[str, Callable[..., object]] = {
    **dict.fromkeys(_DATES, _date),
    "causes": StoredTexts,
    "custom": _custom,
    "override": unpacked,
    "is_former": bool,
    "changed": bool,
}
_READ_AT = tuple((AccountLine._fields.index(name), read) for name, read in _READ.items())
