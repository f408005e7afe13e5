"""`csw scorecard fit`: weights that history would have chosen, as a proposal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.churn_options import day_of
from cs_workbench.cli.output import Column, print_json, print_table, say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.record_figures import short_fraction
from cs_workbench.workflows.scorecards import scorecard_at

if TYPE_CHECKING:
    from cs_workbench.workflows.health_backtest import Proposal


@click.command()
@click.option("--as-of", "as_of_text", metavar="DATE", help="Look at nothing after it.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the proposal as a scorecard file of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def fit_command(
    session: Session, /, *, as_of_text: str | None, out: Path | None, as_json: bool
) -> None:
    """Propose weights: never negative, drawn towards the present ones, with the expected gain.

    Nothing changes. With --out the proposal is written as a file, for `csw scorecard diff`,
    `simulate`, and your own decision.
    """
    from cs_workbench.workflows.health_backtest import propose_weights
    from cs_workbench.workflows.scorecard_proposals import write_proposal

    card = scorecard_at(session.config.scorecard)
    with session.open() as db:
        found = propose_weights(db, as_of=day_of(session, db, as_of_text), card=card)
    if out is not None:
        write_proposal(card.text, found.proposed, out)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)
    if out is not None:
        warn(f"Written: {out}. It is not in use; compare it with `csw scorecard diff`.")


def _document(found: "Proposal") -> dict[str, object]:
    fitted = found.fitted
    return {
        "schema": "csw.scorecard-fit/1",
        "as_of": found.as_of,
        "weights": [
            {"measure": name, "now": now, "proposed": found.proposed[name]}
            for name, now in found.now.items()
        ],
        "gain": fitted.gain.value,
        "low": fitted.gain.low,
        "high": fitted.gain.high,
        "auc_now": fitted.auc_now,
        "auc_proposed": fitted.auc_then,
        "events_fitted": fitted.events[0],
        "events_tested": fitted.events[1],
    }


def _print(found: "Proposal") -> None:
    fitted = found.fitted
    rows = [
        (name, now, found.proposed[name], f"{found.proposed[name] - now:+d}")
        for name, now in found.now.items()
        if found.proposed[name] != now
    ]
    if not rows:
        say("The present weights stay: history asks for no others.")
    else:
        heads = [
            Column("measure", is_data=True),
            *(Column(n, "right") for n in ("now", "proposed", "")),
        ]
        print_table(heads, rows)
    gain = fitted.gain
    low, high = (100 * (one or 0) for one in (gain.low, gain.high))
    say(
        f"\nTried on later days than it had seen ({fitted.events[0]} left before, "
        f"{fitted.events[1]} after): log loss saved {100 * (gain.value or 0):.1f} % (90 % interval "
        f"{low:.1f} to {high:.1f}), "
        f"AUC {short_fraction(fitted.auc_now)} -> {short_fraction(fitted.auc_then)}."
    )
    if low <= 0:
        say("That is not clearly better than the present weights. Nothing has changed.")
    else:
        say("Nothing has changed; --out writes the proposal as a file.")
