"""The subscriptions of accounts, as contracts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from cs_workbench.core.agreements import as_agreed, as_agreed_by_day
from cs_workbench.core.renewals import Subscription
from cs_workbench.store.facts import SUBSCRIPTION, subscription_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection

# Accounts of whose subscriptions several sources tell.
OF_SEVERAL_SOURCES: Final = """SELECT c.account_key FROM subscription c
        LEFT JOIN import_run i USING (import_id)
    WHERE (SELECT count(DISTINCT source) FROM import_run WHERE kind = 'subscriptions') > 1
        OR EXISTS (SELECT 1 FROM subscription WHERE import_id IS NULL)
    GROUP BY c.account_key HAVING min(coalesce(i.source, '')) <> max(coalesce(i.source, ''))"""
_SOME = f"""SELECT {SUBSCRIPTION}, t.cancelled_on FROM subscription t
    WHERE {{which}} ORDER BY t.account_key, t.start_date, t.subscription_id"""


def subscriptions_of(connection: Connection, account_key: int) -> tuple[Subscription, ...]:
    """All that are written down, by start."""
    rows = plain_rows(connection, _SOME.format(which="t.account_key = ?"), (account_key,))
    return tuple(subscription_of(row) for row in rows)


def agreed_subscriptions(
    connection: Connection, account_key: int, day: dt.date
) -> tuple[Subscription, ...]:
    """What was agreed with one account, looked at from a day."""
    grace = rules_on(connection, day).grace_days
    return tuple(as_agreed(subscriptions_of(connection, account_key), day, grace_days=grace))


def of_several_sources(connection: Connection) -> Iterator[tuple[int, list[Subscription]]]:
    """By account all subscriptions, where several sources tell of them."""
    which = f"t.account_key IN ({OF_SEVERAL_SOURCES})"
    for key, rows in groupby(
        plain_rows(connection, _SOME.format(which=which), ()), key=itemgetter(1)
    ):
        yield key, [subscription_of(row) for row in rows]


def accounts_of_several(connection: Connection) -> frozenset[int]:
    """The accounts of whose subscriptions several sources tell."""
    return frozenset(key for (key,) in plain_rows(connection, OF_SEVERAL_SOURCES, ()))


def agreed_by_several(connection: Connection, day: dt.date) -> dict[int, Sequence[Subscription]]:
    """What was agreed with the accounts of which several sources tell, day by day."""
    grace = rules_on(connection, day).grace_days
    return {
        key: as_agreed_by_day(mine, day, grace_days=grace)
        for key, mine in of_several_sources(connection)
    }


def currencies_in_use(connection: Connection) -> set[str]:
    """The currencies of all contracts."""
    return {str(row[0]) for row in connection.execute("SELECT DISTINCT currency FROM subscription")}
