"""`csw churn backtest`: the record of a model, beside what it has to beat."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.churn_options import day_of, question_options
from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.churn_said import MODELS
from cs_workbench.core.record_figures import fraction, share, spanned
from cs_workbench.workflows.scorecards import scorecard_at

if TYPE_CHECKING:
    from cs_workbench.churn.backtest import Backtest
    from cs_workbench.churn.draws import Interval
    from cs_workbench.workflows.churn import BacktestReport


@click.command()
@question_options
@click.option(
    "--origins",
    type=click.IntRange(2, 60),
    default=8,
    help="How often it is refitted on the way (8).",
)
@click.option("--k", type=click.IntRange(1), default=20, help="How many a team can call (20).")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def backtest_command(
    session: Session,
    /,
    *,
    horizon: int,
    lead: int,
    as_of_text: str | None,
    origins: int,
    k: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Go through the history as a model would have, and judge what it would have said.

    It is refitted at each origin on what was known then, and judged on what came after. It earns
    "on" only by beating health and renewal calendar together.
    """
    from cs_workbench.churn.selection import Task
    from cs_workbench.workflows.churn import read_past, run_backtest
    from cs_workbench.workflows.churn_reports import backtest_document, backtest_html

    card = scorecard_at(session.config.scorecard)
    with session.open() as db, progress_line("Origins") as progress:
        as_of = day_of(session, db, as_of_text)
        past = read_past(db, as_of=as_of, card=card)
        report = run_backtest(
            past, Task(horizon, lead), as_of=as_of, origins=origins, k=k, progress=progress
        )
    if html is not None:
        save_new(backtest_html(report), html)
    if as_json:
        print_json(backtest_document(report))
        return
    _print(report)


def _print(report: "BacktestReport") -> None:
    say(report.verdict.sentence)
    for alarm in report.alarms:
        say(f"! {alarm.told()}")
    found = report.found
    if found is None:
        for one in report.readiness.findings:
            say(f"  {one.what}")
        return
    asked = f"Leaves within {found.horizon} days"
    if found.lead:
        asked += f", from {found.lead} days on"
    say(
        f"\n{asked}: {found.n:,} snapshots of {found.accounts:,} accounts, "
        f"{found.events:,} left; 90 % intervals by drawing accounts anew.\n"
    )
    _print_models(found)
    _print_parts(report, found)


def _print_models(found: "Backtest") -> None:
    columns = [
        Column(""),
        *(
            Column(name, "right")
            for name in (
                *("AUC", "in window", "skill", "interval", "O/E", "interval", "slope"),
                "ARR@10%",
            )
        ),
    ]
    rows = [
        (
            MODELS[name],
            fraction(one.auc.value),
            fraction(one.auc_in_window.value),
            share(one.skill.value),
            f"{share(one.skill.low)} to {share(one.skill.high)}",
            fraction(one.o_e.value),
            f"{fraction(one.o_e.low)} to {fraction(one.o_e.high)}",
            fraction(one.slope.value),
            share(one.captured_share.value),
        )
        for name, one in found.records.items()
    ]
    print_table(columns, rows)
    model = found.records["model"]
    say(
        f"\nCalibration error {100 * model.ece:.1f} %; a perfect model would show "
        f"{100 * model.ece_floor:.1f} % on so few."
    )
    say(
        f"While notice can still be given: AUC {fraction(model.auc_pre_notice.value)}. The first "
        f"{found.k} of each month by ARR x probability held "
        f"{share(model.captured_k.arr_share)} of the ARR that left; "
        f"{share(model.captured_k.precision)} of them left."
    )


def _print_parts(report: "BacktestReport", found: "Backtest") -> None:
    say("\nWhat was said, and what came:")
    heads = [Column(name, "right") for name in ("said", "came", "95 % interval", "n")]
    print_table(
        heads,
        [
            (
                share(one.expected),
                share(one.observed),
                f"{share(one.low)} to {share(one.high)}",
                f"{one.n:,}",
            )
            for one in found.records["model"].bins
        ],
    )
    say("\nBy days of warning:")
    heads = [Column(name, "right") for name in ("days", "left", "AUC", "skill")]
    print_table(
        heads,
        [(one.name, one.events, _range(one.auc), share(one.skill.value)) for one in report.leads],
    )
    _print_groups(found)


def _print_groups(found: "Backtest") -> None:
    if found.renewals:
        say("\nEach renewal, so many days before its end:")
        heads = [Column(name, "right") for name in ("days", "n", "left", "AUC")]
        rows = [(one.name, f"{one.n:,}", one.events, _range(one.auc)) for one in found.renewals]
        print_table(heads, rows)
    say("\nBy origin:")
    heads = [Column("from"), Column("step"), *(Column(n, "right") for n in ("left", "AUC", "O/E"))]
    print_table(
        heads,
        [
            (_day(origin.day), origin.method, part.events, _range(part.auc), _range(part.o_e))
            for origin, part in zip(found.origins, found.per_origin, strict=True)
        ],
    )
    if found.per_segment:
        say("\nBy segment:")
        heads = [
            Column("segment", is_data=True),
            *(Column(n, "right") for n in ("n", "left", "AUC", "O/E")),
        ]
        print_table(
            heads,
            [
                (one.name, f"{one.n:,}", one.events, _range(one.auc), _range(one.o_e))
                for one in found.per_segment
            ],
        )


def _range(one: "Interval") -> str:
    """`.86 (.85-.87)`, 90 %."""
    return spanned(one.value, one.low, one.high)


def _day(ordinal: int) -> str:
    import datetime as dt

    return dt.date.fromordinal(ordinal).isoformat()
