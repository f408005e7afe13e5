"""`csw churn readiness`: what the history can teach about leaving, and what it cannot."""

import click

from cs_workbench.cli.churn_options import day_of, question_options
from cs_workbench.cli.output import print_json, say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.workflows.scorecards import scorecard_at

SIGNS = {"good": "+", "note": "-", "problem": "!"}
LABEL_CELLS = 30
STEPS = {
    "none": "nothing can be learned",
    "band": "a band around the base rate, no probability",
    "ridge": "health and renewal window, with up to 12 features on a short leash",
    "choice": "all features, straight lines or small trees, as the backtest decides",
    "boosting": "small trees, each of one feature and the renewal clock",
}


@click.command()
@question_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def readiness_command(
    session: Session, /, *, horizon: int, lead: int, as_of_text: str | None, as_json: bool
) -> None:
    """Say what can and cannot be learned from the history, and which step of the ladder applies."""
    from cs_workbench.churn.columns import ALL
    from cs_workbench.churn.documents import readiness_document
    from cs_workbench.churn.selection import Task
    from cs_workbench.workflows.churn import assess_readiness, read_past

    card = scorecard_at(session.config.scorecard)
    with session.open() as db:
        past = read_past(db, as_of=day_of(session, db, as_of_text), card=card)
        found = assess_readiness(past, Task(horizon, lead))
    if as_json:
        print_json({"schema": "csw.churn-readiness/1", **readiness_document(found)})
        return
    say(f"Step of the ladder: {STEPS[found.step]}.")
    say(f"Data until {found.data_end.isoformat()}, {found.accounts:,} accounts.\n")
    for one in found.findings:
        say(f"{SIGNS[one.level]} {one.what}")
    known = [(ALL[name].label, share) for name, share in found.coverage.items() if share > 0]
    if known:
        say("\nKnown in so many of the snapshots:")
        for label, share in known:
            say(f"  {label:{LABEL_CELLS}} {100 * share:3.0f} %")
