"""`csw brief ACCOUNT`: one page to read before a call."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.briefs import brief_document, brief_head, brief_sections
from cs_workbench.store.account_names import find_account
from cs_workbench.workflows.briefing import read_page


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(session: Session, /, account: str, *, as_json: bool) -> None:
    """Say what is new on ACCOUNT since you last spoke, what is owed, and what to ask first."""
    with session.open() as db:
        today = session.reading_day(db)
        key = find_account(db, account)
        page = read_page(db, key, today=today, me=session.config.me)
    if as_json:
        print_json(brief_document(page))
        return
    say(brief_head(page))
    for section in brief_sections(page):
        say("")
        say(section.title)
        for line in section.lines:
            say(f"  {line}")
