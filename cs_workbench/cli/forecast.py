"""`csw forecast`: what the renewals of a window will bring, and what moved."""

from collections.abc import Callable, Mapping
from typing import Final

import click

from cs_workbench.cli.output import Column, print_json, print_table, say, shortened, warn
from cs_workbench.cli.renewal_options import policy_of, window_of, within_option
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date, with_weekday
from cs_workbench.core.forecast_moves import by_account, shown_parts
from cs_workbench.core.forecast_records import Record
from cs_workbench.core.money import short, to_major
from cs_workbench.core.pipeline_entries import Entry, marks_of
from cs_workbench.core.projections import Projection, Range, project, without
from cs_workbench.core.renewal_records import (
    author_record,
    move_record,
    outlook_record,
    totals_record,
)
from cs_workbench.core.retention_outlook import Retention
from cs_workbench.workflows.pipeline import (
    Difference,
    Pipeline,
    author_records,
    compare,
    fiscal_year,
    read_pipeline,
    retention_outlook,
)

SCHEMA: Final = "csw.forecast/1"
GROUPS: Final[Mapping[str, Callable[[Entry], str]]] = {
    "csm": lambda one: one.account.csm_name or "",
    "segment": lambda one: one.account.segment or "",
    "month": lambda one: f"{one.renewal.deadline:%Y-%m}",
}


@click.command()
@within_option
@click.option("--as-of", metavar="DATE", help="As it was known on a past day.")
@click.option("--since", metavar="DATE", help="And what moved since that day.")
@click.option("--by", type=click.Choice(list(GROUPS)), help="The same figures by group.")
@click.option("--filter", "narrowed", default="", metavar="TEXT", help="As on the screens.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def forecast_command(
    session: Session,
    *,
    within: int,
    as_of: str | None,
    since: str | None,
    by: str | None,
    narrowed: str,
    as_json: bool,
) -> None:
    """Say what the renewals due will bring: by category, weighted, with low and high."""
    policy = policy_of(session)
    with session.open() as db:
        window = window_of(session, db, within=within, as_of=as_of, narrowed=narrowed)
        pipeline = read_pipeline(db, window, policy)
        outlook = retention_outlook(db, pipeline)
        authors = author_records(db, window.day, policy)
        moved = None
        if since is not None:
            day = read_past_date(since, window.day)
            moved = compare(db, window, day, policy, now=pipeline)
    if as_json:
        print_json(_document(pipeline, outlook, authors, moved=moved, by=by))
        return
    _print(pipeline, outlook)
    if by is not None:
        _print_groups(pipeline, by)
    if moved is not None:
        _print_moves(moved)
    _print_authors(authors)


def _document(
    pipeline: Pipeline,
    outlook: Retention,
    authors: list[Record],
    *,
    moved: Difference | None,
    by: str | None,
) -> dict[str, object]:
    day, money = pipeline.window.day, pipeline.currency or "USD"
    opening, closing = fiscal_year(day, pipeline.policy)
    document: dict[str, object] = {
        "schema": SCHEMA,
        "as_of": day,
        "within_days": pipeline.window.days,
        "currency": pipeline.currency or None,
        **totals_record(pipeline.totals, money),
        "period": {"from": opening, "to": closing},
        "opening_arr": to_major(outlook.opening_minor, money),
        **outlook_record(outlook),
        "without_forecast": [
            one.account.account_id
            for one in pipeline.counted
            if one.standing.is_open and one.standing.category is None
        ],
        "stale_forecasts": [
            one.account.account_id
            for one in pipeline.counted
            if marks_of(one, day, pipeline.policy).stale
        ],
        "other_currencies": len(pipeline.entries) - len(pipeline.counted),
        "authors": [author_record(one, money) for one in authors],
    }
    if by is not None:
        document["groups"] = {
            name: totals_record(totals, money) for name, totals in _groups(pipeline, by).items()
        }
    if moved is not None:
        document |= _changes(moved, money)
    return document


def _changes(moved: Difference, money: str) -> dict[str, object]:
    names = {
        one.account.account_key: (one.account.account_id, one.account.name)
        for one in (*moved.before.entries, *moved.after.entries)
    }
    return {
        "since": moved.before.window.day,
        "weighted_before": to_major(moved.before.totals.weighted_minor, money),
        "change": to_major(moved.delta_e4, money) / 10_000,
        "changes": [move_record(one, names, money) for one in moved.moves],
    }


def _groups(pipeline: Pipeline, by: str) -> dict[str, Projection]:
    found: dict[str, list[Entry]] = {}
    for one in pipeline.counted:
        found.setdefault(GROUPS[by](one), []).append(one)
    return {name: project([one.chance for one in found[name]]) for name in sorted(found)}


def _print(pipeline: Pipeline, outlook: Retention) -> None:
    totals, money, day = pipeline.totals, pipeline.currency, pipeline.window.day
    say(
        f"Deadlines within {pipeline.window.days} days of {with_weekday(day)}: "
        f"{totals.told_due(money)}.\n"
    )
    columns = [Column("Category"), *(Column(one, "right") for one in ("Renewals", "Due", "Amount"))]
    better = {str(name): one.amount_minor for name, one in totals.cumulative.items()}
    rows = [
        (
            name,
            one.renewals,
            short(one.due_minor, money),
            short(one.amount_minor, money),
            short(better[name], money) if name in better else "",
        )
        for name, one in totals.buckets.items()
    ]
    print_table([*columns, Column("Or better", "right")], rows)
    say(f"\nWeighted {totals.told_weighted(money)}{_spread(totals.amount, money)}.")
    say(f"Renewal rate of due: {_told(totals.rate)}{without(totals.unrated)}.")
    opening, closing = fiscal_year(day, pipeline.policy)
    say(
        f"{with_weekday(opening)} to {with_weekday(closing)}{_opening(outlook, money)}: "
        f"GRR {_told(outlook.grr)}, NRR {_told(outlook.nrr)}{without(outlook.left_out)}."
    )
    _print_doubts(pipeline)


def _print_doubts(pipeline: Pipeline) -> None:
    """How many of the renewals rest on no forecast, or on an old one."""
    day = pipeline.window.day
    open_ones = [one for one in pipeline.counted if one.standing.is_open]
    bare = sum(one.standing.category is None for one in open_ones)
    old = sum(marks_of(one, day, pipeline.policy).stale for one in open_ones)
    if bare:
        rate = pipeline.policy.probability(None) / 100
        say(f"Without a forecast, counted as at risk at {rate:g} %: {bare:,}.")
    if old:
        say(f"Forecasts older than {pipeline.policy.stale_days} days: {old:,}.")


def _opening(outlook: Retention, money: str) -> str:
    opening = outlook.opening_minor
    return f", of {short(opening, money)} opening ARR" if opening else ""


def _spread(amount: Range | None, money: str) -> str:
    if amount is None:
        return ""
    low, high = short(amount.low, money), short(amount.high, money)
    return f" (renewals taken as independent); in 8 of 10 cases {low} to {high}"


def _told(one: Range | None) -> str:
    if one is None:
        return "unknown (no known ARR to retain)"
    return f"{one.mid / 100:.1f} % ({one.low / 100:.1f} to {one.high / 100:.1f})"


def _print_groups(pipeline: Pipeline, by: str) -> None:
    money = pipeline.currency
    say("")
    heads = ("Renewals", "Due", "Weighted", "±", "Of due")
    rows = [
        (
            name or "none",
            totals.renewals,
            short(totals.due_minor, money),
            short(totals.weighted_minor, money),
            short(totals.sd_minor, money),
            "" if totals.rate is None else f"{totals.rate.mid / 100:.0f} %",
        )
        for name, totals in _groups(pipeline, by).items()
    ]
    columns = [
        Column("CSM" if by == "csm" else by.capitalize(), is_data=True),
        *(Column(head, "right") for head in heads),
    ]
    print_table(columns, rows)


def _print_moves(moved: Difference) -> None:
    money = moved.after.currency or moved.before.currency
    names = {
        one.account.account_key: one.account.name
        for one in (*moved.before.entries, *moved.after.entries)
    }
    kinds: dict[int, list[str]] = {}
    for one in moved.moves:
        kinds.setdefault(one.account_key, []).append(one.kind)
    sums = by_account(moved.moves)
    shown = dict(zip(sums, shown_parts(list(sums.values())), strict=True))
    say(f"\nSince {with_weekday(moved.before.window.day)}:")
    rows = [
        (shortened(names.get(key, ""), 32), ", ".join(kinds[key]), _signed(part, money))
        for key, part in shown.items()
    ]
    columns = [Column("Account", is_data=True), Column("What"), Column("Weighted", "right")]
    print_table(columns, [*rows, ("in all", "", _signed(sum(shown.values()), money))])


def _signed(minor: int, money: str) -> str:
    return f"{'+' if minor > 0 else ''}{to_major(minor, money):,.2f}" if money else ""


def _print_authors(authors: list[Record]) -> None:
    if not authors:
        warn("Nobody has a record yet: no forecast renewal has ended.")
        return
    say("")
    heads = ("Renewals", "Bias", "Brier", "Slips")
    rows = [
        (
            one.author,
            one.renewals,
            "too few to tell" if not one.is_enough else _share(one.bias_e4),
            "" if one.brier_e4 is None else f"{one.brier_e4 / 10_000:.3f}",
            one.slips,
        )
        for one in authors
    ]
    columns = [Column("Whose forecasts", is_data=True), *(Column(one, "right") for one in heads)]
    print_table(columns, rows)


def _share(value_e4: int | None) -> str:
    return "unknown" if value_e4 is None else f"{value_e4 / 100:+.1f} %"
