"""`csw clv`: what a new customer is worth, by how long such customers stay."""

from typing import TYPE_CHECKING

import click

from cs_workbench.cli.churn_options import day_of
from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.session import Session, pass_session

if TYPE_CHECKING:
    from cs_workbench.workflows.clv import LifetimeValues

HEADS = (
    "accounts",
    "left",
    "decides",
    "renews 1st",
    "5th",
    "months",
    "80 %",
    "ARPA",
    "CLV",
    "80 %",
)


@click.command()
@click.option("--margin", type=click.FloatRange(0, 1), help="Gross margin (of metrics.toml).")
@click.option("--months", type=click.IntRange(1, 600), help="Count at most so many.")
@click.option("--discount", type=click.FloatRange(0, 1), help="A year, a share.")
@click.option("--as-of", "as_of_text", metavar="DATE", help="Look at nothing after it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def clv_command(
    session: Session,
    /,
    *,
    margin: float | None,
    months: int | None,
    discount: float | None,
    as_of_text: str | None,
    as_json: bool,
) -> None:
    """Say what a new customer is worth, segment by segment, with an 80 % interval.

    By the shifted beta-geometric model: weak customers leave first, so that those who stay stay
    longer than a constant churn would say. `csw metrics` has the simple formula.
    """
    from cs_workbench.workflows.clv import lifetime_values
    from cs_workbench.workflows.metric_policies import policy_at

    policy = policy_at(session.config.metrics)
    usual = None if policy.gross_margin is None else float(policy.gross_margin)
    rate = 0.0 if policy.discount_rate is None else float(policy.discount_rate)
    with session.open() as db:
        found = lifetime_values(
            db,
            as_of=day_of(session, db, as_of_text),
            margin=usual if margin is None else margin,
            cap_months=months or policy.clv_months,
            discount=rate if discount is None else discount,
        )
    if as_json:
        _print_json(found)
    else:
        _print(found)


def _print_json(found: "LifetimeValues") -> None:
    from cs_workbench.workflows.clv import columns

    print_json(
        {
            "schema": "csw.clv/1",
            "as_of": found.as_of,
            "margin": found.margin,
            "cap_months": found.cap_months,
            "discount": found.discount,
            "segments": columns(found.segments),
        }
    )


def _print(found: "LifetimeValues") -> None:
    rows = [
        (
            one.name,
            f"{one.accounts:,}",
            f"{one.left:,}",
            "yearly" if one.period > 1 else "monthly",
            _percent(one.first),
            _percent(one.fifth),
            "too few left" if one.months is None else f"{one.months[0]:.1f}",
            "--" if one.months is None else f"{one.months[1]:.1f} - {one.months[2]:.1f}",
            "--" if one.arpa is None else f"{one.arpa:,.0f}",
            "--" if one.clv is None else f"{one.clv[0]:,.0f}",
            "--" if one.clv is None else f"{one.clv[1]:,.0f} - {one.clv[2]:,.0f}",
        )
        for one in found.segments
    ]
    print_table([Column("segment", is_data=True), *(Column(n, "right") for n in HEADS)], rows)
    if found.margin is None:
        say("\nNo gross margin is set, so no money is counted: --margin, or metrics.toml.")
    else:
        say(f"\nGross margin {_percent(found.margin)}, discount {_percent(found.discount)} a year.")
    say(f"Capped at {found.cap_months} months; a new customer, paying in advance. ARPA is a month.")


def _percent(share: float | None) -> str:
    return "--" if share is None else f"{100 * share:.0f} %"
