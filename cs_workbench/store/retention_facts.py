"""The contracts of accounts at two days, as they were known on one."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from cs_workbench.core.agreements import as_agreed
from cs_workbench.core.filters import Filter
from cs_workbench.core.renewals import subscriptions_in_force
from cs_workbench.core.retention_outlook import BothEnds
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


def contracts_at_both_ends(
    connection: Connection,
    known: Known,
    days: tuple[dt.date, dt.date],
    *,
    currency: str,
    wanted: Filter,
) -> Iterator[BothEnds]:
    """Account by account, its contracts of one currency that were in force on two days, as known.

    Args:
        connection: of one snapshot.
        known: the limits of what was known.
        days: the start and the end.
        currency: of the subscriptions that count.
        wanted: which accounts, as they are now.
    """
    sql, more = narrowed(connection, wanted, known.as_of)
    given: dict[str, Any] = {**known.limits("subscription"), **more}
    rows = plain_rows(connection, f"{_ROWS}{sql} ORDER BY t.account_key", given)
    grace = rules_on(connection, known.as_of).grace_days
    for key, mine in groupby(known.as_then("subscription", rows), key=itemgetter(1)):
        every = [subscription_of(row) for row in mine]
        agreed = as_agreed(every, known.as_of, grace_days=grace)
        counted = [one for one in agreed if one.currency == currency]
        if counted:
            start, end = (subscriptions_in_force(counted, day) for day in days)
            yield key, start, end
