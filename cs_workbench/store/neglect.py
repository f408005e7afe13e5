"""Which accounts are neglected: the one rule of the list, its view and `csw churn predict`."""

import datetime as dt
import json
from collections.abc import Sequence

from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.store.account_views import day_from
from cs_workbench.store.churn_switch import NEWEST
from cs_workbench.store.condition import Condition
from cs_workbench.store.known import IS_TWO_WAY
from cs_workbench.store.sqlite import Connection

SILENT_DAYS = 45
# By account, what the churn model in use published that may be lost: ARR x probability.
PUBLISHED_LOSS = f"""SELECT c.account_key AS account_key, c.probability_e6 * c.arr_minor AS loss
    FROM churn_prediction c WHERE {NEWEST}"""
GIVEN_LOSS = "SELECT value ->> 0 AS account_key, value ->> 1 AS loss FROM json_each(?)"

# Much is at risk (the fifth with the largest expected loss), no play is running, the customer has
# taken part in no contact for long, and is one for as long.
_RULE = f"""s.account_key IN (
    SELECT account_key FROM (SELECT account_key, ntile(5) OVER (
            ORDER BY loss DESC, account_key) AS fifth
        FROM ({{losses}}) WHERE loss > 0) WHERE fifth = 1)
    AND NOT EXISTS (SELECT 1 FROM play y WHERE y.account_key = s.account_key
        AND y.state IN ('active', 'completed', 'abandoned') AND y.started_on <= ?
        AND (y.ended_on IS NULL OR y.ended_on > ?))
    AND NOT EXISTS (SELECT 1 FROM touchpoint t WHERE t.account_key = s.account_key
        AND t.occurred_at >= ? AND t.occurred_at <= ? || 'T23:59:59Z'
        AND {IS_TWO_WAY.replace(":two_way", "?")})
    AND NOT EXISTS (SELECT 1 FROM account n WHERE n.account_key = s.account_key
        AND n.started_on > ?)"""


def neglected_condition(losses: str, given: tuple[object, ...], today: dt.date) -> Condition:
    """What a row of the summary `s` has to fulfil.

    Args:
        losses: a statement that gives `account_key` and `loss` of those at risk.
        given: its values.
        today: the day from which silence counts backwards.
    """
    day, silent = today.isoformat(), day_from(today, -SILENT_DAYS)
    spoken = day_from(today, 1 - SILENT_DAYS)
    two_way = json.dumps(sorted(TWO_WAY))
    values = (*given, day, day, spoken, day, two_way, two_way, silent)
    return Condition("s", _RULE.format(losses=losses), values)


def neglected_of(
    connection: Connection, losses: Sequence[tuple[int, int]], today: dt.date
) -> set[int]:
    """The neglected among accounts of which the expected loss is given.

    Args:
        connection: to read contacts and plays from.
        losses: account keys, and what may be lost of each in any one unit.
        today: the day from which silence counts backwards.
    """
    asked = neglected_condition(GIVEN_LOSS, (json.dumps(losses),), today)
    sql = f"SELECT s.account_key FROM account s WHERE {asked.sql}"
    return {key for (key,) in connection.execute(sql, asked.values)}
