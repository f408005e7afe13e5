"""ARR by account on several days, as the contracts were known on one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from cs_workbench.core.filters import Filter
from cs_workbench.core.money import sum_known
from cs_workbench.core.renewals import Subscription, in_force
from cs_workbench.store.facts import AT_ONCE, SUBSCRIPTION, subscription_of
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.pipeline import narrowed
from cs_workbench.store.sqlite import Connection

_ROWS = f"""SELECT {SUBSCRIPTION},
        CASE WHEN t.cancelled_on <= :as_of OR {AT_ONCE} THEN t.cancelled_on END AS cancelled_on
    FROM subscription t JOIN account a ON a.account_key = t.account_key
        LEFT JOIN account_summary s ON s.account_key = a.account_key
    WHERE NOT t.is_trial AND {KNOWN_THEN.format(key="subscription_id")}
        AND (t.start_date <= :as_of OR {AT_ONCE})"""


def arr_on_days(
    connection: Connection,
    known: Known,
    days: Sequence[dt.date],
    *,
    currency: str,
    wanted: Filter,
) -> Mapping[int, list[int | None]]:
    """By account, its ARR in one currency on each of the days, by what was known then.

    None where contracts were in force and no price of them is known.

    Args:
        connection: of one snapshot.
        known: the limits of what was known.
        days: on which ARR is asked for.
        currency: of the subscriptions that count.
        wanted: which accounts, as they are now.
    """
    sql, more = narrowed(connection, wanted, known.as_of)
    given: dict[str, Any] = {**known.limits("subscription"), **more}
    found: dict[int, list[list[int | None]]] = defaultdict(lambda: [[] for _ in days])
    rows = known.as_then("subscription", plain_rows(connection, _ROWS + sql, given))
    for row in rows:
        one: Subscription = subscription_of(row)
        if one.currency != currency:
            continue
        for place, day in enumerate(days):
            if in_force(one, day):
                found[row[1]][place].append(one.arr_minor)
    return {key: [sum_known(amounts) for amounts in mine] for key, mine in found.items()}
