"""How well one account is answered, as lines of its page."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.service_reports import (
    ServiceReport,
    percent_text,
    priorities_text,
    reasons_text,
    time_text,
    wants_text,
)
from cs_workbench.core.turnaround import Breach, Driver, Turnaround
from cs_workbench.tui.formats import LATE_STYLE, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.memory_lines import LABEL, Line, labelled

MOST: Final = 5  # reasons to write
ROOMY: Final = 90  # cells from which the slowest tenth is told too


def service_pane(report: ServiceReport | None, width: int) -> list[Content]:
    """What waits, how fast they were answered, why they write, what it cost them."""
    if report is None:
        return [safe("reading …", "dim")]
    if not report.costs:
        return [safe(f"no ticket was open since {report.since.isoformat()}", "dim")]
    return labelled(list(_lines(report, width - LABEL)))


def breach_line(one: Breach, room: int, *, name: str = "") -> Content:
    """An open ticket: what it is, what it waits for, how late it is or how long it has."""
    late = one.beyond > 0
    mark = joined(("! ", LATE_STYLE)) if late else safe("  ")
    whose = joined((f"{name}  ", "bold")) if name else safe("")
    told = joined(mark, whose, (one.ticket.ticket_id, "bold"), " ", one.ticket.subject or "")
    when = f"{time_text(one.beyond)} late" if late else f"{time_text(-one.beyond)} left"
    right = joined(f"  {one.ticket.priority} · {one.what} ", (when, LATE_STYLE if late else "bold"))
    return spread(told, right, room)


def driver_line(one: Driver, room: int) -> Content:
    """A reason to write: how often, how long it takes, what it is best met with."""
    answer = one.answer or "no answer yet"
    left = joined((f"{one.name:<16.16}", "bold"), f"{one.n:>5}  ", time_text(one.resolution.median))
    return spread(left, joined(f"  {wants_text(one)}: ", (answer, "dim")), room)


def turnaround_line(one: Turnaround, room: int) -> Content:
    """A type of query: for whom, its target, and how it is kept; the answer too where it fits."""
    kind = joined((f"{one.kind or 'other':<12.12}", "bold"), (f"{_short(one):<11.11}", "dim"))
    clock = " all" if one.target.clock == "calendar" else ""
    times = f" {time_text(one.target.resolution) + clock:<12}"
    times += f"{time_text(one.resolution.median)} median"
    right = joined(
        ("  ", ""), (percent_text(one.met), "bold"), (f" of {one.met.denominator}", "dim")
    )
    if room >= ROOMY:
        times += f", {time_text(one.resolution.p90)} p90"
        answered = f"  answered {percent_text(one.answered)} of {one.answered.denominator}  solved"
        right = joined((answered, "dim"), right)
    return spread(joined(kind, times), right, room)


def reasons_line(name: str, found: Sequence[Driver], room: int) -> Content:
    """Why a group of customers writes."""
    return fitted(joined((f"  {name:<14.14} ", "dim"), reasons_text(found)), room)


def _short(one: Turnaround) -> str:
    return priorities_text(one).replace(" ", "") or "all"


def _lines(report: ServiceReport, room: int) -> Iterator[Line]:
    for breach in report.breaches:
        yield "Waits", breach_line(breach, room)
    first, fcr = report.first_response, report.fcr
    told = joined(
        ("first answer ", "dim"),
        f"{time_text(first.median)} median",
        (f", {time_text(report.first_response_all.median)} in all hours, of {first.n}", "dim"),
    )
    yield "Answered", fitted(told, room)
    closed = (f" of {fcr.denominator} closed", "dim")
    yield "Solved", joined(("at first contact ", "dim"), percent_text(fcr), closed)
    for one in report.turnarounds:
        yield "In time", turnaround_line(one, room)
    for driver in report.drivers[:MOST]:
        yield "Why", driver_line(driver, room)
    for cost in report.costs:
        spent = joined(
            ("waited ", "dim"),
            time_text(cost.wait_minutes),
            (f" in {cost.tickets} tickets", "dim"),
            f" · reopened {cost.reopened} · passed on {cost.passed_on}",
            f" · asked again {cost.asked_again}",
        )
        yield "Cost them", fitted(spent, room)
