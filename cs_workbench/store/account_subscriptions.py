"""The subscriptions of one account, as contracts."""

from cs_workbench.core.renewals import Subscription
from cs_workbench.store.facts import SUBSCRIPTION, subscription_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

_ALL = f"""SELECT {SUBSCRIPTION}, t.cancelled_on FROM subscription t
    WHERE t.account_key = ? ORDER BY t.start_date, t.subscription_id"""


def subscriptions_of(connection: Connection, account_key: int) -> tuple[Subscription, ...]:
    """All that are written down, by start."""
    rows = plain_rows(connection, _ALL, (account_key,))
    return tuple(subscription_of(row) for row in rows)


def currencies_in_use(connection: Connection) -> set[str]:
    """The currencies of all contracts."""
    return {str(row[0]) for row in connection.execute("SELECT DISTINCT currency FROM subscription")}
