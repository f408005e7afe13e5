"""`csw cohorts`: the retention triangle, as numbers and shade, as CSV and as SVG."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.output import Column, can_show, print_csv, print_json, print_table, say, warn
from cs_workbench.cli.periods import as_of_option, known_day
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.metrics.cohorts import Of, Span
from cs_workbench.core.money import short, to_major
from cs_workbench.workflows.cohorts import RowsBy, read_cohorts
from cs_workbench.workflows.ledger import SEVERAL, read_ledger
from cs_workbench.workflows.metric_policies import policy_at

if TYPE_CHECKING:
    from cs_workbench.workflows.cohorts import Cohorts

SHADES = " ░▒▓█"
MOST = {"month": 13, "quarter": 12, "year": 10}


@click.command()
@click.option("--every", "span", type=click.Choice(get_args(Span)), default="quarter")
@click.option("--by", type=click.Choice(get_args(RowsBy)), default="start", help="Rows (start).")
@click.option(
    "--of", type=click.Choice(get_args(Of)), default="accounts", help="Of what (accounts)."
)
@click.option(
    "--svg", "svg", type=click.Path(path_type=Path, dir_okay=False), help="Write a chart."
)
@as_of_option
@form_options
@pass_session
def command(
    session: Session,
    /,
    *,
    span: Span,
    by: RowsBy,
    of: Of,
    svg: Path | None,
    as_of_text: str | None,
    form: str | None,
) -> None:
    """Say how much of each cohort is still there by age; what has not happened yet is empty."""
    policy = policy_at(session.config.metrics)
    with session.open() as db:
        as_of = known_day(as_of_text, session.reading_day(db))
        found = read_cohorts(read_ledger(db, policy, as_of=as_of), span=span, by=by)
    if svg is not None:
        _write_svg(found, of, svg)
    elif form == "json":
        print_json(document(found, of))
    elif form == "csv":
        print_csv(("cohort", "age", "accounts", "of", "arr", "of_arr", "share"), _cells(found, of))
    else:
        _print(found, of)


def document(found: "Cohorts", of: Of) -> dict[str, object]:
    """The triangle and the curve for programs; amounts in major units."""
    table, curve = found.table, found.curve
    currency = table.currency or "USD"
    return {
        "schema": "csw.cohorts/1",
        "every": table.span,
        "by": table.by,
        "of": of,
        "currency": table.currency,
        "cohorts": [
            {
                "name": row.name,
                "accounts": row.accounts,
                "arr": to_major(row.began or None, currency)
                if table.currency is not None
                else None,
                "shares": [_rounded(row.share(age, of)) for age in range(len(row.active))],
            }
            for row in table.rows
        ],
        "survival": {
            "n": curve.n,
            "lost": curve.events,
            "median_days": curve.median,
            "points": [
                {"day": day, "share": _rounded(share), "low": _rounded(low), "high": _rounded(high)}
                for day, share, low, high in zip(
                    curve.times, curve.shares, curve.lows, curve.highs, strict=True
                )
            ],
        },
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _cells(found: "Cohorts", of: Of) -> list[tuple[object, ...]]:
    currency = found.table.currency
    rows: list[tuple[object, ...]] = []
    for row in found.table.rows:
        for age, active in enumerate(row.active):
            money = (
                (to_major(row.arr[age], currency), to_major(row.of_arr[age], currency))
                if currency and row.began
                else (None, None)
            )
            share = _rounded(row.share(age, of))
            rows.append((row.name, age, active, row.of_accounts[age], *money, share))
    return rows


def _print(found: "Cohorts", of: Of) -> None:
    table = found.table
    if not table.rows:
        say("No account has had a contract yet, so there are no cohorts.")
        return
    if of == "revenue" and table.currency is None:
        warn(SEVERAL)
    ages = range(min(table.ages, MOST[table.span]))
    columns = [Column("Cohort"), Column("Accounts", "right"), Column("ARR", "right")]
    columns += [Column(f"{table.span[0]}{age}", "right") for age in ages]
    shaded = can_show(SHADES)
    print_table(
        columns,
        [
            (
                row.name,
                f"{row.accounts:,}",
                short(row.began, table.currency) if table.currency and row.began else "--",
                *(_cell(row.share(age, of), shaded=shaded) for age in ages),
            )
            for row in table.rows
        ],
    )
    say(f"Percent of the {of} of each cohort; {table.span[0]}1 is one {table.span} later.")
    curve = found.curve
    middle = "not half of them yet" if curve.median is None else f"half within {curve.median} days"
    say(f"Of {curve.n} accounts {curve.events} have left: {middle}.")


def _cell(share: float | None, *, shaded: bool) -> str:
    if share is None:
        return ""
    mark = SHADES[min(4, max(0, int(share * 5)))] if shaded else ""
    return f"{mark}{100 * share:.0f}"


def _write_svg(found: "Cohorts", of: Of, path: Path) -> None:
    from cs_workbench.exporters.svg import heat_map

    table = found.table
    rows = [
        (row.name, f"{row.accounts:,}", [row.share(age, of) for age in range(table.ages)])
        for row in table.rows
    ]
    heads = [f"{table.span[0]}{age}" for age in range(table.ages)]
    title = f"Retention of {of} by {table.by}, every {table.span}"
    save_new(heat_map(rows, heads, title=title, alone=True), path)
