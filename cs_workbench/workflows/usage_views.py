"""What a person asks about usage: one account's weeks, and who changed most."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.depletion import Supply
from cs_workbench.core.peer_band import PeerBand, peer_band
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.seats import SeatHistory, seat_history
from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_findings import UsageFinding
from cs_workbench.core.usage_views import Mover, movers, ordered
from cs_workbench.errors import NotFoundError
from cs_workbench.store.account_people import customer_names
from cs_workbench.store.account_subscriptions import agreed_subscriptions
from cs_workbench.store.account_usage import load_usage
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.known import read_known
from cs_workbench.store.peers import Group, groups_between, peers_of
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_days import (
    days_of,
    find_metric,
    half_year_series,
    half_year_span,
    week_levels,
)
from cs_workbench.store.usage_facts import Metric, pick_usage
from cs_workbench.workflows.supplying import prepare_supplies

CHUNK = 2_000
LEAST_WEEKS = 16  # four and the twelve before, which they are held against
Compared = Literal["peers", "segment", "all"]


@dataclass(frozen=True, slots=True)
class UsageShown:
    """One account's usage.

    Attributes:
        histories: the main metric first; of sixteen weeks at least.
        findings: what the detectors say of it today.
        label: what people call the main metric.
        seats: against the users of each week; None without a metric of users.
        supplies: what is left of credits and allowances.
    """

    histories: tuple[UsageHistory, ...]
    findings: tuple[UsageFinding, ...]
    label: str
    seats: SeatHistory | None = None
    supplies: tuple[Supply, ...] = ()


@dataclass(frozen=True, slots=True)
class Movers:
    """Who changed most in the main metric."""

    metric: str | None
    label: str
    last_day: dt.date | None
    accounts: int
    rows: tuple[Mover, ...]


def show_usage(
    db: Database,
    account_key: int,
    scorecard: Scorecard,
    *,
    today: dt.date,
    metrics: Sequence[str] = (),
    weeks: int,
) -> UsageShown:
    """The account's metrics over so many weeks.

    Raises:
        NotFoundError: the account has no such metric; the message names those it has.
    """
    with snapshot(db) as connection:
        known = read_known(connection, today)
        usage = pick_usage(connection, known, scorecard)
        main = usage.main
        found: tuple[UsageFinding, ...] = ()
        if main is not None:
            from cs_workbench.workflows.detecting import prepare_detector

            series = _series(connection, main, [account_key], known.until)
            detector = prepare_detector(connection, known, main)
            states = detector.look_at(connection, series)
            found = states[account_key].findings if account_key in states else ()
        contracts = agreed_subscriptions(connection, account_key, today)
        seats = {account_key: seats_on(contracts, today)}
        supplies = prepare_supplies(connection, known).of(connection, seats)
    first = [] if main is None else [main.name]
    loaded = max(weeks, LEAST_WEEKS)
    histories = load_usage(db, account_key, today=today, first=first, weeks=loaded)
    users = usage.seats.name if usage.seats else ""
    used = next((one for one in histories if one.metric == users), None)
    seated = None if used is None else seat_history(used, contracts, weeks)
    histories = _chosen(histories, metrics)
    label = "" if main is None else usage.labels[main.name].replace("_", " ").lower()
    return UsageShown(histories, found, label, seated, supplies.get(account_key, ()))


def _chosen(
    histories: tuple[UsageHistory, ...], metrics: Sequence[str]
) -> tuple[UsageHistory, ...]:
    """Those that are named, in that order; all where none is."""
    there = {one.metric: one for one in histories}
    missing = [name for name in metrics if name not in there]
    if missing:
        named = ", ".join(there) or "none"
        raise NotFoundError(f"There is no usage of {missing[0]!r} here. There is: {named}.")
    return tuple(there[name] for name in metrics) if metrics else histories


def find_movers(
    db: Database, scorecard: Scorecard, *, today: dt.date, csm: str | None = None
) -> Movers:
    """Every customer whose usage can be compared, who changed most first."""
    names = customer_names(db, csm)
    with snapshot(db) as connection:
        known = read_known(connection, today)
        usage = pick_usage(connection, known, scorecard)
        main = usage.main
        if main is None or not names:
            return Movers(None, "", None, len(names), ())
        from cs_workbench.workflows.detecting import prepare_detector

        detector = prepare_detector(connection, known, main)
        rows: list[Mover] = []
        for first in range(0, len(names), CHUNK):
            part = names[first : first + CHUNK]
            keys = [one.account_key for one in part]
            series = _series(connection, main, keys, known.until)
            rows += movers(part, series, detector.look_at(connection, series))
    label = usage.labels[main.name].replace("_", " ").lower()
    return Movers(main.name, label, main.last_day, len(names), tuple(ordered(rows)))


def _series(
    connection: Connection, metric: Metric, keys: Sequence[int], until: str
) -> dict[int, UsageSeries]:
    days = days_of(connection, metric, half_year_span(metric), keys, until=until)
    return {key: half_year_series(metric, one) for key, one in days.items()}


def read_peer_band(
    db: Database, account_key: int, history: UsageHistory, compared: Compared
) -> PeerBand | None:
    """What others did in the weeks of a history; None where too few can be compared.

    Args:
        db: the portfolio.
        account_key: of the account whose history it is.
        history: one metric in weeks.
        compared: with whom.
    """
    with snapshot(db) as connection:
        metric = find_metric(connection, history.metric, history.ends[-1])
        region, segment = groups_between(connection, (account_key, account_key))[account_key]
        wanted = {"peers": (region, segment), "segment": ("*", segment), "all": ("*", "*")}
        like = wanted[compared]
        keys = peers_of(connection, account_key, like)
        span = history.ends[0] - dt.timedelta(days=6), history.ends[-1]
        days = {} if metric is None else days_of(connection, metric, span, keys)
    peers = [week_levels(one) for one in days.values()]
    return peer_band(history.levels, peers, _like_told(like))


def _like_told(like: Group) -> str:
    told = [part for part in like if part and part != "*"]
    return " ".join(told) if told else "all accounts"
