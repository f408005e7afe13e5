"""`csw play draft`: the message that a step drafts."""

from pathlib import Path

import click

from cs_workbench.cli.output import print_json, say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.errors import UsageError
from cs_workbench.workflows.message_files import address, message_link, save_message_file
from cs_workbench.workflows.play_messages import (
    Drafted,
    approve_message,
    draft_of,
    save_message,
    send_message,
)
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.tasks import By


@click.command()
@click.argument("play_id", metavar="PLAY")
@click.option("--subject", metavar="TEXT", help="Change the subject.")
@click.option("--body", metavar="FILE", help="Take the text from a file, or - for stdin.")
@click.option("--approve", is_flag=True, help="It may go out.")
@click.option("--sent", is_flag=True, help="It went out, by your own mail program: log it.")
@click.option("--override", default="", metavar="REASON", help="Why beyond a cap.")
@click.option("--out", type=click.Path(path_type=Path), help="Save as .eml or .md.")
@click.option("--mailto", is_flag=True, help="Print a link that opens your mail program.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def draft_command(
    session: Session,
    /,
    *,
    play_id: str,
    subject: str | None,
    body: str | None,
    override: str,
    out: Path | None,
    **flags: bool,
) -> None:
    """Show the message that PLAY's step drafts; change, approve, save it, or say that it is sent.

    Nothing is sent from here.
    """
    with session.open() as db:
        by = By(session.config.me, session.today(db))
        drafted = draft_of(db, by, open_walk(db, play_id, by.today))
        if subject is not None or body is not None:
            text = drafted.message.body if body is None else _text_of(body)
            line = drafted.message.subject if subject is None else subject
            warn(save_message(db, by, play_id, subject=line, body=text))
        if flags["approve"]:
            warn(approve_message(db, by, play_id, override=override))
        if flags["sent"]:
            warn(send_message(db, by, play_id, override=override))
        drafted = draft_of(db, by, open_walk(db, play_id, by.today))
    if out is not None:
        told = save_message_file(drafted, out)
        warn(f"{told[:1].upper()}{told[1:]}.")
    elif flags["mailto"]:
        say(message_link(drafted))
    elif flags["as_json"]:
        print_json({"schema": "csw.draft/1", **document(drafted)})
    else:
        _show(drafted)


def _text_of(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return str(opened.read())
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file} cannot be read: {problem}") from None


def document(drafted: Drafted) -> dict[str, object]:
    """The message under its stable keys."""
    one = drafted.message
    return {
        "message_id": one.message_id,
        "play_id": one.play_id,
        "step_id": one.step_id,
        "to": drafted.contact.name if drafted.contact else None,
        "contact_id": one.contact_id,
        "email": address(drafted),
        "channel": one.channel,
        "kind": one.kind,
        "subject": one.subject,
        "body": one.body,
        "state": one.state,
        "gaps": drafted.gaps,
        "warnings": drafted.warnings,
        "drafted_on": one.drafted_on,
        "approved_by": one.approved_by,
        "sent_on": one.sent_on,
        "override_reason": one.override_reason,
    }


def _show(drafted: Drafted) -> None:
    one = drafted.message
    name = drafted.contact.name if drafted.contact else "nobody of that role is known"
    say(f"To    {name} · {one.channel} · {one.state}")
    say(f"Subj  {one.subject}\n")
    say(one.body.rstrip())
    for warning in drafted.warnings:
        warn(f"! {warning}")
    if drafted.gaps:
        warn(f"Still to fill: {', '.join(drafted.gaps)}.")
