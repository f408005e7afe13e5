"""`csw log` and `csw note`: what was said, and what should be remembered."""

import datetime as dt
import sys
from typing import Any

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.kept_lists import act_on
from cs_workbench.cli.output import say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import DIRECTIONS, SEVERITIES, TOUCH_KINDS, Note
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.outreach import preferred_channel
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import find_contact, remember
from cs_workbench.workflows.touching import (
    NextWanted,
    TouchDraft,
    log_incident,
    log_touch,
    read_direction,
    read_promised,
    touch_warnings,
)


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.argument("summary")
@click.option("--contact", metavar="NAME", help="With whom: name, part of it, or id.")
@click.option("--channel", metavar="TEXT", help="call, email, meeting, chat …; else theirs.")
@click.option(
    "--direction", type=click.Choice(DIRECTIONS), help="Else outbound; of a complaint inbound."
)
@click.option("--kind", metavar="KIND", help=f"{', '.join(TOUCH_KINDS)}, or a word of your own.")
@click.option("--sentiment", type=click.IntRange(1, 5), help="As heard, 1 to 5.")
@click.option("--reason", metavar="TEXT", help="Why that sentiment.")
@click.option("--note", metavar="TEXT", help="More than a line; `-` reads stdin.")
@click.option("--on", metavar="DATE", help="The day it took place; else today.")
@click.option("--next", "next_text", metavar="TEXT", help="The next step.")
@click.option("--next-due", metavar="DATE", help="By when.")
@click.option("--next-owner", metavar="NAME", help="Whose; else yours.")
@click.option("--no-next", is_flag=True, help="There is explicitly no next step.")
@click.option("--we-promise", multiple=True, metavar="'WHAT by DATE'", help="May be repeated.")
@click.option("--they-promise", multiple=True, metavar="'WHAT by DATE'", help="May be repeated.")
@click.option("--severity", type=click.Choice(SEVERITIES), default="normal", show_default=True)
@click.option("--owner", metavar="NAME", help="Who takes the complaint; else you.")
@pass_session
def log_command(session: Session, /, account: str, summary: str, **given: Any) -> None:
    """Log a contact with ACCOUNT: SUMMARY is what was said, in a line.

    `--kind complaint` opens the complaint too: it has an owner, a severity and a first answer due,
    and needs a next step. What speaks against the contact (their channel, how often we wrote) is
    said on stderr. `z` on the screens undoes all of it at once.
    """
    with session.open() as db:
        act = act_on(session, db, account)
        contact, kind = given["contact"], (given["kind"] or "").strip().casefold() or None
        who = find_contact(db, act.account_key, contact) if contact else None
        draft = TouchDraft(
            summary=summary,
            contact_id=who,
            channel=given["channel"] or preferred_channel(db, act.account_key, who) or "call",
            direction=read_direction(given["direction"] or "", kind),
            kind=kind,
            sentiment=given["sentiment"],
            reason=given["reason"],
            note=_long(given["note"]),
            on=read_past_date(given["on"], act.today) if given["on"] else None,
            next=_next(given, act.today),
            promises=[
                *(read_promised(one, act.today, by="us") for one in given["we_promise"]),
                *(read_promised(one, act.today, by="them") for one in given["they_promise"]),
            ],
            severity=given["severity"],
            owner=given["owner"],
        )
        for warning in touch_warnings(db, act, draft):
            warn(f"! {warning}")
        say(log_touch(db, act, draft, dt.datetime.now(dt.UTC)))


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.argument("text")
@click.option("--contact", metavar="NAME", help="About whom: name, part of it, or id.")
@pass_session
def note_command(session: Session, /, account: str, text: str, *, contact: str | None) -> None:
    """Write down TEXT about ACCOUNT: not a contact, but worth remembering; `-` reads stdin."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = Note(
            note_id=new_id(),
            account_key=act.account_key,
            contact_id=find_contact(db, act.account_key, contact) if contact else None,
            written_on=act.today,
            text=_long(text) or "",
            author=act.actor,
        )
        say(remember(db, act, row))


@click.command()
@click.argument("what")
@click.argument("accounts", nargs=-1, required=True, shell_complete=complete_account)
@click.option("--severity", type=click.Choice(SEVERITIES), default="high", show_default=True)
@pass_session
def incident_command(
    session: Session, /, what: str, accounts: tuple[str, ...], *, severity: str
) -> None:
    """Note that WHAT (an outage, a fault) hit these ACCOUNTS; each waits to be told."""
    with session.open() as db:
        keys = [find_account(db, one) for one in accounts]
        act = Act(keys[0], session.config.me, session.reading_day(db))
        say(log_incident(db, keys, what=what, severity=severity, act=act))


def _next(given: dict[str, Any], today: dt.date) -> NextWanted | None:
    if given["no_next"]:
        if given["next_text"]:
            raise UsageError("--next and --no-next exclude each other: choose one.")
        return NextWanted(None)
    if not given["next_text"]:
        return None
    due = read_date(given["next_due"], today) if given["next_due"] else None
    return NextWanted(given["next_text"], due, given["next_owner"])


def _long(text: str | None) -> str | None:
    return sys.stdin.read() if text == "-" else text
