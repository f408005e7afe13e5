"""The subscriptions of accounts, as contracts."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from cs_workbench.core.renewals import Subscription
from cs_workbench.store.facts import SUBSCRIPTION, subscription_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

# Accounts with a contract without a price beside what another source tells of.
BESIDE_ANOTHER_SOURCE: Final = """SELECT c.account_key FROM subscription c
        LEFT JOIN import_run i USING (import_id)
    WHERE c.arr_minor IS NULL AND EXISTS (SELECT 1 FROM subscription t
        LEFT JOIN import_run j ON j.import_id = t.import_id
        WHERE t.account_key = c.account_key AND j.source IS NOT i.source)"""
_SOME = f"""SELECT {SUBSCRIPTION}, t.cancelled_on FROM subscription t
    WHERE {{which}} ORDER BY t.account_key, t.start_date, t.subscription_id"""


def subscriptions_of(connection: Connection, account_key: int) -> tuple[Subscription, ...]:
    """All that are written down, by start."""
    rows = plain_rows(connection, _SOME.format(which="t.account_key = ?"), (account_key,))
    return tuple(subscription_of(row) for row in rows)


def contracts_beside_billing(connection: Connection) -> Iterator[tuple[int, list[Subscription]]]:
    """By account, all subscriptions where a contract without a price is beside another source."""
    which = f"t.account_key IN ({BESIDE_ANOTHER_SOURCE})"
    for key, rows in groupby(
        plain_rows(connection, _SOME.format(which=which), ()), key=itemgetter(1)
    ):
        yield key, [subscription_of(row) for row in rows]


def currencies_in_use(connection: Connection) -> set[str]:
    """The currencies of all contracts."""
    return {str(row[0]) for row in connection.execute("SELECT DISTINCT currency FROM subscription")}
