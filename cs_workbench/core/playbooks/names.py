"""What conditions and messages may name, and what a customer must never read."""

from collections.abc import Mapping
from typing import Literal

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.records import STAGES

Kind = Literal["number", "word"]
ANSWER = "answer."
CONTACT = "contact."  # before a role: who has it

# Name, whether it is a number or a word, and what it is; measures of health come beside these.
FACTS: Mapping[str, tuple[Kind, str]] = {
    "score": ("number", "the health score, 0 to 100"),
    "band": ("word", "red, yellow, green or unknown"),
    "coverage": ("number", "the share of the scorecard that is known, 0 to 1"),
    "arr": ("number", "ARR in the account's currency"),
    "seats": ("number", "contracted seats"),
    "segment": ("word", "the account's segment"),
    "stage": ("word", "the lifecycle stage"),
    "region": ("word", "the account's region"),
    "product": ("word", "the product of the contract that ends first"),
    "days to deadline": ("number", "days to the last day to act; below 0 it has passed"),
    "days to end": ("number", "days to the last day of entitlement"),
    "days since end": ("number", "days since the last day of entitlement, within grace"),
    "days since start": ("number", "days since the customer began"),
    "days since contact": ("number", "days since the last two-way contact"),
    "auto renew": ("word", "yes where the contract goes on when nobody says anything"),
    "first renewal": ("word", "yes where no contract of theirs was renewed before"),
    "committed": ("word", "yes where the customer has agreed to renew"),
    "champion": ("word", "yes where a champion is known and there"),
    "decision maker": ("word", "yes where a decision maker is known and there"),
    "late promises": ("number", "promises of ours that are past their day"),
    "open urgent tickets": ("number", "urgent tickets that wait"),
    "open complaints": ("number", "complaints that wait"),
    "former": ("word", "yes where they are a customer no longer"),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "band": BANDS,
    "stage": STAGES,
    **dict.fromkeys(
        ("auto renew", "first renewal", "committed", "champion", "decision maker", "former"),
        ("yes", "no"),
    ),
}

# What a message to a customer may say.
MESSAGE_FIELDS: Mapping[str, str] = {
    "account.name": "the customer's name",
    "contact.name": "the person it is for",
    "contact.first_name": "their first name",
    "me": "who writes",
    "today": "the day, as 23 November 2026",
    "product": "the product of the contract that ends first",
    "seats": "contracted seats",
    "end_date": "the last day of the contract's term",
    "notice_date": "the last day to give notice",
    "start_date": "the day on which they became a customer",
    "usage.metric": "what of their usage fell or grew",
    "usage.before": "how much it was",
    "usage.now": "how much it is",
    "usage.since": "since when",
    "signal": "what was noticed, without a judgement",
}
MESSAGE_LISTS: Mapping[str, tuple[str, ...]] = {
    "our_promises": ("what", "due"),
    "their_promises": ("what", "due"),
    "open_tickets": ("subject", "opened"),
    "goals": ("goal", "now", "target"),
}
# Known here, and never said to a customer.
INTERNAL: frozenset[str] = frozenset(
    {
        *("score", "band", "coverage", "probability", "forecast", "forecast.category", "risk"),
        *("sentiment", "contact.role", "role", "savable", "concession_limit", "arr", "commitment"),
        *("loyalty", "expected_loss", "segment", "stage"),
    }
)


def kind_of(name: str) -> Kind | None:
    """Whether a condition's name is a number or a word; None where nothing is called so."""
    if name in FACTS:
        return FACTS[name][0]
    return "number" if name in ALL_MEASURES else None
