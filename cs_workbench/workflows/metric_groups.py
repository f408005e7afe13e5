"""Which accounts of a ledger have something in common."""

from collections.abc import Mapping
from typing import Literal

from cs_workbench.core.metric_kernels.history import first_days
from cs_workbench.core.metrics.book import NEVER, OPEN, day_of
from cs_workbench.core.metrics.periods import Period
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_books import Label, person_names, read_labels
from cs_workbench.workflows.ledger import Ledger

By = Literal["segment", "csm", "region", "industry", "product", "cohort", "discount", "currency"]
LABELS: Mapping[str, Label] = {
    "segment": "segment",
    "csm": "csm",
    "region": "region",
    "industry": "industry",
}
DISCOUNT = {1: "with discount", 0: "without discount", -1: None}


def places_by(ledger: Ledger, period: Period, by: By) -> dict[str | None, list[int]]:
    """The places of the accounts by name of their group; None: they have none.

    Attributes of an account are those of the day that the policy names for handing over.
    """
    if by == "cohort":
        names = [
            None if day == NEVER else str(day_of(day).year)
            for day in first_days(ledger.customers(period.until(ledger.as_of).start))[0]
        ]
    elif by == "discount":
        names = _discounts(ledger)
    else:
        labels = labels_of(ledger, period, LABELS[by])
        names = [labels.get(key) for key in ledger.book.keys]
    found: dict[str | None, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    return found


def labels_of(ledger: Ledger, period: Period, label: Label) -> dict[int, str | None]:
    """An attribute of each account on the day that the policy names; if later, as known last."""
    connection = ledger.db.connection
    cut = period.until(ledger.as_of)
    day = cut.start if ledger.policy.handover == "opening" else cut.end
    latest = read_labels(connection, read_known(connection, ledger.as_of), label)
    found = {**latest, **read_labels(connection, read_known(connection, day), label)}
    if label != "csm":
        return found
    people = person_names(connection)
    return {key: people.get(one or "", one) for key, one in found.items()}


def _discounts(ledger: Ledger) -> list[str | None]:
    """How the first paid subscription of each account was sold."""
    book = ledger.book
    first: dict[int, tuple[int, int]] = {}
    rows = zip(book.account, book.start, book.discounted, book.counted, strict=True)
    for account, start, discounted, counted in rows:
        if counted and (start, -discounted) < first.get(account, (OPEN, 0)):
            first[account] = start, -discounted
    return [DISCOUNT[-first[at][1]] if at in first else None for at in range(len(book.keys))]
