"""`csw search`: find everything that was written, of one account or of all."""

import click

from cs_workbench.cli.kept_lists import account_option
from cs_workbench.cli.output import Column, print_json_list, print_table, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.searching import Found, excerpt, words_of
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import accounts_called, find_account
from cs_workbench.store.search import STEP, read_queue, search, waiting

SCHEMA = "csw.search/1"
NAME_CELLS, TEXT_CELLS = 24, 72
MOST_CALLED = 10


@click.command()
@click.argument("words", nargs=-1, required=True)
@account_option
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(
    session: Session, /, words: tuple[str, ...], *, account: str | None, limit: int, as_json: bool
) -> None:
    """Find accounts, and what was written with all WORDS in it, the newest first, in any script.

    Contacts, notes, tickets, comments, complaints, promises, goals, reasons, forecasts. A word of
    three characters or more is found anywhere; a shorter one where a word begins, in Chinese,
    Japanese, Korean and Thai anywhere too.
    """
    query = " ".join(words)
    if not words_of(query):
        raise UsageError("There is no word to look for.")
    with session.open() as db:
        if (rows := waiting(db)) > STEP:
            warn(f"Reading {rows:,} new texts into the search first.")
        list(read_queue(db))
        key = None if account is None else find_account(db, account)
        found = search(db, query, account_key=key, limit=limit)
        called = [] if key is not None else accounts_called(db, words_of(query), MOST_CALLED)
    if as_json:
        accounts = [{"account_id": account_id, "name": name} for account_id, name in called]
        head = {"schema": SCHEMA, "query": query, "limit": limit, "accounts": accounts}
        print_json_list(head, "found", map(_record, found))
    elif not found and not called:
        warn("No account is called so, and nothing that was written has all of these words.")
    else:
        headings = ("On", "Account", "Where", "Text")
        named = [("", shortened(name, NAME_CELLS), "account", one) for one, name in called]
        rows_of = [*named, *(_row(one, words_of(query)) for one in found)]
        print_table([Column(one, is_data=one == "Text") for one in headings], rows_of)


def _record(one: Found) -> dict[str, object]:
    return {
        "on": one.on,
        "account_id": one.account_id,
        "account": one.account,
        "where": one.source,
        "id": one.row_id,
        "text": one.text,
    }


def _row(one: Found, words: tuple[str, ...]) -> tuple[object, ...]:
    text = shortened(excerpt(one.text, words, TEXT_CELLS), TEXT_CELLS)
    name = shortened(one.account, NAME_CELLS)
    return one.on, name, one.source.replace("_", " "), text
