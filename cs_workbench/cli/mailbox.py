"""`csw mailbox`: log the contacts of mail, calendar and chat files."""

from pathlib import Path

import click

from cs_workbench.cli.output import say
from cs_workbench.cli.output import warn as tell
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.plurals import counted
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.mailboxes import log_files

SHOWN = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be logged, and change nothing.")
@pass_session
def mailbox_command(session: Session, /, paths: tuple[Path, ...], *, dry_run: bool) -> None:
    """Log messages, meetings and chats of PATHS (.mbox, .ics, .csv) with who took part.

    People are matched by their e-mail address, else accounts by its domain. The same message never
    comes in twice; bodies of mails are not read. A chat's CSV needs headings for when, from (an
    address) and text; rows of one id are one conversation.
    """
    with session.open() as db:
        act = Act(0, session.config.me, session.reading_day(db))
        done = log_files(db, act, paths, dry_run=dry_run)
    verb = "would be logged" if dry_run else "logged"
    say(f"{counted(done.new, 'contact')} {verb}, {done.known:,} here already.")
    if done.later:
        tell(f"{done.later:,} still to come: left out.")
    for why, count in done.left_out:
        tell(f"{count:,} {why}: left out.")
    if done.unmatched:
        more = f" and {len(done.unmatched) - SHOWN:,} more" if len(done.unmatched) > SHOWN else ""
        names = ", ".join(f"{name} ({count})" for name, count in done.unmatched[:SHOWN])
        tell(f"Nobody knows {names}{more}. `csw contact add` makes them known.")
