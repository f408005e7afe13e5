"""`csw report`: pages for a board, for ourselves, and for a review with the customer."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.periods import Asked, period_options
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.errors import UsageError
from cs_workbench.workflows.text_files import refuse_existing

if TYPE_CHECKING:
    from cs_workbench.core.reports import Report

FORMATS = (".html", ".md", ".xlsx")
out_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: .html, .md or .xlsx.",
)


@click.group()
def report() -> None:
    """Reports as one file: HTML that prints, Markdown, or a workbook."""


@report.command("portfolio")
@out_option
@period_options
@pass_session
def portfolio_command(session: Session, out: Path, asked: Asked) -> None:
    """Key figures, ARR bridge, cohorts, health, and the accounts behind each number.

    Without a period: the twelve months to the end of the newest full one.
    """
    from cs_workbench.workflows.metric_policies import policy_at
    from cs_workbench.workflows.portfolio import Wanted, read_portfolio_view
    from cs_workbench.workflows.portfolio_report import portfolio_report

    check_out(out)
    config = session.config
    with session.open() as db:
        today = session.reading_day(db)
        start = policy_at(config.metrics).fiscal_year_starts
        period = asked.period(today, start, usual="12m")
        files = config.metrics, config.targets, config.scorecard
        view = read_portfolio_view(db, Wanted(today, config.me, *files, period=period))
        found = portfolio_report(db, view)
    save(found, out)


@report.command("account")
@click.argument("account")
@out_option
@pass_session
def account_command(session: Session, account: str, out: Path) -> None:
    """Everything about ACCOUNT, for ourselves: not to be shown to the customer."""
    from cs_workbench.store.account_names import find_account
    from cs_workbench.workflows.account_reports import account_report

    check_out(out)
    with session.open() as db:
        found = account_report(db, find_account(db, account), today=session.reading_day(db))
    save(found, out)


@report.command("qbr")
@click.argument("account")
@out_option
@click.option("--ask", default="", help="The one thing that we ask of them.")
@click.option("--commit", "ours", default="", help="The one commitment of ours.")
@click.option("--their-commit", "theirs", default="", help="The one commitment of theirs.")
@pass_session
def qbr_command(
    session: Session, account: str, *, out: Path, ask: str, ours: str, theirs: str
) -> None:
    """The pack for a business review with ACCOUNT: customer-safe.

    Goals, value, usage, service, promises of both sides, one ask and one commitment each. Score,
    band, probability, forecast, sentiment, roles, limits and other customers' names are not in it.
    """
    from cs_workbench.store.account_names import find_account
    from cs_workbench.workflows.account_reports import Asks, qbr_report

    check_out(out)
    with session.open() as db:
        key = find_account(db, account)
        found = qbr_report(db, key, today=session.reading_day(db), asks=Asks(ask, ours, theirs))
    save(found, out)


def check_out(out: Path) -> None:
    """Refuse a place before the work is done.

    Raises:
        UsageError: the name ends in no format that we write.
        ConflictError: there is a file already.
    """
    if out.suffix.casefold() not in FORMATS:
        raise UsageError(f"{out}: the name has to end in {', '.join(FORMATS)}.")
    refuse_existing(out)


def save(found: "Report", out: Path) -> None:
    """Write a report in the format of its name."""
    kind = out.suffix.casefold()
    if kind == ".html":
        from cs_workbench.exporters.report_html import report_html

        save_new(report_html(found), out)
    elif kind == ".md":
        from cs_workbench.exporters.report_markdown import report_markdown

        save_new(report_markdown(found), out)
    else:
        from cs_workbench.exporters.report_xlsx import report_xlsx

        save_new(report_xlsx(found), out)
