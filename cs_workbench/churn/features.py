"""An account's history as of a day -> one named row of features, from what was known by then."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn import usage
from cs_workbench.churn.catalogue import DIMENSIONS, NAMES, Feature
from cs_workbench.churn.contracts import Clock, Contracts, clock_on
from cs_workbench.churn.events import (
    begun,
    counted,
    distinct,
    first_days,
    last_of,
    mean_of,
)
from cs_workbench.churn.history import CES, CSAT, FAR, NPS, Floats, History, Ints, Metric
from cs_workbench.churn.prices import price_changes

MONTH = 365.25 / 12
CHAMPION_DAYS, THREAD_DAYS, TICKET_DAYS, COMPLAINT_DAYS = 365, 120, 90, 180
ANSWER_DAYS, CSAT_DAYS = 365, 180
OTHERS = 7  # so many metrics beside the main one are read


@dataclass(frozen=True)
class Health:
    """Scores of the past, accounts x days, in points; NaN where nothing is known.

    Attributes:
        days: ascending.
        points: the score.
        dimensions: the same by dimension, in the order of `DIMENSIONS`.
    """

    days: Ints
    points: Floats
    dimensions: Floats

    def on(self, day: int) -> tuple[Floats, Floats]:
        """The newest scores by that day, of all accounts; NaN before the first."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            size, _, dimensions = self.dimensions.shape
            return np.full(size, np.nan), np.full((size, dimensions), np.nan)
        return self.points[:, place], self.dimensions[:, place]


def no_health(size: int) -> Health:
    """Health where nothing can be scored."""
    return Health(np.zeros(0, np.int64), np.zeros((size, 0)), np.zeros((size, 0, len(DIMENSIONS))))


@dataclass(frozen=True)
class Source:
    """What snapshots are taken from; usage with the gaps of event feeds filled."""

    history: History
    contracts: Contracts
    health: Health
    metrics: tuple[Metric, ...]
    first: dict[str, int]


def source_of(history: History, contracts: Contracts, health: Health) -> Source:
    """Prepare what all snapshots share."""
    good = [one for one in history.metrics if one.higher_is_better]
    filled = tuple(usage.with_gaps_filled(one) for one in good[: 1 + OTHERS])
    return Source(history, contracts, health, filled, first_days(history))


def features_on(source: Source, day: int, at_risk: Ints) -> tuple[Floats, Clock]:
    """Accounts x `NAMES` on one day, and the renewal clock.

    Args:
        source: of all accounts.
        day: an ordinal.
        at_risk: who is compared with whom where a value is told against the typical account.
    """
    size = source.history.size
    clock = clock_on(source.contracts, day, size)
    found: dict[str, Floats] = {}
    _add_usage(found, source, day, at_risk)
    _add_seats_used(found, source, day, clock)
    _add_contracts(found, source, day, clock)
    _add_tickets(found, source, day)
    _add_voice(found, source, day)
    _add_relations(found, source, day)
    _add_promises(found, source, day)
    _, dimensions = source.health.on(day)
    for place, name in enumerate(DIMENSIONS):
        found[f"health_{name}"] = dimensions[:, place]
    unknown = np.full(size, np.nan)
    return np.stack([found.get(name, unknown) for name in NAMES], axis=1), clock


def live_metrics(source: Source, day: int) -> list[Metric]:
    """The metrics that could be read on a day, the main one first."""
    return [one for one in source.metrics if usage.can_be_read(one, day)]


def metrics_behind(feature: Feature, source: Source, day: int) -> list[Metric]:
    """The metrics that a feature of usage reads on a day."""
    live = live_metrics(source, day)
    match feature.name:
        case "seats_used":
            return [one for one in live if one.name == source.history.seat_metric]
        case "breadth":
            return live
        case "other_usage_change":
            return live[1:]
    return live[:1]


def _add_usage(found: dict[str, Floats], source: Source, day: int, at_risk: Ints) -> None:
    live = live_metrics(source, day)
    if not live:
        return
    main, *others = live
    recent = usage.window(main, day, back=0, weeks=usage.RECENT)
    base = usage.window(main, day, back=usage.RECENT, weeks=usage.BASE)
    change = usage.log_ratio(recent, base)
    found["usage_change"] = change - _typical(change, at_risk)
    half_year = usage.window(main, day, back=26, weeks=usage.BASE)
    trend = usage.log_ratio(usage.window(main, day, back=0, weeks=usage.BASE), half_year)
    found["usage_trend"] = trend - _typical(trend, at_risk)
    best = usage.best_rate(main, day)
    found["usage_level"] = np.where(best > 0, recent.rate / np.where(best > 0, best, 1), np.nan)
    found["weeks_idle"] = usage.weeks_idle(main, day)
    found["active_days"] = np.where(recent.days > 0, recent.active / usage.RECENT, np.nan)
    volume = np.log1p(7 * recent.rate)
    found["usage_volume"] = volume - _typical(volume, at_risk)
    rates = usage.weekly_rates(main, day, usage.BASE)
    known = np.isfinite(rates).sum(axis=1) >= usage.BASE // 2
    filled = np.where(np.isfinite(rates), rates, 0.0)
    weeks = np.maximum(np.isfinite(rates).sum(axis=1), 1)
    mean = filled.sum(axis=1) / weeks
    spread = np.sqrt(np.maximum((filled**2).sum(axis=1) / weeks - mean**2, 0))
    known &= mean > 0
    found["usage_volatility"] = np.where(known, spread / np.where(known, mean, 1), np.nan)
    if others:
        _add_breadth(found, [main, *others], day)
        _add_other_change(found, others, day, at_risk)


def _add_breadth(found: dict[str, Floats], metrics: list[Metric], day: int) -> None:
    lately = np.stack(
        [usage.window(one, day, back=0, weeks=usage.RECENT).active > 0 for one in metrics]
    ).sum(axis=0)
    ever = np.stack(
        [usage.window(one, day, back=0, weeks=usage.YEAR).active > 0 for one in metrics]
    ).sum(axis=0)
    found["breadth"] = np.where(ever > 1, lately / np.maximum(ever, 1), np.nan)


def _add_other_change(
    found: dict[str, Floats], metrics: list[Metric], day: int, at_risk: Ints
) -> None:
    """The mean change of the metrics that an account has beside the main one."""
    total, number = np.zeros(len(metrics[0].total)), np.zeros(len(metrics[0].total))
    for one in metrics:
        change = usage.log_ratio(
            usage.window(one, day, back=0, weeks=usage.RECENT),
            usage.window(one, day, back=usage.RECENT, weeks=usage.BASE),
        )
        known = np.isfinite(change)
        total = total + np.where(known, change - _typical(change, at_risk), 0)
        number = number + known
    has_any = number > 0
    found["other_usage_change"] = np.where(has_any, total / np.maximum(number, 1), np.nan)


def _add_seats_used(found: dict[str, Floats], source: Source, day: int, clock: Clock) -> None:
    name = source.history.seat_metric
    metric = next((one for one in live_metrics(source, day) if one.name == name), None)
    if metric is None:
        return
    rate = usage.window(metric, day, back=0, weeks=usage.RECENT).rate
    known = clock.seats > 0
    found["seats_used"] = np.where(known, rate / np.where(known, clock.seats, 1), np.nan)


def _add_contracts(found: dict[str, Floats], source: Source, day: int, clock: Clock) -> None:
    history = source.history
    spells = source.contracts.spells
    begun_by = spells.begin <= day
    first = np.full(history.size, FAR, np.int64)
    np.minimum.at(first, spells.account[begun_by], spells.begin[begun_by])
    first = np.minimum(first, np.where(history.started <= day, history.started, FAR))
    found["tenure"] = np.where(first < FAR, (day - first) / MONTH, np.nan)
    left = counted(history.size, spells.account, spells.left <= day)
    found["left_before"] = (left > 0).astype(np.float64)
    before = clock_on(source.contracts, day - 365, history.size)
    found["arr_change"] = _log_change(clock.arr, before.arr)
    found["seats_change"] = _log_change(clock.seats, before.seats)
    found["price_change"] = price_changes(source.contracts, day, history.size)
    known = clock.arr > 0
    size = np.where(known, np.log(np.where(known, clock.arr, 1)), np.nan)
    found["arr"] = size - _typical(size, np.flatnonzero(known))


def _log_change(now: Floats, then: Floats) -> Floats:
    known = (now > 0) & (then > 0)
    change = np.log(np.where(known, now, 1)) - np.log(np.where(known, then, 1))
    return np.where(known, np.clip(change, -2, 2), np.nan)


def _add_tickets(found: dict[str, Floats], source: Source, day: int) -> None:
    own, size = source.history.tickets, source.history.size
    first = source.first.get("tickets", FAR)
    there = (own.opened <= day) & (own.known_from <= day)
    if begun(first, day, TICKET_DAYS):
        recent = there & (own.opened > day - TICKET_DAYS)
        found["tickets"] = counted(size, own.account, recent)
        waited = np.minimum(own.answered, day) - own.opened
        answered = recent & (own.answered <= day)
        found["response"] = mean_of(size, own.account, waited.astype(np.float64), answered)
        is_open = there & own.is_urgent & (own.closed > day) & (own.opened > day - 365)
        found["urgent_open"] = counted(size, own.account, is_open)
    if begun(first, day, COMPLAINT_DAYS) and own.is_complaint.any():
        chosen = there & own.is_complaint & (own.opened > day - COMPLAINT_DAYS)
        found["complaints"] = counted(size, own.account, chosen)


def _add_voice(found: dict[str, Floats], source: Source, day: int) -> None:
    own, size = source.history.answers, source.history.size
    there = (own.day <= day) & (own.known_from <= day)
    for name, kind in (("nps", NPS), ("ces", CES)):
        chosen = there & (own.kind == kind) & (own.day > day - ANSWER_DAYS)
        if (own.kind[there] == kind).any():
            found[name] = last_of(size, own.account, own.score, chosen, own.day)
    tickets = source.history.tickets
    rated = np.isfinite(tickets.csat) & (tickets.closed <= day) & (tickets.known_from <= day)
    chosen = there & (own.kind == CSAT) & (own.day > day - CSAT_DAYS)
    rated &= tickets.closed > day - CSAT_DAYS
    if chosen.any() or rated.any():
        accounts = np.concatenate([own.account[chosen], tickets.account[rated]])
        scores = np.concatenate([own.score[chosen], tickets.csat[rated]])
        found["csat"] = mean_of(size, accounts, scores, np.ones(len(scores), np.bool_))


def _add_relations(found: dict[str, Floats], source: Source, day: int) -> None:
    own, size = source.history.touches, source.history.size
    first = source.first.get("touchpoints", FAR)
    there = (own.day <= day) & (own.known_from <= day)
    if begun(first, day, THREAD_DAYS):
        spoke = there & own.is_two_way
        last = last_of(size, own.account, own.day.astype(np.float64), spoke, own.day)
        begins = _customer_since(source, day)
        since = np.fmax(np.where(np.isnan(last), first, last), begins)
        found["silence"] = np.where(np.isfinite(since), day - since, np.nan)
        if (own.contact >= 0).any():
            named = spoke & (own.contact >= 0) & (own.day > day - THREAD_DAYS)
            found["threads"] = distinct(size, own.account, own.contact, named)
    people = source.history.contacts
    known = people.is_champion & (people.known_from <= day)
    has_any = counted(size, people.account, known) > 0
    gone = counted(size, people.account, known & (people.left <= day)) > 0
    lately = known & (people.left <= day) & (people.left > day - CHAMPION_DAYS)
    if has_any.any() and (people.left < FAR).any():
        is_lately = counted(size, people.account, lately) > 0
        found["champion_gone"] = np.where(has_any, (gone & is_lately).astype(np.float64), np.nan)


def _customer_since(source: Source, day: int) -> Floats:
    """The begin of the spell that runs on the day; NaN where none does."""
    spells = source.contracts.spells
    runs = (spells.begin <= day) & (day < spells.left)
    begin = np.full(source.history.size, np.nan)
    begin[spells.account[runs]] = spells.begin[runs]
    return begin


def _add_promises(found: dict[str, Floats], source: Source, day: int) -> None:
    own, size = source.history.promises, source.history.size
    if begun(source.first.get("promises", FAR), day, 0):
        is_open = (own.made <= day) & (own.known_from <= day) & (own.kept > day)
        found["promises_open"] = counted(size, own.account, is_open)
        found["promises_late"] = counted(size, own.account, is_open & (own.due < day))
    bills = source.history.invoices
    if begun(source.first.get("invoices", FAR), day, TICKET_DAYS):
        waits = (bills.issued <= day) & (bills.known_from <= day) & (bills.paid > day)
        late = waits & (bills.due < day)
        found["invoice_late"] = np.zeros(size)
        np.maximum.at(
            found["invoice_late"], bills.account[late], (day - bills.due[late]).astype(np.float64)
        )


def _typical(values: Floats, chosen: Ints) -> float:
    """The median of some accounts, 0 where none is known."""
    known = values[chosen]
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else 0.0
