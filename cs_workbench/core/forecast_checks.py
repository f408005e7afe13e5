"""What a forecast, a commitment, a notice or a closing still lacks, told field by field.

Forms ask it at every key, the command line once; both tell the same.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_policy import FULL, Field, ForecastPolicy
from cs_workbench.core.forecasts import (
    CATEGORIES,
    LEVELS,
    RISKS,
    SENTENCES,
    Commitment,
    Forecast,
    Said,
    sentences,
)
from cs_workbench.core.money import short_told
from cs_workbench.core.renewal_terms import Renewal

LONGEST: Final = 600


@dataclass(frozen=True)
class Lack:
    """What is missing or wrong in which field, in words that say what to do."""

    field: str
    told: str


def forecast_lacks(
    one: Forecast, renewal: Renewal, said: Said, *, day: dt.date, policy: ForecastPolicy
) -> list[Lack]:
    """What the policy wants more of a forecast; empty where it can be recorded."""
    return [
        *_shape(one, day),
        *_gate(one, renewal, day, policy),
        *_required(one, renewal, said, policy),
    ]


def _shape(one: Forecast, day: dt.date) -> Iterator[Lack]:
    if one.category not in CATEGORIES:
        yield Lack("category", f"Choose a category: {', '.join(CATEGORIES)}.")
    if one.amount_minor is not None and one.amount_minor < 0:
        yield Lack("amount", "An amount is 0 or more.")
    if one.probability_e4 is not None and not 0 <= one.probability_e4 <= FULL:
        yield Lack("probability", "A probability goes from 0 to 100 percent.")
    if one.risk is not None and one.risk not in RISKS:
        yield Lack("risk", f"Choose one risk: {', '.join(RISKS)}.")
    if one.narrative and sentences(one.narrative) > SENTENCES:
        yield Lack("narrative", "Three sentences: what is so, why, and what we do.")
    for field in ("narrative", "reason", "missing_fact", "renew_ten"):
        if len(getattr(one, field) or "") > LONGEST:
            yield Lack(field, f"At most {LONGEST} characters.")
    if one.renew_today is not None and not 1 <= one.renew_today <= 10:
        yield Lack("renew_today", "Would they renew today: from 1 to 10.")
    if one.missing_on is not None and one.missing_on < day:
        yield Lack("missing_on", f"{with_weekday(one.missing_on)} is over. Give a day ahead.")


def _gate(one: Forecast, renewal: Renewal, day: dt.date, policy: ForecastPolicy) -> Iterator[Lack]:
    days = (renewal.deadline - day).days
    if days > policy.gate_days or one.category in policy.gate_allows:
        return
    if one.category not in policy.gate_if_missing:
        allowed = ", ".join((*policy.gate_allows, *policy.gate_if_missing))
        yield Lack("category", f"{days} days before the deadline only: {allowed}.")
        return
    why = f"{one.category}, {days} days before the deadline"
    if not one.missing_fact:
        yield Lack("missing_fact", f"{why}: name the one fact that is missing.")
    if one.missing_on is None:
        yield Lack("missing_on", f"{why}: by which day is that fact known?")


def _required(
    one: Forecast, renewal: Renewal, said: Said, policy: ForecastPolicy
) -> Iterator[Lack]:
    before = said.forecast
    wanted = list(policy.required.get(one.category, ()))
    if before is not None and before.category != one.category:
        wanted += [field for field in policy.required_on_change if field not in wanted]
    for field in fields_lacking(one, said, wanted):
        why = ""
        if field == "amount" and renewal.is_partly_priced:
            known = short_told(renewal.due_minor, renewal.currency)
            why = f": {known} is only a part of what ends"
        yield Lack(field, f"{one.category.capitalize()} wants {_ASKED[field]}{why}.")


def fields_lacking(one: Forecast, said: Said, wanted: Iterable[Field]) -> list[Field]:
    """Which of the fields that are wanted a forecast does not fill."""
    present: dict[Field, bool] = {
        "amount": one.amount_minor is not None,
        "probability": one.probability_e4 is not None,
        "risk": one.risk is not None,
        "narrative": bool(one.narrative),
        "reason": bool(one.reason),
        "closes_on": one.closes_on is not None,
        "missing_fact": bool(one.missing_fact) and one.missing_on is not None,
        "commitment": said.commitment is not None,
        "renew_today": one.renew_today is not None,
    }
    return [field for field in wanted if not present[field]]


_ASKED: Final[dict[Field, str]] = {
    "amount": "an amount",
    "probability": "a probability",
    "risk": "the one risk that matters most",
    "narrative": "up to three sentences: what is so, why, and what we do",
    "reason": "the reason for the change",
    "closes_on": "the day by which it is decided",
    "missing_fact": "the one missing fact and its day",
    "commitment": "a commitment of the customer that holds (c records one)",
    "renew_today": "an answer to: would they renew today, 1 to 10",
}


def commitment_lacks(one: Commitment, *, day: dt.date) -> list[Lack]:
    """What a commitment lacks."""
    found = []
    if one.level not in LEVELS:
        found.append(Lack("level", f"Choose a level: {', '.join(LEVELS)}."))
    if not one.signer.strip():
        found.append(Lack("signer", "Name who gave it."))
    elif one.signer_left_on is not None and one.signer_left_on <= day:
        left = with_weekday(one.signer_left_on)
        found.append(Lack("signer", f"{one.signer} left on {left}: it would bind nobody."))
    if one.given_on > day:
        found.append(Lack("given_on", f"{with_weekday(one.given_on)} is still to come."))
    if not one.evidence.strip():
        found.append(Lack("evidence", "Say what shows it: their words, or the name of a file."))
    if one.amount_minor is not None and one.amount_minor < 0:
        found.append(Lack("amount", "An amount is 0 or more."))
    if one.term_months is not None and not 1 <= one.term_months <= 120:
        found.append(Lack("term", "A term is 1 to 120 months."))
    return found
