"""`csw metrics close` and `closed`: periods whose numbers never change again."""

import click

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.metrics.periods import parse_period
from cs_workbench.store.closed_periods import closed_periods
from cs_workbench.workflows.closing import close
from cs_workbench.workflows.metric_policies import policy_at, policy_text


@click.command()
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def close_command(session: Session, period: str, *, as_json: bool) -> None:
    """Keep the numbers of PERIOD (2026-Q3) for good; later corrections count in the next.

    This cannot be undone: a closed period is never restated.
    """
    policy = policy_at(session.config.metrics)
    asked = parse_period(period, policy.fiscal_year_starts)
    with session.open() as db:
        closed = close(
            db,
            asked,
            policy,
            actor=session.config.me,
            today=session.reading_day(db),
            policy_source=policy_text(session.config.metrics),
        )
    if as_json:
        print_json(
            {
                "schema": "csw.metrics-close/1",
                "period": closed.name,
                "from": closed.first_day,
                "to": closed.last_day,
                "closed_on": closed.closed_on,
                "policy": closed.policy_hash,
            }
        )
        return
    say(f"{closed.name} is closed: {closed.first_day} to {closed.last_day}, {policy.label}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def closed_command(session: Session, *, as_json: bool) -> None:
    """List the periods that are closed."""
    with session.open() as db:
        found = closed_periods(db.connection)
    if as_json:
        rows = [
            {
                "period": one.name,
                "from": one.first_day,
                "to": one.last_day,
                "closed_on": one.closed_on,
                "by": one.actor,
                "policy": one.policy_hash,
            }
            for one in found
        ]
        print_json({"schema": "csw.metrics-closed/1", "periods": rows})
        return
    if not found:
        say("No period is closed. `csw metrics close 2026-Q3` closes one.")
        return
    print_table(
        [Column(name) for name in ("Period", "From", "To", "Closed", "By", "Policy")],
        [
            (one.name, one.first_day, one.last_day, one.closed_on, one.actor, one.policy_hash)
            for one in found
        ],
    )
