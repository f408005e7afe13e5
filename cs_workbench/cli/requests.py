"""`csw request`, `csw imposed`, `csw exit`: what they want, what we did, why they left."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.exit_retro import retro_command, winback_command
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, act_on_row, list_kept
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.exits import DETAILS
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import CHOICES, ExitReason, ImposedChange, ProductRequest
from cs_workbench.workflows.remembering import find_contact, remember
from cs_workbench.workflows.wishing import decide_request, tell_request

_SECOND = "; ".join(f"{one}: {', '.join(more)}" for one, more in DETAILS.items() if more)


@click.group()
def request() -> None:
    """What customers want of the product, and whether they were told what became of it."""


@request.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("what")
@click.option("--theme", metavar="TEXT", help="Under which product people look for it.")
@click.option("--contact", metavar="NAME", help="Who asked.")
@pass_session
def request_add(
    session: Session, /, account: str, what: str, *, theme: str | None, contact: str | None
) -> None:
    """Write down what ACCOUNT wants of the product."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = ProductRequest(
            product_request_id=new_id(),
            account_key=act.account_key,
            contact_id=find_contact(db, act.account_key, contact) if contact else None,
            what=what,
            theme=theme,
            asked_on=act.today,
            author=act.actor,
        )
        say(remember(db, act, row))


@request.command("decide")
@click.argument("request_id")
@click.argument("state", type=click.Choice(CHOICES["product_request.state"]))
@pass_session
def request_decide(session: Session, /, request_id: str, state: str) -> None:
    """Say what product decided: the customer has to be told anew."""
    with session.open() as db:
        act, row = act_on_row(session, db, ProductRequest, request_id)
        say(decide_request(db, act, row, state))


@request.command("tell")
@click.argument("request_id")
@click.option("--on", metavar="DATE", help="When; else today.")
@pass_session
def request_tell(session: Session, /, request_id: str, *, on: str | None) -> None:
    """Say that the customer was told what became of it."""
    with session.open() as db:
        act, row = act_on_row(session, db, ProductRequest, request_id)
        say(tell_request(db, act, row, read_past_date(on, act.today) if on else None))


@request.command("list")
@account_option
@click.option("--untold", is_flag=True, help="Only decided ones of which nobody told them.")
@form_options
@pass_session
def request_list(session: Session, *, account: str | None, untold: bool, form: str | None) -> None:
    """List product requests, the newest first."""
    columns = ("product_request_id", "state", "account", "what", "theme", "asked_on", "told_on")
    list_kept(
        session,
        ProductRequest,
        columns,
        account=account,
        form=form,
        keep=lambda one: not untold or (one.state != "open" and one.told_on is None),
    )


@click.group()
def imposed() -> None:
    """What we did to customers: a price, a product that changed, a new CSM."""


@imposed.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("kind", type=click.Choice(CHOICES["imposed_change.kind"]))
@click.argument("what")
@click.option("--from", "start", metavar="DATE", help="From when it holds.")
@click.option("--announced", metavar="DATE", help="When they heard of it; else today.")
@pass_session
def imposed_add(
    session: Session,
    /,
    account: str,
    kind: str,
    what: str,
    *,
    start: str | None,
    announced: str | None,
) -> None:
    """Write down what changes for ACCOUNT by our doing."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = ImposedChange(
            imposed_change_id=new_id(),
            account_key=act.account_key,
            kind=kind,
            what=what,
            announced_on=read_past_date(announced, act.today) if announced else act.today,
            effective_on=read_date(start, act.today) if start else None,
            author=act.actor,
        )
        say(remember(db, act, row))


@imposed.command("list")
@account_option
@form_options
@pass_session
def imposed_list(session: Session, *, account: str | None, form: str | None) -> None:
    """List what we imposed, the newest first."""
    columns = ("account", "kind", "what", "announced_on", "effective_on", "author")
    list_kept(session, ImposedChange, columns, account=account, form=form)


@click.group("exit")
def exit_group() -> None:
    """Why customers left: as they said it, and as we found it."""


@exit_group.command("add", help=f"Write down why ACCOUNT leaves or left. Details: {_SECOND}.")
@click.argument("account", shell_complete=complete_account)
@click.argument("view", type=click.Choice(CHOICES["exit_reason.view"]))
@click.argument("reason", type=click.Choice(CHOICES["exit_reason.reason"]))
@click.option("--detail", metavar="TEXT", help="What in particular.")
@click.option("--said", metavar="TEXT", help="In their words.")
@click.option("--contact", metavar="NAME", help="Who said so.")
@click.option("--competitor", metavar="TEXT", help="To whom they went.")
@click.option("--win-back", metavar="DATE", help="When to ask them again.")
@pass_session
def exit_add(
    session: Session,
    /,
    account: str,
    view: str,
    reason: str,
    *,
    contact: str | None,
    win_back: str | None,
    **texts: str | None,
) -> None:
    """Write down why an account leaves."""
    with session.open() as db:
        act = act_on(session, db, account)
        row = ExitReason(
            exit_reason_id=new_id(),
            account_key=act.account_key,
            view=view,
            reason=reason,
            contact_id=find_contact(db, act.account_key, contact) if contact else None,
            noted_on=act.today,
            win_back_on=read_date(win_back, act.today) if win_back else None,
            author=act.actor,
            detail=texts["detail"],
            said=texts["said"],
            competitor=texts["competitor"],
        )
        say(remember(db, act, row))


@exit_group.command("list")
@account_option
@form_options
@pass_session
def exit_list(session: Session, *, account: str | None, form: str | None) -> None:
    """List exit reasons, the newest first."""
    columns = ("account", "view", "reason", "detail", "said", "competitor", "noted_on")
    list_kept(session, ExitReason, columns, account=account, form=form)


exit_group.add_command(retro_command)
exit_group.add_command(winback_command)
