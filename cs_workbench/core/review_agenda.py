"""The agenda of a renewal review: which accounts need talk, in which order, and why."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.pipeline_entries import Entry, marks_of

Section = Literal["disagreement", "red or near", "hurt", "unconfirmed", "expansion"]
SECTIONS: Final[dict[Section, str]] = {
    "disagreement": "disagreements",
    "red or near": "red, or the deadline within 30 days",
    "hurt": "bad experiences that were not made good",
    "unconfirmed": "unconfirmed forecasts and the gate",
    "expansion": "expansions",
}
NEAR: Final = 30
DecisionKind = Literal[
    "no change", "forecast", "next step", "play", "escalate", "concession", "parked"
]


def section_title(section: str) -> str:
    """The heading of a part of the agenda; one that is not known any more is its own."""
    return next((told for name, told in SECTIONS.items() if name == section), section)


class AgendaItem(NamedTuple):
    """One account's page: under its first reason, with all of them in words."""

    section: Section
    why: str
    entry: Entry


def agenda(entries: Iterable[Entry], day: dt.date, policy: ForecastPolicy) -> list[AgendaItem]:
    """The undecided renewals that need talk, by section, then by what is at stake."""
    items = []
    for entry in entries:
        reasons = list(_reasons(entry, day, policy)) if entry.standing.is_open else []
        if reasons:
            section = reasons[0][0]
            items.append(AgendaItem(section, "; ".join(told for _, told in reasons), entry))
    order = list(SECTIONS)
    return sorted(
        items,
        key=lambda one: (
            order.index(one.section),
            one.entry.renewal.deadline,
            -(one.entry.renewal.due_minor or 0),
            one.entry.account.account_key,
        ),
    )


def _reasons(entry: Entry, day: dt.date, policy: ForecastPolicy) -> Iterator[tuple[Section, str]]:
    marks, days = marks_of(entry, day, policy), entry.days(day)
    if marks.disagrees:
        yield "disagreement", marks.disagrees
    if entry.account.band == "red":
        yield "red or near", "red"
    if marks.overdue:
        yield "red or near", "no commitment, and commit-by is over"
    if days <= NEAR:
        yield "red or near", f"deadline in {days} d"
    if entry.account.hurt:
        yield "hurt", entry.account.hurt
    if marks.gate:
        yield "unconfirmed", marks.gate
    elif entry.standing.category is None:
        yield "unconfirmed", "no forecast"
    if marks.stale:
        yield "unconfirmed", "the forecast is old"
    due = entry.renewal.due_minor
    if due is not None and (entry.standing.amount_minor or 0) > due:
        yield "expansion", "forecast above what is due"
