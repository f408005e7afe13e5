"""`csw health summary`: accounts and ARR by band, for groups now and for the book over time."""

from collections.abc import Callable
from typing import get_args

import click

from cs_workbench.cli.explain import read_past
from cs_workbench.cli.output import (
    Column,
    print_csv,
    print_json,
    print_table,
    say,
    shortened,
    signs_shown,
    warn,
)
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.health_summaries import By, Every, Group, HealthSummary, Money
from cs_workbench.core.money import short
from cs_workbench.core.plurals import counted
from cs_workbench.core.rollup import Member
from cs_workbench.core.scorecards import POINT
from cs_workbench.core.summary_records import CSV_KEYS, summary_document, summary_rows
from cs_workbench.core.summary_sparks import history_lines
from cs_workbench.errors import UsageError
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.custom_fields import read_filter
from cs_workbench.workflows.health_summary import summarise_health
from cs_workbench.workflows.scorecards import scorecard_at

NAME_CELLS = 20
HEADINGS: dict[By, str] = {
    "csm": "CSM",
    "segment": "Segment",
    "region": "Region",
    "industry": "Industry",
    "stage": "Stage",
    "parent": "Family",
    "all": "Book",
}


@click.command()
@click.option("--by", type=click.Choice(get_args(By)), default="csm", help="Groups (csm).")
@click.option("--since", "since_text", metavar="DATE", help="Where the history begins.")
@click.option(
    "--every", type=click.Choice(get_args(Every)), default="week", help="Its steps (week)."
)
@click.option(
    "--filter",
    "filter_text",
    default="",
    metavar="TEXT",
    help="Only these accounts, as with `csw accounts`.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout, safe for spreadsheets.")
@pass_session
def summary_command(
    session: Session,
    /,
    *,
    by: By,
    since_text: str | None,
    every: Every,
    filter_text: str,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Say how health is spread: accounts and ARR by band, by group, and over time.

    The history goes back 26 weeks, or 12 months, unless --since says otherwise.
    """
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude one another: take one of them.")
    card = scorecard_at(session.config.scorecard)
    with session.open() as db:
        today = session.reading_day(db)
        query = AccountQuery(today, read_filter(db, filter_text), me=session.config.me)
        since = read_past(since_text, today) if since_text else None
        found = summarise_health(db, query, card, by=by, every=every, since=since)
    if found.as_of is None:
        warn("No account is scored yet: run `csw refresh`.")
    if as_json:
        print_json(summary_document(found, filter_text))
    elif as_csv:
        print_csv(CSV_KEYS, summary_rows(found))
    else:
        _print(found, signs_shown())


def _print(found: HealthSummary, signs: Glyphs) -> None:
    if not found.total.accounts:
        warn("No accounts.")
        return
    if found.as_of is not None:
        say(f"Health as of {found.as_of.isoformat()}, {found.total.accounts:,} accounts\n")
    _print_accounts(found, signs)
    for currency in [one.currency for one in found.total.money]:
        say("")
        _print_arr(found, currency, signs)
    if found.total.unpriced:
        say(f"Of {counted(found.total.unpriced, 'account')} the ARR is not known; it is in no sum.")
    if found.by == "parent":
        _print_families(found, signs)
    if found.history:
        say("")
        for line in history_lines(found, signs):
            say(line)


def _print_accounts(found: HealthSummary, signs: Glyphs) -> None:
    columns = [
        Column(HEADINGS[found.by]),
        Column("Accounts", "right"),
        *_band_columns(signs),
        *(Column(heading, "right") for heading in ("Unknown", "Better", "Worse", "Median")),
    ]
    print_table(columns, [_account_row(one, found, signs) for one in _lines(found)])
    if found.compared_with is not None:
        say(f"Better, worse: in another band than on {found.compared_with.isoformat()}.")
    else:
        say("Better, worse: no scores of about four weeks before to compare with.")


def _account_row(one: Group, found: HealthSummary, signs: Glyphs) -> tuple[object, ...]:
    moves = (one.up, one.down) if found.compared_with is not None else (signs.none, signs.none)
    return (
        _name(one, found),
        f"{one.accounts:,}",
        *(_count(one.bands.get(band, 0), signs) for band in BANDS),
        _percent(one.unknown_e4),
        *moves,
        "--" if one.median_e4 is None else one.median_e4 // POINT,
    )


def _print_arr(found: HealthSummary, currency: str, signs: Glyphs) -> None:
    columns = [
        Column(HEADINGS[found.by]),
        Column(f"ARR {currency}", "right"),
        *_band_columns(signs),
        Column("By ARR", "right"),
        Column("Known", "right"),
    ]
    rows = [
        _arr_row(_name(one, found), money, signs)
        for one in _lines(found)
        for money in one.money
        if money.currency == currency
    ]
    print_table(columns, rows)


def _arr_row(name: str, money: Money, signs: Glyphs) -> tuple[object, ...]:
    amounts = [money.by_band.get(band, 0) for band in BANDS]
    return (
        name,
        short(money.minor, money.currency),
        *(short(one, money.currency) if one else signs.none for one in amounts),
        "--" if money.points_e4 is None else money.points_e4 // POINT,
        _percent(money.coverage_e4),
    )


def _print_families(found: HealthSummary, signs: Glyphs) -> None:
    say("")
    columns = [
        Column("Family"),
        Column("Roll-up", colour=_colour_by(signs)),
        Column("Known", "right"),
        Column("Own", colour=_colour_by(signs)),
        Column("Worst", colour=_colour_by(signs)),
        Column(""),
    ]
    print_table(columns, [_family_row(one, found, signs) for one in found.groups])
    reasons = {one.rollup.reason for one in found.groups if one.rollup and one.rollup.reason}
    for reason in sorted(reasons):
        say(f"* the worst account in place of ARR: {reason}")
    say(f"{found.apart:,} accounts belong to no family.")


def _family_row(one: Group, found: HealthSummary, signs: Glyphs) -> tuple[object, ...]:
    rolled, top = one.rollup, one.top
    if rolled is None:
        return (_name(one, found), "no customers", None, None, None, None)
    mark = signs.mark if rolled.reason else ""
    worst = rolled.worst
    return (
        _name(one, found),
        _score(rolled.band, rolled.points_e4, signs) + mark,
        _percent(rolled.coverage_e4),
        _own(top, signs),
        None if worst is None else _score(worst.band, worst.points_e4, signs),
        None if worst is None else shortened(worst.name, NAME_CELLS),
    )


def _own(top: Member | None, signs: Glyphs) -> str:
    if top is None or top.is_former:
        return signs.none
    return _score(top.band, top.points_e4, signs)


def _score(band: Band, points_e4: int | None, signs: Glyphs) -> str:
    points = "--" if band == "unknown" or points_e4 is None else f"{points_e4 // POINT:>2}"
    return f"{signs.bands[band]} {points}"


def _lines(found: HealthSummary) -> list[Group]:
    """The groups and the whole; in families not everybody is."""
    return [*found.groups, found.total]


def _name(one: Group, found: HealthSummary) -> str:
    if one is found.total:
        return "all accounts" if found.by == "parent" else "all"
    return shortened(one.name or "none", NAME_CELLS)


def _band_columns(signs: Glyphs) -> list[Column]:
    return [Column(signs.bands[band], "right") for band in BANDS]


def _colour_by(signs: Glyphs) -> Callable[[str], str | None]:
    colours = {signs.bands[band]: band for band in BANDS if band != "unknown"}
    return lambda text: colours.get(text[:1])


def _count(count: int, signs: Glyphs) -> str:
    return f"{count:,}" if count else signs.none


def _percent(share_e4: int | None) -> str:
    return "--" if share_e4 is None else f"{share_e4 // 100} %"
