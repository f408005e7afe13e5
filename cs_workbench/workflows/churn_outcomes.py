"""What came of a published prediction."""

import datetime as dt

import numpy as np

from cs_workbench.churn.contracts import Contracts
from cs_workbench.churn.history import FAR, History


def outcomes_of(
    history: History, contracts: Contracts, days: tuple[dt.date, dt.date, dt.date]
) -> list[tuple[int | None, int]]:
    """Pairs of outcome and account key.

    Args:
        history: until now.
        contracts: of it.
        days: of the prediction, and of its window's beginning and end. An account left in the
            window if it left after its beginning and not after its end; None if it left before.
    """
    day, begins, ends = (one.toordinal() for one in days)
    spells = contracts.spells
    left = np.full(history.size, FAR, np.int64)
    runs = (spells.begin <= day) & (day < spells.left)
    left[spells.account[runs]] = spells.left[runs]
    certain = np.ones(history.size, np.bool_)
    certain[spells.account[runs]] = spells.is_certain[runs]
    found: list[tuple[int | None, int]] = []
    for key, gone, sure in zip(history.account_keys.tolist(), left.tolist(), certain, strict=True):
        if not sure and begins < gone <= ends:
            continue  # a late renewal may still come: asked again at the next refresh
        outcome = None if gone <= begins else int(gone <= ends)
        found.append((outcome, key))
    return found
