"""What is asked of the book: which accounts, and in what order."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.core.filters import EVERYTHING, Filter

# Orders by a column of few values.
GROUP_SORTS = {
    "csm": "a.csm",
    "segment": "a.segment",
    "region": "a.region",
    "industry": "a.industry",
    "stage": "a.lifecycle_stage",
}
MANY = 3_000  # accounts of which it is quicker to look at each than to collect them first


class AccountQuery(NamedTuple):
    """Which accounts, in what order.

    Attributes:
        view: one of the built-in VIEWS.
        sort: one of SORTS; `band` descending is best first.
        me: whose accounts *mine* are.
    """

    today: dt.date
    filter: Filter = EVERYTHING
    view: str = "all"
    sort: str = "band"
    descending: bool = False
    me: str = ""
