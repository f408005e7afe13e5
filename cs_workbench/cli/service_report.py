"""`csw service`: turnaround, breaches, first contact, drivers, and the customers' time."""

from collections.abc import Mapping

import click

from cs_workbench.cli.output import Column, print_json, print_raw, print_table, say, shortened
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.service_reports import (
    ServiceReport,
    percent_text,
    priorities_text,
    reasons_text,
    spread_text,
    time_text,
    wants_text,
)
from cs_workbench.core.turnaround import Breach, Driver, Share, Spread, TimeCost, Turnaround
from cs_workbench.store.account_names import find_account
from cs_workbench.workflows.policies import read_policy
from cs_workbench.workflows.serving import WINDOW, service_report

SCHEMA = "csw.service/1"
SHOWN = 10
NAME_CELLS = 28


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only of it: id or name.")
@click.option(
    "--days", type=click.IntRange(1, 3_650), default=WINDOW, show_default=True, help="Back."
)
@click.option("--policy", "wants_policy", is_flag=True, help="Print service.toml as it is in use.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session, *, account: str | None, days: int, wants_policy: bool, as_json: bool
) -> None:
    """How fast and how well customers are answered.

    Turnaround (TAT) by type of query against its target, what is overdue now, first contact
    resolution (FCR) with its denominator, why customers write, and what it costs them in time.
    Targets, working hours and holidays by region are in `service.toml`.
    """
    if wants_policy:
        print_raw(read_policy("service")[0])
        return
    with session.open() as db:
        key = None if account is None else find_account(db, account)
        report = service_report(db, today=session.reading_day(db), days=days, account_key=key)
    if as_json:
        print_json(service_record(report))
    else:
        _print(report)


def service_record(report: ServiceReport) -> dict[str, object]:
    """The report under its stable keys; times are minutes, shares between 0 and 1."""
    return {
        "schema": SCHEMA,
        "since": report.since,
        "as_of": report.now,
        "first_response_business": _spread(report.first_response),
        "first_response_calendar": _spread(report.first_response_all),
        "tat": [_turnaround(one) for one in report.turnarounds],
        "breaches": [_breach(one, report.names) for one in report.overdue],
        "due_next": [_breach(one, report.names) for one in report.breaches if one.beyond <= 0],
        "fcr": {**_share(report.fcr), "repeat_days": 7},
        "fcr_by": {
            group: {name: _share(one) for name, one in shares.items()}
            for group, shares in report.fcr_by.items()
        },
        "drivers": [_driver(one) for one in report.drivers],
        "drivers_by": {
            group: {name: [_driver(one) for one in found] for name, found in names.items()}
            for group, names in report.drivers_by.items()
        },
        "time_cost": [_cost(one, report.names) for one in report.costs],
    }


def _spread(one: Spread) -> dict[str, object]:
    return {"n": one.n, "median_minutes": one.median, "p90_minutes": one.p90}


def _share(one: Share) -> dict[str, object]:
    value = None if one.e4 is None else one.e4 / 10_000
    return {"numerator": one.numerator, "denominator": one.denominator, "share": value}


def _turnaround(one: Turnaround) -> dict[str, object]:
    return {
        "type": one.kind or None,
        "priorities": list(one.priorities),
        "clock": one.target.clock,
        "target_first_response_minutes": one.target.first_response,
        "target_resolution_minutes": one.target.resolution,
        "first_response": _spread(one.first_response),
        "resolution": _spread(one.resolution),
        "answered": _share(one.answered),
        "met": _share(one.met),
    }


def _breach(one: Breach, names: Mapping[int, str]) -> dict[str, object]:
    return {
        "ticket_id": one.ticket.ticket_id,
        "account": names[one.ticket.account_key],
        "subject": one.ticket.subject,
        "type": one.kind or None,
        "priority": one.ticket.priority,
        "waits_for": one.what,
        "due_at": one.due,
        "minutes_late": one.beyond,
    }


def _driver(one: Driver) -> dict[str, object]:
    return {
        "type": one.name,
        "n": one.n,
        "resolution": _spread(one.resolution),
        "touches": one.touches_e2 / 100,
        "is_complex": one.is_complex,
        "weight": one.weight,
        "wants": wants_text(one),
        "answer": one.answer,
    }


def _cost(one: TimeCost, names: Mapping[int, str]) -> dict[str, object]:
    return {
        "account": names[one.account_key],
        "tickets": one.tickets,
        "wait_minutes": one.wait_minutes,
        "reopened": one.reopened,
        "passed_on": one.passed_on,
        "asked_again": one.asked_again,
    }


def _print(report: ServiceReport) -> None:
    say(f"Since {report.since.isoformat()}; business hours unless a target says otherwise.")
    fcr = report.fcr
    closed = f"{fcr.numerator} of {fcr.denominator} closed"
    say(f"First contact resolution {percent_text(fcr)} ({closed}).")
    if report.doubt:
        say(report.doubt)
    first = report.first_response
    say(f"First response {spread_text(first)}, n {first.n}.")
    say(f"In all hours {spread_text(report.first_response_all)}.")
    _section("Turnaround",
        ("Type", "For", "Answer in", "In time", "Solved in", "Median", "p90", "In time"), [
        (one.kind or "other", priorities_text(one) or "all",
         _target(one.target.first_response, one),
         f"{percent_text(one.answered)} of {one.answered.denominator}",
         _target(one.target.resolution, one), time_text(one.resolution.median),
         time_text(one.resolution.p90), f"{percent_text(one.met)} of {one.met.denominator}")
        for one in report.turnarounds
    ])  # fmt: skip
    _section("Overdue", ("Late", "Ticket", "Account", "Priority", "Waits for", "Subject"), [
        (time_text(one.beyond), one.ticket.ticket_id,
         shortened(report.names[one.ticket.account_key], NAME_CELLS),
         one.ticket.priority, one.what, shortened(one.ticket.subject or "", NAME_CELLS))
        for one in report.overdue
    ])  # fmt: skip
    _section("Why they write", ("Type", "n", "Median", "Touches", "Wants", "Answer"), [
        (one.name, one.n, time_text(one.resolution.median), f"{one.touches_e2 / 100:.2f}",
         wants_text(one), one.answer or "none yet")
        for one in report.drivers
    ])  # fmt: skip
    _section("Why they write, by tenure and segment", ("Who", "n", "Reasons"), [
        (name, sum(one.n for one in found), reasons_text(found))
        for names in report.drivers_by.values() for name, found in names.items()
        if report.drivers
    ])  # fmt: skip
    _section("Their time", ("Account", "Waited", "Tickets", "Reopened", "Passed on", "Asked again"),
        [(shortened(report.names[one.account_key], NAME_CELLS), time_text(one.wait_minutes),
          one.tickets, one.reopened, one.passed_on, one.asked_again) for one in report.costs]
    )  # fmt: skip


def _target(minutes: int, one: Turnaround) -> str:
    """`16.0 h`, with a word where all hours count."""
    return f"{time_text(minutes)}{' of all' if one.target.clock == 'calendar' else ''}"


def _section(title: str, headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    say("")
    more = f" (first {SHOWN} of {len(rows)})" if len(rows) > SHOWN else ""
    say(f"{title}{more}")
    print_table([Column(one) for one in headings], rows[:SHOWN])
