"""`csw churn predict` and `csw churn explain`: who may leave, and why."""

from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.churn_options import day_of, question_options
from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import Column, print_json, print_table, say, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.churn_said import percent
from cs_workbench.workflows.scorecards import scorecard_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cs_workbench.churn.evidence import Evidence
    from cs_workbench.workflows.churn_predicting import Prediction, Predictions

NAME_CELLS, LABEL_CELLS = 24, 30
DIGITS = 9


@click.command()
@question_options
@click.option("--model", "named", metavar="HASH", help="By this model.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many.")
@click.option("--neglected", is_flag=True, help="Much at risk, long silence, no play running.")
@click.option("--disagreeing", is_flag=True, help="Where the CSM's forecast says otherwise.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def predict_command(
    session: Session,
    /,
    *,
    horizon: int,
    lead: int,
    as_of_text: str | None,
    named: str | None,
    limit: int | None,
    **flags: bool,
) -> None:
    """List who may leave, those with most ARR at risk first, with interval and expected loss.

    By the model in use, else the newest for the question, else one made and tested on the spot.
    Where too few ever left there is no probability: a band is shown, and what it rests on.
    """
    from cs_workbench.churn.selection import Task
    from cs_workbench.workflows.churn_predicting import neglected, predict

    with session.open() as db:
        as_of = day_of(session, db, as_of_text)
        card, task = scorecard_at(session.config.scorecard), Task(horizon, lead)
        found = predict(db, as_of=as_of, card=card, task=task, named=named)
        chosen = list(found.accounts)
        if flags["neglected"]:
            chosen = neglected(db, chosen, today=as_of)
    if flags["disagreeing"]:
        chosen = [one for one in chosen if one.disagrees]
    _say_what_model(found)
    if flags["as_json"]:
        print_json(predictions_document(found, chosen[:limit]))
        return
    _print(found, chosen[:limit])


def _say_what_model(found: "Predictions") -> None:
    if not found.is_stored:
        warn("No model is stored for this question: made on the spot, and not kept.")
    elif not found.is_on:
        warn("This model is not in use.")
    if not found.is_on and not found.is_band:
        warn(f"Its record: {found.verdict}")


def predictions_document(found: "Predictions", chosen: "list[Prediction]") -> dict[str, Any]:
    """What `csw churn predict --json` prints."""
    model = found.model
    return {
        "schema": "csw.churn-predict/1",
        "as_of": found.as_of,
        "horizon": model.horizon,
        "lead": model.lead,
        "model": model.digest,
        "method": model.method,
        "on": found.is_on,
        "stored": found.is_stored,
        "data_cut": model.data_cut,
        "events": model.card.get("churned_accounts"),
        "verdict": found.verdict,
        "basis": _basis(found),
        "accounts": [account_document(found, one) for one in chosen],
    }


def account_document(found: "Predictions", one: "Prediction") -> dict[str, Any]:
    """One account; of a band probability and expected loss are null."""
    told = one.told
    return {
        "account_id": one.brief.account_id,
        "name": one.brief.name,
        "csm": one.brief.csm,
        "segment": one.brief.segment,
        "probability": None if found.is_band else round(told.probability, DIGITS),
        "low": round(told.low, DIGITS),
        "high": round(told.high, DIGITS),
        "arr": one.arr,
        "currency": one.brief.currency,
        "expected_loss": None if one.expected_loss is None else round(one.expected_loss, 2),
        "typical": round(told.typical, DIGITS),
        "base": told.base,
        "contributions": [
            {
                "driver": driver.name,
                "label": driver.label,
                "value": driver.value,
                "log_odds": driver.log_odds,
                "points": round(driver.points, DIGITS),
            }
            for driver in told.drivers
        ],
        "forecast": one.brief.forecast,
        "disagrees": one.disagrees,
        "treated": one.is_treated,
        "features_hash": one.features_hash,
    }


def _basis(found: "Predictions") -> str:
    from cs_workbench.churn.telling import band_told

    if not found.is_band or not found.accounts:
        return ""
    low, high = (
        sum(bounds) / len(found.accounts)
        for bounds in zip(*((one.told.low, one.told.high) for one in found.accounts), strict=True)
    )
    events = found.model.card.get("churned_accounts")
    return band_told(low, high, int(events or 0))


def _print(found: "Predictions", chosen: "list[Prediction]") -> None:
    model = found.model
    ahead = f"within {model.horizon} days" + (f", from {model.lead} on" if model.lead else "")
    say(f"Who may leave {ahead}, as of {found.as_of.isoformat()}:\n")
    if found.is_band:
        say(f"Too few to tell: {_basis(found)}. No probability is given.\n")
    columns = [
        Column("account", is_data=True),
        Column("probability", "right"),
        Column("80 % interval", "right"),
        Column("ARR", "right"),
        Column("expected loss", "right"),
        Column("forecast"),
        Column("what moves it most"),
    ]
    rows = [
        (
            shortened(one.brief.name, NAME_CELLS),
            "--" if found.is_band else percent(one.told.probability),
            f"{percent(one.told.low)} - {percent(one.told.high)}",
            "--" if one.arr is None else f"{one.arr:,.0f} {one.brief.currency}",
            "--" if one.expected_loss is None else f"{one.expected_loss:,.0f}",
            f"{one.brief.forecast or ''}{' (!)' if one.disagrees else ''}",
            "; ".join(driver.told() for driver in one.told.drivers[:2]),
        )
        for one in chosen
    ]
    if not rows:
        has_none = found.is_band and found.accounts
        say("Nobody: without a probability there is no expected loss." if has_none else "Nobody.")
        return
    print_table(columns, rows)
    if any(one.disagrees for one in chosen):
        say("\n(!) the CSM's forecast says otherwise: talk about it.")
    if not found.is_band:
        for name, whom in (("with", True), ("without", False)):
            mine = [one for one in chosen if one.is_treated is whom]
            if mine:
                total = sum(one.told.probability for one in mine)
                say(f"{len(mine):,} accounts {name} a running play: {total:.1f} expected to leave.")


@click.command()
@click.argument("account", shell_complete=complete_account)
@question_options
@click.option("--model", "named", metavar="HASH", help="By this model.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def explain_command(
    session: Session,
    /,
    account: str,
    *,
    horizon: int,
    lead: int,
    as_of_text: str | None,
    named: str | None,
    as_json: bool,
) -> None:
    """Say why ACCOUNT has its probability: parts that add up exactly, and the rows behind them."""
    from cs_workbench.churn.selection import Task
    from cs_workbench.errors import NotFoundError
    from cs_workbench.store.account_names import find_account
    from cs_workbench.workflows.churn_predicting import predict, read_today, with_evidence

    card = scorecard_at(session.config.scorecard)
    with session.open() as db:
        key = find_account(db, account)
        as_of = day_of(session, db, as_of_text)
        found = predict(db, as_of=as_of, card=card, task=Task(horizon, lead), named=named)
        mine = next((one for one in found.accounts if one.brief.account_key == key), None)
        if mine is None:
            raise NotFoundError(f"{account} is no customer on {found.as_of.isoformat()}.")
        source, day = read_today(db, as_of=as_of, card=card)
        evidence = with_evidence(db, source, mine, day)
    _say_what_model(found)
    if as_json:
        document = account_document(found, mine)
        rows = [one._asdict() for one in evidence]
        head = predictions_document(found, [])
        del head["accounts"]
        print_json({**head, "schema": "csw.churn-explain/1", **document, "evidence": rows})
        return
    _print_one(found, mine)
    _print_evidence(evidence)


def _print_one(found: "Predictions", mine: "Prediction") -> None:
    from cs_workbench.churn.telling import sentence

    say(mine.brief.name)
    if found.is_band:
        say(
            f"Too few to tell: {_basis(found)}. For this account "
            f"{percent(mine.told.low)} to {percent(mine.told.high)}."
        )
    else:
        say(sentence(mine.told, found.model.horizon, found.model.lead))
    if mine.disagrees:
        say(f"The CSM's forecast says {mine.brief.forecast}: two judgements, not averaged.")
    say("")
    columns = [Column("driver"), Column("is"), Column("log-odds", "right")]
    if not found.is_band:
        columns.append(Column("points", "right"))
    rows: list[tuple[object, ...]] = [
        ("a typical account", "", f"{mine.told.base:+.3f}", percent(mine.told.typical))
    ]
    rows += [
        (one.label, one.value_text, f"{one.log_odds:+.3f}", f"{100 * one.points:+z.1f}")
        for one in mine.told.drivers
    ]
    total = mine.told.base + sum(one.log_odds for one in mine.told.drivers)
    rows.append(("this account", "", f"{total:+.3f}", percent(mine.told.probability)))
    print_table(columns, [row[: len(columns)] for row in rows])


def _print_evidence(evidence: "Sequence[Evidence]") -> None:
    from cs_workbench.churn.catalogue import BY_NAME

    say("\nIt rests on:")
    for one in evidence:
        label = BY_NAME[one.feature].label
        rows = "row " if one.rows == 1 else "rows"
        days = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
        say(f"  {label:{LABEL_CELLS}} {one.rows:5,} {rows} of {one.kind}, {days}")
