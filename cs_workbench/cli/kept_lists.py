"""Lists of what people wrote down: as a table, as JSON, as CSV."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.output import Column, print_csv, print_json_list, print_table, shortened, warn
from cs_workbench.cli.session import Session
from cs_workbench.core.kept_records import kept_record, short_id
from cs_workbench.store.account_names import find_account
from cs_workbench.store.kept import (
    K,
    account_names,
    contact_names,
    entity_of,
    find_row_id,
    read_kept,
    read_one,
)
from cs_workbench.workflows.judgements import Act

if TYPE_CHECKING:
    from cs_workbench.store.database import Database

TEXT_CELLS = 44
NAME_CELLS = 24
account_option = click.option("--account", metavar="ACCOUNT", help="Only of it: id or name.")


def act_on(session: Session, db: "Database", account: str) -> Act:
    """An act of this person on the account that is named."""
    return Act(find_account(db, account), session.config.me, session.reading_day(db))


def act_on_row(session: Session, db: "Database", kind: type[K], typed: str) -> tuple[Act, K]:
    """An act of this person on the row of which the id, or its end, was typed."""
    row = read_one(db, kind, find_row_id(db, kind, typed))
    key: int = getattr(row, "account_key")  # noqa: B009 - every kind has it
    return Act(key, session.config.me, session.reading_day(db)), row


def list_kept(
    session: Session,
    kind: type[Any],
    columns: Sequence[str],
    *,
    account: str | None,
    form: str | None,
    keep: Callable[[Any], bool] = lambda _: True,
) -> None:
    """Print the rows of a kind, the newest first; `columns` are those of the table for people."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        rows = [one for one in read_kept(db, kind, key) if keep(one)]
        contacts = contact_names(db, key)
        names = account_names(db, sorted({one.account_key for one in rows}))
    records = [
        {
            "account_id": names[one.account_key][0],
            "account": names[one.account_key][1],
            **kept_record(one, contacts),
        }
        for one in rows
    ]
    noun = f"{entity_of(kind)}s"
    print_records(
        {"schema": f"csw.{noun}/1", "today": today}, noun, records, columns=columns, form=form
    )


def print_records(
    head: dict[str, Any],
    noun: str,
    records: Sequence[dict[str, Any]],
    *,
    columns: Sequence[str],
    form: str | None,
) -> None:
    """Print records under one head: all keys for programs, some columns for people."""
    if form == "json":
        print_json_list(head, noun, records)
    elif form == "csv":
        keys = list(records[0]) if records else list(columns)
        print_csv(keys, [[one[key] for key in keys] for one in records])
    elif not records:
        warn(f"No {noun.replace('_', ' ')}.")
    else:
        headings = [Column(_heading(name)) for name in columns]
        print_table(headings, [[_cell(name, one[name]) for name in columns] for one in records])


def _heading(name: str) -> str:
    words = "id" if name.endswith("_id") and name != "account_id" else name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cell(name: str, value: object) -> object:
    if name.endswith("_id") and name != "account_id" and isinstance(value, str):
        return short_id(value)
    if isinstance(value, str):
        line = " ".join(value.split())
        return shortened(line, NAME_CELLS if name == "account" else TEXT_CELLS)
    return value
