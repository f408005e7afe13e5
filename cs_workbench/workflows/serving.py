"""How fast and how well customers were answered in the last weeks."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from cs_workbench.core import turnaround
from cs_workbench.core.service_clocks import Clock, minutes_between
from cs_workbench.core.service_policy import ServicePolicy, read_service_policy
from cs_workbench.core.service_reports import ServiceReport
from cs_workbench.errors import InputError
from cs_workbench.store.database import Database
from cs_workbench.store.service_tickets import account_groups, read_service_tickets
from cs_workbench.workflows.policies import read_policy

WINDOW = 90  # days, unless another is asked for
NEW_FOR = 365  # days for which a customer counts as new


def service_policy(today: dt.date) -> ServicePolicy:
    """The policy in use, with the holidays of some years about a day.

    Raises:
        InputError: the file cannot be read, or names a country that is not known.
    """
    text, place = read_policy("service")
    years = range(today.year - 6, today.year + 2)

    def days_off(country: str) -> frozenset[dt.date]:
        import holidays

        try:
            return frozenset(holidays.country_holidays(country, years=years))
        except NotImplementedError:
            raise InputError(f"{place}: no holidays are known of {country!r}.") from None

    policy = read_service_policy(text, place, days_off)
    answers = {name: _found(answer, Path(place).parent) for name, answer in policy.answers.items()}
    return replace(policy, answers=answers)


def _found(answer: str, beside: Path) -> str:
    """An answer, with a word where it is the file of a procedure that is not there."""
    if "://" in answer or (beside / answer).expanduser().exists():
        return answer
    return f"{answer} (no such file)"


def service_report(
    db: Database, *, today: dt.date, days: int = WINDOW, account_key: int | None = None
) -> ServiceReport:
    """Look at the tickets that were open in the last so many days, as of the end of a day.

    Raises:
        InputError: the policy cannot be read.
    """
    now = dt.datetime.combine(today + dt.timedelta(1), dt.time(), dt.UTC)
    since = today - dt.timedelta(days)
    policy = service_policy(today)
    tickets = read_service_tickets(db, since=since, until=now, account_key=account_key)
    accounts = account_groups(db)
    groups: dict[str, Callable[[turnaround.ServiceTicket], str]] = {
        "tenure": partial(_tenure, accounts),
        "segment": lambda one: accounts[one.account_key][1] or "unknown",
    }

    return ServiceReport(
        since=since,
        now=now,
        policy=policy,
        turnarounds=tuple(turnaround.turnarounds(tickets, now, policy)),
        first_response=_first_response(tickets, policy, "business"),
        first_response_all=_first_response(tickets, policy, "calendar"),
        breaches=tuple(turnaround.breach_board(tickets, now, policy)),
        fcr=turnaround.first_contact(tickets, now),
        fcr_by={
            name: turnaround.first_contact_by(tickets, now, group) for name, group in groups.items()
        },
        drivers=tuple(turnaround.drivers(tickets, policy)),
        drivers_by={
            name: turnaround.drivers_by(tickets, policy, group) for name, group in groups.items()
        },
        costs=tuple(turnaround.time_costs(tickets, now)),
        names={key: name for key, (name, *_) in accounts.items()},
    )


def _tenure(
    accounts: Mapping[int, tuple[str, str | None, str | None]], one: turnaround.ServiceTicket
) -> str:
    started = accounts[one.account_key][2]
    if started is None:
        return "unknown"
    days = (one.opened_at.date() - dt.date.fromisoformat(started)).days
    return "first year" if days < NEW_FOR else "later"


def _first_response(
    tickets: Iterable[turnaround.ServiceTicket], policy: ServicePolicy, clock: Clock
) -> turnaround.Spread:
    return turnaround.spread_of(
        [
            minutes_between(one.opened_at, one.first_response_at, policy.hours(one.region), clock)
            for one in tickets
            if one.first_response_at is not None
        ]
    )
