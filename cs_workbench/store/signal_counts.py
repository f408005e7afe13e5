"""Open signals of accounts: to filter the list by them, and to order it by their number."""

import datetime as dt
import json
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cs_workbench.core.filters import Operator, Term
from cs_workbench.core.text import fold
from cs_workbench.store.condition import Condition
from cs_workbench.store.sqlite import Connection

# As `open_signals.SPEAKS`, with a value to bind: open, and not snoozed beyond the day.
_OPEN = "resolved_on IS NULL AND (snoozed_until IS NULL OR snoozed_until <= ?)"
_LISTED = "(SELECT value FROM json_each(?))"
_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


def counts_of_signals(connection: Connection, today: dt.date) -> dict[int, int]:
    """How many signals are open, by account; accounts without one are left out."""
    rows = connection.execute(
        f"SELECT account_key, count(*) FROM signal WHERE {_OPEN} GROUP BY account_key",
        (today.isoformat(),),
    )
    return dict(rows.fetchall())


def having_signals(counts: Mapping[int, int], wanted: int) -> Condition:
    """The accounts with just so many."""
    if wanted:
        keys = [key for key, count in counts.items() if count == wanted]
        return Condition("s", f"s.account_key IN {_LISTED}", (json.dumps(keys),))
    return Condition("s", f"s.account_key NOT IN {_LISTED}", (json.dumps(list(counts)),))


def number_of_signals(sign: Operator, number: Decimal | int, today: dt.date) -> Condition:
    """Compared with a number; an account without a signal has none of them, and no row."""
    found = f"SELECT account_key FROM signal WHERE {_OPEN} GROUP BY account_key HAVING"
    values = (today.isoformat(), float(number))
    if _HOLDS[sign](0, number):
        sql = f"a.account_key NOT IN ({found} NOT count(*) {sign} ?)"
    else:
        sql = f"a.account_key IN ({found} count(*) {sign} ?)"
    return Condition("either", sql, values)


def kind_of_signal(connection: Connection, term: Term, today: dt.date) -> Condition:
    """An open signal whose kind has one of the words in its name; `_` is as good as a blank."""
    kinds = [row[0] for row in connection.execute("SELECT DISTINCT kind FROM signal")]
    wanted = [value.replace("_", " ") for value in term.values]
    meant = [kind for kind in kinds if any(value in fold(kind) for value in wanted)]
    found = f"SELECT account_key FROM signal WHERE {_OPEN} AND kind IN {_LISTED}"
    values = (today.isoformat(), json.dumps(meant))
    return Condition("either", f"a.account_key IN ({found})", values)
