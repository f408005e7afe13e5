"""Measures over columns: each says what the plain measure of its name says of every account.

A measure without a row in `COLUMN_MEASURES` is asked account by account, so that adding one takes
the plain function alone; a row here only makes it quicker.
"""

from collections.abc import Callable, Mapping

import numpy as np

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.kernels.chunk import AnswerColumns, ChunkColumns, TicketColumns
from cs_workbench.core.kernels.columns import (
    NEVER,
    Bools,
    Column,
    Floats,
    Ints,
    column_of,
    counts,
    measured,
    nothing,
)
from cs_workbench.core.kernels.usage import UsageColumns
from cs_workbench.core.measure_words import FAR
from cs_workbench.core.measures import HORIZON, MISSING, NOT_APPLICABLE, Outcome, Parameters
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.usage import BASE, RECENT

ColumnMeasure = Callable[[ChunkColumns, Parameters], Column]


def measure_columns(scorecard: Scorecard, chunk: ChunkColumns) -> list[Column]:
    """Every measure of the scorecard before gates: what `measure_account` asks of each account."""
    kinds = chunk.portfolio.kinds
    columns = []
    for line in scorecard.measures:
        kind, quick = line.measure.kind, COLUMN_MEASURES.get(line.source)
        if kind is not None and kind not in kinds:
            columns.append(nothing(chunk.size, applies=True))
        elif quick is not None:
            columns.append(quick(chunk, line.given))
        else:
            columns.append(_one_by_one(line.measure.function, line.given, chunk))
    return columns


def _one_by_one(
    function: Callable[[AccountFacts, Parameters], Outcome], given: Parameters, chunk: ChunkColumns
) -> Column:
    found = [function(one, given) for one in chunk.facts]
    if not found:
        return nothing(0, applies=True)
    if all(one is found[0] for one in found) and found[0] in {MISSING, NOT_APPLICABLE}:
        return nothing(chunk.size, applies=found[0] is MISSING)
    return column_of(found)


def usage_level(chunk: ChunkColumns, given: Parameters) -> Column:
    """Mean of the last four weeks against the account's own best four of half a year."""
    usage = _usage(chunk, given)
    if usage is None:
        return nothing(chunk.size, applies=True)
    least = int(given["min_recent_days"])
    recent, best = usage.recent_mean(), usage.best_mean(min_days=least)
    known = usage.there & (usage.days.sum(axis=1) >= int(given["min_days"]))
    known &= ~np.isnan(recent) & (_or_zero(best) != 0) & (_recent_days(usage) >= least)
    return measured(_quotient(recent, best, known), chunk.today - usage.last_day, known)


def usage_change(chunk: ChunkColumns, given: Parameters) -> Column:
    """Mean of the last four weeks / median of the twelve before - 1."""
    usage = _usage(chunk, given)
    if usage is None:
        return nothing(chunk.size, applies=True)
    before = slice(-BASE - RECENT, -RECENT)
    weeks = (usage.days[:, before] > 0).sum(axis=1)
    volume = usage.totals[:, before].cumsum(axis=1)[:, -1]
    known = usage.there & (weeks >= int(given["min_weeks"])) & (volume >= int(given["min_volume"]))
    known &= _recent_days(usage) >= int(given["min_recent_days"])
    recent, base = usage.recent_mean(), usage.base_median()
    known &= ~np.isnan(recent) & (_or_zero(base) != 0)
    return measured(_quotient(recent, base, known) - 1, chunk.today - usage.last_day, known)


def days_since_use(chunk: ChunkColumns, given: Parameters) -> Column:
    """Days from the account's last use to the last day for which its usage is known."""
    usage, frontier = _usage(chunk, given), chunk.portfolio.usage_until
    if usage is None or frontier is None:
        return nothing(chunk.size, applies=True)
    newest = np.where(usage.arrives_daily, usage.last_day, frontier.toordinal())
    days = np.where(
        usage.last_used == NEVER, HORIZON, np.minimum(HORIZON, newest - usage.last_used)
    )
    return _whole(days, chunk.today - newest, usage.there)


def seat_utilisation(chunk: ChunkColumns, given: Parameters) -> Column:
    """Active users of 28 days per seat contracted on that day."""
    metric = given.get("metric") or chunk.portfolio.seat_metric
    usage = chunk.of_metric(metric)
    if usage is None:
        return nothing(chunk.size, applies=True)
    is_usual = metric == chunk.portfolio.seat_metric
    peak, seats = chunk.seats_at_peak if is_usual else chunk.seats_used(metric)
    known = seats > 0
    value = _quotient(peak, seats.astype(np.float64), known)
    return measured(value, chunk.today - usage.peak_on, known)


def open_urgent_tickets(chunk: ChunkColumns, given: Parameters) -> Column:
    """Open tickets of high or urgent priority; an urgent one counts double."""
    del given
    tickets = chunk.tickets
    waits = (tickets.opened <= chunk.today) & (tickets.closed > chunk.today)
    return counts(chunk.per_account(tickets.account, tickets.urgent * waits))


def complaints(chunk: ChunkColumns, given: Parameters) -> Column:
    """Complaints of the last days."""
    recent = _recent(chunk, given)
    return counts(chunk.per_account(chunk.tickets.account, chunk.tickets.complaint * recent))


def reopenings(chunk: ChunkColumns, given: Parameters) -> Column:
    """How often tickets of the last days had to be opened again."""
    recent = _recent(chunk, given)
    return counts(chunk.per_account(chunk.tickets.account, chunk.tickets.reopened * recent))


def support_volume(chunk: ChunkColumns, given: Parameters) -> Column:
    """Tickets of the last days against the account's own pace of the year."""
    days = int(given["days"])
    recent = chunk.per_account(chunk.tickets.account[_recent(chunk, given)])
    before = chunk.per_account(chunk.tickets.account) - recent
    pace = np.maximum(1.0, before * days / max(1, FAR - days))
    return measured(recent / pace, _zeros(chunk), np.ones(chunk.size, np.bool_))


def response_time(chunk: ChunkColumns, given: Parameters) -> Column:
    """Median days to our first answer on tickets of the last days; one that waits counts so far."""
    recent = _recent(chunk, given)
    tickets: TicketColumns = chunk.tickets
    end = np.minimum(np.minimum(tickets.responded, tickets.closed), chunk.today)
    account, waited = tickets.account[recent], (end - tickets.opened)[recent]
    order = np.lexsort((waited, account))
    waited = waited[order]
    count = chunk.per_account(account)
    first = np.cumsum(count) - count
    known = count > 0
    upper = np.where(known, first + count // 2, 0)
    lower = np.where(known, first + (count - 1) // 2, 0)
    padded = np.append(waited, 0)
    value = np.where(count % 2, padded[upper], (padded[lower] + padded[upper]) / 2)
    odd = known & (count % 2 == 1)
    return Column(np.where(known, value, 0.0), _zeros(chunk), known, known, odd)


def last_nps(chunk: ChunkColumns, given: Parameters) -> Column:
    """The newest answer to "would you recommend us"; the mean of one day's answers."""
    del given
    return _last_answer(chunk, "nps")


def last_csat(chunk: ChunkColumns, given: Parameters) -> Column:
    """The newest satisfaction, from surveys or tickets; the mean of one day's answers."""
    del given
    return _last_answer(chunk, "csat")


def last_ces(chunk: ChunkColumns, given: Parameters) -> Column:
    """The newest answer to "was it easy"; the mean of one day's answers."""
    del given
    return _last_answer(chunk, "ces")


def two_way_contact(chunk: ChunkColumns, given: Parameters) -> Column:
    """Days since the customer last took part in a contact, or since the start without any."""
    del given
    return counts(np.maximum(0, chunk.today - chunk.last_contact))


def _usage(chunk: ChunkColumns, given: Parameters) -> UsageColumns | None:
    return chunk.of_metric(given.get("metric") or chunk.portfolio.main_metric)


def _recent_days(usage: UsageColumns) -> Ints:
    found: Ints = usage.days[:, -RECENT:].sum(axis=1)
    return found


def _or_zero(values: Floats) -> Floats:
    return np.where(np.isnan(values), 0.0, values)


def _quotient(upper: Floats, lower: Floats, known: Bools) -> Floats:
    return np.where(known, upper, 0.0) / np.where(known, lower, 1.0)


def _whole(value: Ints, age: Ints, known: Bools) -> Column:
    everywhere = np.ones(len(value), np.bool_)
    shown = np.where(known, value, 0).astype(np.float64)
    ages = np.where(known, np.maximum(age, 0), 0)
    return Column(shown, ages, known, everywhere, everywhere)


def _zeros(chunk: ChunkColumns) -> Ints:
    return np.zeros(chunk.size, np.int64)


def _recent(chunk: ChunkColumns, given: Parameters) -> Bools:
    """Which tickets were opened in the last days."""
    recent: Bools = chunk.tickets.opened > chunk.today - int(given["days"])
    return recent


def _last_answer(chunk: ChunkColumns, kind: str) -> Column:
    answers: AnswerColumns | None = chunk.answers.get(kind)
    if answers is None or not len(answers.day):
        return nothing(chunk.size, applies=True)
    newest = _zeros(chunk)
    np.maximum.at(newest, answers.account, answers.day)
    is_newest = answers.day == newest[answers.account]
    account, score = answers.account[is_newest], answers.score[is_newest]
    count = chunk.per_account(account)
    known = count > 0
    value = chunk.per_account(account, score) / np.maximum(count, 1)
    return measured(value, chunk.today - newest, known)


COLUMN_MEASURES: Mapping[str, ColumnMeasure] = {
    "usage level": usage_level,
    "usage change": usage_change,
    "days since last use": days_since_use,
    "seat utilisation": seat_utilisation,
    "open urgent tickets": open_urgent_tickets,
    "complaints": complaints,
    "reopenings": reopenings,
    "support volume": support_volume,
    "response time": response_time,
    "last NPS": last_nps,
    "last CSAT": last_csat,
    "last CES": last_ces,
    "two-way contact": two_way_contact,
}
