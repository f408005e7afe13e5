"""`csw`: the commands by name, and what they share."""

import sys
from pathlib import Path

import click

from cs_workbench import __version__
from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.session import Session
from cs_workbench.config import load_config

# The order is that of a first week: look, load, work, keep.
COMMANDS: dict[str, Entry] = {
    "tui": Entry("cs_workbench.cli.tui:tui_command", "Open the screens, as `csw` alone does."),
    "demo": Entry("cs_workbench.cli.demo:demo_command", "Look around in invented accounts."),
    "init": Entry("cs_workbench.cli.init:init_command", "Begin: your name, files, accounts."),
    "import": Entry("cs_workbench.cli.import_:import_command", "Load files or a folder."),
    "refresh": Entry("cs_workbench.cli.refresh:command", "Score every account."),
    "accounts": Entry("cs_workbench.cli.accounts:accounts_command", "List accounts, worst first."),
    "brief": Entry("cs_workbench.cli.brief:command", "One page to read before a call."),
    "show": Entry("cs_workbench.cli.show:command", "Everything about one account."),
    "explain": Entry("cs_workbench.cli.explain:command", "Why a score is what it is, and moved."),
    "signals": Entry("cs_workbench.cli.signals:signals_command", "List risks and opportunities."),
    "renewals": Entry("cs_workbench.cli.renewals:renewals_command", "List renewals by deadline."),
    "renewal": Entry("cs_workbench.cli.renewal:renewal", "Say what you expect of a renewal."),
    "review": Entry("cs_workbench.cli.review:review", "Hold the renewal review."),
    "forecast": Entry("cs_workbench.cli.forecast:forecast_command", "What renewals will bring."),
    "task": Entry("cs_workbench.cli.task:task", "What there is to do."),
    "usage": Entry("cs_workbench.cli.usage:usage", "What customers do with the product."),
    "health": Entry("cs_workbench.cli.health:health", "How healthy the book is, and was."),
    "metrics": Entry("cs_workbench.cli.metrics:metrics", "What was kept: GRR, NRR, churn, CLV."),
    "cohorts": Entry("cs_workbench.cli.cohorts:command", "Who began together, and is still there."),
    "kpi": Entry("cs_workbench.cli.kpi:kpi", "Key figures with target, owner and trend."),
    "baseline": Entry("cs_workbench.cli.baseline:command", "What to know before a change."),
    "report": Entry("cs_workbench.cli.report:report", "Pages for a board, and for a review."),
    "scorecard": Entry("cs_workbench.cli.scorecard:scorecard", "What a score is made of."),
    "log": Entry("cs_workbench.cli.log:log_command", "Log a contact, and what came of it."),
    "mailbox": Entry(
        "cs_workbench.cli.mailbox:mailbox_command", "Log mail, calendar and chat files."
    ),
    "note": Entry("cs_workbench.cli.log:note_command", "Write something down about an account."),
    "search": Entry("cs_workbench.cli.search:command", "Find what was written."),
    "set": Entry("cs_workbench.cli.set_:set_command", "Edit a field of an account."),
    "undo": Entry("cs_workbench.cli.set_:undo_command", "Take back what you did last."),
    "field": Entry("cs_workbench.cli.fields:fields", "Your own fields of accounts."),
    "differences": Entry("cs_workbench.cli.set_:conflicts_command", "Edited here, changed there."),
    "contact": Entry("cs_workbench.cli.contacts:contact", "People on the customer's side."),
    "promise": Entry("cs_workbench.cli.promises:promise", "Make, keep, break a promise."),
    "promises": Entry("cs_workbench.cli.promises:promises_command", "List promises, late first."),
    "goal": Entry("cs_workbench.cli.goals:goal", "What customers want to reach."),
    "pain": Entry("cs_workbench.cli.goals:pain", "What hurts customers."),
    "complaint": Entry("cs_workbench.cli.complaints:complaint", "From arrival to advocate."),
    "incident": Entry("cs_workbench.cli.log:incident_command", "One thing that hit several."),
    "concession": Entry("cs_workbench.cli.concessions:concession", "What we give up for them."),
    "request": Entry("cs_workbench.cli.requests:request", "What they want of the product."),
    "imposed": Entry("cs_workbench.cli.requests:imposed", "What we did to them."),
    "exit": Entry("cs_workbench.cli.requests:exit_group", "Why customers left."),
    "person": Entry("cs_workbench.cli.set_:person", "What one of us may decide."),
    "loyalty": Entry("cs_workbench.cli.loyalty:command", "Are we loyal to them?"),
    "voice": Entry("cs_workbench.cli.voice:voice", "What customers say, and who is silent."),
    "service": Entry("cs_workbench.cli.service_report:command", "How fast and how well we answer."),
    "clv": Entry("cs_workbench.cli.clv:clv_command", "What a new customer is worth."),
    "churn": Entry("cs_workbench.cli.churn:churn", "Who may leave, with the record of saying so."),
    "bundle": Entry("cs_workbench.cli.bundle:bundle", "Exchange what people wrote."),
    "export": Entry("cs_workbench.cli.privacy:export_group", "Everything held on an account."),
    "purge": Entry("cs_workbench.cli.privacy:purge_command", "Erase personal data."),
    "audit": Entry("cs_workbench.cli.privacy:audit_command", "Who changed what, and when."),
    "check": Entry("cs_workbench.cli.check:check_command", "Say what in the data needs a person."),
    "sql": Entry("cs_workbench.cli.sql:sql_command", "Run one SELECT, read-only."),
    "backup": Entry("cs_workbench.cli.backup:backup_command", "Copy the portfolio, checked."),
    "restore": Entry("cs_workbench.cli.backup:restore_command", "Go back to a backup."),
    "sample": Entry("cs_workbench.cli.sample:sample", "Make the portfolio of `csw demo`."),
    "playbook": Entry("cs_workbench.cli.playbook:playbook", "What to do in one kind of situation."),
    "today": Entry("cs_workbench.cli.today:today_command", "What there is to do, by stake."),
    "plays": Entry("cs_workbench.cli.plays:plays_command", "Playbooks that run, or are suggested."),
    "play": Entry("cs_workbench.cli.play:play", "Walk one playbook on one account."),
    "reassign": Entry("cs_workbench.cli.reassign:command", "Give accounts to somebody else."),
    "completion": Entry("cs_workbench.cli.completion:completion_command", "Teach your shell."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The portfolio file (also CSW_DB).",
)
@click.option("--today", metavar="DATE", help="Take this date for today (also CSW_TODAY).")
@click.version_option(__version__, prog_name="csw")
@click.pass_context
def csw(context: click.Context, db: Path | None, today: str | None) -> None:
    """The terminal where customer success managers spend their day.

    Without a command the screens open, as with `csw tui`. Data goes to stdout, talk to stderr.
    """
    config = load_config()
    context.obj = Session(config._replace(db=db) if db else config, today)
    if context.invoked_subcommand is None:
        context.invoke(COMMANDS["tui"].load())


def main() -> None:
    """Run the command line, with text that any terminal can take."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    csw(prog_name="csw")
