"""Sorting and filtering the whole list: what a thread reads behind the rows on the screen.

Processor time: a query waits for nothing, and a busy machine distorts it less.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import UNTIL, build_database
from cs_workbench.core.filters import parse_filter
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import SORTS, account_keys
from cs_workbench.store.database import Database, open_database

RUNS = 7
FILTERS = ("kes", "東京", "arr>50k days<60", "band:red -csm:csm001", "lumiere 12")


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """The slowest sort and the slowest filter at each size."""
    for accounts in sizes:
        with open_database(build_database(folder, accounts)) as db:
            sorts = {name: _timed(db, _query(sort=name)) for name in SORTS}
            filters = {text: _timed(db, _query(text=text)) for text in FILTERS}
            yield _slowest("sort: all rows, read behind", sorts, accounts)
            yield _slowest("filter: all rows, read behind", filters, accounts)


def _slowest(what: str, times: dict[str, float], accounts: int) -> Measurement:
    name = max(times, key=lambda name: times[name])
    what = f"{what}, slowest of {len(times)} ({name})"
    return Measurement(what, accounts, times[name] * 1000, "ms", 100)


def _query(*, text: str = "", sort: str = "band") -> AccountQuery:
    return AccountQuery(
        filter=parse_filter(text), view="all", sort=sort, descending=False, today=UNTIL, me="me"
    )


def _timed(db: Database, query: AccountQuery) -> float:
    return middle([_once(db, query) for _ in range(RUNS)])


def _once(db: Database, query: AccountQuery) -> float:
    begin = time.process_time()
    account_keys(db, query)
    return time.process_time() - begin
