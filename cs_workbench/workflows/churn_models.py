"""Train a churn model, put it into use, publish what it says, and hold it to its word."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.churn_ledger import (
    MILLION,
    Kept,
    Published,
    answer,
    kept_word,
    newest_day,
    open_days,
    publish,
)
from cs_workbench.store.churn_models import (
    StoredModel,
    find_model,
    list_models,
    save_model,
    switch_model,
)
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.database import Database, snapshot, write

if TYPE_CHECKING:
    from cs_workbench.churn.telling import Driver

PUBLISH_EVERY = 7  # days; a published probability stands so long
DRAWN = 1.96  # standard deviations between what was said and what came, from which it is an alarm
FEWEST_SAID = 3.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trained:
    """What training gave: the model's hash, and the record that judges it."""

    digest: str
    method: str
    may_be_on: bool
    verdict: str


def train_model(
    db: Database,
    *,
    as_of: dt.date,
    card: Scorecard,
    question: tuple[int, int, int],
    actor: str,
    progress: Progress | None = None,
) -> Trained:
    """Backtest and train on everything known by a day, and keep both.

    Args:
        db: the portfolio.
        as_of: nothing after it is looked at.
        card: of the health score.
        question: horizon, lead and seed.
        actor: who asks for it.
        progress: told about the origins of the backtest.
    """
    from cs_workbench.churn.selection import Task
    from cs_workbench.workflows.churn import read_past, run_backtest
    from cs_workbench.workflows.churn_predicting import train_now
    from cs_workbench.workflows.churn_reports import backtest_document, plain_json

    task = Task(*question)
    past = read_past(db, as_of=as_of, card=card)
    report = run_backtest(past, task, as_of=as_of, progress=progress)
    model = train_now(past, task)
    save_model(
        db,
        text=model.text(),
        digest=model.digest,
        record=plain_json(backtest_document(report)),
        may_be_on=report.verdict.is_on,
        as_of=as_of,
        actor=actor,
    )
    return Trained(model.digest, model.method, report.verdict.is_on, report.verdict.sentence)


class Spoken(NamedTuple):
    """What a refresh did with the ledger.

    Attributes:
        published: probabilities; None where no model is in use.
        drift: alarms over the windows that it found closed.
    """

    published: int | None = None
    drift: "tuple[Drift, ...]" = ()


class Used(NamedTuple):
    """The model that was put into use, and how many probabilities it published at once."""

    digest: str
    published: int


def use_model(
    db: Database,
    named: str | None,
    *,
    card: Scorecard,
    today: dt.date,
    actor: str,
    reason: str | None = None,
) -> Used:
    """Put a model into use from today on, and let it speak, so that every screen shows it.

    Args:
        db: the portfolio.
        named: how its hash begins; without, the newest that has earned its place.
        card: of the health score.
        today: the day that commands count from, which need not be the clock's.
        actor: who does it.
        reason: kept with it.

    Raises:
        NotFoundError: no model, or several, are named so.
        ConflictError: its record does not allow it.
    """
    models = list_models(db.connection)
    able = next((one.digest for one in models if one.may_be_on), None)
    digest = find_model(db.connection, named or able).digest
    switch_model(db, digest, today=today, actor=actor, reason=reason)
    return Used(digest, publish_if_on(db, as_of=today, card=card).published or 0)


def publish_if_on(db: Database, *, as_of: dt.date, card: Scorecard) -> Spoken:
    """Let the model in use say what it thinks, once a week.

    What it said is kept for good. What was said before, and whose window has closed, gets its
    answer. Loads no numbers library where no model is on and nothing waits for an answer.
    """
    with snapshot(db) as connection:
        digest = model_on(connection)
        waits = bool(open_days(connection, as_of))
        newest = None if digest is None else newest_day(connection, digest)
    drift = _answer_closed(db, as_of=as_of, card=card) if waits else ()
    if digest is None:
        return Spoken(None, drift)
    if newest is not None and newest > as_of - dt.timedelta(days=PUBLISH_EVERY):
        return Spoken(0, drift)
    return Spoken(_publish(db, digest, as_of=as_of, card=card), drift)


def _publish(db: Database, digest: str, *, as_of: dt.date, card: Scorecard) -> int:
    from cs_workbench.churn.selection import Task
    from cs_workbench.workflows.churn_predicting import in_minor, predict

    found = predict(db, as_of=as_of, card=card, task=Task(), named=digest)
    model = found.model
    window = tuple(
        found.as_of + dt.timedelta(days=days) for days in (model.lead, model.lead + model.horizon)
    )
    lines = [
        Published(
            one.brief.account_key,
            round(one.told.probability * MILLION),
            round(one.told.low * MILLION),
            round(one.told.high * MILLION),
            in_minor(one.arr, one.brief.currency),
            one.brief.currency,
            one.is_treated,
            one.features_hash,
            _packed(one.told.base, one.told.drivers),
        )
        for one in found.accounts
    ]
    written = 0
    for first in range(0, len(lines), 2_000):  # a short hold of the pen at a time
        with write(db) as connection:
            part = lines[first : first + 2_000]
            written += publish(connection, digest, found.as_of, (window[0], window[1]), part)
    return written


def _packed(base: float, drivers: "Sequence[Driver]") -> str:
    parts = [[one.name, round(one.log_odds, 6), one.value_text, one.label] for one in drivers]
    return json.dumps([round(base, 6), *parts], ensure_ascii=False)


def _answer_closed(db: Database, *, as_of: dt.date, card: Scorecard) -> "tuple[Drift, ...]":
    """Who left in each window that has closed; without answer who was gone before it began.

    Gives the alarms over what was said in them.
    """
    from cs_workbench.churn.contracts import read_contracts
    from cs_workbench.workflows.churn_history import load_history
    from cs_workbench.workflows.churn_outcomes import outcomes_of

    history = load_history(db, as_of=as_of, metrics=card.metrics)
    contracts = read_contracts(history)
    until = dt.date.fromordinal(history.data_end)
    with snapshot(db) as connection:
        waiting = open_days(connection, until)
    for digest, day, begins, ends in waiting:
        outcomes = outcomes_of(history, contracts, (day, begins, ends))
        with write(db) as connection:
            answer(connection, digest, day, as_of, outcomes)
    closed = {(digest, day) for digest, day, _, _ in waiting}
    with snapshot(db) as connection:
        kept = [one for one in kept_word(connection) if (one.digest, one.as_of) in closed]
    return tuple(drifts(kept))


@dataclass(frozen=True)
class Drift:
    """What was said and what came lie further apart than chance explains."""

    digest: str
    what: str


def drifts(kept: list[Kept]) -> list[Drift]:
    """Alarms over the ledger: more, or fewer, came than chance explains."""
    found = []
    for one in kept:
        if one.n and one.said >= FEWEST_SAID and abs(one.came - one.said) > DRAWN * one.spread**0.5:
            more = "more" if one.came > one.said else "fewer"
            found.append(
                Drift(
                    one.digest,
                    f"{one.as_of.isoformat()}: {one.said:.1f} were expected to leave, {one.came} "
                    f"did; {more} than chance explains. Train again.",
                )
            )
    return found


@dataclass(frozen=True)
class ModelLine:
    """A stored model, its verdict, and how it kept its word."""

    stored: StoredModel
    document: dict[str, object]
    verdict: str
    kept: tuple[Kept, ...]


def read_models(db: Database) -> list[ModelLine]:
    """All models with their record, the newest first."""
    with snapshot(db) as connection:
        models, kept = list_models(connection), kept_word(connection)
    return [
        ModelLine(
            one,
            json.loads(one.text),
            str(json.loads(one.record).get("verdict", "")),
            tuple(line for line in kept if line.digest == one.digest),
        )
        for one in models
    ]
