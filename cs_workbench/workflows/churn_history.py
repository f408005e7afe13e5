"""Read a portfolio's facts into the arrays that churn features and labels are made from."""

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cs_workbench.churn.history import (
    FAR,
    Answers,
    Contacts,
    Corrections,
    Departures,
    Floats,
    History,
    Ints,
    Invoices,
    Metric,
    Promises,
    Reach,
    Subscriptions,
    Tickets,
    Touches,
)
from cs_workbench.core.weeks import FIRST_MONDAY
from cs_workbench.store.churn_facts import (
    SubscriptionChange,
    read_columns,
    read_segments,
    read_subscription_changes,
    read_subscriptions,
)
from cs_workbench.store.churn_usage import (
    MetricFacts,
    read_corrections,
    read_metrics,
    read_weeks,
    seat_metric,
    week_span,
)
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.ruler import standing_changes
from cs_workbench.store.sqlite import Connection

MOST_METRICS = 8
MOST_WEEKS = 330  # of usage, back from the last
FLAGS = frozenset(
    [
        "auto_renew",
        "is_trial",
        "is_urgent",
        "is_complaint",
        "is_two_way",
        "is_champion",
        "is_reactivation",
    ]
)
REALS = frozenset(["term_months", "seats", "arr", "csat", "score"])

Raw = Mapping[str, "array[float]"]
Columns = dict[str, Any]  # arrays by name


def load_history(
    db: Database, *, as_of: dt.date, metrics: Sequence[str] = (), whole: bool = True
) -> History:
    """Everything that was recorded by a day.

    `metrics` are usage metrics by preference, else the one with the most data comes first; without
    `whole` the last two years of usage alone are read, which a prediction needs.
    """
    cut = as_of.toordinal()
    with snapshot(db) as connection:
        accounts = read_columns(connection, "accounts")
        keys = _ints(accounts["account_key"])
        tables = {name: _numbered(read_columns(connection, name), keys) for name in _TABLES}
        tables["subscriptions"] = _numbered(read_subscriptions(connection, as_of), keys)
        changes = read_subscription_changes(connection)
        found = read_metrics(connection)
        chosen = _preferred(found, metrics)
        usage = _metrics(connection, chosen, keys, as_of, whole=whole)
        names, codes = _coded(read_segments(connection))
    subscriptions = _versions(tables["subscriptions"], changes)
    history = History(
        account_keys=keys,
        known_from=_ints(accounts["known_from"]),
        started=_ints(accounts["started"]),
        segment=codes,
        segments=names,
        subscriptions=subscriptions,
        tickets=Tickets(**tables["tickets"]),
        answers=Answers(**tables["answers"]),
        touches=Touches(**tables["touches"]),
        contacts=Contacts(**tables["contacts"]),
        promises=Promises(**tables["promises"]),
        invoices=Invoices(**tables["invoices"]),
        departures=Departures(**tables["departures"]),
        metrics=usage,
        data_end=0,
        kinds=frozenset(name for name, columns in tables.items() if len(columns["account"])),
        seat_metric=seat_metric(found),
    )
    return _until(history, cut)


_TABLES = (
    *("tickets", "answers", "touches", "contacts", "promises", "invoices"),
    "departures",
)


def _until(history: History, cut: int) -> History:
    """The history with the last day on which anything happened, not after the cut."""
    days = [
        *(history.tickets.opened, history.answers.day, history.touches.day),
        *(history.departures.day, history.subscriptions.start, history.invoices.issued),
        history.subscriptions.cancelled,
    ]
    newest = [int(one[one <= cut].max(initial=0)) for one in days]
    newest += [min(cut, reach.last_day) for one in history.metrics for reach in one.reach]
    kinds = history.kinds | ({"usage"} if history.metrics else set())
    return replace(history, data_end=min(cut, max(newest) or cut), kinds=kinds)


def _ints(column: "array[float]") -> Ints:
    return np.frombuffer(column, np.float64).astype(np.int64) if len(column) else _NOTHING


def _floats(column: "array[float]") -> Floats:
    return np.frombuffer(column, np.float64).copy() if len(column) else np.zeros(0)


_NOTHING = np.zeros(0, np.int64)


def _numbered(raw: Raw, keys: Ints) -> Columns:
    """The columns with accounts numbered by their place among the keys."""
    found: Columns = {}
    for name, column in raw.items():
        if name in FLAGS:
            found[name] = _floats(column) > 0
        else:
            found[name] = _floats(column) if name in REALS else _ints(column)
    found["account"] = np.searchsorted(keys, found["account"]).astype(np.int64)
    return found


def _coded(segments: Sequence[str | None]) -> tuple[tuple[str, ...], Ints]:
    names = tuple(sorted({one for one in segments if one}))
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places.get(one or "", -1) for one in segments], np.int64)


def _versions(columns: Columns, changes: Sequence[SubscriptionChange]) -> Subscriptions:
    """One line for each version of a subscription, with the days on which it was what one knew."""
    size = len(columns["account"])
    lines = {**columns, "known_until": np.full(size, FAR), "at_once": columns["known_from"] > 0}
    places = {int(row): place for place, row in enumerate(lines.pop("row"))}
    newest_first: dict[int, list[SubscriptionChange]] = defaultdict(list)
    for change in reversed(changes):
        if change.row in places:
            newest_first[places[change.row]].append(change)
    earlier: list[dict[str, float]] = []
    lines = {name: column.copy() for name, column in lines.items()} if changes else lines
    for place, mine in newest_first.items():
        current, *others = _versions_of({name: one[place] for name, one in lines.items()}, mine)
        for name, value in current.items():
            lines[name][place] = value
        earlier += others
    for name, column in lines.items():
        more = np.array([one[name] for one in earlier], np.float64).astype(column.dtype)
        lines[name] = np.concatenate([column, more])
    return Subscriptions(**lines)


def _versions_of(
    now: dict[str, float], newest_first: Sequence[SubscriptionChange]
) -> list[dict[str, float]]:
    """The versions of one line, the newest first; later changes were known with all their dates."""
    versions: list[dict[str, float]] = []
    until = float(FAR)
    for change in newest_first:
        if change.known <= now["known_from"]:
            break
        if change.known < until:
            bounds = {"known_from": change.known, "known_until": until, "at_once": True}
            versions.append({**now, **bounds})
            until = change.known
        name = _FIELDS.get(change.field, change.field)
        now[name] = float("nan") if change.old is None else change.old
    return [*versions, {**now, "known_until": until}]


_FIELDS = {
    "start_date": "start",
    "end_date": "end",
    "cancelled_on": "cancelled",
    "arr_minor": "arr",
}


def _preferred(found: Sequence[MetricFacts], wanted: Sequence[str]) -> list[MetricFacts]:
    """The metrics that are read: the preferred one first, then by how much there is of each."""
    good = [one for one in found if one.higher_is_better]
    main = next((one for name in wanted for one in good if one.name == name), None)
    ordered = [one for one in good if one is not main]
    seats = seat_metric(list(found))
    ordered.sort(key=lambda one: one.name != seats)
    return ([main] if main else []) + ordered[: MOST_METRICS - bool(main)]


def _off_from(connection: Connection, as_of: dt.date) -> dict[str, int]:
    """By metric, the first day of a change of its ruler that was noticed, and that stands."""
    found: dict[str, int] = {}
    for one in standing_changes(connection):
        if one.noticed_on <= as_of:
            found.setdefault(one.change.metric, one.change.day.toordinal())
    return found


def _metrics(
    connection: Connection,
    chosen: Sequence[MetricFacts],
    keys: Ints,
    as_of: dt.date,
    *,
    whole: bool,
) -> tuple[Metric, ...]:
    cut, off = as_of.toordinal(), _off_from(connection, as_of)
    return tuple(
        replace(_metric(connection, one, keys, cut, whole=whole), off_from=off.get(one.name, FAR))
        for one in chosen
    )


def _metric(
    connection: Connection, one: MetricFacts, keys: Ints, cut: int, *, whole: bool
) -> Metric:
    first, last = week_span(connection, one.metric_id)
    last = min(last, (cut - FIRST_MONDAY) // 7)
    first = max(first, last - (MOST_WEEKS if whole else 2 * 52))
    width = max(0, last - first + 1)
    raw = read_weeks(connection, one.metric_id, (first, last))
    account = np.searchsorted(keys, _ints(raw["account"]))
    week = _ints(raw["week"]) - first
    known = account < len(keys)
    known[known] &= keys[account[known]] == _ints(raw["account"])[known]
    tables: Columns = {}
    for name in ("total", "days", "active"):
        table = np.zeros((len(keys), width), np.float32)
        table[account[known], week[known]] = _floats(raw[name])[known]
        tables[name] = table
    return Metric(
        name=one.name,
        label=one.label,
        first_monday=FIRST_MONDAY + 7 * first,
        reach=tuple(Reach(*pair) for pair in one.reach),
        corrections=_corrections(connection, one.metric_id, keys, first),
        higher_is_better=one.higher_is_better,
        **tables,
    )


def _corrections(
    connection: Connection, metric_id: int, keys: Ints, first: int
) -> Corrections | None:
    raw = read_corrections(connection, metric_id)
    if not len(raw["account"]):
        return None
    account = np.searchsorted(keys, _ints(raw["account"]))
    return Corrections(
        _ints(raw["recorded"]),
        np.minimum(account, len(keys) - 1),
        (_ints(raw["day"]) - FIRST_MONDAY) // 7 - first,
        *(_floats(raw[name]) for name in ("total", "days", "active")),
    )
