"""The currency of amounts that name none, where nobody configured one."""

from collections.abc import Sequence
from dataclasses import replace

from cs_workbench.importers.records import USUAL_CURRENCY, Assumptions, stated_currencies
from cs_workbench.importers.sources import Source
from cs_workbench.store.account_subscriptions import currencies_in_use
from cs_workbench.store.database import Database


def with_currency(db: Database, sources: Sequence[Source], assumed: Assumptions) -> Assumptions:
    """The assumptions with the one currency of the portfolio's contracts, else of the files.

    A CRM of one currency names none, and the billing system beside it does.
    """
    if assumed.currency:
        return assumed
    found = currencies_in_use(db.connection)
    found = found or {one for source in sources for one in stated_currencies(source)}
    return replace(assumed, currency=found.pop() if len(found) == 1 else USUAL_CURRENCY)
