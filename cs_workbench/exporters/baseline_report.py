"""The baseline as a dated Markdown report."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.survival import Survival
from cs_workbench.core.metrics.words import label_of, shown_interval, shown_value
from cs_workbench.core.money import short_told
from cs_workbench.exporters.markdown import literal, table


class BaselineFacts(NamedTuple):
    """What the report tells, as plain values.

    Attributes:
        about: the day, the period and the policy, as lines.
        metrics: by key; `trust` the sentence on churn.
        parts: what accounts have in common, the name of the part, and its CRR.
        milestones, life: how long things take and last.
        large: ARR of the largest fifth, and median days until an account came to it.
    """

    about: Sequence[str]
    currency: str | None
    metrics: Mapping[str, Metric]
    trust: str
    parts: Sequence[tuple[str, str, Metric]]
    milestones: Mapping[str, Survival]
    life: Survival
    large: tuple[int, int | None]


def baseline_markdown(facts: BaselineFacts) -> str:
    """The whole report."""
    return "\n\n".join(_sections(facts)) + "\n"


def _sections(facts: BaselineFacts) -> Iterator[str]:
    yield "# Baseline of this book"
    yield "\n".join(f"- {literal(line)}" for line in facts.about)
    yield "## Who stays, and how many come back"
    keys = ("crr", "crr_under_12", "crr_over_12", "grr", "nrr", "churn_predictive")
    yield _metrics(facts, (*keys, "repeat_purchase_rate", "purchase_cycle", "existing_share"))
    yield literal(facts.trust)
    yield "## What makes people stay"
    yield from _stay(facts)
    yield "## When high-revenue accounts appear"
    yield _large(facts)
    yield "## The average life cycle"
    yield _life(facts)
    yield "## What a customer is worth"
    yield _metrics(facts, ("clv", "clv_cohort"))
    yield "## How we treat them"
    how = ("first_response", "tat", "tat_met", "fcr", "conversion_rate", "drop_rate")
    yield _metrics(facts, (*how, "actions_per_engagement", "nps", "seat_use", "time_to_value"))
    yield "## What to be careful about"
    flags = dict.fromkeys(
        f"{label_of(one.key)}: {flag}" for one in facts.metrics.values() for flag in one.flags
    )
    yield "\n".join(f"- {literal(flag)}" for flag in flags) or "Nothing."


def _metrics(facts: BaselineFacts, keys: Sequence[str]) -> str:
    rows = []
    for key in keys:
        one = facts.metrics[key]
        value = shown_value(one, facts.currency)
        rows.append((label_of(key), value, shown_interval(one, facts.currency), f"{one.n:,}"))
    return table(("Question", "Answer", "95 %", "n"), rows)


def _stay(facts: BaselineFacts) -> Iterator[str]:
    if not facts.parts:
        yield "No part of the book has five accounts or more to compare."
        return
    rows = [
        (f"{by}: {name}", shown_value(one, None), shown_interval(one, None), f"{one.n:,}")
        for by, name, one in facts.parts
    ]
    yield table(("Part", "CRR", "95 %", "n"), rows)
    yield (
        "Read the intervals: parts whose intervals overlap cannot be told apart. What goes with "
        "staying need not be its cause."
    )


def _large(facts: BaselineFacts) -> str:
    amount, days = facts.large
    if not amount or facts.currency is None:
        return "Cannot be told: no ARR in one currency."
    when = "unknown" if days is None else f"{days} days after their first payment (median)"
    if days == 0:
        when = "with their first contract, as a rule: they are won large, they do not grow large"
    size = short_told(amount, facts.currency)
    return literal(
        f"The largest fifth of the accounts pay {size} a year or more. They come to it {when}."
    )


def _life(facts: BaselineFacts) -> str:
    rows = []
    for name, curve in facts.milestones.items():
        middle = "not half yet" if curve.median is None else f"{curve.median} d"
        rows.append((name, middle, f"{curve.events:,}", f"{curve.n:,}"))
    year = facts.life.at(365)
    return "\n\n".join(
        (
            table(("From the first payment to", "Half within", "Reached by", "n"), rows),
            f"After a year {100 * year:.0f} % of all accounts that ever paid are still there "
            f"(Kaplan-Meier; {facts.life.events} of {facts.life.n} have left).",
        )
    )
