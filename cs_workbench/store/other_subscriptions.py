"""Subscriptions that two sources tell of: what a CRM has as a contract, billing has as well.

Where only one of them has the price, the other one's dates stand beside it: no ARR counts twice.
"""

import json
from collections.abc import Collection, Sequence

from cs_workbench.core.records import Value
from cs_workbench.store.sqlite import Connection


class OtherSubscriptions:
    """What other sources than that of a file tell of some accounts' subscriptions."""

    def __init__(self, columns: Sequence[str]) -> None:
        """`columns` of the rows that are asked about; the first is the account's key."""
        names = ("start_date", "end_date", "cancelled_on")
        self._at = [columns.index(name) if name in columns else None for name in names]
        self._price = columns.index("arr_minor") if "arr_minor" in columns else None
        self._spans: dict[Value, list[tuple[str, str]]] = {}

    def read(self, connection: Connection, source: str, accounts: Collection[int]) -> None:
        """Look up the priced subscriptions of these accounts; before it there are none."""
        for key, start, end in connection.execute(
            "SELECT account_key, start_date, "
            "coalesce(date(cancelled_on, '-1 day'), end_date, '9999') FROM subscription "
            "JOIN import_run USING (import_id) WHERE source <> ? AND arr_minor IS NOT NULL "
            "AND account_key IN (SELECT value FROM json_each(?))",
            (source, json.dumps(list(accounts))),
        ):
            self._spans.setdefault(key, []).append((start, end))

    def tell(self, values: tuple[Value, ...]) -> bool:
        """Whether one of them with a price lies in the time of this row, and it has one too."""
        if self._price is None or values[self._price] is None:
            return False
        spans = self._spans.get(values[0], ())
        start, end, cancelled = (None if at is None else values[at] for at in self._at)
        last = str(cancelled or end or "9999")
        return any(begun <= last and str(start) <= gone for begun, gone in spans)
