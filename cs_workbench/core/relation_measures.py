"""Measures of people, promises, money and voices: what lies between the customer and us."""

import datetime as dt
from statistics import median

from cs_workbench.core.facts import AccountFacts, Contact
from cs_workbench.core.measure_words import FAR, ago, days_text, plain, plural, signed_percent
from cs_workbench.core.measures import (
    MISSING,
    NOT_APPLICABLE,
    Measure,
    Outcome,
    Parameters,
    counted,
    last_answer,
    recent_tickets,
)
from cs_workbench.core.renewals import arr_on


def champion_present(facts: AccountFacts, given: Parameters) -> Outcome:
    """1 where a champion is there, 0 where all have left or none was ever named."""
    del given
    if not any(one.role for one in facts.contacts):
        return MISSING
    return counted(1 if _champions(facts) else 0)


def champion_contact(facts: AccountFacts, given: Parameters) -> Outcome:
    """Days since a champion last took part in a contact; a year where none ever did."""
    del given
    champions = _champions(facts)
    if not champions:
        return NOT_APPLICABLE if any(one.role for one in facts.contacts) else MISSING
    last = max((one.last_on for one in champions if one.last_on is not None), default=None)
    days = FAR if last is None else (facts.portfolio.as_of - last).days
    return counted(min(FAR, max(0, days)))


def threads(facts: AccountFacts, given: Parameters) -> Outcome:
    """With how many people there was two-way contact in the last days."""
    if not facts.contacts:
        return MISSING
    return counted(len(_threads(facts, given)))


def overdue_promises(facts: AccountFacts, given: Parameters) -> Outcome:
    """Promises of ours that are open and past their day."""
    del given
    return counted(len(_overdue(facts)))


def overdue_invoices(facts: AccountFacts, given: Parameters) -> Outcome:
    """How many days the oldest unpaid invoice is late; 0 where all are paid or not yet due."""
    del given
    as_of = facts.portfolio.as_of
    late = [(as_of - one.due_on).days for one in facts.invoices if not one.is_paid(as_of)]
    return counted(max(0, *late, 0))


def late_payments(facts: AccountFacts, given: Parameters) -> Outcome:
    """Median days by which the invoices paid in the last days were late; early is 0."""
    as_of = facts.portfolio.as_of
    floor = as_of - dt.timedelta(days=int(given["days"]))
    late = [
        max(0, (one.paid_on - one.due_on).days)
        for one in facts.invoices
        if one.paid_on is not None and floor < one.paid_on <= as_of
    ]
    return counted(median(late)) if late else MISSING


def response_time(facts: AccountFacts, given: Parameters) -> Outcome:
    """Median days to our first answer on tickets of the last days; one that waits counts so far."""
    as_of = facts.portfolio.as_of
    waited = [
        (min(day for day in (one.responded_on, one.closed_on, as_of) if day) - one.opened_on).days
        for one in recent_tickets(facts, given)
    ]
    return counted(median(waited)) if waited else NOT_APPLICABLE


def last_ces(facts: AccountFacts, given: Parameters) -> Outcome:
    """The newest answer to "was it easy", 1 to 7; the mean of one day's answers."""
    del given
    return last_answer(facts, "ces")


def detractors(facts: AccountFacts, given: Parameters) -> Outcome:
    """How many of the answers of the last days to "would you recommend us" were 6 or less."""
    floor = facts.portfolio.as_of - dt.timedelta(days=int(given["days"]))
    answers = [one for one in facts.answers if one.kind == "nps" and one.answered_on > floor]
    if not answers:
        return MISSING
    return counted(sum(1 for one in answers if one.score <= 6))


def arr_change(facts: AccountFacts, given: Parameters) -> Outcome:
    """ARR on the day / ARR so many days before - 1, in the account's currency, where known."""
    then = facts.portfolio.as_of - dt.timedelta(days=int(given["days"]))
    before = arr_on(facts.subscriptions, then).get(facts.currency, 0)
    if before == 0:
        return NOT_APPLICABLE
    if before is None or facts.arr_minor is None:
        return MISSING
    return counted(facts.arr_minor / before - 1)


def _champions(facts: AccountFacts) -> list[Contact]:
    day = facts.portfolio.as_of
    return [one for one in facts.contacts if one.role == "champion" and one.is_there(day)]


def _threads(facts: AccountFacts, given: Parameters) -> list[Contact]:
    day = facts.portfolio.as_of
    floor = day - dt.timedelta(days=int(given["days"]))
    return [
        one
        for one in facts.contacts
        if one.is_there(day) and one.last_on is not None and one.last_on > floor
    ]


def _overdue(facts: AccountFacts) -> list[dt.date]:
    return [due for due in facts.promises_due if due < facts.portfolio.as_of]


def _tell_champion(facts: AccountFacts, given: Parameters, value: float) -> str:
    del given, value
    champions = _champions(facts)
    if champions:
        return f"champion: {champions[0].name}"
    gone = [one for one in facts.contacts if one.role == "champion"]
    return f"the champion, {gone[-1].name}, has left" if gone else "no champion is known"


def _tell_champion_contact(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return (
        "the champion was never spoken with"
        if value >= FAR
        else f"last contact with the champion {ago(value)}"
    )


def _tell_threads(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    return f"contact with {plural(value, 'person')} in {given['days']} days".replace(
        "persons", "people"
    )


def _tell_promises(facts: AccountFacts, given: Parameters, value: float) -> str:
    del given, value
    late = _overdue(facts)
    if not late:
        return "no promise of ours is late"
    days = (facts.portfolio.as_of - min(late)).days
    late_days = plural(days, "day")
    if len(late) == 1:
        return f"a promise of ours is {late_days} late"
    return f"{len(late)} promises of ours are late, the oldest for {late_days}"


def _tell_invoices(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return f"an invoice is {plural(round(value), 'day')} late" if value else "no invoice is late"


def _tell_payments(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return (
        f"invoices are paid {plural(value, 'day')} late" if value else "invoices are paid in time"
    )


def _tell_response(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    if value < 1:
        return f"we answered within the day in the last {given['days']} days"
    return f"our first answer took {plural(value, 'day')} in the last {given['days']} days"


def _tell_ces(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts, given
    return f"last effort answer {value:g} of 7"


def _tell_detractors(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    return f"{plural(value, 'detractor')} in {given['days']} days"


def _tell_arr(facts: AccountFacts, given: Parameters, value: float) -> str:
    del facts
    return f"ARR {signed_percent(value)} in {given['days']} days"


def _yes(value: float) -> str:
    return "yes" if value else "no"


RELATION_MEASURES = {
    "champion present": Measure(champion_present, {}, _yes, _tell_champion, "contacts"),
    "champion contact": Measure(
        champion_contact, {}, days_text, _tell_champion_contact, "contacts"
    ),
    "threads": Measure(threads, {"days": 90}, plain, _tell_threads, "contacts"),
    "overdue promises": Measure(overdue_promises, {}, plain, _tell_promises, "promises"),
    "overdue invoices": Measure(overdue_invoices, {}, days_text, _tell_invoices, "invoices"),
    "late payments": Measure(late_payments, {"days": 365}, days_text, _tell_payments, "invoices"),
    "response time": Measure(response_time, {"days": 90}, days_text, _tell_response, "tickets"),
    "last CES": Measure(last_ces, {}, plain, _tell_ces, "ces"),
    "detractors": Measure(detractors, {"days": 180}, plain, _tell_detractors, "nps"),
    "ARR change": Measure(arr_change, {"days": 365}, signed_percent, _tell_arr),
}
