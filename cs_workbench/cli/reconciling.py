"""`csw metrics reconcile`: finance's figures against ours, with the policy that explains them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.periods import Asked, period_options
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.metrics.reconciling import SIDES
from cs_workbench.core.metrics.words import amount
from cs_workbench.core.money import to_major
from cs_workbench.errors import FindingsError
from cs_workbench.workflows.metric_policies import policy_at
from cs_workbench.workflows.reconciling import reconcile_with

if TYPE_CHECKING:
    from cs_workbench.workflows.reconciling import Reconciled


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@period_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(session: Session, file: Path, asked: Asked, *, as_json: bool) -> None:
    """Hold finance's FILE (account_id, opening, closing) against the portfolio.

    Each difference comes with the policy that would explain it; what ours and all differences add
    up to is theirs, to the cent. Ends with 1 where anything differs.
    """
    policy = policy_at(session.config.metrics)
    with session.open() as db:
        today = session.reading_day(db)
        period = asked.period(today, policy.fiscal_year_starts)
        result = reconcile_with(db, file, period, policy, as_of=today)
    if as_json:
        print_json(_document(result))
    else:
        _print(result)
    if result.found.differences:
        raise FindingsError(f"{len(result.found.differences)} amounts differ.")


def _document(result: "Reconciled") -> dict[str, object]:
    def major(minor: int) -> object:
        return to_major(minor, result.currency)

    found = result.found
    return {
        "schema": "csw.metrics-reconcile/1",
        "from": result.period.first,
        "to": result.period.end,
        "currency": result.currency,
        "policy": result.policy.digest,
        "matched": found.matched,
        "balances": found.balances,
        "ours": {side: major(found.ours[side]) for side in SIDES},
        "finance": {side: major(found.theirs[side]) for side in SIDES},
        "reasons": [
            {"why": why, **{side: major(amounts[side]) for side in SIDES}}
            for why, amounts in found.by_reason.items()
        ],
        "differences": [
            {
                "account_id": one.account_id,
                "name": result.names.get(one.account_id),
                "side": one.side,
                "ours": major(one.ours),
                "finance": major(one.theirs),
                "difference": major(one.amount),
                "why": one.why,
            }
            for one in found.differences
        ],
    }


def _print(result: "Reconciled") -> None:
    found, currency = result.found, result.currency
    say(f"{result.period.first} to {result.period.end}, {currency}, policy {result.policy.label}")
    say(f"In agreement: {found.matched:,}.\n")
    if found.differences:
        print_table(
            [
                Column("Account", is_data=True),
                Column("Name", is_data=True),
                Column("At"),
                *(Column(one, "right") for one in ("Ours", "Finance", "Difference")),
                Column("Why"),
            ],
            [
                (
                    one.account_id,
                    result.names.get(one.account_id),
                    one.side,
                    *(amount(minor, currency) for minor in (one.ours, one.theirs, one.amount)),
                    one.why,
                )
                for one in found.differences
            ],
        )
        say("")
    rows = [("ours", *(amount(found.ours[side], currency) for side in SIDES))]
    rows += [
        (why, *(amount(amounts[side], currency) for side in SIDES))
        for why, amounts in found.by_reason.items()
    ]
    rows.append(("= finance", *(amount(found.theirs[side], currency) for side in SIDES)))
    print_table([Column(""), Column("Opening", "right"), Column("Closing", "right")], rows)
