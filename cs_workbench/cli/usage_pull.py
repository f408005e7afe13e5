"""`csw usage pull`: events counted where they are, into the portfolio."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.plurals import counted
from cs_workbench.errors import FindingsError

if TYPE_CHECKING:
    from cs_workbench.workflows.pulling import PullReport


@click.command("pull")
@click.argument("spec", metavar="SPEC.toml", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Count every day from there on again, the last as it is; else those of new events.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be counted; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def pull_command(
    session: Session, *, spec: Path, since: dt.datetime | None, dry_run: bool, as_json: bool
) -> None:
    """Count events where they are, and keep the numbers of each account and day.

    SPEC.toml says where the events are, which columns count, and what is counted. The next pull
    counts what arrived since; one that was broken off goes on.
    """
    from cs_workbench.workflows.pulling import pull_usage

    with session.open() as db, progress_line("Counting") as progress:
        report = pull_usage(
            db,
            spec,
            actor=session.config.me,
            now=session.now(db),
            since=since.date() if since else None,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json(_document(report, dry_run=dry_run))
    else:
        _print(report, "arrived since shortly before then" if since else "arrived", dry_run=dry_run)
    _judge(report)


def _judge(report: "PullReport") -> None:
    """Tell what waits, and end with a code where something needs a person."""
    plan, needs = report.plan, []
    if plan.waits:
        warn(
            f"No event arrived after the end of {plan.waits}, so part of it may be missing: it is "
            f"counted when more arrive, or as it is with --since {plan.waits}."
        )
    if plan.late_from:
        needs.append(
            f"Events from {plan.late_from} on came too late for lag_days, or a pull that was "
            f"broken off left them: count them with --since {plan.late_from}."
        )
    if report.unknown:
        more = ", …" if report.unknown > len(report.examples) else ""
        needs.append(
            f"{counted(report.unknown, 'account')} of the events not in the portfolio: "
            f"{', '.join(report.examples)}{more}."
        )
    if needs:
        raise FindingsError("\n".join(needs))


def _print(report: "PullReport", which: str, *, dry_run: bool) -> None:
    """Tell the days and the numbers; `which` events were looked at."""
    plan, counts = report.plan, report.counts
    arrived = f"{counted(plan.arrivals.events, 'event')} {which}"
    if plan.arrivals.nameless:
        arrived += f" ({plan.arrivals.nameless:,} of them name no account or time)"
    if plan.first is None:
        early = plan.arrivals.first_day is not None
        why = "none of the days to count is over yet" if early else "nothing to count"
        say(f"{arrived}: {why}.")
        return
    days = f"{plan.first} to {plan.last}"
    if dry_run:
        say(f"{arrived}. The days {days} would be counted by")
        say(report.question)
        return
    say(f"{arrived}. Counted {days}: {counted(report.account_days, 'day')} of accounts.")
    say(f"Numbers: {counts.new:,} new, {counts.changed:,} changed, {counts.same:,} the same.")
    if report.zeros:
        say(f"Zeros of accounts without an event on a counted day: {report.zeros:,}.")


def _document(report: "PullReport", *, dry_run: bool) -> dict[str, object]:
    plan, counts = report.plan, report.counts
    return {
        "schema": "csw.usage.pull/1",
        "kept": not dry_run,
        "events": plan.arrivals.events,
        "nameless": plan.arrivals.nameless,
        "first_day": None if plan.first is None else plan.first.isoformat(),
        "last_day": None if plan.last is None else plan.last.isoformat(),
        "resumed": plan.resumed,
        "too_late": plan.late_from is not None,
        "late_from": None if plan.late_from is None else plan.late_from.isoformat(),
        "waits": None if plan.waits is None else plan.waits.isoformat(),
        "account_days": report.account_days,
        "new": counts.new,
        "changed": counts.changed,
        "same": counts.same,
        "zeros": report.zeros,
        "unknown_accounts": report.unknown,
        "unknown_examples": list(report.examples),
        "question": report.question or None,
    }
