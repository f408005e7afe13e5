"""Subscriptions that two sources tell of: what a CRM has as a contract, billing has as well.

Where only one of them has the price, the other one's dates stand beside it, unless they are the
same: neither an ARR nor a renewal counts twice.
"""

import datetime as dt
import json
from collections.abc import Collection, Sequence

from cs_workbench.core.records import Value
from cs_workbench.core.renewal_terms import SAME_RENEWAL
from cs_workbench.store.sqlite import Connection


class OtherSubscriptions:
    """What other sources than that of a file tell of some accounts' subscriptions."""

    def __init__(self, columns: Sequence[str]) -> None:
        """`columns` of the rows that are asked about; the first is the account's key."""
        names = ("start_date", "end_date", "cancelled_on")
        self._at = [columns.index(name) if name in columns else None for name in names]
        self._price = columns.index("arr_minor") if "arr_minor" in columns else None
        self._spans: dict[Value, list[tuple[str, str, bool]]] = {}

    def read(self, connection: Connection, source: str, accounts: Collection[int]) -> None:
        """Look up the subscriptions of these accounts; before it there are none."""
        for key, start, end, is_priced in connection.execute(
            "SELECT account_key, start_date, "
            "coalesce(date(cancelled_on, '-1 day'), end_date, '9999-12-31'), "
            "arr_minor IS NOT NULL FROM subscription "
            "JOIN import_run USING (import_id) WHERE source <> ? AND NOT is_trial "
            "AND account_key IN (SELECT value FROM json_each(?))",
            (source, json.dumps(list(accounts))),
        ):
            self._spans.setdefault(key, []).append((start, end, bool(is_priced)))

    def tell(self, values: tuple[Value, ...]) -> bool:
        """Whether one in the time of this row has a price, as it has; or, without one, its end."""
        start, end, cancelled = (None if at is None else values[at] for at in self._at)
        last = str(cancelled or end or "9999-12-31")
        is_priced = self._price is not None and values[self._price] is not None
        return any(
            begun <= last and str(start) <= gone and (told if is_priced else _is_near(gone, last))
            for begun, gone, told in self._spans.get(values[0], ())
        )


def _is_near(one: str, other: str) -> bool:
    """Whether two ends may be of the same term."""
    days = dt.date.fromisoformat(one) - dt.date.fromisoformat(other)
    return abs(days.days) <= SAME_RENEWAL
