"""`csw usage declare METRIC` and `csw usage metrics`: what a usage metric is."""

from dataclasses import asdict

import click

from cs_workbench.cli.output import Column, print_json_list, print_table, say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.usage_metrics import METRIC_KINDS, ROLLUPS
from cs_workbench.store.declared_metrics import DeclaredMetric, declared_metrics
from cs_workbench.workflows.declaring import declare_metric

SCHEMA = "csw.usage metrics/1"


@click.command()
@click.argument("metric")
@click.option("--label", metavar="TEXT", help="What people call it.")
@click.option("--unit", metavar="TEXT", help="What is counted.")
@click.option("--rollup", type=click.Choice(ROLLUPS), help="How days make a week.")
@click.option("--kind", type=click.Choice(METRIC_KINDS), help="Use; what is left; what is used up.")
@click.option("--quota", type=float, metavar="NUMBER", help="The allowance of a quota.")
@click.option("--per-seat/--per-account", "per_seat", default=None, help="For each seat, or not.")
@click.option("--better/--worse", "better", default=None, help="Whether more of it is good news.")
@pass_session
def declare_command(
    session: Session, /, metric: str, *, better: bool | None, **given: str | float | bool | None
) -> None:
    """Declare what METRIC is, whatever file it comes from. `z` undoes it."""
    wanted = {name: value for name, value in given.items() if value is not None}
    if better is not None:
        wanted["higher_is_better"] = better
    plain = {
        name: int(value) if isinstance(value, bool) else value for name, value in wanted.items()
    }
    with session.open() as db:
        say(declare_metric(db, metric, plain, actor=session.config.me))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def metrics_command(session: Session, /, *, as_json: bool) -> None:
    """List the usage metrics with what is declared of each."""
    with session.open() as db:
        found = declared_metrics(db)
    if as_json:
        print_json_list({"schema": SCHEMA}, "metrics", (_record(one) for one in found))
        return
    headings = ("Metric", "Called", "Unit", "A week is", "Kind", "Quota", "More is")
    print_table(
        [Column(heading, is_data=heading in headings[:3]) for heading in headings],
        [_row(one) for one in found],
    )
    if not found:
        warn("There is no usage yet.")


def _record(one: DeclaredMetric) -> dict[str, object]:
    record = asdict(one)
    del record["metric_id"]
    return record


def _row(one: DeclaredMetric) -> tuple[object, ...]:
    quota = None if one.quota is None else f"{one.quota:g}{' a seat' if one.per_seat else ''}"
    direction = "better" if one.higher_is_better else "worse"
    return (one.name, one.label, one.unit, f"the {one.rollup}", one.kind, quota, direction)
