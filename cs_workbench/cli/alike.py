"""`csw accounts alike` and `alias`: accounts of several systems that may be one."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.session import Session, pass_session


@click.command("alike")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def alike_command(session: Session, *, as_json: bool) -> None:
    """Show accounts of different systems whose names are alike; `csw accounts merge` joins two."""
    from cs_workbench.store.alike_accounts import alike_accounts

    with session.open() as db:
        pairs = alike_accounts(db)
    if as_json:
        print_json(
            {
                "schema": "csw.alike/1",
                "pairs": [
                    {
                        "account_id": one.account_id,
                        "name": one.name,
                        "source": one.source,
                        "into": other.account_id,
                        "into_name": other.name,
                        "into_source": other.source,
                    }
                    for one, other in pairs
                ],
            }
        )
        return
    if not pairs:
        say("No accounts of different systems have names that are alike.")
        return
    headings = ("Account", "Id", "From", "May be", "Id", "From")
    columns = [Column(name, is_data=name != "From") for name in headings]
    print_table(
        columns,
        (
            (
                *(one.name, one.account_id, one.source),
                *(other.name, other.account_id, other.source),
            )
            for one, other in pairs
        ),
    )
    say("To make two of them one: csw accounts merge ID ID-OF-WHAT-IT-MAY-BE")


@click.command("alias")
@click.argument("account", shell_complete=complete_account)
@click.argument("texts", metavar="TEXT…", nargs=-1, required=True)
@pass_session
def alias_command(session: Session, account: str, texts: tuple[str, ...]) -> None:
    """Have TEXT (a name, a domain, an id) in files mean ACCOUNT from now on."""
    from cs_workbench.store.account_aliases import add_aliases

    with session.open() as db:
        new = add_aliases(db, account, texts)
    say(f"{new:,} new; import the files again to bring in what was refused.")
