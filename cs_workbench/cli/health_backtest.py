"""`csw health backtest`: do red accounts leave?"""

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.churn_options import day_of, question_options
from cs_workbench.cli.output import Column, print_json, print_table, say, shortened
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.workflows.scorecards import scorecard_at

if TYPE_CHECKING:
    from cs_workbench.workflows.health_backtest import HealthBacktest

NAME_CELLS, MOST_NAMED = 30, 20


@click.command()
@question_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def backtest_command(
    session: Session, /, *, horizon: int, lead: int, as_of_text: str | None, as_json: bool
) -> None:
    """Hold the present scorecard against who left: do red accounts leave, and who was green?

    Every month's scores are computed anew from what was known then.
    """
    from cs_workbench.workflows.health_backtest import backtest_health

    with session.open() as db:
        found = backtest_health(
            db,
            as_of=day_of(session, db, as_of_text),
            card=scorecard_at(session.config.scorecard),
            question=(horizon, lead),
        )
    if as_json:
        print_json(health_document(found))
    else:
        _print(found)


def health_document(found: "HealthBacktest") -> dict[str, Any]:
    """What `csw health backtest --json` prints."""
    check = found.check
    return {
        "schema": "csw.health-backtest/1",
        "as_of": found.as_of,
        "horizon": check.horizon,
        "scorecard": found.scorecard,
        "n": check.n,
        "events": check.events,
        "auc": check.auc.value,
        "low": check.auc.low,
        "high": check.auc.high,
        "auc_in_window": check.auc_in_window,
        "verdict": found.verdict,
        "bands": [
            {
                "band": one.band,
                "accounts": one.accounts,
                "left": one.left,
                "low": round(one.low, 4),
                "high": round(one.high, 4),
                "too_few": one.is_wide,
            }
            for one in check.bands
        ],
        "before": [{"days": days, **counts} for days, counts in check.before.items()],
        "days_of_warning": list(check.warned),
        "green_and_left": [
            {
                "account_id": found.names[one.account][0],
                "name": found.names[one.account][1],
                "left_on": dt.date.fromordinal(one.left),
                "last_green_on": dt.date.fromordinal(one.last_green),
                "days": one.days,
            }
            for one in check.missed
        ],
    }


def _print(found: "HealthBacktest") -> None:
    check = found.check
    say(found.verdict)
    if not check.n:
        return
    say(f"\nScorecard {found.scorecard}; {check.n:,} monthly scores, {check.events:,} left.\n")
    for one in check.bands:
        if one.accounts:
            say(f"  {one.told()}")
    say("\nBand so many days before leaving:")
    columns = [Column("days"), *(Column(n, "right") for n in ("red", "yellow", "green", "unknown"))]
    print_table(
        columns,
        [
            (days, counts["red"], counts["yellow"], counts["green"], counts["unknown"])
            for days, counts in check.before.items()
        ],
    )
    if check.warned:
        middle = sorted(check.warned)[len(check.warned) // 2]
        say(f"\n{len(check.warned)} were red when they left, in the middle for {middle} days.")
    _print_missed(found)


def _print_missed(found: "HealthBacktest") -> None:
    check = found.check
    if check.missed:
        say(f"\nGreen within {check.horizon} days, and left ({len(check.missed)}):")
        print_table(
            [
                Column("account", is_data=True),
                Column("left"),
                Column("last green"),
                Column("days", "right"),
            ],
            [
                (
                    shortened(found.names[one.account][1], NAME_CELLS),
                    dt.date.fromordinal(one.left),
                    dt.date.fromordinal(one.last_green),
                    one.days,
                )
                for one in check.missed[:MOST_NAMED]
            ],
        )
        if len(check.missed) > MOST_NAMED:
            say(f"and {len(check.missed) - MOST_NAMED} more (--json has all).")
