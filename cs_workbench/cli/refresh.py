"""`csw refresh`: score every account."""

import datetime as dt

import click

from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.cli.verifying import verify_scores
from cs_workbench.core.dates import read_as_of
from cs_workbench.core.plurals import counted
from cs_workbench.errors import RulerChangedError, UsageError
from cs_workbench.workflows.refresh_reports import RefreshReport, alarm_told, stored_report
from cs_workbench.workflows.refreshing import Refreshed, RefreshWishes, refresh_all

STEPS = {"day": 1, "week": 7, "month": 28}


@click.command()
@click.option("--as-of", "as_of_text", metavar="DATE", help="Score this day in place of today.")
@click.option("--backfill", "start", metavar="FROM", help="Fill the history from this day on.")
@click.option(
    "--every", type=click.Choice(list(STEPS)), help="The steps of --backfill: a week unless said."
)
@click.option("--verify", is_flag=True, help="Recompute what is stored; 1 if anything differs.")
@click.option("--dry-run", is_flag=True, help="Count, but write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session, /, as_of_text: str | None, start: str | None, every: str | None, **flags: bool
) -> None:
    """Score every account as of today, or of another day, with what was known then.

    Ends with 0 when all accounts passed, whatever their bands; running it again changes nothing.
    Ends with 13 if most accounts moved the same way on one metric, or if it no longer arrives for
    most: the scores are stored, but the metric needs a person.
    """
    if flags["verify"]:
        if as_of_text or start or every or flags["dry_run"]:
            raise UsageError("--verify recomputes every day that is stored; give it alone.")
        verify_scores(session, as_json=flags["as_json"])
        return
    if every and start is None:
        raise UsageError("--every is the step of --backfill: say from which day on to fill.")
    with session.open() as db, progress_line("Scoring") as progress:
        as_of = read_as_of(as_of_text, session.today()) if as_of_text else session.today(db)
        if as_of > session.today():
            warn(f"{as_of.isoformat()} is in the future: the list will stay on it until then.")
        wishes = RefreshWishes(
            as_of,
            session.config.me,
            session.config.scorecard,
            session.config.renewals,
            flags["dry_run"],
            None if start is None else read_as_of(start, as_of),
            STEPS[every or "week"],
        )
        found = refresh_all(db, wishes, progress)
    if flags["as_json"]:
        print_json(_document(found))
    else:
        say(describe(found.report, dry_run=flags["dry_run"]))
        _say_more(found)
    _raise_the_alarm(found.report)


def _document(found: Refreshed) -> dict[str, object]:
    """The report and what followed it, as JSON has it."""
    would = [
        {
            "account_id": one.candidate.account_id,
            "name": one.candidate.name,
            "playbook_id": one.playbook.playbook_id,
            "evidence": one.evidence,
        }
        for one in found.would
    ]
    return {
        "schema": "csw.refresh/1",
        **stored_report(found.report),
        "plays_suggested": found.plays,
        "would_suggest": would,
        "renewals_closed": dict(found.closed),
        "churn_published": found.churn.published,
        "churn_drift": [one.what for one in found.churn.drift],
    }


def _say_more(after: Refreshed) -> None:
    for one in after.would:
        say(f"Would suggest {one.playbook.title}: {one.candidate.name}, {one.evidence}")
    if after.plays and not after.would:
        say(f"{counted(after.plays, 'play')} suggested; `csw plays` lists them.")
    if after.closed:
        how_many = ", ".join(f"{count:,} {how}" for how, count in after.closed.items())
        say(f"Renewals closed: {how_many}.")
    for told in after.handed:
        say(f"{told[:1].upper()}{told[1:]}.")
    if after.churn.published:
        how_many = f"{after.churn.published:,} probabilities"
        say(f"Churn: {how_many} published; `csw churn predict` lists them.")
    for alarm in after.churn.drift:
        warn(f"Churn model: {alarm.what}")
    for warning in after.report.warnings:
        warn(warning)


def _raise_the_alarm(report: RefreshReport) -> None:
    """Have a run in which a metric itself changed end with a code of its own."""
    if told := alarm_told(report):
        raise RulerChangedError(
            f"{told} The scores are stored; look at where the metric comes from, and "
            "import it again."
        )


def describe(report: RefreshReport, *, dry_run: bool = False) -> str:
    """The report in a few lines."""
    bands = ", ".join(f"{count:,} {band}" for band, count in report.bands.items())
    lines = [f"{counted(report.accounts, 'account')} scored as of {_day(report.as_of)}: {bands}."]
    if report.former:
        verb = "is" if report.former == 1 else "are"
        lines.append(f"{counted(report.former, 'former customer')} {verb} not scored.")
    moved = f"{report.up:,} moved up and {report.down:,} down a band"
    lines.append(f"Against the day scored before, {moved}.")
    if report.metric is None:
        lines.append("No usage is known by that day, so no measure of usage counts.")
    else:
        lines.append(
            f"Usage is {report.metric}; seats are compared with {report.seat_metric}."
            if report.seat_metric
            else f"Usage is {report.metric}; no metric of active users can be compared with seats."
        )
    lines.append(f"{counted(report.signals, 'new signal')}; `csw signals` lists the open ones.")
    if report.waiting:
        lines.append(f"Held back, as what they rest on is in doubt: {report.waiting:,} more.")
    kept = "nothing was written" if dry_run else f"{counted(report.changed, 'score')} written"
    lines.append(f"{kept.capitalize()}, {report.seconds:.1f} s.")
    return "\n".join(lines)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
