"""`csw kpi`: key figures with their targets, what was missed, and what was changed since."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.periods import Asked, period_options
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.metrics.documents import metric_document
from cs_workbench.core.metrics.words import label_of, shown_interval, shown_target, shown_value
from cs_workbench.workflows.kpis import KpiSheet, kpi_sheet, respond, targets_at
from cs_workbench.workflows.metric_documents import closed_document
from cs_workbench.workflows.metric_policies import policy_at

if TYPE_CHECKING:
    from cs_workbench.core.metrics.key_figures import Kpi
    from cs_workbench.store.database import Database

SAID = {
    "met": "met",
    "missed": "missed",
    "unsure": "missed, too few to tell",
    "unknown": "unknown",
    None: "",
}


@click.group(invoke_without_command=True)
@period_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def kpi(context: click.Context, asked: Asked, *, as_json: bool) -> None:
    """Key figures with value, target, trend, n, interval and owner.

    Without a period: the twelve months to the end of the newest full one. Targets are in
    targets.toml: CSW_TARGETS, else `targets` in config.toml, else beside it, else provisional ones.
    """
    if context.invoked_subcommand is not None:
        return
    session = context.ensure_object(Session)
    with session.open() as db:
        sheet = _sheet(session, db, asked)
    if as_json:
        print_json(_document(sheet))
        return
    say(sheet.period.words)
    if sheet.closed is not None:
        say(sheet.closed.words)
    say("")
    headings = ("Value", "Target", "Before", "95 %", "n")
    columns = [Column("Figure"), *(Column(one, "right") for one in headings)]
    columns += [Column("Says"), Column("Owner", is_data=True)]
    print_table(columns, [_row(one) for one in sheet.kpis])
    say("")
    say(f"Policy {sheet.policy.label}. Targets with * are provisional.")


@kpi.command("review")
@period_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def review_command(session: Session, asked: Asked, *, as_json: bool) -> None:
    """What missed its target: whose it is, and what was changed in response."""
    with session.open() as db:
        sheet = _sheet(session, db, asked)
    if as_json:
        document = _document(sheet)
        missed = {one.metric.key for one in sheet.missed}
        document["kpis"] = [one for one in document["kpis"] if one["metric"] in missed]
        print_json(document)
        return
    if not sheet.missed:
        say("Nothing missed its target.")
        return
    for one in sheet.missed:
        owner = (one.target.owner if one.target else "") or "nobody"
        aim = "" if one.target is None else shown_target(one.target.value, one.metric)
        value = shown_value(one.metric, one.currency)
        say(
            f"{label_of(one.metric.key)}: {value}, target {aim}. {SAID[one.state]}. Owner: {owner}."
        )
        for response in one.responses:
            say(f"  {response.made_on} {response.author}, for {response.period}: {response.what}")
        if not one.responses:
            say(f"  nothing was changed yet: csw kpi respond {one.metric.key} --what TEXT")


@kpi.command("respond")
@click.argument("metric")
@click.option("--what", required=True, help="What was changed.")
@period_options
@pass_session
def respond_command(session: Session, metric: str, what: str, asked: Asked) -> None:
    """Write down what was changed in response to METRIC (grr, crr, first_response …)."""
    policy = policy_at(session.config.metrics)
    with session.open() as db:
        today = session.reading_day(db)
        period = asked.period(today, policy.fiscal_year_starts, usual="12m")
        respond(db, metric, what, period=period, author=session.config.me, today=today)
    say(f"Noted for {label_of(metric)} of {period.name}.")


def _sheet(session: Session, db: "Database", asked: Asked) -> KpiSheet:
    policy = policy_at(session.config.metrics)
    today: dt.date = session.reading_day(db)
    period = asked.period(today, policy.fiscal_year_starts, usual="12m")
    return kpi_sheet(db, period, policy, targets_at(session.config.targets), as_of=today)


def _row(one: "Kpi") -> tuple[object, ...]:
    target = one.target
    aim = "" if target is None else shown_target(target.value, one.metric)
    if target is not None and target.provisional:
        aim += "*"
    before = one.before[-1] if one.before else None
    return (
        label_of(one.metric.key),
        shown_value(one.metric, one.currency),
        aim,
        shown_target(before, one.metric, one.currency),
        shown_interval(one.metric, one.currency),
        f"{one.metric.n:,}",
        SAID[one.state],
        "" if target is None else target.owner or "nobody yet",
    )


def _document(sheet: KpiSheet) -> dict[str, Any]:
    return {
        "schema": "csw.kpi/1",
        "period": sheet.period.name,
        "from": sheet.period.first,
        "to": sheet.period.end,
        "as_of": sheet.as_of,
        "policy": sheet.policy.digest if sheet.closed is None else sheet.closed.policy_hash,
        "closed": closed_document(sheet.closed),
        "kpis": [
            {
                "metric": one.metric.key,
                **metric_document(one.metric, one.currency or "USD"),
                "before": [None if value is None else float(value) for value in one.before],
                "target": None
                if one.target is None
                else {
                    "value": float(one.target.value),
                    "owner": one.target.owner or None,
                    "valid_from": one.target.valid_from,
                    "provisional": one.target.provisional,
                },
                "state": one.state,
                "responses": [
                    {
                        "period": said.period,
                        "what": said.what,
                        "author": said.author,
                        "made_on": said.made_on,
                    }
                    for said in one.responses
                ],
            }
            for one in sheet.kpis
        ],
    }
