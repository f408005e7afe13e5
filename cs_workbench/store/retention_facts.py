"""ARR by account on several days, as the contracts were known on one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from cs_workbench.core.billed_contracts import with_billed_terms
from cs_workbench.core.filters import Filter
from cs_workbench.core.renewals import known_arr, subscriptions_in_force
from cs_workbench.store.facts import AT_ONCE, CANCELLED_THEN, SUBSCRIPTION, subscription_of
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.pipeline import narrowed
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection

_ROWS = f"""SELECT {SUBSCRIPTION},
        {CANCELLED_THEN} AS cancelled_on
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
    rows = plain_rows(connection, f"{_ROWS}{sql} ORDER BY t.account_key", given)
    grace = rules_on(connection, known.as_of).grace_days
    found: dict[int, list[int | None]] = {}
    for key, mine in groupby(known.as_then("subscription", rows), key=itemgetter(1)):
        every = [subscription_of(row) for row in mine]
        agreed = with_billed_terms(every, known.as_of, grace_days=grace)
        counted = [one for one in agreed if one.currency == currency]
        if counted:
            found[key] = [known_arr(subscriptions_in_force(counted, day)) for day in days]
    return found
