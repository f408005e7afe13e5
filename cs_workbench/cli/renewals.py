"""`csw renewals`: what is due, what is expected of it, and what about it is late."""

from collections.abc import Sequence

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.output import (
    Column,
    print_csv,
    print_json_list,
    print_table,
    say,
    shortened,
    signs_shown,
    warn,
)
from cs_workbench.cli.renewal_options import policy_of, window_of, within_option
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.churn_said import leaving_span
from cs_workbench.core.forecasts import CATEGORIES
from cs_workbench.core.money import short
from cs_workbench.core.pipeline import SECTIONS
from cs_workbench.core.pipeline_entries import Entry, marks_of, ordered
from cs_workbench.core.projections import NO_FORECAST, without
from cs_workbench.core.renewal_records import RENEWAL_KEYS, renewal_record
from cs_workbench.workflows.pipeline import Pipeline, read_pipeline

SCHEMA = "csw.renewals/1"


@click.command()
@within_option
@click.option(
    "--category",
    "categories",
    multiple=True,
    type=click.Choice([*CATEGORIES, NO_FORECAST]),
    help="Only of this category; may be given several times.",
)
@click.option("--filter", "narrowed", default="", metavar="TEXT", help="As on the screens.")
@click.option("--as-of", metavar="DATE", help="As it was known on a past day.")
@form_options
@pass_session
def renewals_command(
    session: Session,
    *,
    within: int,
    categories: Sequence[str],
    narrowed: str,
    as_of: str | None,
    form: str | None,
) -> None:
    """List renewals by their deadline, those first whose commitment is late or near."""
    policy = policy_of(session)
    with session.open() as db:
        window = window_of(session, db, within=within, as_of=as_of, narrowed=narrowed)
        pipeline = read_pipeline(db, window, policy)
    entries = [
        one
        for one in ordered(pipeline.entries, window.day, "clock")
        if not categories or (one.standing.category or NO_FORECAST) in categories
    ]
    records = (renewal_record(one, window.day, pipeline.policy) for one in entries)
    if form == "json":
        head = {"schema": SCHEMA, "as_of": window.day, "within_days": within}
        print_json_list(head, "renewals", records)
    elif form == "csv":
        rows = ([_cell(record[key]) for key in RENEWAL_KEYS] for record in records)
        print_csv(RENEWAL_KEYS, rows)
    else:
        _print(entries, pipeline)


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _print(entries: Sequence[Entry], pipeline: Pipeline) -> None:
    day, policy = pipeline.window.day, pipeline.policy
    columns = [
        Column("Account", is_data=True),
        Column("Due", "right"),
        Column("Deadline"),
        Column("Days", "right"),
        Column("By"),
        Column("Now"),
        Column("Forecast"),
        Column("Amount", "right"),
        Column("p", "right"),
        Column("Commitment", colour=lambda text: "red" if text.startswith("!") else None),
        Column("Needs", is_data=True),
    ]
    has_churn = any(one.account.leaves_e4 is not None for one in entries)
    if has_churn:
        columns += [Column("Leaves, 80 %", "right"), Column("Loss", "right")]
    rows: list[tuple[object, ...]] = []
    section = ""
    for one in entries:
        marks = marks_of(one, day, policy)
        if marks.section != section:
            section = marks.section
            rows.append((f"-- {SECTIONS[marks.section]}", *[""] * (len(columns) - 1)))
        rows.append((*_row(one, pipeline), *(_model(one) if has_churn else ())))
    print_table(columns, rows)
    _print_totals(pipeline, len(entries))


def _row(one: Entry, pipeline: Pipeline) -> tuple[object, ...]:
    day, renewal, now = pipeline.window.day, one.renewal, one.standing
    marks = marks_of(one, day, pipeline.policy)
    points = one.account.points_e4
    score = "--" if points is None else f"{points // 10_000}"
    commitment = one.said.commitment.level if one.said.commitment else "none"
    state = f" ({now.state})" if now.state in {"in grace", "won", "lost"} else ""
    return (
        shortened(one.account.name, 28),
        one.due_told,
        renewal.deadline,
        one.days(day),
        renewal.deadline_by,
        f"{signs_shown().bands[one.account.band]} {score}",
        f"{'≠' if marks.disagrees else ''}{now.category or NO_FORECAST}{state}",
        one.amount_told,
        f"{now.probability_e4 // 100} %",
        f"! {commitment}" if marks.overdue else commitment,
        shortened(marks.gate or ("forecast is old" if marks.stale else ""), 50),
    )


def _model(one: Entry) -> tuple[str, str]:
    """The churn model's probability, and what of the ARR due it expects to lose."""
    span, loss = one.account.leaves_span, one.loss_minor
    if span is None:
        return "", ""
    return leaving_span(*span), short(loss, one.renewal.currency)


def _print_totals(pipeline: Pipeline, shown: int) -> None:
    totals, money = pipeline.totals, pipeline.currency
    if not pipeline.entries:
        warn("No renewals. They are derived from contracts with an end (`csw import`).")
        return
    share = "" if totals.rate is None else f"; renewal rate of due {totals.rate.mid / 100:.0f} %"
    share += without(totals.unrated) if share else ""
    say("")
    say(f"{totals.told_due(money)}; weighted {totals.told_weighted(money)}{share}.")
    others = len(pipeline.entries) - totals.renewals
    if others:
        warn(f"{others:,} in other currencies are listed and not in the sums.")
    if shown != len(pipeline.entries):
        warn(f"{shown:,} of them are shown; the sums are of all.")
