"""`csw renewal`: one renewal, and what is said of it."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.lazy import Entry as Command
from cs_workbench.cli.lazy import LazyGroup
from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.renewal_options import policy_of, read_day
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Commitment, Forecast, Outcome
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import Entry, marks_of
from cs_workbench.core.plurals import counted
from cs_workbench.core.renewal_records import (
    commitment_record,
    forecast_record,
    notice_record,
    outcome_record,
    renewal_record,
)
from cs_workbench.store.account_names import find_account
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.workflows.forecasting import Speaker, find_renewal
from cs_workbench.workflows.pipeline import bring_up_to_date, own_rates

if TYPE_CHECKING:
    from cs_workbench.store.database import Database

SCHEMA = "csw.renewal/1"
_SAYING = "cs_workbench.cli.renewal_saying"
COMMANDS = {
    "show": Command("cs_workbench.cli.renewal:show_command", "One renewal, and its history."),
    "forecast": Command(f"{_SAYING}:forecast_command", "Say what you expect of it."),
    "commit": Command(f"{_SAYING}:commit_command", "Record what the customer agreed to."),
    "notice": Command(f"{_SAYING}:notice_command", "Record that notice was received."),
    "close": Command(f"{_SAYING}:close_command", "Say how it ended."),
    "policy": Command("cs_workbench.cli.renewal_policy:policy", "What forecasts have to say."),
}
end_option = click.option("--end", metavar="DATE", help="Of the one that ends then: 2027-02-28.")


@click.group(cls=LazyGroup, entries=COMMANDS)
def renewal() -> None:
    """One renewal: what is due, what is forecast, what the customer agreed to."""


def renewal_meant(
    session: Session, db: "Database", account: str, end: str | None
) -> tuple[Speaker, Entry, ForecastPolicy]:
    """Who speaks, the renewal that is meant, and the policy with the team's own rates."""
    today, policy = session.today(db), policy_of(session)
    bring_up_to_date(db, today, policy)
    rated = own_rates(db, today, policy)
    key = find_account(db, account)
    entry = find_renewal(db, key, day=today, policy=rated, end=read_day(end, today))
    return Speaker(session.config.me, today), entry, rated


@click.command()
@click.argument("account")
@end_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def show_command(session: Session, *, account: str, end: str | None, as_json: bool) -> None:
    """Show the renewal of ACCOUNT that is decided next: its dates, forecasts and commitments."""
    with session.open() as db:
        speaker, entry, policy = renewal_meant(session, db, account, end)
        day, key = speaker.today, entry.account.account_key
        forecasts = forecast_history(db, key, entry.filed_as, day)
        commitments = commitment_history(db, key, entry.filed_as, day)
    if as_json:
        said = entry.said
        print_json(
            {
                "schema": SCHEMA,
                "as_of": day,
                **renewal_record(entry, day, policy),
                "forecasts": [forecast_record(one) for one in forecasts],
                "commitments": [commitment_record(one, day) for one in commitments],
                "notice": notice_record(said.notice) if said.notice else None,
                "closing": outcome_record(said.outcome) if said.outcome else None,
            }
        )
        return
    for line in describe(entry, day, policy):
        say(line)
    _print_history(forecasts, commitments, day)


def describe(entry: Entry, day: dt.date, policy: ForecastPolicy) -> list[str]:
    """A renewal in a few lines."""
    renewal, now, money = entry.renewal, entry.standing, entry.renewal.currency
    marks = marks_of(entry, day, policy)
    how = "auto-renew" if renewal.auto_renew else "no auto-renew"
    notice = (
        f", last day for notice {with_weekday(renewal.notice_date)}" if renewal.notice_date else ""
    )
    priced = renewal.due_minor is not None
    due = f"{entry.due_told} {money}" if priced else "a contract of unknown price"
    if renewal.is_partly_priced:
        due += f" and {counted(renewal.unpriced, 'contract')} of unknown price"
    lines = [
        f"{entry.account.name}: {due} ends on {with_weekday(renewal.end_date)} ({how}{notice}).",
        f"Deadline {with_weekday(renewal.deadline)} {_away(entry.days(day))}, by "
        f"{renewal.deadline_by}; commit by {with_weekday(renewal.commit_by)}; a price change is "
        f"to be announced by {with_weekday(renewal.announce_by)}.",
    ]
    if now.is_open:
        known = now.amount_minor is not None
        amount = entry.amount_told if known else "an amount not known"
        lines.append(
            f"{now.state.capitalize()}: {now.category or 'no forecast'}, "
            f"{amount} at {now.probability_e4 / 100:g} %."
        )
    if entry.said.notice is not None:
        notice_given = entry.said.notice
        lines.append(
            f"Notice of {notice_given.scope} received {with_weekday(notice_given.received_on)} "
            f"from {notice_given.given_by}."
        )
    if entry.said.outcome is not None:
        lines.append(_closing(entry.said.outcome))
    elif not now.is_open:
        lines.append(f"{now.state.capitalize()} by contract.")
    wants = [marks.gate, marks.disagrees, "the forecast is old" if marks.stale else None]
    if marks.overdue:
        wants.insert(0, f"no commitment that holds; it was wanted by {renewal.commit_by}")
    lines += [f"! {want}" for want in wants if want]
    return lines


def _away(days: int) -> str:
    return f"in {days} days" if days >= 0 else f"{-days} days ago"


def _closing(one: Outcome) -> str:
    told = ""
    if one.renewed_minor is not None:
        told = f", {short(one.renewed_minor, one.currency)}"
        told += "" if one.due_minor is None else f" of {short(one.due_minor, one.currency)}"
    return f"Closed on {with_weekday(one.closed_on)}: {one.ending}, {one.how}{told} ({one.author})."


def _print_history(forecasts: list[Forecast], commitments: list[Commitment], day: dt.date) -> None:
    if not forecasts and not commitments:
        warn("Nobody has said anything about it yet.")
    for one in reversed(forecasts):
        amount = "" if one.amount_minor is None else short(one.amount_minor, one.currency)
        share = "" if one.probability_e4 is None else f"{one.probability_e4 / 100:g} %"
        told = " · ".join(part for part in (one.narrative, one.reason) if part)
        say(f"  {one.made_on}  {one.category:<15}{amount:>7} {share:>5}  {one.author}  {told}")
    for given in reversed(commitments):
        void = " (void)" if given.is_void(day) else ""
        say(f"  {given.given_on}  {given.level} by {given.signer}{void}: {given.evidence}")
