"""Events of all accounts over windows of days, as they were known on a day."""

import numpy as np

from cs_workbench.churn.history import Flags, Floats, History, Ints


def counted(size: int, account: Ints, chosen: Flags) -> Floats:
    """By account, how many of the rows are chosen."""
    return np.bincount(account[chosen], minlength=size).astype(np.float64)


def mean_of(size: int, account: Ints, value: Floats, chosen: Flags) -> Floats:
    """By account, the mean of a value over the chosen rows; NaN where there is none."""
    number = np.bincount(account[chosen], minlength=size)
    total = np.bincount(account[chosen], value[chosen], size)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def last_of(size: int, account: Ints, value: Floats, chosen: Flags, day: Ints) -> Floats:
    """By account, the value of the newest of the chosen rows; NaN where there is none."""
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(day[rows], kind="stable")]
    found = np.full(size, np.nan)
    found[account[rows]] = value[rows]
    return found


def begun(first: int, day: int, days: int) -> bool:
    """Whether a kind had been recorded for a whole window, so that no row means zero."""
    return first <= day - days


def distinct(size: int, account: Ints, item: Ints, chosen: Flags) -> Floats:
    """By account, how many different items the chosen rows have."""
    rows = np.flatnonzero(chosen)
    pairs = np.unique(np.stack([account[rows], item[rows]]), axis=1)
    return np.bincount(pairs[0], minlength=size).astype(np.float64)


def first_days(history: History) -> dict[str, int]:
    """By kind, the first day on which anything of it is recorded."""
    days = {
        "tickets": history.tickets.opened,
        "answers": history.answers.day,
        "touchpoints": history.touches.day,
        "promises": history.promises.made,
        "invoices": history.invoices.issued,
    }
    return {kind: int(day.min()) for kind, day in days.items() if len(day)}
