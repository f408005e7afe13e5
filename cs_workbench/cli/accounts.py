"""`csw accounts`: the book, as a table, JSON or CSV."""

import datetime as dt
from array import array
from collections.abc import Callable, Iterator

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import (
    Column,
    print_csv,
    print_json_list,
    print_table,
    shortened,
    signs_shown,
    warn,
)
from cs_workbench.cli.session import Session
from cs_workbench.core.account_records import (
    ACCOUNTS_SCHEMA,
    account_record,
)
from cs_workbench.core.accounts import BANDS, AccountLine
from cs_workbench.core.churn_said import leaving_span
from cs_workbench.core.filters import FIELDS
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.money import short
from cs_workbench.core.text import fold
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.account_views import VIEWS
from cs_workbench.store.accounts import SORTS, account_keys
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.custom_fields import custom_fields, read_filter
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.freshness import last_as_of

COMMANDS = {
    "alias": Entry("cs_workbench.cli.alike:alias_command", "Say what a name in files means."),
    "alike": Entry("cs_workbench.cli.alike:alike_command", "Show accounts that may be one."),
    "merge": Entry("cs_workbench.cli.merging:merge_command", "Make one account a part of another."),
    "rekey": Entry("cs_workbench.cli.merging:rekey_command", "Give an account a new id."),
}
WINDOW = 1_000  # lines read at a time, so that a long book needs little memory
NAME_CELLS = 32


@click.group(cls=LazyGroup, entries=COMMANDS, invoke_without_command=True)
@click.option(
    "--filter",
    "filter_text",
    default="",
    metavar="TEXT",
    help=f"Words, or FIELD:VALUE, FIELD>NUMBER, -TERM. Fields: {', '.join(FIELDS)}.",
)
@click.option(
    "--sort",
    metavar="FIELD",
    help=f"Smallest first; -FIELD largest first. Fields: {', '.join(SORTS)}.",
)
@click.option("--view", metavar="NAME", help=f"{', '.join(VIEWS)}, or one that you saved.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many.")
@form_options
@click.pass_context
def accounts_command(
    context: click.Context,
    *,
    filter_text: str,
    sort: str | None,
    view: str | None,
    limit: int | None,
    form: str | None,
) -> None:
    """List the current accounts, worst first: by band, then ARR."""
    session = context.find_object(Session)
    if context.invoked_subcommand is not None or session is None:
        return
    with session.open() as db:
        query = _query(session, db, filter_text=filter_text, sort=sort, view=view)
        with snapshot(db):
            # Only the table tells how many more there are.
            found = account_keys(db, query, limit=limit if form and limit is not None else -1)
            keys = found[:limit]
            _PRINT[form](db, query, keys)
    if form is None and len(keys) < len(found):
        warn(f"{len(found) - len(keys):,} more accounts are not shown.")


def _query(
    session: Session, db: Database, *, filter_text: str, sort: str | None, view: str | None
) -> AccountQuery:
    """The options over what a saved view says."""
    query = AccountQuery(session.reading_day(db), me=session.config.me)
    if view and fold(view) in VIEWS:
        query = query._replace(view=fold(view))
    elif view:
        from cs_workbench.store.views import saved_view

        saved = saved_view(db, view)
        filter_text = f"{saved.filter} {filter_text}"
        query = query._replace(view=saved.base, sort=saved.sort, descending=saved.descending)
    if sort:
        query = query._replace(sort=sort.removeprefix("-"), descending=sort.startswith("-"))
    return query._replace(filter=read_filter(db, filter_text))


def _lines(db: Database, query: AccountQuery, keys: "array[int]") -> Iterator[AccountLine]:
    for start in range(0, len(keys), WINDOW):
        part = keys[start : start + WINDOW]
        yield from account_lines(db, part, today=query.today, me=query.me)


def _as_json(db: Database, query: AccountQuery, keys: "array[int]") -> None:
    head = {"schema": ACCOUNTS_SCHEMA, "as_of": last_as_of(db), "today": query.today}
    lines = _lines(db, query, keys)
    print_json_list(head, "accounts", (account_record(line, query.today) for line in lines))


def _as_csv(db: Database, query: AccountQuery, keys: "array[int]") -> None:
    from cs_workbench.core.book_sheets import sheet_headings, sheet_row

    fields = custom_fields(db.connection)
    lines = _lines(db, query, keys)
    print_csv(sheet_headings(fields), (sheet_row(line, query.today, fields) for line in lines))


def _as_table(db: Database, query: AccountQuery, keys: "array[int]") -> None:
    signs = signs_shown()
    if last_as_of(db) is None:
        warn("No account is scored yet: run `csw refresh`.")
    colours = {signs.bands[band]: band for band in BANDS}
    columns = [
        Column("Score", colour=lambda text: colours.get(text[:1])),
        Column("28d"),
        Column("Cov", "right"),
        *(Column(heading, is_data=True) for heading in ("Id", "Account")),
        Column("ARR", "right"),
        *(Column(heading) for heading in ("", "Usage 12 w")),
        Column("Seats", "right"),
        Column("Deadline"),
        Column("Days", "right"),
        Column("Signals", "right"),
        *(Column(heading, is_data=True) for heading in ("Stage", "CSM")),
    ]
    has_churn = model_on(db.connection) is not None
    if has_churn:
        columns += [Column("Leaves, 80 %", "right"), Column("Loss", "right")]
    lines = _lines(db, query, keys)
    print_table(
        columns,
        ((*_row(one, query.today, signs), *(_model(one) if has_churn else ())) for one in lines),
    )


def _model(line: AccountLine) -> tuple[str, str]:
    """The churn model's probability with its interval, and the ARR that it expects to lose."""
    span, loss = line.leaves_span, line.loss_minor
    if span is None:
        return "", ""
    return leaving_span(*span), short(loss, line.currency)


def _row(line: AccountLine, today: dt.date, signs: Glyphs) -> tuple[object, ...]:
    points = "--" if line.points_e4 is None else str(line.points_e4 // 10_000)
    scored = line.as_of is not None
    seats = line.seat_use
    return (
        f"{signs.bands[line.band]} {points:>2}",
        signs.trend(line.trend_e4),
        f"{line.coverage_e4 // 100}%" if scored else None,
        line.account_id,
        shortened(line.name, NAME_CELLS),
        short(line.arr_minor, line.currency) if scored else None,
        line.currency if scored else None,
        signs.spark(line.spark),
        None if seats is None else f"{seats:.0%}",
        line.deadline,
        line.days_to_deadline(today),
        line.signals or None,
        line.lifecycle_stage,
        line.csm,
    )


_Print = Callable[[Database, AccountQuery, "array[int]"], None]
_PRINT: dict[str | None, _Print] = {"json": _as_json, "csv": _as_csv, None: _as_table}
