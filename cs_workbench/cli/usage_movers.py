"""`csw usage movers`: whose usage changed most, up or down."""

import click

from cs_workbench.cli.output import (
    Column,
    print_json_list,
    print_table,
    shortened,
    signs_shown,
    warn,
)
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.usage_findings import amount, signed
from cs_workbench.core.usage_views import MOVERS, Mover, mover_document
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.usage_views import find_movers

NAME_CELLS = 28
SHOWN = 20


@click.command()
@click.option("--csm", metavar="NAME", help="Only the accounts of this CSM.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=SHOWN,
    show_default=True,
    help="So many; --json gives all unless it is named.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
@pass_session
def movers_command(
    session: Session, context: click.Context, *, csm: str | None, limit: int, as_json: bool
) -> None:
    """List who changed most: the last four weeks against the twelve before, calendar taken out."""
    with session.open() as db:
        today = session.reading_day(db)
        found = find_movers(db, scorecard_at(session.config.scorecard), today=today, csm=csm)
    named = context.get_parameter_source("limit") is not click.core.ParameterSource.DEFAULT
    if as_json:
        head = {
            "schema": MOVERS,
            "metric": found.metric,
            "last_day": found.last_day,
            "accounts": found.accounts,
        }
        rows = found.rows[:limit] if named else found.rows
        print_json_list(head, "movers", (mover_document(one, found.label) for one in rows))
        return
    signs = signs_shown()
    right = ("Was", "Now", "Change", "Own")
    columns = [
        Column("Account", is_data=True),
        *(Column(one, align="right") for one in right),
        Column("12 weeks"),
        Column("Since"),
        Column("What is so"),
    ]
    print_table(columns, [_row(one, signs.spark(one.spark)) for one in found.rows[:limit]])
    if found.metric is None:
        warn("There is no usage yet.")
        return
    told = sum(one.finding is not None for one in found.rows)
    warn(
        f"{found.label} to {found.last_day}: {len(found.rows):,} of {found.accounts:,} accounts "
        f"can be compared, {told:,} moved beyond chance. Own: without what the peers did."
    )


def _row(mover: Mover, spark: str) -> tuple[object, ...]:
    finding = mover.finding
    what = "" if finding is None else f"{finding.kind}, {finding.confidence}"
    return (
        shortened(mover.name, NAME_CELLS),
        amount(mover.before),
        amount(mover.now),
        signed(mover.change),
        signed(mover.own_change),
        spark,
        None if finding is None else finding.onset,
        what,
    )
