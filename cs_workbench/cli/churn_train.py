"""`csw churn train`, `models` and `switch`: make a model, see its record, put it into use."""

from typing import TYPE_CHECKING

import click

from cs_workbench.cli.churn_options import day_of, question_options
from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.cli.progress import progress_line
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.workflows.scorecards import scorecard_at

if TYPE_CHECKING:
    from cs_workbench.workflows.churn_models import ModelLine

SHOWN = 12  # letters of a hash


@click.command()
@question_options
@click.option("--seed", type=click.IntRange(0), default=0, help="Of everything left to chance (0).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def train_command(
    session: Session,
    /,
    *,
    horizon: int,
    lead: int,
    as_of_text: str | None,
    seed: int,
    as_json: bool,
) -> None:
    """Train on everything known, with the backtest that judges it; both are kept.

    Nothing is switched on by itself: `csw churn switch on` does, if the record allows it.
    """
    from cs_workbench.workflows.churn_models import train_model

    with session.open() as db, progress_line("Origins") as progress:
        found = train_model(
            db,
            as_of=day_of(session, db, as_of_text),
            card=scorecard_at(session.config.scorecard),
            question=(horizon, lead, seed),
            actor=session.config.me,
            progress=progress,
        )
    if as_json:
        print_json(
            {
                "schema": "csw.churn-train/1",
                "model": found.digest,
                "method": found.method,
                "may_be_on": found.may_be_on,
                "verdict": found.verdict,
            }
        )
        return
    say(f"Model {found.digest[:SHOWN]} ({found.method}).")
    say(found.verdict)
    if found.may_be_on:
        say(f"Put it into use: csw churn switch on {found.digest[:SHOWN]}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def models_command(session: Session, /, *, as_json: bool) -> None:
    """List the models with their verdict, and how each kept its word.

    What a model said is held against what came when the window has closed; accounts with a running
    play are counted apart, because a play may have kept them.
    """
    from cs_workbench.workflows.churn_models import drifts, read_models

    with session.open() as db:
        models = read_models(db)
    alarms = drifts([line for one in models for line in one.kept])
    if as_json:
        drift = [{"model": one.digest, "what": one.what} for one in alarms]
        lines = [_model_document(one) for one in models]
        print_json({"schema": "csw.churn-models/1", "models": lines, "drift": drift})
        return
    if not models:
        say("No model yet: csw churn train.")
        return
    _print_models(models)
    for alarm in alarms:
        say(f"! {alarm.what}")


def _model_document(one: "ModelLine") -> dict[str, object]:
    return {
        "model": one.stored.digest,
        "on": one.stored.is_on,
        "may_be_on": one.stored.may_be_on,
        "method": one.document["method"],
        "horizon": one.document["horizon"],
        "lead": one.document["lead"],
        "as_of": one.stored.as_of,
        "trained_at": one.stored.trained_at,
        "actor": one.stored.actor,
        "verdict": one.verdict,
        "ledger": [
            {
                "as_of": line.as_of,
                "window_to": line.window_to,
                "treated": line.is_treated,
                "n": line.n,
                "said": round(line.said, 3),
                "came": line.came,
                "open": line.open,
            }
            for line in one.kept
        ],
    }


def _print_models(models: "list[ModelLine]") -> None:
    columns = [Column("model"), Column(""), Column("method"), Column("as of"), Column("verdict")]
    rows = [
        (
            one.stored.digest[:SHOWN],
            "on" if one.stored.is_on else "",
            one.document["method"],
            one.stored.as_of,
            one.verdict,
        )
        for one in models
    ]
    print_table(columns, rows)
    for line in (line for one in models for line in one.kept if line.n):
        whom = "with a running play" if line.is_treated else "without a play"
        say(
            f"{line.as_of.isoformat()}, {line.n:,} accounts {whom}: we said {line.said:.1f} would "
            f"leave by {line.window_to.isoformat()}, {line.came} did."
        )


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@click.argument("model", required=False)
@click.option("--reason", metavar="TEXT", help="Why; kept with the switch.")
@pass_session
def switch_command(
    session: Session, /, *, state: str, model: str | None, reason: str | None
) -> None:
    """Put MODEL into use (the newest if none is named), or take the present one out of use.

    Only a model whose backtest beats health and renewal calendar can be switched on. It speaks at
    once, so that lists and pages show it, and from then on once a week.
    """
    from cs_workbench.store.churn_models import switch_model
    from cs_workbench.workflows.churn_models import use_model

    with session.open() as db:
        today, actor = session.reading_day(db), session.config.me
        if state == "off":
            switch_model(db, None, today=today, actor=actor, reason=reason)
            say("No churn model is in use.")
            return
        card = scorecard_at(session.config.scorecard)
        used = use_model(db, model, card=card, today=today, actor=actor, reason=reason)
    told = f"{used.published:,} probabilities published" if used.published else "it spoke this week"
    say(f"Model {used.digest[:SHOWN]} is in use: {told}; `csw refresh` lets it speak once a week.")
