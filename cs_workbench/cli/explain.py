"""`csw explain ACCOUNT`: why the score is what it is, and what moved it."""

import datetime as dt

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date
from cs_workbench.core.explanations import explanation_document, tell_explanation
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.workflows.explaining import explain, newest_day
from cs_workbench.workflows.scorecards import scorecard_at


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.option("--as-of", "as_of_text", metavar="DATE", help="The score of this day.")
@click.option("--since", "since_text", metavar="DATE", help="And what moved it since this day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session,
    /,
    account: str,
    as_of_text: str | None,
    since_text: str | None,
    *,
    as_json: bool,
) -> None:
    """Explain the health score of ACCOUNT: what adds up to it, and what changed since a day.

    Without --as-of it is the newest score that a refresh has stored.
    """
    scorecard = scorecard_at(session.config.scorecard)
    with session.open() as db:
        today = session.reading_day(db)
        key = find_account(db, account)
        as_of = read_past(as_of_text, today) if as_of_text else newest_day(db, key, today)
        since = read_past(since_text, today) if since_text else None
        judged = None if as_of_text else today
        found = explain(db, key, scorecard, as_of=as_of, since=since, today=judged)
    for day in (found.now, found.before):
        if day is not None and not day.is_stored:
            warn(f"{day.as_of.isoformat()}: not stored; computed from what was known then.")
    if as_json:
        print_json(explanation_document(found))
        return
    for line in tell_explanation(found):
        say(line)


def read_past(text: str, today: dt.date) -> dt.date:
    """A day up to today, as people type it.

    Raises:
        UsageError: it is no day, or one that is still to come.
    """
    day = read_date(text, today)
    if day > today:
        raise UsageError(
            f"{day.isoformat()} is still to come. Write a day that has passed as 2026-10-26, or as "
            "-28 for 28 days ago."
        )
    return day
