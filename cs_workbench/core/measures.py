"""The built-in measures: what the facts of an account say in one number, and in words.

Adding one is one function and one row of `MEASURES`. A function gives `Measured`, or `MISSING`
where nothing is known, or `NOT_APPLICABLE` where the question makes no sense for the account;
it never guesses. Values keep six decimals, so that they survive being stored.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from cs_workbench.core import usage
from cs_workbench.core.facts import AccountFacts, Ticket
from cs_workbench.core.measure_words import (
    FAR,
    ago,
    days_text,
    number,
    percent,
    plain,
    plural,
    signed_percent,
    times,
)
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.usage import UsageSeries

Parameters = Mapping[str, str | int]
HORIZON = 7 * usage.HALF_YEAR  # days; usage is read no further back


class Absence(Enum):
    """Why there is no value."""

    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"


MISSING: Final = Absence.MISSING
NOT_APPLICABLE: Final = Absence.NOT_APPLICABLE


class Measured(NamedTuple):
    """A value and how many days old the newest data behind it is; a refresh makes a million."""

    value: float
    age_days: int


Outcome = Measured | Absence


@dataclass(frozen=True)
class Measure:
    """A built-in measure.

    Attributes:
        function: what it is.
        defaults: its parameters and what they are when the scorecard names none.
        show: its value for a person.
        tell: its value as part of a sentence, with the facts at hand.
        kind: the kind of file without which it is missing for everybody.
        max_age_days: older data does not count where the scorecard says nothing of it.
    """

    function: Callable[[AccountFacts, Parameters], Outcome]
    defaults: Parameters
    show: Callable[[float], str]
    tell: Callable[[AccountFacts, Parameters, float], str]
    kind: str | None = None
    max_age_days: int | None = None


def usage_level(facts: AccountFacts, given: Parameters) -> Outcome:
    """Mean of the last four weeks against the account's own best four weeks of half a year."""
    series = series_of(facts, given)
    if series is None or sum(series.days) < int(given["min_days"]):
        return MISSING
    recent = usage.recent_mean(series)
    best = usage.best_mean(series, min_days=int(given["min_recent_days"]))
    if (
        recent is None
        or not best
        or sum(series.days[-usage.RECENT :]) < int(given["min_recent_days"])
    ):
        return MISSING
    return measured_at(recent / best, facts, series.last_day)


def usage_change(facts: AccountFacts, given: Parameters) -> Outcome:
    """Mean of the last four weeks / median of the twelve before - 1."""
    series = series_of(facts, given)
    if series is None:
        return MISSING
    weeks = series.days[-usage.BASE - usage.RECENT : -usage.RECENT]
    volume = usage.added(series.totals[-usage.BASE - usage.RECENT : -usage.RECENT])
    known = len(weeks) - weeks.count(0)
    if known < int(given["min_weeks"]) or volume < int(given["min_volume"]):
        return MISSING
    if sum(series.days[-usage.RECENT :]) < int(given["min_recent_days"]):
        return MISSING
    recent, base = usage.recent_mean(series), usage.base_median(series)
    if recent is None or not base:
        return MISSING
    return measured_at(recent / base - 1, facts, series.last_day)


def days_since_use(facts: AccountFacts, given: Parameters) -> Outcome:
    """Days from the account's last use to the last day for which its usage is known.

    Where data came daily that day is the account's own: a silent feed grows old, it does not count
    as disuse. Where usage is events it is the portfolio's: then silence is all that disuse shows.
    """
    series = series_of(facts, given)
    frontier = facts.portfolio.usage_until
    if series is None or frontier is None:
        return MISSING
    newest = series.last_day if usage.arrives_daily(series) else frontier
    last = series.last_used
    days = HORIZON if last is None else min(HORIZON, (newest - last).days)
    return measured_at(days, facts, newest)


def seat_utilisation(facts: AccountFacts, given: Parameters) -> Outcome:
    """Active users of 28 days per seat contracted on that day; above 1 is an overage."""
    used = seats_used(facts, given)
    if used is None:
        return MISSING
    active, day = used
    seats = seats_on(facts.subscriptions, day)
    return measured_at(active / seats, facts, day) if seats else MISSING


def seats_used(facts: AccountFacts, given: Parameters) -> tuple[float, dt.date] | None:
    """How many used a seat in the last 28 days, and on which day that number was right."""
    name = given.get("metric") or facts.portfolio.seat_metric
    series = facts.usage.get(str(name)) if name else None
    if series is None or series.peak is None or series.peak_on is None:
        return None
    return series.peak, series.peak_on


def open_urgent_tickets(facts: AccountFacts, given: Parameters) -> Outcome:
    """Open tickets of high or urgent priority; an urgent one counts double."""
    del given
    day = facts.portfolio.as_of
    weight = {"urgent": 2, "high": 1}
    urgent = [one for one in facts.tickets if one.priority in weight and one.is_open(day)]
    return counted(sum([weight[one.priority] for one in urgent]))


def complaints(facts: AccountFacts, given: Parameters) -> Outcome:
    """Complaints of the last days."""
    return counted(sum([ticket.is_complaint for ticket in recent_tickets(facts, given)]))


def reopenings(facts: AccountFacts, given: Parameters) -> Outcome:
    """How often tickets of the last days had to be opened again."""
    return counted(sum([ticket.reopened_count for ticket in recent_tickets(facts, given)]))


def support_volume(facts: AccountFacts, given: Parameters) -> Outcome:
    """Tickets of the last days against the account's own pace of the year, which is at least 1."""
    days = int(given["days"])
    recent = len(recent_tickets(facts, given))
    before = len(facts.tickets) - recent
    pace = max(1.0, before * days / max(1, FAR - days))
    return counted(recent / pace)


def last_nps(facts: AccountFacts, given: Parameters) -> Outcome:
    """The newest answer to "would you recommend us", 0 to 10; the mean of one day's answers."""
    del given
    return last_answer(facts, "nps")


def last_csat(facts: AccountFacts, given: Parameters) -> Outcome:
    """The newest satisfaction, 1 to 5, from surveys or tickets; the mean of one day's answers."""
    del given
    return last_answer(facts, "csat")


def two_way_contact(facts: AccountFacts, given: Parameters) -> Outcome:
    """Days since the customer last took part in a contact, or since the start without any."""
    del given
    as_of = facts.portfolio.as_of
    last = facts.last_two_way_on
    if last is None:
        begun = facts.portfolio.begins.get("touchpoints", as_of)
        last = max(begun, facts.started_on) if facts.started_on else begun
    return Measured(max(0, (as_of - last).days), 0)


def days_to_deadline(facts: AccountFacts, given: Parameters) -> Outcome:
    """Days to the renewal's deadline while nobody has committed; a year once it is safe."""
    del given
    if facts.renewal is None:
        return NOT_APPLICABLE
    as_of = facts.portfolio.as_of
    if facts.is_committed or facts.renewal.renews_by_itself(as_of):
        return Measured(FAR, 0)
    return Measured(min(FAR, (facts.renewal.deadline - as_of).days), 0)


def measured_at(value: float, facts: AccountFacts, newest: dt.date) -> Measured:
    """A value whose newest data are of that day."""
    age = (facts.portfolio.as_of - newest).days
    return Measured(round(value, 6), age if age > 0 else 0)


def counted(value: float) -> Measured:
    """A count is of today: an account's silence is a fact where others are heard."""
    return Measured(round(value, 6), 0)


def series_of(facts: AccountFacts, given: Parameters) -> UsageSeries | None:
    """The usage that a measure reads: the metric it names, else the portfolio's main one."""
    name = given.get("metric") or facts.portfolio.main_metric
    return facts.usage.get(str(name)) if name else None


def recent_tickets(facts: AccountFacts, given: Parameters) -> list[Ticket]:
    """Tickets opened in the last days."""
    floor = facts.portfolio.as_of - dt.timedelta(days=int(given["days"]))
    return [ticket for ticket in facts.tickets if ticket.opened_on > floor]


def last_answer(facts: AccountFacts, kind: str) -> Outcome:
    """The newest answer of a kind; the mean of one day's answers."""
    newest: dt.date | None = None
    scores: list[int] = []
    for answered_on, what, score in facts.answers:
        if what != kind:
            continue
        if newest is None or answered_on > newest:
            newest, scores = answered_on, [score]
        elif answered_on == newest:
            scores.append(score)
    if newest is None:
        return MISSING
    return measured_at(sum(scores) / len(scores), facts, newest)


def metric_label(facts: AccountFacts, given: Parameters) -> str:
    """What people call the metric that a measure reads."""
    name = str(given.get("metric") or facts.portfolio.main_metric or "usage")
    return facts.portfolio.labels.get(name, name).replace("_", " ").lower()


def _tell_level(facts: AccountFacts, given: Parameters, value: float) -> str:
    return f"{metric_label(facts, given)} at {percent(value)} of their best four weeks"


def _tell_change(facts: AccountFacts, given: Parameters, value: float) -> str:
    series = series_of(facts, given)
    base = None if series is None else usage.base_median(series)
    recent = None if series is None else usage.recent_mean(series)
    label = metric_label(facts, given)
    if base is None or recent is None or abs(value) < 0.05:
        return f"{label} steady ({signed_percent(value)})"
    verb = "fell" if value < 0 else "rose"
    return f"{label} {verb} from {number(base)} to {number(recent)} in four weeks"


def _tell_use(facts: AccountFacts, given: Parameters, value: float) -> str:
    label = metric_label(facts, given)
    if value < 1:
        return f"{label} up to the last day that is known"
    if value >= HORIZON:
        return f"no {label} for half a year"
    return f"no {label} for {plural(round(value), 'day')}"


def _tell_seats(facts: AccountFacts, given: Parameters, value: float) -> str:
    used = seats_used(facts, given)
    seats = None if used is None else seats_on(facts.subscriptions, used[1])
    if used is None or not seats:
        return f"{percent(value)} of the seats used"
    return f"{used[0]:.0f} of {seats} seats used"


def _tell_urgent(facts: AccountFacts, given: Parameters, value: float) -> str:
    del given, value
    day = facts.portfolio.as_of
    waiting = [one for one in facts.tickets if one.is_open(day)]
    urgent = [one for one in waiting if one.priority == "urgent"]
    hard = [one for one in waiting if one.priority in {"urgent", "high"}]
    if not hard:
        return "no urgent ticket open"
    oldest = max((day - one.opened_on).days for one in urgent or hard)
    name = "urgent" if urgent else "high-priority"
    count = len(urgent or hard)
    since = f"for {plural(oldest, 'day')}" if oldest else "since today"
    if count == 1:
        return f"{name} ticket open {since}"
    return f"{count} {name} tickets open, the oldest {since}"


def _tell_complaints(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    return f"{plural(value, 'complaint')} in {given['days']} days"


def _tell_reopenings(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    if not value:
        return f"no ticket reopened in {given['days']} days"
    times_told = "once" if value == 1 else f"{value:g} times"
    return f"tickets had to be reopened {times_told} in {given['days']} days"


def _tell_volume(facts: AccountFacts, given: Parameters, value: float) -> str:
    del value
    return f"{plural(len(recent_tickets(facts, given)), 'ticket')} in {given['days']} days"


def _tell_nps(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return f"last NPS answer {value:g} of 10"


def _tell_csat(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return f"last satisfaction {value:g} of 5"


def _tell_contact(facts: AccountFacts, given: Parameters, value: float) -> str:
    del given
    if facts.last_two_way_on is None:
        return f"no two-way contact yet, for {plural(round(value), 'day')}"
    return f"last two-way contact {ago(value)}"


def _tell_deadline(facts: AccountFacts, given: Parameters, value: float) -> str:
    del given
    if facts.is_committed:
        return "renewal committed"
    if value >= FAR:
        return "renewal far away"
    left = plural(round(abs(value)), "day")
    when = (
        f"{left} to the deadline"
        if value > 0
        else "deadline today"
        if not value
        else (f"deadline {left} ago")
    )
    return f"{when}, no commitment"


_USAGE: Parameters = {"metric": "", "min_recent_days": 2}
MEASURES: Mapping[str, Measure] = {
    "usage level": Measure(usage_level, {**_USAGE, "min_days": 5}, percent, _tell_level, "usage"),
    "usage change": Measure(
        usage_change,
        {**_USAGE, "min_weeks": 4, "min_volume": 20},
        signed_percent,
        _tell_change,
        "usage",
    ),
    "days since last use": Measure(days_since_use, {"metric": ""}, days_text, _tell_use, "usage"),
    "seat utilisation": Measure(seat_utilisation, {"metric": ""}, percent, _tell_seats, "usage"),
    "open urgent tickets": Measure(open_urgent_tickets, {}, plain, _tell_urgent, "tickets"),
    "complaints": Measure(complaints, {"days": 90}, plain, _tell_complaints, "tickets"),
    "reopenings": Measure(reopenings, {"days": 90}, plain, _tell_reopenings, "tickets"),
    "support volume": Measure(support_volume, {"days": 28}, times, _tell_volume, "tickets"),
    "last NPS": Measure(last_nps, {}, plain, _tell_nps, "nps"),
    "last CSAT": Measure(last_csat, {}, plain, _tell_csat, "csat"),
    "two-way contact": Measure(two_way_contact, {}, days_text, _tell_contact, "touchpoints"),
    "days to deadline": Measure(days_to_deadline, {}, days_text, _tell_deadline),
}
