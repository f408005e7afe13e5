"""Which facts a snapshot rests on: for each feature its kind, its days and how many rows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cs_workbench.churn import usage
from cs_workbench.churn.catalogue import FEATURES, Feature
from cs_workbench.churn.features import Source, metrics_behind
from cs_workbench.churn.history import Flags, History, Ints


class Evidence(NamedTuple):
    """The rows behind one feature of one account on one day; `rows` of usage are recorded days."""

    feature: str
    kind: str
    first: dt.date
    last: dt.date
    rows: int


def evidence_of(
    source: Source, account: int, day: int, used: Mapping[str, Sequence[int]]
) -> list[Evidence]:
    """What each feature of the account was made from, by what was known on the day.

    Args:
        source: of all accounts.
        account: its place.
        day: an ordinal.
        used: by usage metric, the ordinals of the account's days with a value known on the day.
    """
    found = []
    for feature in FEATURES:
        if feature.kind == "usage":
            days = _usage_days(source, feature, day, used)
        else:
            days = _days(source, feature, account, day)
        if len(days):
            found.append(
                Evidence(
                    feature.name,
                    feature.kind,
                    dt.date.fromordinal(int(days.min())),
                    dt.date.fromordinal(int(days.max())),
                    len(days),
                )
            )
    return found


def _days(source: Source, feature: Feature, account: int, day: int) -> Ints:
    """The days of the rows, each once for a row."""
    first = day - feature.days if feature.days else 0
    columns = _table(source.history, feature.kind)
    if columns is None:
        return np.zeros(0, np.int64)
    accounts, days, known_from = columns
    chosen: Flags = (accounts == account) & (days <= day) & (days > first) & (known_from <= day)
    return days[chosen]


def _table(history: History, kind: str) -> tuple[Ints, Ints, Ints] | None:
    match kind:
        case "tickets":
            return history.tickets.account, history.tickets.opened, history.tickets.known_from
        case "surveys":
            return history.answers.account, history.answers.day, history.answers.known_from
        case "touchpoints":
            return history.touches.account, history.touches.day, history.touches.known_from
        case "contacts":
            return history.contacts.account, history.contacts.left, history.contacts.known_from
        case "promises":
            return history.promises.account, history.promises.made, history.promises.known_from
        case "invoices":
            return history.invoices.account, history.invoices.issued, history.invoices.known_from
        case "subscriptions":
            own = history.subscriptions
            return own.account, own.start, own.known_from
    return None


def _usage_days(
    source: Source, feature: Feature, day: int, used: Mapping[str, Sequence[int]]
) -> Ints:
    """The recorded days in the feature's weeks, of each metric it reads."""
    found: list[Ints] = [np.zeros(0, np.int64)]
    for metric in metrics_behind(feature, source, day):
        until = usage.weeks_known(metric, day)
        first = max(0, until - feature.days // usage.WEEK)
        days = np.array(used.get(metric.name, ()), np.int64)
        weeks = (days - metric.first_monday) // usage.WEEK
        found.append(days[(weeks >= first) & (weeks < until)])
    return np.concatenate(found)
